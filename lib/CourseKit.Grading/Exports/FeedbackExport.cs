using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>Feedback pages from a gradebook: what the tests found, with what people entered.</summary>
public static class FeedbackExport
{
    /// <summary>Writes students' pages and the class report of one assignment, each file whole or not at all.</summary>
    /// <param name="gradebook">The gradebook.</param>
    /// <param name="assignment">The assignment.</param>
    /// <param name="students">Whose pages, by id; null for everybody's. The class report is always of all.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    /// <returns>What was written, and a sentence about each page that could not be.</returns>
    public static FeedbackExportReport Write(Gradebook gradebook, string assignment, IReadOnlySet<string>? students = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gradebook);
        var all = GradebookExport.Entries(gradebook, assignment).ToLookup(entry => entry.Row.HasSubmission);
        var entries = all[true].ToDictionary(entry => entry.Row.Student.Id, StringComparer.Ordinal);
        var options = entries.Values.ToDictionary(entry => entry.Row.Student.Id, entry => OptionsOf(entry.Row), StringComparer.Ordinal);
        var folder = gradebook.Folder.PagesOf(assignment, gradebook.FirstAssignment());
        var pages = new List<string>();
        var problems = new List<string>();
        foreach (var entry in entries.Values.Where(entry => students is null || students.Contains(entry.Row.Student.Id)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var executed = Executed(entry);
            if (MissingFile(gradebook.Folder, entry, executed) is { } missing)
                problems.Add($"{entry.Row.Student.Id}: the feedback page is not written anew, because {missing} cannot be read. Make it again, with the page: coursekit grade --reference NOTEBOOK --submissions FOLDER -o {gradebook.Folder.Path} --force");
            else
                pages.Add(FeedbackPages.Write(folder, entry.Result!, executed, options[entry.Row.Student.Id], entry.FileName));
        }

        var report = FeedbackPages.WriteReport(folder, [.. entries.Values.Select(entry => entry.Result).OfType<SubmissionResult>()], new ClassReportOptions
        {
            FeedbackOf = result => options[result.Student],
            PageOf = result => FeedbackPages.AddressOf(entries[result.Student].FileName),
            Missing = [.. all[false].Select(entry => entry.Row.Student)],
        });
        return new FeedbackExportReport(report, pages, problems);
    }

    /// <summary>The file that a page needs and that is not there: a page without the student's code must not take the place of one with it.</summary>
    private static string? MissingFile(GradeFolder folder, GradebookEntry entry, NotebookDocument? executed) =>
        entry.Result is null ? folder.ResultOf(entry.Row.Assignment, entry.FileName)
        // What could not be graded has not been run, either.
        : executed is null && entry.Result.Failure.Length == 0 ? folder.ExecutedOf(entry.Row.Assignment, entry.FileName)
        : null;

    private static NotebookDocument? Executed(GradebookEntry entry)
    {
        try
        {
            return entry.ExecutedPath is null ? null : NotebookDocument.Load(entry.ExecutedPath, new NotebookReadOptions { AllowDuplicateIds = true });
        }
        catch (NotebookFormatException)
        {
            return null;
        }
    }

    private static FeedbackOptions OptionsOf(GradebookRow row) => new()
    {
        Manual = row.Exercises
            .Select(exercise => (exercise.Id, exercise.ManualPoints, Comment: Words(row, exercise.Id)))
            .Where(item => item.ManualPoints is not null || item.Comment.Length > 0)
            .ToDictionary(item => item.Id, item => new ManualFeedback(item.ManualPoints, item.Comment), StringComparer.Ordinal),
        Comment = Words(row, ""),
        LatePenalty = row.LatePenalty,
    };

    private static string Words(GradebookRow row, string exercise) =>
        string.Join("\n", row.Comments.Where(comment => comment.Exercise == exercise).Select(comment => comment.Text));
}

/// <summary>The pages that were written.</summary>
/// <param name="Report">The path of the class report.</param>
/// <param name="Pages">The paths of the students' pages.</param>
/// <param name="Problems">A sentence about each page that could not be written; one that stood there before is as it was.</param>
public sealed record FeedbackExportReport(string Report, IReadOnlyList<string> Pages, IReadOnlyList<string> Problems);
