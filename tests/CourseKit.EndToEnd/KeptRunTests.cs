using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CourseKit.EndToEnd;

/// <summary>Notebooks are run side by side, and what has not changed is taken from the last run; the pages are the same either way.</summary>
public sealed class KeptRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private Dictionary<string, string?> Store => new() { [CourseKitCommand.Cache] = folder.Of("cache") };

    public void Dispose() => folder.Dispose();

    private void Write(string name, params string[] cells) => File.WriteAllText(folder.Of(name), BadInputTests.Notebook(cells));

    private Task<CourseKitCommand.Answer> CommandAsync(params string[] arguments) => CourseKitCommand.RunAsync(folder.Path, Store, arguments);

    /// <summary>Runs notebooks; for each whether it was taken or is new.</summary>
    private async Task<string> TakenAsync(params string[] arguments)
    {
        var answer = await CommandAsync([.. arguments, "--json"]);
        Assert.True(answer.ExitCode == 0, answer.Errors);
        return string.Join(' ', answer.Json["chapters"]!.AsArray().Select(chapter => (bool)chapter!["taken"]! ? "taken" : "new"));
    }

    /// <summary>Every file of a folder that is not hidden, with what it holds.</summary>
    private SortedDictionary<string, string> Contents(string name) => new(Directory.Exists(folder.Of(name))
        ? Directory.EnumerateFiles(folder.Of(name), "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith('.'))
            .ToDictionary(file => Path.GetRelativePath(folder.Of(name), file), file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))))
        : [], StringComparer.Ordinal);

    private string[] Leftovers() => [.. Directory.EnumerateFiles(folder.Path, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })];

    private static async Task UntilAsync(Func<bool> happened, Process process)
    {
        while (!happened())
        {
            Assert.False(process.HasExited, "the command ended too early");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task What_has_not_changed_is_taken_and_said_and_leaves_the_same_bytes()
    {
        Write("a.ipynb", "display(\"text\"); Console.WriteLine(System.IO.File.ReadAllText(\"numbers.txt\"))", "0.1 + 0.2");
        Write("b.ipynb", "Enumerable.Range(0, 3)");
        await File.WriteAllTextAsync(folder.Of("numbers.txt"), "1 2 3", TestContext.Current.CancellationToken);
        Assert.Equal("new new", await TakenAsync("run", "a.ipynb", "b.ipynb"));

        var second = await CommandAsync("run", "a.ipynb", "b.ipynb", "-o", "second");
        Assert.Equal(0, second.ExitCode);
        Assert.Matches(@"(?s)a  taken from the run of .*, nothing has changed; --fresh runs it again.*b  taken from the run of ", second.Errors);
        Assert.Matches(@"a .* kept \d+\.\d.*\n.*b .* kept \d+\.\d", second.Output);
        Assert.Equal(Contents("out"), Contents("second"));

        Assert.Equal("new new", await TakenAsync("run", "a.ipynb", "b.ipynb", "--fresh", "--jobs", "1", "-o", "third"));
        Assert.Equal(Contents("out"), Contents("third"));

        Write("b.ipynb", "Enumerable.Range(0, 4)");
        Assert.Equal("taken new", await TakenAsync("run", "a.ipynb", "b.ipynb"));
        await File.WriteAllTextAsync(folder.Of("numbers.txt"), "4 5 6", TestContext.Current.CancellationToken);
        Assert.Equal("new", await TakenAsync("run", "a.ipynb"));
        Assert.Contains("4 5 6", await File.ReadAllTextAsync(folder.Of("out/a.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // A damaged entry is as good as none, and the next one is whole.
        foreach (var entry in Directory.EnumerateFiles(folder.Of("cache"), "*", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(entry, "damaged", TestContext.Current.CancellationToken);
        Assert.Equal("new", await TakenAsync("run", "a.ipynb"));
        Assert.Equal("taken", await TakenAsync("run", "a.ipynb"));
    }

    [Fact]
    public async Task A_run_that_failed_is_never_taken_nor_one_that_starts_programs_and_that_is_said()
    {
        Write("a.ipynb", "throw new InvalidOperationException(\"on purpose\");", "1 + 1");
        Write("b.ipynb", "new System.Diagnostics.ProcessStartInfo(\"nothing\").FileName");
        for (var time = 0; time < 2; time++)
        {
            var answer = await CommandAsync("run", "a.ipynb", "b.ipynb", "--json");
            Assert.Equal(1, answer.ExitCode);
            Assert.All(answer.Json["chapters"]!.AsArray(), chapter => Assert.False((bool)chapter!["taken"]!));
            Assert.Contains("on purpose", answer.Errors, StringComparison.Ordinal);
            Assert.Contains("b  is run each time: it starts other programs", answer.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("a  is run each time", answer.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("COURSEKIT_CACHE")]
    [InlineData("XDG_DATA_HOME")]
    public async Task Where_nothing_can_be_kept_that_is_said_and_the_run_is_as_good(string variable)
    {
        Assert.SkipWhen(variable == "XDG_DATA_HOME" && !OperatingSystem.IsLinux(), "There the folder for a user's data is named in another way.");
        // A file where a folder should be stands for a disk that cannot be written, also for who may write everywhere.
        await File.WriteAllTextAsync(folder.Of("file"), "", TestContext.Current.CancellationToken);
        Write("a.ipynb", "1 + 1");
        var environment = new Dictionary<string, string?> { [CourseKitCommand.Cache] = null, [variable] = folder.Of("file") };
        var answer = await CourseKitCommand.RunAsync(folder.Path, environment, "run", "a.ipynb", "--json");
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Runs are not kept for the next time", answer.Errors, StringComparison.Ordinal);
        Assert.Contains("set COURSEKIT_CACHE to a folder that can", answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Of("out/a.html")));
    }

    [Fact]
    public async Task Side_by_side_all_is_told_and_listed_in_the_order_of_the_notebooks_with_the_same_bytes()
    {
        // The first is not finished before the second is.
        Write("a.ipynb", "1 + 1", "while (!System.IO.File.Exists(\"finished\")) System.Threading.Thread.Sleep(20);");
        Write("b.ipynb", "2 + 2", "System.IO.File.WriteAllText(\"finished\", \"\");");
        Write("c.ipynb", "3 + 3");
        var together = await CommandAsync("run", "a.ipynb", "b.ipynb", "c.ipynb", "--jobs", "2", "--timeout", "600", "--json");
        Assert.True(together.ExitCode == 0, together.Errors);
        // Only the lines of cells: a busy machine also says what it waits for.
        Assert.Equal(["a 1/2", "a 2/2", "b 1/2", "b 2/2", "c 1/1"], Regex.Matches(together.Errors, @"^(?<name>\w+) +(?<cell>\d+/\d+)", RegexOptions.Multiline).Select(line => $"{line.Groups["name"]} {line.Groups["cell"]}"));
        Assert.Equal(["a.ipynb", "b.ipynb", "c.ipynb"], together.Json["chapters"]!.AsArray().Select(chapter => (string)chapter!["file"]!));
        var index = await File.ReadAllTextAsync(folder.Of("out/index.html"), TestContext.Current.CancellationToken);
        Assert.Matches("(?s)a\\.html.*b\\.html.*c\\.html", index);

        Assert.Equal("new new new", await TakenAsync("run", "a.ipynb", "b.ipynb", "c.ipynb", "--fresh", "--jobs", "1", "--timeout", "600", "-o", "alone"));
        Assert.Equal(Contents("alone"), Contents("out"));
    }

    [Fact]
    public async Task A_book_takes_what_run_has_left_and_its_own()
    {
        Write("A1-appendix.ipynb", "1 + 1");
        using var members = new Classes.SmallClass();
        File.Copy(members.Reference, folder.Of("01-chapter.ipynb"));
        Assert.Equal("new new", await TakenAsync("run", "01-chapter.ipynb", "A1-appendix.ipynb"));
        // The students' version of the chapter is another notebook, and the appendix is the same one.
        Assert.Equal("new taken", await TakenAsync("book", "01-chapter.ipynb", "A1-appendix.ipynb", "-o", "first"));
        Assert.Equal("taken taken", await TakenAsync("book", "01-chapter.ipynb", "A1-appendix.ipynb", "-o", "second"));
        Assert.Equal(Contents("first"), Contents("second"));
        Assert.Equal("new new", await TakenAsync("book", "01-chapter.ipynb", "A1-appendix.ipynb", "--fresh", "--jobs", "2", "-o", "third"));
        Assert.Equal(Contents("first"), Contents("third"));
    }

    [Fact]
    public async Task A_chapter_that_has_no_students_version_is_named_and_the_book_has_the_others()
    {
        Write("01-chapter.ipynb", "// BEGIN SOLUTION\nvar answer = 42;\n// END SOLUTION");
        Write("A1-appendix.ipynb", "1 + 1");
        var answer = await CommandAsync("book", "01-chapter.ipynb", "A1-appendix.ipynb");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("01-chapter.ipynb: no cell gives points", answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Of("book/A1-appendix.html")));
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task A_command_that_is_killed_leaves_nothing_half_written_and_the_next_one_goes_on()
    {
        Write("a.ipynb", "1 + 1");
        Write("b.ipynb", "if (!System.IO.File.Exists(\"goes-on\")) System.IO.File.WriteAllText(\"started\", \"\");", "while (!System.IO.File.Exists(\"goes-on\")) System.Threading.Thread.Sleep(20);");
        await File.WriteAllTextAsync(folder.Of("goes-on"), "", TestContext.Current.CancellationToken);
        Assert.Equal("new new", await TakenAsync("run", "a.ipynb", "b.ipynb", "--jobs", "1", "--timeout", "600", "-o", "whole"));
        File.Delete(folder.Of("goes-on"));
        Directory.Delete(folder.Of("cache"), recursive: true);

        // While it writes the first chapter, and while the second runs.
        foreach (var moment in LongTests.AreWanted ? ["out", "out/assets", "cache/runs", "started"] : (string[])["out/assets", "started"])
        {
            File.Delete(folder.Of("started"));
            using var process = CourseKitCommand.Start(folder.Path, Store, "run", "a.ipynb", "b.ipynb", "--jobs", "1", "--timeout", "600", "--fresh");
            await UntilAsync(() => Path.Exists(folder.Of(moment)), process);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            foreach (var (file, content) in Contents("out"))
            {
                // The first page knows nothing of the second yet, and the index neither.
                if (file is "a.html" or "index.html")
                    Assert.EndsWith("</html>", (await File.ReadAllTextAsync(folder.Of($"out/{file}"), TestContext.Current.CancellationToken)).TrimEnd(), StringComparison.Ordinal);
                else
                    Assert.Equal(Contents("whole")[file], content);
            }
        }

        Assert.Contains("index.html", Contents("out").Keys);

        // What it was writing at that moment has a name of its own, and goes with the next run.
        foreach (var leftover in Leftovers())
            File.SetLastWriteTimeUtc(leftover, DateTime.UtcNow.AddHours(-1));
        File.Delete(folder.Of("started"));
        Assert.Equal("taken", await TakenAsync("run", "a.ipynb"));
        await File.WriteAllTextAsync(folder.Of("goes-on"), "", TestContext.Current.CancellationToken);
        await TakenAsync("run", "a.ipynb", "b.ipynb", "--timeout", "600");
        Assert.Empty(Leftovers());
        Assert.Equal(Contents("whole"), Contents("out"));
    }

    [Fact]
    public async Task Stopped_with_Ctrl_C_all_that_run_are_stopped_and_what_was_finished_is_taken_next_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send to one process.");
        Write("a.ipynb", "1 + 1");
        foreach (var endless in (string[])["b", "c"])
            Write($"{endless}.ipynb", $"System.IO.File.WriteAllText(System.IO.Path.Combine(System.IO.Directory.CreateDirectory(\"started\").FullName, \"{endless}\"), \"\");\nwhile (true) System.Threading.Thread.Sleep(20);");
        using var process = CourseKitCommand.Start(folder.Path, Store, "run", "a.ipynb", "b.ipynb", "c.ipynb", "--jobs", "2", "--timeout", "600", "--json");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => File.Exists(folder.Of("started/b")) && File.Exists(folder.Of("started/c")), process);
        Signals.Interrupt(process);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Stopped. What was finished is in out.", await errors, StringComparison.Ordinal);
        Assert.Contains("\"a.ipynb\"", await output, StringComparison.Ordinal);
        Directory.Delete(folder.Of("started"), recursive: true);
        Assert.Equal("taken", await TakenAsync("run", "a.ipynb"));
    }
}
