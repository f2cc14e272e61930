using System.Security.Cryptography;
using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.Cli;

/// <summary>Stands in until the grader with its sandbox is merged: runs the file as <c>check</c> does.</summary>
internal sealed class SubmissionGrader(NotebookDocument reference, GradingOptions options) : ISubmissionGrader
{
    public static Task<SubmissionGrader> CreateAsync(NotebookDocument reference, GradingOptions options, CancellationToken cancellation) =>
        Task.FromResult(new SubmissionGrader(reference, options));

    public async Task<GradedSubmission> GradeAsync(Submission submission, CancellationToken cancellationToken)
    {
        var all = NotebookScores.From(reference).Exercises.Where(score => options.OnlyExercises?.Contains(score.Id) ?? true).ToList();
        var result = new SubmissionResult
        {
            Student = submission.Student,
            Assignment = reference.Name,
            SubmittedAt = submission.SubmittedAt,
            SubmissionHash = Convert.ToHexString(SHA256.HashData(submission.Content.Span)),
            Exercises = [.. all.Select(score => new ExerciseResult { Id = score.Id, Title = score.Title, Possible = score.Possible, Status = ScoreStatus.NotRun })],
            Sandbox = "process",
        };
        try
        {
            var notebook = NotebookDocument.Parse(System.Text.Encoding.UTF8.GetString(submission.Content.Span), submission.Student);
            var run = await CheckNotebook.RunAsync(notebook, Kit.RunOptions(options.CellTimeout), cancellationToken);
            var scores = run.Exercises.GroupBy(score => score.Id).ToDictionary(group => group.Key, group => group.Last());
            return new GradedSubmission(result with
            {
                Exercises = [.. result.Exercises.Select(exercise => scores.TryGetValue(exercise.Id, out var score)
                    ? exercise with { Points = score.Points, Status = score.Status, Message = score.Message, Title = score.Title, VisibleParts = score.Parts }
                    : exercise)],
            }, run.Executed);
        }
        catch (NotebookFormatException bad)
        {
            return new GradedSubmission(result with { Failure = bad.Message, Flags = [new SubmissionFlag(SubmissionFlagKind.Unreadable, "", bad.Message)] }, null);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
