using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>One grader in the strongest sandbox, used by every attack in turn: the one before must have left nothing.</summary>
public sealed class AttackedGrader : IAsyncLifetime
{
    private SubmissionGrader? _grader;
    private SubmissionGrader? _limited;
    private TimeSpan _limit = TimeSpan.FromSeconds(3);

    private static GradingOptions Options => GradingFixture.Options(GradingFixture.Bubblewrap()) with { OutputCharacters = 8_000_000 };

    public async Task<GradedSubmission> GradeAsync(Submission submission)
    {
        _grader ??= await SubmissionGrader.CreateAsync(GradingFixture.Reference(), Options, TestContext.Current.CancellationToken);
        return await _grader.GradeAsync(submission, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Grades what never ends, with a limit. On a busy machine an honest cell may reach it as well; then all are given more.
    /// </summary>
    /// <param name="submission">One of whose exercises never ends.</param>
    /// <param name="honest">The exercises that end, by their place.</param>
    public async Task<GradedSubmission> GradeWithLimitAsync(Submission submission, params int[] honest)
    {
        while (true)
        {
            try
            {
                _limited ??= await SubmissionGrader.CreateAsync(GradingFixture.Reference(), Options with { CellTimeout = _limit }, TestContext.Current.CancellationToken);
                var graded = await _limited.GradeAsync(submission, TestContext.Current.CancellationToken);
                if (honest.All(index => graded.Result.Exercises[index].Status == ScoreStatus.Passed) || _limit > TimeSpan.FromMinutes(5))
                    return graded;
            }
            catch (TimeoutException)
            {
                // Nobody got that far.
            }

            if (_limited is not null)
                await _limited.DisposeAsync();
            _limited = null;
            _limit *= 2;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_grader is not null)
            await _grader.DisposeAsync();
        if (_limited is not null)
            await _limited.DisposeAsync();
    }
}

/// <summary>Hostile submissions, run for real: honest cells keep their points, the attack earns none, the grader lives.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class AttackTests(AttackedGrader grader) : IClassFixture<AttackedGrader>
{
    private const string WrongSquare = "double Square(double x) => 0;";
    private const string WrongTwice = "double Twice(double x) => 0;";

    [Fact]
    public async Task Network_files_writes_disk_memory_and_other_processes_are_out_of_reach_and_all_honest_points_are_kept()
    {
        GradingFixture.Bubblewrap();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var folder = Directory.CreateTempSubdirectory("coursekit-test-another student ").FullName;
        var other = Path.Combine(folder, "other.ipynb");
        await File.WriteAllTextAsync(other, "SECRET-OF-ANOTHER", TestContext.Current.CancellationToken);

        var graded = await grader.GradeAsync(GradingFixture.Handed("escapes", change: notebook => AddBefore(notebook, "square-tests",
            Try("network", $"new System.Net.Sockets.TcpClient().Connect(\"127.0.0.1\", {port});"),
            Try("other submission", $"Console.WriteLine(System.IO.File.ReadAllText({JsonSerializer.Serialize(other)}));"),
            Try("some notebook", "if (!System.IO.Directory.GetDirectories(\"/\").Where(folder => folder is not (\"/usr\" or \"/lib\" or \"/lib64\") && !folder.StartsWith(\"/pr\")).SelectMany(folder => System.IO.Directory.EnumerateFiles(folder, \"*.ipynb\", new System.IO.EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })).Any()) throw new Exception();"),
            Try("home", $"if (System.IO.Directory.GetFileSystemEntries({JsonSerializer.Serialize(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile))}).Length == 0) throw new Exception();"),
            Try("write usr", "System.IO.File.WriteAllText(\"/usr/attack\", \"x\");"),
            Try("write root", "System.IO.File.WriteAllText(\"/attack\", \"x\");"),
            Try("write dev", "System.IO.File.WriteAllText(\"/dev/attack\", \"x\");"),
            Try("write kit", $"System.IO.File.WriteAllText({JsonSerializer.Serialize(Path.Combine(AppContext.BaseDirectory, "attack"))}, \"x\");"),
            Try("own memory", "using var memory = System.IO.File.OpenWrite(\"/pr\" + \"oc/self/mem\");"),
            Try("fill disk", "using var file = System.IO.File.Create(\"/tmp/full\"); var block = new byte[1 << 20]; for (var i = 0; i < 400; i++) file.Write(block); file.Flush();"),
            "System.IO.File.Delete(\"/tmp/full\");",
            Try("memory", "var all = new List<byte[]>(); for (var i = 0; i < 200; i++) { var block = new byte[100 << 20]; Array.Fill(block, (byte)1); all.Add(block); }"),
            "foreach (var other in System.Diagnostics.Process.GetProcesses()) if (other.Id != Environment.ProcessId) try { other.Kill(); } catch { }",
            "var endless = new System.Threading.Thread(() => { while (true) { Console.Write(\"\"); System.Threading.Thread.Sleep(1); } }); endless.IsBackground = false; endless.Start();",
            "display(\"<script>alert('SCRIPT')</script>\", \"text/html\");")));

        var text = graded.Executed!.ToText();
        Assert.DoesNotContain("ESCAPED", OutputsOf(graded), StringComparison.Ordinal);
        Assert.True(OutputsOf(graded).Split("HELD").Length - 1 == 11, Describe(graded));
        Assert.DoesNotContain("SECRET-OF-ANOTHER", text, StringComparison.Ordinal);
        Assert.False(listener.Pending());
        AssertPoints([3.0, 2.0, 1.0], graded);
        Assert.DoesNotContain("SCRIPT", JsonSerializer.Serialize(graded.Result), StringComparison.Ordinal);
        Assert.Contains(graded.Result.Flags, flag => flag.Kind == SubmissionFlagKind.Suspicious && flag.Detail.Contains("System.Net.Sockets", StringComparison.Ordinal));
        Assert.False(File.Exists("/usr/attack") || File.Exists(Path.Combine(AppContext.BaseDirectory, "attack")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_fork_bomb_costs_what_comes_after_it_and_leaves_no_process()
    {
        var nap = $"9{Environment.ProcessId}.25";
        var graded = await grader.GradeAsync(GradingFixture.Handed("bomb", count: $$"""
            int Count(int[] numbers)
            {
                for (var i = 0; i < 5000; i++)
                    System.Diagnostics.Process.Start("/bin/sh", ["-c", "sleep {{nap}} & sleep {{nap}}"]);
                return numbers.Length;
            }
            """));
        AssertPoints([3.0, 2.0, 0.0], graded);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), folder => CommandOf(folder).Contains(nap, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Environment.Exit(0);", ScoreStatus.Crashed)]
    [InlineData("Environment.FailFast(\"over\");", ScoreStatus.Crashed)]
    [InlineData("var ring = new object[1]; ring[0] = ring; StructuralComparisons.StructuralEqualityComparer.GetHashCode(ring);", ScoreStatus.Crashed)]
    [InlineData("System.Text.RegularExpressions.Regex.IsMatch(new string('a', 60) + \"!\", \"^(a+)+$\");", ScoreStatus.TimedOut)]
    public async Task Code_that_takes_the_session_down_costs_its_exercise_and_those_after_it(string statement, ScoreStatus status)
    {
        var ends = GradingFixture.Handed("ends", twice: $$"""
            double Twice(double x) { {{statement}} return 2 * x; }
            """);
        var graded = status == ScoreStatus.TimedOut ? await grader.GradeWithLimitAsync(ends, 0) : await grader.GradeAsync(ends);
        AssertPoints([3.0, 0.0, 0.0], graded);
        Assert.Equal([ScoreStatus.Passed, status, ScoreStatus.NotRun], graded.Result.Exercises.Select(exercise => exercise.Status));
    }

    [Theory]
    [InlineData("while (true) { }", ScoreStatus.TimedOut)]
    [InlineData("while (true) Console.WriteLine(\"again and again\");", ScoreStatus.TimedOut)]
    [InlineData("while (true) display(new string('x', 100_000));", ScoreStatus.Failed)]
    public async Task An_endless_loop_or_output_costs_its_own_points_only(string statement, ScoreStatus status)
    {
        // The kinds of what never ends are told apart by the session's own tests.
        if (statement != "while (true) { }")
            LongTests.SkipUnlessWanted();
        var graded = await grader.GradeWithLimitAsync(GradingFixture.Handed("endless", twice: $$"""double Twice(double x) { {{statement}} return 2 * x; }"""), 0, 2);
        AssertPoints([3.0, 0.0, 1.0], graded);
        Assert.Equal(status, graded.Result.Exercises[1].Status);
        Assert.True(graded.Executed!.ToText().Length < 20_000_000);
    }

    [Fact]
    public async Task Giving_Check_Assert_Console_or_Math_another_meaning_is_refused_and_earns_nothing()
    {
        var graded = await grader.GradeAsync(GradingFixture.Handed("renames", WrongSquare, WrongTwice, change: notebook => AddBefore(notebook, "square-tests",
            "public static class Check { public static void Close(double a, double b) { } public static dynamic Exercise(string a, string b) => null; }",
            "static class Assert { }",
            "static class Console { public static void WriteLine(string text) { } }",
            "using Math = System.MathF;",
            "var Check = 1;",
            "namespace CourseKit.Exercises { public static class Check { } }")));
        AssertPoints([0.0, 0.0, 1.0], graded);
        Assert.True(graded.Result.Flags.Count(flag => flag.Kind == SubmissionFlagKind.Suspicious && flag.Detail.Contains("a name that the tests rely on", StringComparison.Ordinal)) >= 5, Describe(graded));
    }

    [Fact]
    public async Task An_answer_that_says_itself_that_it_is_right_earns_nothing()
    {
        var graded = await grader.GradeAsync(GradingFixture.Handed("yes", WrongSquare, """
            class Yes
            {
                public static bool operator ==(Yes a, double b) => true;
                public static bool operator !=(Yes a, double b) => false;
                public static implicit operator Yes(double x) => new Yes();
                public override bool Equals(object? other) => true;
                public override int GetHashCode() => 0;
            }
            Yes Twice(double x) => new Yes();
            """));
        AssertPoints([0.0, 0.0, 1.0], graded);
        Assert.Contains(graded.Result.Flags, flag => flag.Kind == SubmissionFlagKind.Suspicious && flag.CellId == "double-tests");
    }

    [Fact]
    public async Task Printed_displayed_and_returned_imitations_of_a_result_count_for_nothing()
    {
        const string Forged = "{\\\"version\\\":1,\\\"exercise\\\":\\\"square\\\",\\\"title\\\":\\\"t\\\",\\\"points\\\":3,\\\"possible\\\":3,\\\"status\\\":\\\"passed\\\",\\\"parts\\\":[]}";
        var graded = await grader.GradeAsync(GradingFixture.Handed("forges", $$"""
            double Square(double x)
            {
                Console.WriteLine("{{Forged}}");
                display("{{Forged}}", "application/vnd.coursekit.check+json");
                return 0;
            }
            """, WrongTwice, change: notebook => AddBefore(notebook, "square-tests",
            $"Microsoft.DotNet.Interactive.Formatting.Formatter.Register<Exercise>(_ => \"{Forged}\", \"application/vnd.coursekit.check+json\");",
            "using var real = Console.OpenStandardOutput(); real.Write(System.Text.Encoding.UTF8.GetBytes(\"" + Forged + "\\n\"));",
            "Check.Exercise(\"square\", \"Square a number\").Part(\"of three\", 3, () => { })")));
        AssertPoints([0.0, 0.0, 1.0], graded);
    }

    [Theory]
    [InlineData("foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()) Console.WriteLine(assembly);")]
    [InlineData("var field = typeof(Exercise).GetField(\"parts\", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance);")]
    [InlineData("dynamic type = typeof(Exercise); Console.WriteLine(type.Assembly);")]
    [InlineData("Func<int> f = () => 1; var m = f.Method; Console.WriteLine(m.Module);")]
    [InlineData("unsafe { var x = 1; var p = &x; *p = 2; }")]
    [InlineData("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid(); getpid();")]
    [InlineData("using var pipe = new System.IO.Pipes.AnonymousPipeClientStream(System.IO.Pipes.PipeDirection.In, \"30\");")]
    [InlineData("using var stream = new System.IO.FileStream((nint)30, System.IO.FileAccess.ReadWrite);")]
    [InlineData("#r \"/tmp/own.dll\"\nConsole.WriteLine(1);")]
    [InlineData("System.IO.File.OpenWrite(\"/proc/self/mem\");")]
    public async Task Reaching_into_the_process_is_refused_before_it_runs(string attack)
    {
        // The cell of the answer itself: it is refused as a whole, and the other exercises keep their points.
        var graded = await grader.GradeAsync(GradingFixture.Handed("reflects", attack + "\ndouble Square(double x) => x * x;"));
        AssertPoints([0.0, 2.0, 1.0], graded);
        Assert.Contains(graded.Result.Flags, flag => flag is { Kind: SubmissionFlagKind.Suspicious, CellId: "square" } && flag.Detail.EndsWith("the cell was not run", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("if (x == 7.25) Environment.FailFast($\"got {x}\");")]
    [InlineData("Console.WriteLine(x); display(x); Console.Error.WriteLine(x); System.IO.File.AppendAllText(\"/tmp/stash\", $\"{x}\"); if (x == 7.25) throw new Exception($\"got {x}\");")]
    public async Task What_a_hidden_test_asks_reaches_neither_the_result_nor_the_executed_notebook(string leak)
    {
        var graded = await grader.GradeAsync(GradingFixture.Handed("leaks", square: $$"""double Square(double x) { {{leak.Replace("7.25", "29.0 / 4", StringComparison.Ordinal)}} return x * x; }""",
            change: notebook => AddBefore(notebook, "count-tests", "if (System.IO.File.Exists(\"/tmp/stash\")) Console.WriteLine(System.IO.File.ReadAllText(\"/tmp/stash\"));")));
        AssertPoints([1.0, leak.Contains("FailFast", StringComparison.Ordinal) ? 1.0 : 2.0, 1.0], graded);
        Assert.DoesNotContain(GradingFixture.HiddenArgument, graded.Executed!.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain(GradingFixture.HiddenArgument, JsonSerializer.Serialize(graded.Result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_cells_that_are_deleted_renamed_changed_copied_or_worth_more_are_put_right_and_flagged()
    {
        var graded = await grader.GradeAsync(GradingFixture.Handed("rearranges", WrongSquare, WrongTwice, change: notebook =>
        {
            notebook.Cells.Remove(GradingFixture.Cell(notebook, "square-tests"));
            var tests = GradingFixture.Cell(notebook, "double-tests");
            tests.Source = "Check.Exercise(\"double\", \"Double a number\").Part(\"of four\", 2, () => { })";
            (NbgraderMetadata.Read(tests)! with { Points = 100 }).Write(tests);
            var copy = NotebookCell.CreateCode("int Count(int[] numbers) => 0;");
            NbgraderMetadata.Read(GradingFixture.Cell(notebook, "count"))!.Write(copy);
            notebook.Cells.Insert(0, copy);
        }));
        AssertPoints([0.0, 0.0, 1.0], graded);
        Assert.Equal(2, graded.Result.Exercises[1].Possible);
        Assert.Contains(graded.Result.Flags, flag => flag is { Kind: SubmissionFlagKind.Missing, CellId: "square-tests" });
        Assert.Contains(graded.Result.Flags, flag => flag is { Kind: SubmissionFlagKind.Tampered, CellId: "double-tests" });
        Assert.Contains(graded.Result.Flags, flag => flag is { Kind: SubmissionFlagKind.PointsChanged, CellId: "double-tests" });
        Assert.Contains(graded.Result.Flags, flag => flag is { Kind: SubmissionFlagKind.Duplicated, CellId: "count" });
    }

    private static void AddBefore(NotebookDocument notebook, string gradeId, params string[] cells)
    {
        var at = notebook.Cells.IndexOf(GradingFixture.Cell(notebook, gradeId));
        foreach (var source in cells)
            notebook.Cells.Insert(at++, NotebookCell.CreateCode(source));
    }

    private static string Try(string what, string attack) =>
        $"try {{ {attack} Console.WriteLine(\"ESC\" + \"APED {what}\"); }} catch (Exception failure) {{ Console.WriteLine($\"HE\" + \"LD {what} {{failure.GetType().Name}}\"); }}";

    private static void AssertPoints(double[] expected, GradedSubmission graded) =>
        Assert.True(expected.SequenceEqual(graded.Result.Exercises.Select(exercise => exercise.Points)),
            $"Expected {string.Join(", ", expected)}\n{string.Join("\n", graded.Result.Exercises.Select(exercise => $"{exercise.Id}: {exercise.Points} {exercise.Status} {exercise.Message}"))}\n{Describe(graded)}");

    private static string OutputsOf(GradedSubmission graded) => string.Concat(graded.Executed!.Cells.Select(cell => cell.Outputs.ToJsonString()));

    private static string Describe(GradedSubmission graded) => string.Join("\n", graded.Result.Flags) + OutputsOf(graded);

    private static string CommandOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
