using System.Text.Json.Nodes;

namespace CourseKit.EndToEnd;

/// <summary>What goes wrong is said in a sentence that names the file and the cell; everything else goes on; no file of the user's changes.</summary>
public sealed class BadInputTests(BadInputTests.Run run) : IClassFixture<BadInputTests.Run>
{
    internal static string Notebook(params string[] cells) => new JsonObject
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

    public static TheoryData<string, string> Broken => new()
    {
        { "{ \"cells\": [", "ends in the middle" },
        { "{ \"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {} }", "cells" },
        { "{ \"nbformat\": 3, \"nbformat_minor\": 0, \"metadata\": {}, \"worksheets\": [] }", "3" },
        { "", "empty" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_notebook_is_named_and_the_others_still_run(string text, string reason)
    {
        var name = run.NameOf(text);
        Assert.Contains(reason, run.ErrorOf(name), StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(run.Out(name)));
        TheOthersRan();
    }

    [Fact]
    public void A_notebook_for_another_language_is_refused_by_name() =>
        Assert.Contains("C#", run.ErrorOf(run.NameOf(Run.Python)), StringComparison.Ordinal);

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
        var name = run.NameOf(Run.WithFailing(code));
        Assert.StartsWith($"{name}, cell 2 (cell-2)", run.ErrorOf(name), StringComparison.Ordinal);
        Assert.Contains(reason, run.ErrorOf(name), StringComparison.OrdinalIgnoreCase);
        var executed = JsonNode.Parse(await File.ReadAllTextAsync(run.Out(name), TestContext.Current.CancellationToken))!;
        Assert.Equal("error", (string)executed["cells"]![1]!["outputs"]!.AsArray()[^1]!["output_type"]!);
        TheOthersRan();
    }

    [Fact]
    public async Task Ten_million_printed_lines_are_cut_and_said()
    {
        var executed = new FileInfo(run.Out(run.NameOf(Run.Chatty)));
        Assert.True(executed.Length < 5_000_000, $"the executed notebook has {executed.Length} bytes");
        Assert.Contains("more characters were printed and dropped", await File.ReadAllTextAsync(executed.FullName, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, run.FailuresOf(run.NameOf(Run.Chatty)));
    }

    [Fact]
    public void An_output_of_50_megabytes_in_a_notebook_is_read()
    {
        Assert.Equal(0, run.FailuresOf(run.NameOf(Run.Heavy)));
        Assert.True(new FileInfo(run.Out(run.NameOf(Run.Heavy))).Length < 10_000, "the old output was kept");
    }

    [Fact]
    public void No_notebook_is_changed_by_running_it() => Assert.All(run.Notebooks, notebook => Assert.Equal(notebook.Text, File.ReadAllText(run.In(notebook.Name))));

    private void TheOthersRan()
    {
        Assert.Equal(1, run.Answer.ExitCode);
        Assert.DoesNotContain("   at ", run.Answer.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(run.Out(run.NameOf(Run.Whole))));
        Assert.Equal(0, run.FailuresOf(run.NameOf(Run.Whole)));
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

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("run", "there-is-none.ipynb")]
    [InlineData("run", "--timeout", "-1")]
    [InlineData("run", "--timeout", "soon")]
    [InlineData("run", "--jobs", "0")]
    [InlineData("mutants", "x.ipynb", "--jobs", "many")]
    [InlineData("book", "--jobs", "many")]
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

    /// <summary>One run over all that is wrong, and one notebook that is right, after them.</summary>
    public sealed class Run : IAsyncLifetime
    {
        internal static readonly string Whole = Notebook("1 + 1");

        internal static readonly string Python = Notebook("print(1)").Replace(".net-csharp", "python3", StringComparison.Ordinal).Replace("C#", "python", StringComparison.Ordinal);

        internal static readonly string Chatty = Notebook("for (var i = 0; i < 10_000_000; i++) Console.WriteLine(i);", "1 + 1");

        internal static readonly string Heavy = WithOutput(new string('x', 50_000_000));

        private readonly TemporaryFolder folder = new();

        internal IReadOnlyList<(string Name, string Text)> Notebooks { get; } =
        [
            .. ((IEnumerable<string>)[.. Broken.Select(row => row.Data.Item1), Python, .. Failing.Select(row => WithFailing(row.Data.Item1)), Chatty, Heavy, Whole])
                .Select((text, number) => ($"notebook-{number:00}.ipynb", text)),
        ];

        internal CourseKitCommand.Answer Answer { get; private set; } = null!;

        internal static string WithFailing(string code) => Notebook("var before = 1;", code);

        internal string NameOf(string text) => Notebooks.Single(notebook => notebook.Text == text).Name;

        internal string In(string name) => folder.Of(name);

        internal string Out(string name) => folder.Of(Path.Combine("out", name));

        /// <summary>The sentence that names a notebook first.</summary>
        internal string ErrorOf(string name) => Answer.Errors.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));

        internal int FailuresOf(string name) => (int)Answer.Json["chapters"]!.AsArray().Single(chapter => (string)chapter!["file"]! == name)!["errors"]!;

        public async ValueTask InitializeAsync()
        {
            foreach (var (name, text) in Notebooks)
                await File.WriteAllTextAsync(In(name), text, TestContext.Current.CancellationToken);
            // No cell here is about the time it takes.
            Answer = await CourseKitCommand.RunAsync(folder.Path, ["run", .. Notebooks.Select(notebook => notebook.Name), "-o", "out", "--json", "--timeout", "1200"]);
        }

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }

        private static string WithOutput(string text)
        {
            var notebook = JsonNode.Parse(Whole)!;
            notebook["cells"]![0]!["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text });
            return notebook.ToJsonString();
        }
    }
}
