using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd;

/// <summary>What goes wrong is said in a sentence that names the file and the cell; everything else goes on; no file of the user's changes.</summary>
public sealed class BadInputTests
{
    private static string Notebook(params string[] cells) => new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select((source, i) => new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = $"cell-{i + 1}",
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        })]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString();

    private static async Task<(CourseKitCommand.Answer Answer, string Errors)> RunAsync(TemporaryFolder folder, params (string Name, string Text)[] notebooks)
    {
        foreach (var (name, text) in notebooks)
            await File.WriteAllTextAsync(folder.Of(name), text, TestContext.Current.CancellationToken);
        var answer = await CourseKitCommand.RunAsync(folder.Path, ["run", .. notebooks.Select(notebook => notebook.Name), "-o", "out", "--json", "--timeout", "3600"]);
        foreach (var (name, text) in notebooks)
            Assert.Equal(text, await File.ReadAllTextAsync(folder.Of(name), TestContext.Current.CancellationToken));
        return (answer, answer.Errors);
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "{ \"cells\": [", "ends in the middle" },
        { "{ \"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {} }", "cells" },
        { "{ \"nbformat\": 3, \"nbformat_minor\": 0, \"metadata\": {}, \"worksheets\": [] }", "3" },
        { "", "empty" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_notebook_is_named_and_the_others_still_run(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        var (answer, errors) = await RunAsync(folder, ("broken.ipynb", text), ("whole.ipynb", Notebook("1 + 1")));
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("broken.ipynb", errors, StringComparison.Ordinal);
        Assert.Contains(reason, errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Of("out/whole.ipynb")));
        Assert.False(File.Exists(folder.Of("out/broken.ipynb")));
        Assert.Equal(0, (int)answer.Json["chapters"]![1]!["errors"]!);
    }

    [Fact]
    public async Task A_notebook_for_another_language_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var python = Notebook("print(1)").Replace(".net-csharp", "python3", StringComparison.Ordinal).Replace("C#", "python", StringComparison.Ordinal);
        var (answer, errors) = await RunAsync(folder, ("python.ipynb", python));
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("python.ipynb", errors, StringComparison.Ordinal);
        Assert.Contains("C#", errors, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Failing => new()
    {
        { "int x = \"text\";", "CS0029" },
        { "throw new InvalidOperationException(\"no such thing\");", "no such thing" },
        { "Environment.Exit(3);", "3" },
        { "System.IO.File.ReadAllText(\"missing.csv\")", "missing.csv" },
        { "int Deep(int n) => n + Deep(n + 1);\nDeep(0)", "stack" },
        { "Environment.FailFast(\"broken pipe\");", "broken pipe" },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_failing_cell_is_named_with_its_error_and_other_notebooks_run(string code, string reason)
    {
        using var folder = new TemporaryFolder();
        var (answer, errors) = await RunAsync(folder, ("failing.ipynb", Notebook("var before = 1;", code)), ("whole.ipynb", Notebook("1 + 1")));
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("failing.ipynb, cell 2 (cell-2)", errors, StringComparison.Ordinal);
        Assert.Contains(reason, errors, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (int)answer.Json["chapters"]![1]!["errors"]!);
        var executed = JsonNode.Parse(await File.ReadAllTextAsync(folder.Of("out/failing.ipynb"), TestContext.Current.CancellationToken))!;
        Assert.Equal("error", (string)executed["cells"]![1]!["outputs"]!.AsArray()[^1]!["output_type"]!);
    }

    [Fact]
    public async Task An_endless_cell_is_stopped_and_the_rest_is_not_run()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Of("endless.ipynb"), Notebook("while (true) { }", "1 + 1"), TestContext.Current.CancellationToken);
        var answer = await CourseKitCommand.RunAsync(folder.Path, "run", "endless.ipynb", "--timeout", "2", "--json");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("endless.ipynb, cell 1", answer.Errors, StringComparison.Ordinal);
        Assert.Contains("not run", answer.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (int)answer.Json["chapters"]![0]!["errors"]!);
    }

    [Fact]
    public async Task Ten_million_printed_lines_are_cut_and_said()
    {
        using var folder = new TemporaryFolder();
        var (answer, _) = await RunAsync(folder, ("chatty.ipynb", Notebook("for (var i = 0; i < 10_000_000; i++) Console.WriteLine(i);", "1 + 1")));
        Assert.Equal(0, answer.ExitCode);
        var executed = new FileInfo(folder.Of("out/chatty.ipynb"));
        Assert.True(executed.Length < 5_000_000, $"the executed notebook has {executed.Length} bytes");
        Assert.Contains("more characters were printed and dropped", await File.ReadAllTextAsync(executed.FullName, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_of_50_megabytes_in_a_notebook_is_read()
    {
        using var folder = new TemporaryFolder();
        var notebook = JsonNode.Parse(Notebook("1 + 1"))!;
        notebook["cells"]![0]!["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = new string('x', 50_000_000) });
        var (answer, _) = await RunAsync(folder, ("heavy.ipynb", notebook.ToJsonString()));
        Assert.Equal(0, answer.ExitCode);
        Assert.True(new FileInfo(folder.Of("out/heavy.ipynb")).Length < 10_000, "the old output was kept");
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("run", "there-is-none.ipynb")]
    [InlineData("run", "--timeout", "-1")]
    [InlineData("release", "x.ipynb")]
    public async Task Wrong_usage_is_said_and_exits_with_2(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var answer = await CourseKitCommand.RunAsync(folder.Path, arguments);
        Assert.Equal(2, answer.ExitCode);
        Assert.NotEmpty(answer.Errors);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_output_folder_is_never_the_notebooks_own()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Of("mine.ipynb"), Notebook("1"), TestContext.Current.CancellationToken);
        var answer = await CourseKitCommand.RunAsync(folder.Path, "run", "mine.ipynb", "-o", ".");
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("overwrite", answer.Errors, StringComparison.Ordinal);
        Assert.Equal(Notebook("1"), await File.ReadAllTextAsync(folder.Of("mine.ipynb"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_machine_without_a_folder_for_temporary_files_is_told_what_to_set()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The folder is named by TMPDIR on Unix.");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Of("mine.ipynb"), Notebook("1"), TestContext.Current.CancellationToken);
        var answer = await CourseKitCommand.RunAsync(folder.Path, new Dictionary<string, string?> { ["TMPDIR"] = folder.Of("none"), ["DOTNET_EnableDiagnostics"] = "0" }, "run", "mine.ipynb", "-o", "out");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("set TMPDIR to one", answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_runs_a_cell_and_answers_in_json()
    {
        using var folder = new TemporaryFolder();
        var answer = await CourseKitCommand.RunAsync(folder.Path, "doctor", "--json");
        Assert.True(answer.ExitCode == 0, answer.Output + answer.Errors);
        var findings = answer.Json["findings"]!.AsArray();
        Assert.Contains(findings, finding => (string)finding!["name"]! == "a C# cell" && (string)finding["state"]! == "ok");
        Assert.Contains(findings, finding => (string)finding!["name"]! == "device cpu");
    }
}
