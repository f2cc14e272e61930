using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Gradebooks;

/// <summary>
/// A class with files on a real disk, and a grader that reads its points out of the bytes handed in: <c>step=2 threshold=1</c>.
/// What the gradebook does is the same whoever counts the points; the real grader is tested on its own and end to end.
/// </summary>
internal sealed partial class ClassFixture : IDisposable
{
    public ClassFixture(string assignment = "chapter") => Reference = GradingReference.From(Notebooks.Chapter(), assignment);

    public string Path { get; } = Directory.CreateTempSubdirectory("coursekit-class-").FullName;

    public GradingReference Reference { get; set; }

    public GradeFolder Grades => new(System.IO.Path.Combine(Path, "grades"));

    public string HandedIn => System.IO.Path.Combine(Path, "class");

    public void HandIn(string student, string text)
    {
        Directory.CreateDirectory(HandedIn);
        File.WriteAllText(System.IO.Path.Combine(HandedIn, student + ".ipynb"), text);
    }

    public void HandInMany(int count)
    {
        for (var number = 0; number < count; number++)
            HandIn($"student{number:000}", string.Create(CultureInfo.InvariantCulture, $"step={number % 4} threshold={number % 2}"));
    }

    public async Task<ClassGradingReport> GradeAsync(
        CountingGrader? grader = null, ClassGradingOptions? options = null, GradeFolder? into = null, CancellationToken? cancellation = null)
    {
        grader ??= new CountingGrader(this);
        grader.Only = options?.Regrade is { Count: > 0 } some ? some : null;
        using var collection = SubmissionCollection.Open(HandedIn, Reference.Assignment);
        var grading = new ClassGrading(into ?? Grades, Reference, collection, () => Task.FromResult<ISubmissionGrader>(grader), (options ?? new ClassGradingOptions()) with { Jobs = options?.Jobs ?? 4 });
        return await grading.RunAsync(cancellation ?? TestContext.Current.CancellationToken);
    }

    public List<GradebookRow> Rows(GradeFolder? folder = null)
    {
        using var gradebook = Gradebook.OpenToRead(folder ?? Grades);
        Assert.Equal("ok", gradebook.CheckIntegrity());
        return [.. gradebook.Rows()];
    }

    /// <summary>All that two runs over the same files must agree in: everything but the times.</summary>
    public List<string> Contents(GradeFolder? folder = null) => [.. Rows(folder).Select(row =>
        $"{row.Assignment} {row.Student} {row.Gradings}x {row.Failure} {string.Join(" ", row.Exercises.Select(exercise => $"{exercise.Id} {exercise.Points}/{exercise.Possible} {exercise.Status}"))} {string.Join(" ", row.Flags)}")];

    public void Dispose() => Directory.Delete(Path, recursive: true);

    [GeneratedRegex(@"(?<id>[\w-]+)=(?<points>[\d.]+)")]
    private static partial Regex PointsIn();

    internal sealed class CountingGrader(ClassFixture fixture) : ISubmissionGrader
    {
        private int graded;

        public int Graded => graded;

        public IReadOnlySet<string>? Only { get; set; }

        /// <summary>Happens while a submission is graded.</summary>
        public Func<Submission, CancellationToken, Task> During { get; init; } = (_, _) => Task.CompletedTask;

        public async Task<GradedSubmission> GradeAsync(Submission submission, CancellationToken cancellationToken)
        {
            await During(submission, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref graded);
            var text = Encoding.UTF8.GetString(submission.Content.Span);
            var points = PointsIn().Matches(text).ToDictionary(match => match.Groups["id"].Value, match => double.Parse(match.Groups["points"].Value, CultureInfo.InvariantCulture));
            var executed = fixture.Reference.Notebook.Clone();
            foreach (var cell in executed.Cells.Where(cell => cell.Kind == CellKind.Code))
                cell.Outputs.Add(new System.Text.Json.Nodes.JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = $"run {graded} of {submission.Student}" });
            return new GradedSubmission(new SubmissionResult
            {
                Student = submission.Student,
                Assignment = "whatever",
                SubmittedAt = submission.SubmittedAt,
                SubmissionHash = Convert.ToHexString(SHA256.HashData(submission.Content.Span)),
                Exercises = [.. fixture.Reference.Exercises.Where(exercise => Only?.Contains(exercise.Id) ?? true).Select(exercise => exercise.Status == ScoreStatus.NeedsManualGrade ? exercise : Scored(exercise, points.GetValueOrDefault(exercise.Id)))],
                Flags = text.Contains("tampered", StringComparison.Ordinal) ? [new SubmissionFlag(SubmissionFlagKind.Tampered, "step", "The test cell was changed; the reference's was used.")] : [],
                Sandbox = "none",
            }, executed);
        }

        private static ExerciseResult Scored(ExerciseResult exercise, double points) => exercise with
        {
            Points = Math.Min(points, exercise.Possible),
            Status = points >= exercise.Possible ? ScoreStatus.Passed : points > 0 ? ScoreStatus.Partial : ScoreStatus.Failed,
            Message = points > 0 ? "" : "Expected 1, got <script>\u0001\uD800.",
            VisibleParts = [new PartResult("fires at zero", points, exercise.Possible, points > 0 ? PartStatus.Passed : PartStatus.Failed, points > 0 ? "" : "Expected 1, got 0.")],
            HiddenParts = [new PartResult("other inputs", 0, 0, PartStatus.Passed, "")],
        };

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
