using System.Globalization;
using System.Text;
using CourseKit.Exercises;

namespace CourseKit.Grading.Exports;

/// <summary>What a student may read about an exercise: the parts with their messages; of hidden ones the author's public name and points.</summary>
internal static class ExerciseReport
{
    public static string Of(GradebookScore score, ExerciseResult? result, IEnumerable<GradebookComment> comments)
    {
        var text = new StringBuilder();
        if (score.ManualPoints is not null)
            text.AppendLine("Graded by hand.");
        else if (score.NeedsManualGrade)
            text.AppendLine("Waits to be graded by hand.");
        if (score.Message.Length > 0)
            text.AppendLine(score.Message);
        foreach (var part in result?.VisibleParts ?? [])
            text.AppendLine(CultureInfo.InvariantCulture, $"{part.Name}: {part.Status.Name()}, {Points(part)}{(part.Message.Length > 0 ? $". {part.Message}" : "")}");
        foreach (var part in result?.HiddenParts ?? [])
            text.AppendLine(CultureInfo.InvariantCulture, $"{part.Name} (hidden): {part.Status.Name()}, {Points(part)}");
        foreach (var comment in comments.Where(comment => comment.Exercise == score.Id))
            text.AppendLine(CultureInfo.InvariantCulture, $"Comment: {comment.Text}");
        return text.ToString().TrimEnd().ReplaceLineEndings("\n");
    }

    /// <summary>About the whole submission: why it was not graded, what was odd, what was taken off, what the teacher wrote.</summary>
    public static string OfWhole(GradebookRow row)
    {
        var text = new StringBuilder();
        if (row.Failure.Length > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"The submission could not be graded: {row.Failure}");
        foreach (var flag in row.Flags.Where(flag => flag.Kind is not (SubmissionFlagKind.Suspicious or SubmissionFlagKind.Unreadable)))
            text.AppendLine(flag.Detail);
        if (row.LatePenalty > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"Handed in late: {row.LatePenalty} points were taken off.");
        foreach (var comment in row.Comments.Where(comment => comment.Exercise.Length == 0))
            text.AppendLine(CultureInfo.InvariantCulture, $"Comment: {comment.Text}");
        return text.ToString().TrimEnd().ReplaceLineEndings("\n");
    }

    private static string Points(PartResult part) => string.Create(CultureInfo.InvariantCulture, $"{part.Points} of {part.Possible} points");
}
