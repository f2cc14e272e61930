using System.Text.Json;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>What a busy machine does to grading is said to be that, and is charged to no student and to no chapter.</summary>
public sealed class BusyMachineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-test-busy-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_reference_that_runs_out_of_time_is_not_called_wrong()
    {
        // As on a machine where the first cell does not get through: what it was to bring is missing in all that follow.
        var reference = GradingFixture.Reference();
        reference.Cells[0].Source += "\nwhile (true) { }";
        var failure = await Assert.ThrowsAsync<TimeoutException>(() =>
            SubmissionGrader.CreateAsync(reference, GradingFixture.Options(SandboxKind.Process) with { CellTimeout = TimeSpan.FromSeconds(1) }, Stop));
        Assert.Contains("did not come to its end in the time that cells have", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ran longer than 1 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--timeout", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Check", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_whose_first_cell_fails_is_told_by_that_cell()
    {
        var reference = GradingFixture.Reference();
        reference.Cells[0].Source = "throw new InvalidOperationException(\"no data\");";
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SubmissionGrader.CreateAsync(reference, GradingFixture.Options(SandboxKind.Process), Stop));
        Assert.Contains("does not earn its own points", failure.Message, StringComparison.Ordinal);
        Assert.Contains("fails: InvalidOperationException: no data; square-tests:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_does_not_get_through_the_authors_first_cells_is_nobodys_result()
    {
        var ready = Path.Combine(folder, "ready");
        await File.WriteAllTextAsync(ready, "", Stop);
        var reference = GradingFixture.Reference();
        reference.Cells[0].Source += $"\nif (!System.IO.File.Exists({JsonSerializer.Serialize(ready)})) Environment.Exit(0);";
        await using var grader = await SubmissionGrader.CreateAsync(reference, GradingFixture.Options(SandboxKind.Process), Stop);
        var handedIn = Handed(reference);
        Assert.Equal([ScoreStatus.Passed, ScoreStatus.NotAttempted, ScoreStatus.NotAttempted], (await grader.GradeAsync(handedIn, Stop)).Result.Exercises.Select(exercise => exercise.Status));

        File.Delete(ready);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => grader.GradeAsync(handedIn, Stop));
        Assert.Contains("before the first answer", failure.Message, StringComparison.Ordinal);

        // And the next one is graded as ever.
        await File.WriteAllTextAsync(ready, "", Stop);
        Assert.Equal(ScoreStatus.Passed, (await grader.GradeAsync(handedIn, Stop)).Result.Exercises[0].Status);
    }

    [Fact]
    public async Task A_worker_that_does_not_start_in_time_says_nothing_about_the_sandbox_and_the_notebook()
    {
        var failure = await Assert.ThrowsAsync<TimeoutException>(() =>
            SubmissionGrader.CreateAsync(GradingFixture.Reference(), GradingFixture.Options() with { StartTimeout = TimeSpan.FromMilliseconds(1) }, Stop));
        Assert.Contains("COURSEKIT_START_TIMEOUT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_after_a_cell_that_was_stopped_for_time_names_that_cell()
    {
        // The answer never ends while it is defined, so its tests find nothing of it.
        var limit = TimeSpan.FromSeconds(1);
        ExerciseResult result;
        do
        {
            limit *= 2;
            result = await GradeAsync(limit);
        }
        while (result.Status == ScoreStatus.TimedOut);
        Assert.Equal(ScoreStatus.Error, result.Status);
        Assert.Contains("had run out of time: what it defines may be missing", result.Message, StringComparison.Ordinal);

        static async Task<ExerciseResult> GradeAsync(TimeSpan limit)
        {
            try
            {
                await using var grader = await SubmissionGrader.CreateAsync(GradingFixture.Reference(), GradingFixture.Options(SandboxKind.Process) with { CellTimeout = limit, OnlyExercises = new HashSet<string> { "square-tests" } }, Stop);
                return (await grader.GradeAsync(GradingFixture.Handed("slow", square: "var square = 0; while (square == 0) { }\ndouble Other(double x) => x;"), Stop)).Result.Exercises[0];
            }
            catch (TimeoutException)
            {
                return new ExerciseResult { Id = "", Title = "", Status = ScoreStatus.TimedOut };
            }
        }
    }

    /// <summary>One answer, the others left as they were released.</summary>
    private static Submission Handed(NotebookDocument reference)
    {
        var notebook = ReleaseNotebook.Strip(reference);
        GradingFixture.Cell(notebook, "square").Source = GradingFixture.SquareSolution;
        return new Submission("one", "one.ipynb", System.Text.Encoding.UTF8.GetBytes(notebook.ToText()), null);
    }
}
