using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>Feedback pages from a gradebook: what the tests found, with what people entered.</summary>
public static class FeedbackExport
{
    /// <summary>Writes each student's page and the class report of one assignment.</summary>
    /// <param name="gradebook">The gradebook.</param>
    /// <param name="assignment">The assignment.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    /// <returns>The path of the class report.</returns>
    public static string Write(Gradebook gradebook, string assignment, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gradebook);
        var entries = GradebookExport.Entries(gradebook, assignment)
            .Where(entry => entry.Result is not null)
            .ToDictionary(entry => entry.Row.Student.Id, StringComparer.Ordinal);
        // Students' pages are called after them: where a folder holds several assignments, each has pages of its own.
        var folder = gradebook.Assignments().Count > 1 ? gradebook.Folder.ReportsOf(assignment) : gradebook.Folder.Path;
        return FeedbackPages.WriteAll(
            folder,
            [.. entries.Values.Select(entry => entry.Result!)],
            result => Executed(entries[result.Student].ExecutedPath),
            result => OptionsOf(entries[result.Student].Row),
            cancellationToken);
    }

    private static NotebookDocument? Executed(string? path)
    {
        try
        {
            return path is null ? null : NotebookDocument.Load(path, new NotebookReadOptions { AllowDuplicateIds = true });
        }
        catch (NotebookFormatException)
        {
            return null; // the page stands without the code
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
