using System.Text.Json;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>Submissions that fill the disk, in the sandbox that is an ordinary process: what they may write is bounded there, too.</summary>
public sealed class FilledDiskTests
{
    // Bounded, for the sake of the machine where the sandbox does not hold; then time passes until somebody notices.
    private const string Fill = """
        var block = new byte[1 << 20];
        for (var i = 0; i < 600; i++)
        {
            file.Write(block);
            file.Flush();
        }
        System.Threading.Thread.Sleep(-1);
        """;

    private static async Task<GradedSubmission> GradeAsync(string twice, string name)
    {
        await using var grader = await SubmissionGrader.CreateAsync(GradingFixture.Reference(), GradingFixture.Options(SandboxKind.Process), TestContext.Current.CancellationToken);
        return await grader.GradeAsync(GradingFixture.Handed(name, twice: twice), TestContext.Current.CancellationToken);
    }

    private static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), $"coursekit-worker-*-{Environment.ProcessId}-*");

    [Theory]
    [InlineData("one file", "using var file = System.IO.File.Create(System.IO.Path.Combine(System.IO.Path.GetTempPath(), \"full\"));")]
    [InlineData("a file that was deleted", "using var file = System.IO.File.Create(\"full\"); System.IO.File.Delete(\"full\");")]
    public async Task Who_fills_the_disk_is_ended_with_the_reason_and_keeps_what_was_earned_before(string name, string open)
    {
        Assert.SkipUnless(name == "one file" || (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess), "What is deleted and open is shown on Linux, and of a worker that may not be looked into to root.");
        var graded = await GradeAsync($$"""double Twice(double x) { {{open}} {{Fill}} return 2 * x; }""", name);
        Assert.Equal([ScoreStatus.Passed, ScoreStatus.Crashed, ScoreStatus.NotRun], graded.Result.Exercises.Select(exercise => exercise.Status));
        Assert.Contains("it wrote more into its temporary folder than the 256 MB that are allowed", JsonSerializer.Serialize(graded.Result), StringComparison.Ordinal);
        Assert.DoesNotContain(Folders(), folder => File.Exists(Path.Combine(folder, "full")));
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task Many_empty_files_fill_it_too()
    {
        LongTests.SkipUnlessWanted();
        var graded = await GradeAsync("double Twice(double x) { for (var i = 0; i < 70_000; i++) System.IO.File.Create(\"f\" + i).Dispose(); System.Threading.Thread.Sleep(-1); return 2 * x; }", "many");
        Assert.Equal(ScoreStatus.Crashed, graded.Result.Exercises[1].Status);
        Assert.Contains("temporary folder", JsonSerializer.Serialize(graded.Result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_large_folder_and_a_little_writing_cost_nothing()
    {
        var graded = await GradeAsync("double Twice(double x) { if (!System.IO.Directory.Exists(\"system\")) System.IO.Directory.CreateSymbolicLink(\"system\", \"/usr\"); System.IO.File.WriteAllText(\"notes\", \"x\"); System.Threading.Thread.Sleep(1500); return 2 * x; }", "link");
        Assert.All(graded.Result.Exercises, exercise => Assert.Equal(ScoreStatus.Passed, exercise.Status));
        Assert.True(Directory.Exists("/usr/lib") || OperatingSystem.IsWindows());
    }
}
