using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

/// <summary>Releases verified by running both versions in a real session.</summary>
public sealed class ReleaseTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-release-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static ReleaseOptions Options => new() { Run = Notebooks.Run };

    private string Save(NotebookDocument document)
    {
        var path = Path.Combine(folder, "chapter.ipynb");
        document.Save(path);
        return path;
    }

    private async Task<ReleaseReport> ReleaseAsync(NotebookDocument document, ReleaseOptions? options = null) =>
        await ReleaseNotebook.ReleaseAsync(
            Save(document), Path.Combine(folder, "release"), options ?? Options, TestContext.Current.CancellationToken);

    private static async Task<string> RefusalAsync(Task<ReleaseReport> release)
    {
        var report = await release;
        Assert.False(report.Accepted);
        Assert.False(File.Exists(report.Target));
        return string.Join("\n", report.Problems);
    }

    [Fact]
    public async Task The_reference_reaches_full_points_and_the_release_none()
    {
        var report = await ReleaseAsync(Notebooks.Chapter());

        Assert.Empty(report.Problems);
        Assert.Equal((6, 6, 3.5), (report.ReferenceScores!.Points, report.ReferenceScores.Possible, report.ReferenceScores.ManualPoints));
        Assert.All(report.ReferenceScores.Automatic, score => Assert.Equal(ScoreStatus.Passed, score.Status));

        Assert.Equal((0, 6), (report.ReleaseScores!.Points, report.ReleaseScores.Possible));
        Assert.All(report.ReleaseScores.Cells, cell => Assert.Equal(CellRunStatus.Ok, cell.Status));
        Assert.Equal(
            ["Exercise 1: the step neuron", "Choose a threshold", "Exercise 2: the threshold"],
            report.ReleaseScores.Automatic.Select(score => score.Title));
        Assert.True(File.Exists(report.Target));
        Assert.Empty(NbgraderValidation.Validate(NotebookDocument.Load(report.Target)));
    }

    [Fact]
    public async Task In_the_release_every_exercise_is_not_attempted()
    {
        var reference = Notebooks.Of(
            Notebooks.Code(Notebooks.FirstCell),
            Notebooks.Solution("a-solution", "double Twice(double x)\n{\n    // BEGIN SOLUTION\n    return 2 * x;\n    // END SOLUTION\n}"),
            Notebooks.Tests("a", 1, "Check.Exercise(\"a\").Part(\"twice\", 1, () => Check.Equal(4.0, Twice(2)))"),
            Notebooks.Solution("b-solution", "double? rate = null;\n// BEGIN SOLUTION\nrate = 0.1;\n// END SOLUTION"),
            Notebooks.Tests("b", 1, "Check.Exercise(\"b\").Part(\"rate\", 1, () => Check.Close(0.1, rate))"),
            Notebooks.Tests("c", 1, "Check.Exercise(\"c\")\n// BEGIN HIDDEN TESTS\n.Part(\"hidden\", 1, () => Check.Equal(6.0, Twice(3)))\n// END HIDDEN TESTS"));

        var report = await ReleaseAsync(reference);

        Assert.Empty(report.Problems);
        Assert.All(report.ReleaseScores!.Exercises, score => Assert.Equal((0, ScoreStatus.NotAttempted), (score.Points, score.Status)));
        Assert.DoesNotContain("hidden", File.ReadAllText(report.Target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partial_answer_gets_its_part_and_the_sheet_tells_why()
    {
        var student = ReleaseNotebook.Strip(Notebooks.Chapter());
        var answer = student.Cells.Single(cell => NbgraderMetadata.Read(cell)?.GradeId == "step-solution");
        answer.Source = "double Step(double z) => 1;";
        var handedIn = Save(student);

        var scores = await CheckNotebook.RunAsync(handedIn, Notebooks.Run, TestContext.Current.CancellationToken);

        var step = scores.Exercises.Single(score => score.Id == "step");
        Assert.Equal((1, 3, 1.5), (step.Points, step.Possible, step.Tested));
        Assert.Equal(ScoreStatus.Partial, step.Status);
        Assert.Equal(
            [(PartStatus.Passed, ""), (PartStatus.Failed, "Expected 0, got 1.")],
            step.Parts.Select(part => (part.Status, part.Message)));
        Assert.Equal(1, scores.Points);
    }

    [Fact]
    public async Task The_value_of_a_test_cell_is_the_number_that_nbgrader_reads()
    {
        var scores = await CheckNotebook.RunAsync(Notebooks.Chapter(), Notebooks.Run, TestContext.Current.CancellationToken);

        var cell = scores.Executed.Cells.Single(cell => NbgraderMetadata.Read(cell)?.GradeId == "step");
        var output = Assert.Single(cell.Outputs)!;
        Assert.Equal("execute_result", output["output_type"]!.GetValue<string>());
        Assert.Equal("3", MultilineText.Join(output["data"]!["text/plain"]));
        Assert.Contains("3 of 3 points", MultilineText.Join(output["data"]!["text/html"]), StringComparison.Ordinal);
        Assert.NotNull(output["data"]![Exercise.MimeType]);
    }

    [Fact]
    public async Task Answers_that_do_not_compile_cost_only_their_own_exercise()
    {
        var student = ReleaseNotebook.Strip(Notebooks.Chapter());
        student.Cells.Single(cell => NbgraderMetadata.Read(cell)?.GradeId == "step-solution").Source = "double Step(double z) => zzz;";
        student.Cells.Single(cell => NbgraderMetadata.Read(cell)?.GradeId == "threshold-solution").Source = "var threshold = 0.731;";

        var scores = await CheckNotebook.RunAsync(student, Notebooks.Run, TestContext.Current.CancellationToken);

        var step = scores.Exercises.Single(score => score.Id == "step");
        Assert.Equal((0, ScoreStatus.Error), (step.Points, step.Status));
        Assert.Contains("Step", step.Message, StringComparison.Ordinal);
        Assert.Equal(ScoreStatus.Passed, scores.Exercises.Single(score => score.Id == "threshold").Status);
    }

    [Fact]
    public async Task Outputs_that_came_with_the_file_earn_nothing()
    {
        var executed = (await CheckNotebook.RunAsync(Notebooks.Chapter(), Notebooks.Run, TestContext.Current.CancellationToken)).Executed;
        foreach (var cell in executed.Cells.Where(cell => cell.Kind == CellKind.Code))
            cell.Metadata["tags"] = new System.Text.Json.Nodes.JsonArray("skip-execution");

        var scores = await CheckNotebook.RunAsync(executed, Notebooks.Run, TestContext.Current.CancellationToken);

        Assert.Equal(0, scores.Points);
        Assert.All(scores.Automatic, score => Assert.Equal(ScoreStatus.NotRun, score.Status));
    }

    [Fact]
    public async Task A_cell_that_never_ends_is_told_apart_from_a_wrong_one()
    {
        var student = Notebooks.Of(
            Notebooks.Code(Notebooks.FirstCell),
            Notebooks.Code("int Forever() { while (true) { } }"),
            Notebooks.Tests("endless", 2, "Check.Exercise(\"endless\").Part(\"ends\", 1, () => Check.Equal(1, Forever())).Part(\"next\", 1, () => Check.Equal(1, 1))"),
            Notebooks.Tests("later", 1, "Check.Exercise(\"later\").Part(\"one\", 1, () => Check.Equal(1, 1))"));

        // A busy machine may need all that time for the first cells: then they are given more.
        NotebookScores scores;
        var limit = TimeSpan.FromSeconds(1);
        do
        {
            limit *= 2;
            scores = await CheckNotebook.RunAsync(student, Notebooks.Run with { CellTimeout = limit }, TestContext.Current.CancellationToken);
        }
        while (scores.Cells.Take(2).Any(cell => cell.Status == CellRunStatus.TimedOut));

        Assert.Equal([ScoreStatus.TimedOut, ScoreStatus.NotRun], scores.Exercises.Select(score => score.Status));
        Assert.Equal(0, scores.Points);
    }

    [Fact]
    public async Task A_reference_that_does_not_reach_its_points_is_refused()
    {
        var refusal = await RefusalAsync(ReleaseAsync(Notebooks.Of(
            Notebooks.Code(Notebooks.FirstCell),
            Notebooks.Tests("wrong", 1, "Check.Exercise(\"wrong\").Part(\"sum\", 1, () => Check.Equal(5, 2 + 2))"),
            Notebooks.Tests("sum", 3, "Check.Exercise(\"sum\").Part(\"sum\", 2, () => Check.Equal(4, 2 + 2))"),
            Notebooks.Tests("silent", 1, "Check.Exercise(\"silent\").Part(\"sum\", 1, () => Check.Equal(4, 2 + 2));"))));

        Assert.Contains("cell wrong: the reference earns 0 of 1 points in the part \"sum\": Expected 5, got 4.", refusal, StringComparison.Ordinal);
        Assert.Contains("cell sum: its parts add up to 2 points, but the cell's metadata says 3", refusal, StringComparison.Ordinal);
        Assert.Contains("cell silent: the test cell's value is not a Check.Exercise(...)", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_gives_points_for_nothing_is_refused() =>
        Assert.Contains(
            "cell lax: the students' version earns 1 of 1 points before anything was solved",
            await RefusalAsync(ReleaseAsync(Notebooks.Of(
                Notebooks.Code(Notebooks.FirstCell),
                Notebooks.Solution("s", "var rate = 0.5;\n// BEGIN SOLUTION\nrate = 0.1;\n// END SOLUTION"),
                Notebooks.Tests("lax", 1, "Check.Exercise(\"lax\").Part(\"rate\", 1, () => Check.True(rate < 1, \"too large\"))")))),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_release_that_does_not_run_to_its_end_is_refused() =>
        Assert.Contains(
            "cell t: in the students' version, where the solutions are missing, the cell fails: ",
            await RefusalAsync(ReleaseAsync(Notebooks.Of(
                Notebooks.Code(Notebooks.FirstCell),
                Notebooks.Solution("s", "// BEGIN SOLUTION\nint Answer() => 42;\n// END SOLUTION"),
                Notebooks.Tests("t", 1, "Check.Exercise(\"t\").Part(\"answer\", 1, () => Check.Equal(42, Answer()))")))),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_test_cell_that_writes_to_standard_error_is_refused() =>
        Assert.Contains(
            "cell noisy: the test cell writes to standard error",
            await RefusalAsync(ReleaseAsync(Notebooks.Of(
                Notebooks.Code(Notebooks.FirstCell),
                Notebooks.Tests("noisy", 1, "Console.Error.WriteLine(\"!\");\nCheck.Exercise(\"noisy\").Part(\"one\", 1, () => Check.Equal(1, 1))")))),
            StringComparison.Ordinal);

    [Fact]
    public async Task Without_verification_nothing_is_run()
    {
        var report = await ReleaseAsync(
            Notebooks.Of(Notebooks.Tests("broken", 1, "this does not compile")), new ReleaseOptions { Verify = false });

        Assert.True(report.Accepted);
        Assert.Null(report.ReferenceScores);
        Assert.True(File.Exists(report.Target));
    }

    [Fact]
    public async Task The_reference_is_never_overwritten()
    {
        var path = Save(Notebooks.Chapter());
        var before = File.ReadAllBytes(path);

        await Assert.ThrowsAsync<IOException>(() => ReleaseNotebook.ReleaseAsync(
            path, folder + Path.DirectorySeparatorChar + ".", Options, TestContext.Current.CancellationToken));

        Assert.Equal(before, File.ReadAllBytes(path));
    }
}
