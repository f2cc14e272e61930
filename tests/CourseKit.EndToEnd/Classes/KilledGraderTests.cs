using System.Diagnostics;
using System.Text.Json;

namespace CourseKit.EndToEnd.Classes;

/// <summary>The real command, killed, stopped, doubled and out of disk: nothing is lost, and nothing graded twice.</summary>
public sealed class KilledGraderTests : IDisposable
{
    private static int Students => LongTests.AreWanted ? 12 : 5;

    private static int Kills => LongTests.AreWanted ? 20 : 2;

    private readonly SmallClass members = new();

    public void Dispose() => members.Dispose();

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task Killed_again_and_again_at_random_moments_and_run_again_it_ends_as_an_undisturbed_run()
    {
        members.HandInMany(Students);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var left = 0;
        var killed = new List<int>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            using var grader = members.Start("killed");
            _ = grader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            // Half of them anywhere, the start included; half around a result, where files are renamed and rows written.
            if (kill % 2 == 0)
                await grader.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
            await Task.Delay(random.Next(kill % 2 == 0 ? 150 : 1800), TestContext.Current.CancellationToken);
            killed.Add(grader.Id);
            grader.Kill(entireProcessTree: false);
            await grader.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (File.Exists(members.Of("killed/gradebook.db")))
                Assert.Equal("ok", SmallClass.Integrity(members.Of("killed/gradebook.db")));
            if (Directory.Exists(members.Of("killed/results/squares")))
                left = Directory.GetFiles(members.Of("killed/results/squares"), "*.json").Length;
        }
        TestContext.Current.SendDiagnosticMessage($"seed {seed}: {left} of {Students} had results after the last kill");

        var last = await members.GradeAsync("killed", "--json");
        Assert.True(last.ExitCode == 0, last.Errors);
        Assert.Equal(Students, (int)last.Json["graded"]! + (int)last.Json["upToDate"]!);
        Assert.Equal(left, (int)last.Json["upToDate"]!);
        Assert.True(left > 0 || Kills < 20, "No grader got as far as a result: nothing was put at risk.");
        var undisturbed = await members.GradeAsync("undisturbed");
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Errors);

        Assert.Equal(await members.ContentsAsync("undisturbed"), await members.ContentsAsync("killed"));
        Assert.Equal("ok", SmallClass.Integrity(members.Of("killed/gradebook.db")));
        Assert.Equal(await File.ReadAllTextAsync(members.Of("undisturbed/grades.csv"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(members.Of("killed/grades.csv"), TestContext.Current.CancellationToken));
        Assert.Equal(Files("undisturbed/results"), Files("killed/results"));
        Assert.Empty(Directory.GetFiles(members.Of("killed/claims"), "*.claim", SearchOption.AllDirectories));
        // The folders of their workers are gone, too: the graders that came after have taken them away.
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "coursekit-worker-*"), folder => killed.Exists(id => folder.Contains($"-{id}-", StringComparison.Ordinal)));
    }

    private string[] Files(string folder) =>
        [.. Directory.GetFiles(members.Of(folder), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(members.Of(folder), file)).Order(StringComparer.Ordinal)];

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task Two_graders_started_at_once_share_a_class()
    {
        LongTests.SkipUnlessWanted();
        members.HandInMany(8);
        var both = await Task.WhenAll(members.GradeAsync("shared", "--json"), members.GradeAsync("shared", "--json"));
        Assert.All(both, answer => Assert.True(answer.ExitCode == 0, answer.Errors));
        Assert.Equal(8, both.Sum(answer => (int)answer.Json["graded"]!));
        await members.GradeAsync("alone");
        Assert.Equal(await members.ContentsAsync("alone"), await members.ContentsAsync("shared"));
    }

    [Fact]
    public async Task Stopped_with_Ctrl_C_it_says_so_keeps_what_is_finished_and_goes_on_next_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send to one process.");
        members.HandInMany(4);

        // One more, which is not finished until it may be: so there is something to stop, however quick the others are.
        var goOn = members.Of("go-on");
        members.HandIn("student04", $"new Func<double>(() => {{ while (!System.IO.File.Exists({JsonSerializer.Serialize(goOn)})) System.Threading.Thread.Sleep(10); return x * x; }})()");
        using var grader = members.Start("stopped");
        var output = grader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (await grader.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("/5  student", StringComparison.Ordinal))
        {
            // A busy machine is told of first.
        }

        Signals.Interrupt(grader);
        var errors = await grader.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await grader.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, grader.ExitCode);
        Assert.Contains("Stopped. What was finished is in", errors, StringComparison.Ordinal);
        Assert.Matches("student0[0-4]", await output);

        await File.WriteAllTextAsync(goOn, "", TestContext.Current.CancellationToken);
        var next = await members.GradeAsync("stopped", "--json");
        Assert.InRange((int)next.Json["upToDate"]!, 1, 4);
        Assert.Equal(5, next.Json["students"]!.AsArray().Count);
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public async Task A_full_disk_ends_in_a_sentence_with_the_gradebook_whole_and_room_lets_it_go_on()
    {
        LongTests.SkipUnlessWanted();
        var bubblewrap = RequiredTools.BubblewrapProgram();
        members.HandInMany(6);
        Directory.CreateDirectory(members.Of("small"));
        await File.WriteAllTextAsync(members.Of("script.sh"), $"""
            grade() {'{'} dotnet '{Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll")}' {string.Join(' ', members.Command("small/grades", "--shard", "$1").Select(word => word.StartsWith('$') ? word : $"'{word}'"))}; {'}'}
            show() {'{'} dotnet '{Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll")}' gradebook show small/grades --json; {'}'}
            cd '{members.Path}'
            grade 1/2 > /dev/null 2>&1 || exit 91
            show > before.json || exit 92
            head -c 100000000 /dev/zero > small/filler 2> /dev/null
            grade 1/1 > /dev/null 2> full.txt
            [ $? = 1 ] || exit 93
            show > full.json || exit 94
            rm small/filler
            grade 1/1 > /dev/null 2>&1 || exit 95
            cp -r small/grades grades
            """, TestContext.Current.CancellationToken);
        // A disk of 3 MB, for this one command.
        using var shell = Process.Start(bubblewrap, ["--dev-bind", "/", "/", "--size", "3000000", "--tmpfs", members.Of("small"), "bash", members.Of("script.sh")]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        var sentence = File.Exists(members.Of("full.txt")) ? await File.ReadAllTextAsync(members.Of("full.txt"), TestContext.Current.CancellationToken) : "";
        Assert.True(shell.ExitCode == 0, $"step {shell.ExitCode}: {sentence}");

        Assert.Contains("give the same command again", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", sentence, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(members.Of("before.json"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(members.Of("full.json"), TestContext.Current.CancellationToken));
        Assert.Equal("ok", SmallClass.Integrity(members.Of("grades/gradebook.db")));
        await members.GradeAsync("roomy");
        Assert.Equal(await members.ContentsAsync("roomy"), await members.ContentsAsync("grades"));
    }
}
