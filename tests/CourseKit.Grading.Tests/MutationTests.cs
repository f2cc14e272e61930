using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

/// <summary>Mutants run in real sessions.</summary>
public sealed class MutationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-mutants-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static NotebookDocument Reference => Notebooks.Of(
        Notebooks.Code(Notebooks.FirstCell),
        Notebooks.Solution("double-solution", "double Twice(double x)\n{\n    // BEGIN SOLUTION\n    return 2 * x;\n    // END SOLUTION\n}"),
        Notebooks.Tests("double", 2, "Check.Exercise(\"double\")\n    .Part(\"two\", 1, () => Check.Equal(4.0, Twice(2)))\n    .Part(\"one\", 1, () => Check.Equal(2.0, Twice(1)))"));

    private async Task<string> SaveAsync(params (string Name, string Line)[] mutants)
    {
        var path = Path.Combine(folder, "chapter.ipynb");
        Reference.Save(path);
        var list = string.Join(",", mutants.Select(mutant => $$"""{"name": "{{mutant.Name}}", "cell": "double-solution", "solution": ["{{mutant.Line}}"]}"""));
        await File.WriteAllTextAsync(MutantFile.PathFor(path), $$"""{"version": 1, "exercises": [{"id": "double", "mutants": [{{list}}]}]}""", TestContext.Current.CancellationToken);
        return path;
    }

    private static MutationOptions Options => new() { Run = Notebooks.Run, Jobs = 2 };

    [Fact]
    public async Task Each_mutant_gets_the_verdict_it_deserves_in_order()
    {
        var path = await SaveAsync(
            ("square", "return x * x;"),
            ("right after all", "return x + x;"),
            ("does not compile", "return nothing;"),
            ("ends the session", "Environment.Exit(0); return 0;"),
            ("three times", "return 3 * x;"),
            ("never ends", "while (true) { }"),
            ("half", "return x / 2;"));
        (string, int, bool)[] deserved = [("square", 1, true), ("right after all", 2, false), ("does not compile", 0, false), ("ends the session", 0, true), ("three times", 0, true), ("never ends", 0, true), ("half", 0, true)];
        var seen = new List<MutantProgress>();

        // What never ends needs a limit, and on a busy machine others may reach it too: then all are given more.
        var limit = TimeSpan.FromSeconds(4);
        var exercise = await RunAsync();
        while (exercise is null || !deserved.SequenceEqual(Verdicts()) && limit < TimeSpan.FromMinutes(5))
        {
            limit *= 2;
            exercise = await RunAsync();
        }

        Assert.Equal((2, 2, 0), (exercise.Points, exercise.Reference, exercise.Release));
        Assert.Equal(deserved, Verdicts());
        Assert.Contains("nothing", exercise.Mutants[2].Problem, StringComparison.Ordinal);
        Assert.Equal(5, exercise.Killed);
        Assert.False(exercise.IsSound);
        Assert.Equal(Enumerable.Range(1, 7), seen.Select(progress => progress.Number));

        IEnumerable<(string, int, bool)> Verdicts() => exercise.Mutants.Select(mutant => (mutant.Mutant, (int)mutant.Points, mutant.IsKilled));

        async Task<ExerciseMutation?> RunAsync()
        {
            seen.Clear();
            try
            {
                return Assert.Single((await MutationReport.RunAsync(path, Options with { Run = Options.Run with { CellTimeout = limit }, OnVerdict = seen.Add }, TestContext.Current.CancellationToken)).Exercises);
            }
            catch (InvalidOperationException late) when (late.Message.Contains("ran out of time", StringComparison.Ordinal))
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task A_release_whose_tests_let_a_wrong_answer_pass_is_refused()
    {
        var path = await SaveAsync(("square", "return x * x;"), ("right for the numbers tested", "return x == 7 ? 0 : 2 * x;"));

        var report = await ReleaseNotebook.ReleaseAsync(path, Path.Combine(folder, "release"), new ReleaseOptions { Run = Notebooks.Run }, TestContext.Current.CancellationToken);

        Assert.False(report.Accepted);
        Assert.Contains("right for the numbers tested", Assert.Single(report.Problems).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(report.Target));
    }

    [Fact]
    public async Task A_mutant_of_a_cell_that_is_not_there_is_named()
    {
        var path = await SaveAsync(("square", "return x * x;"));
        await File.WriteAllTextAsync(MutantFile.PathFor(path), (await File.ReadAllTextAsync(MutantFile.PathFor(path), TestContext.Current.CancellationToken)).Replace("double-solution", "gone", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => MutationReport.RunAsync(path, Options, TestContext.Current.CancellationToken));
        Assert.Contains("\"gone\"", error.Message, StringComparison.Ordinal);
    }
}
