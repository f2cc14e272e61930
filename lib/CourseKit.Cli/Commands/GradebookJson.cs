using CourseKit.Cli.Terminal;
using CourseKit.Grading;

namespace CourseKit.Cli.Commands;

/// <summary>Rows of a gradebook as other programs read them.</summary>
internal static class GradebookJson
{
    public static object Row(GradebookRow row) => new
    {
        Student = row.Student.Id,
        row.Student.LastName,
        row.Student.FirstName,
        row.Student.Email,
        row.Assignment,
        Status = row.Status.Name(),
        row.IsOnRoster,
        row.SubmittedAt,
        row.DueDate,
        row.GradedAt,
        row.Gradings,
        row.RawScore,
        row.LatePenalty,
        row.Score,
        row.MaxScore,
        row.NeedsManualGrade,
        row.Failure,
        Flags = row.Flags.Select(flag => new { Kind = GradeTable.Name(flag.Kind), flag.CellId, flag.Detail }),
        Exercises = row.Exercises.Select(exercise => new
        {
            exercise.Id,
            exercise.Title,
            exercise.Points,
            exercise.AutoPoints,
            exercise.ManualPoints,
            exercise.Possible,
            Status = exercise.Status.Name(),
            exercise.Message,
            exercise.NeedsManualGrade,
        }),
        Comments = row.Comments.Select(comment => new { comment.Exercise, comment.Text, comment.WrittenAt }),
    };
}
