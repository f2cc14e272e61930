using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>The feedback of a whole class as files: <c>feedback/NAME.html</c> for each student, and <c>report.html</c> for the teacher.</summary>
public static class FeedbackPages
{
    /// <summary>The folder of the students' pages, in the folder of the grades.</summary>
    public const string FolderName = "feedback";

    /// <summary>The class report's file name.</summary>
    public const string ReportName = "report.html";

    // Long enough to tell names apart, short enough for every file system with the ending and a hash.
    private const int LongestName = 60;

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
        foreach (var result in results)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(folder, result, executed?.Invoke(result), options?.Invoke(result));
        }

        return WriteReport(folder, results, options);
    }

    /// <summary>Writes the class report, with links to the students' pages.</summary>
    /// <param name="folder">The folder of the grades.</param>
    /// <param name="results">The results of one assignment.</param>
    /// <param name="options">What a person adds to a result.</param>
    /// <returns>The path of the report.</returns>
    public static string WriteReport(string folder, IReadOnlyList<SubmissionResult> results, Func<SubmissionResult, FeedbackOptions>? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(results);
        var report = Path.Combine(folder, ReportName);
        AtomicFile.Write(report, ClassReport.Write(results, new ClassReportOptions
        {
            FeedbackOf = options,
            PageOf = result => $"{FolderName}/{Uri.EscapeDataString(FileNameFor(result.Student))}",
        }));
        return report;
    }

    /// <summary>Writes one student's page.</summary>
    /// <param name="folder">The folder of the grades.</param>
    /// <param name="result">What grading found.</param>
    /// <param name="executed">The notebook as it ran, or null.</param>
    /// <param name="options">What a person adds.</param>
    /// <returns>The path of the page.</returns>
    public static string Write(string folder, SubmissionResult result, NotebookDocument? executed = null, FeedbackOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var path = Path.Combine(folder, FolderName, FileNameFor(result.Student));
        AtomicFile.Write(path, FeedbackPage.Write(result, executed, options));
        return path;
    }

    /// <summary>
    /// The name of a student's page: the student's name, on every file system. Where something had to be left out of it,
    /// a piece of its hash keeps two names apart.
    /// </summary>
    /// <param name="student">The student's name, whatever is in it.</param>
    public static string FileNameFor(string student)
    {
        ArgumentNullException.ThrowIfNull(student);
        var kept = new StringBuilder();
        foreach (var letter in student.EnumerateRunes().Take(LongestName))
            kept.Append(IsPlain(letter) ? letter.ToString() : "_");
        var name = kept.ToString().Trim(' ', '.');
        if (name == student && !IsReserved(name))
            return name + ".html";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(student)).AsSpan(0, 4));
        return string.Create(CultureInfo.InvariantCulture, $"{(name.Length == 0 ? "student" : name)}-{hash}.html");
    }

    private static bool IsPlain(Rune letter) => Rune.IsLetterOrDigit(letter) || letter.Value is ' ' or '-' or '_' or '.' or '@' or '+' or ',' or '(' or ')' || Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark;

    /// <summary>Names that Windows keeps for devices, with any ending.</summary>
    private static bool IsReserved(string name) => name.Split('.')[0].Trim().ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL"
        or ['C', 'O', 'M', >= '0' and <= '9'] or ['L', 'P', 'T', >= '0' and <= '9'];
}
