using CourseKit.Grading.Collecting;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>The feedback of a whole class as files: <c>feedback/NAME.html</c> for each student, and <c>report.html</c> for the teacher.</summary>
public static class FeedbackPages
{
    /// <summary>The folder of the students' pages, in the folder of the grades.</summary>
    public const string FolderName = "feedback";

    /// <summary>The class report's file name.</summary>
    public const string ReportName = "report.html";

    /// <summary>
    /// Writes each student's page and the class report, each in one step: a reader never sees half a page. Executed
    /// notebooks are asked for one at a time, so that memory does not grow with the class.
    /// </summary>
    /// <param name="folder">The folder of the grades; pages go into its <see cref="FolderName"/>.</param>
    /// <param name="results">The results of one assignment.</param>
    /// <param name="executed">Opens the executed notebook of a result; null, or a null answer, leaves its code out.</param>
    /// <param name="options">What a person adds to a result.</param>
    /// <param name="cancellationToken">Stops between two pages; those written stay.</param>
    /// <returns>The path of the class report.</returns>
    public static string WriteAll(
        string folder,
        IReadOnlyList<SubmissionResult> results,
        Func<SubmissionResult, NotebookDocument?>? executed = null,
        Func<SubmissionResult, FeedbackOptions>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(results);
        var names = SafeFileName.OfAll(results.Select(result => result.Student));
        foreach (var result in results)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(folder, result, executed?.Invoke(result), options?.Invoke(result), names[result.Student]);
        }

        return WriteReport(folder, results, new ClassReportOptions { FeedbackOf = options, PageOf = result => AddressOf(names[result.Student]) });
    }

    /// <summary>Writes the class report.</summary>
    /// <param name="folder">The folder of the grades.</param>
    /// <param name="results">The results of one assignment.</param>
    /// <param name="options">What stands beside them, the links to the students' pages included.</param>
    /// <returns>The path of the report.</returns>
    public static string WriteReport(string folder, IReadOnlyList<SubmissionResult> results, ClassReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var report = Path.Combine(folder, ReportName);
        AtomicFile.Write(report, ClassReport.Write(results, options));
        return report;
    }

    /// <summary>The address of a student's page, seen from the class report.</summary>
    internal static string AddressOf(string fileName) => $"{FolderName}/{Uri.EscapeDataString(fileName)}.html";

    /// <summary>Writes one student's page.</summary>
    /// <param name="folder">The folder of the grades.</param>
    /// <param name="result">What grading found.</param>
    /// <param name="executed">The notebook as it ran, or null.</param>
    /// <param name="options">What a person adds.</param>
    /// <param name="fileName">What the page is called, without ending; null takes the student's name, made safe.</param>
    /// <returns>The path of the page.</returns>
    public static string Write(string folder, SubmissionResult result, NotebookDocument? executed = null, FeedbackOptions? options = null, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var path = Path.Combine(folder, FolderName, (fileName ?? SafeFileName.Of(result.Student)) + ".html");
        AtomicFile.Write(path, FeedbackPage.Write(result, executed, options));
        return path;
    }
}
