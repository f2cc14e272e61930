using CourseKit.Cli.Runs;
using CourseKit.Notebook;

namespace CourseKit.Cli.Tests.Runs;

/// <summary>When a notebook counts as unchanged, and when it is better run again.</summary>
public sealed class RunKeysTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private NotebookDocument Notebook(params string[] cells)
    {
        var document = NotebookDocument.Create();
        foreach (var source in cells)
            document.Cells.Add(NotebookCell.CreateCode(source, $"cell-{document.Cells.Count}"));
        var path = Path.Combine(folder, "course", "notebook.ipynb");
        document.Save(path);
        return NotebookDocument.Load(path);
    }

    private static (string? Key, string? Reason) Of(NotebookDocument notebook, NotebookRunOptions? options = null, RunKeys? keys = null) =>
        (keys ?? new RunKeys(Kit.Packages)).Of(notebook, options ?? Kit.RunOptions(TimeSpan.FromSeconds(60)));

    private static string Key(NotebookDocument notebook, NotebookRunOptions? options = null, RunKeys? keys = null)
    {
        var (key, reason) = Of(notebook, options, keys);
        Assert.True(key is not null, reason);
        return key;
    }

    [Fact]
    public void Code_language_and_tags_make_the_key_and_text_and_points_do_not()
    {
        var notebook = Notebook("1 + 1", "2 + 2");
        var key = Key(notebook);
        Assert.Equal(key, Key(Notebook("1 + 1", "2 + 2")));

        var text = notebook.Clone();
        text.Cells.Insert(0, NotebookCell.CreateMarkdown("Something to read"));
        text.Cells[1].Metadata["nbgrader"] = new System.Text.Json.Nodes.JsonObject { ["points"] = 3 };
        Assert.Equal(key, Key(text));

        Assert.NotEqual(key, Key(Notebook("1 + 1", "2 + 3")));
        Assert.NotEqual(key, Key(Notebook("1 + 1\n2 + 2")));
        Assert.NotEqual(key, Key(Notebook("2 + 2", "1 + 1")));
        var skipped = notebook.Clone();
        skipped.Cells[1].Metadata["tags"] = new System.Text.Json.Nodes.JsonArray("skip-execution");
        Assert.NotEqual(key, Key(skipped));
        var page = notebook.Clone();
        page.Cells[1].Metadata["polyglot_notebook"] = new System.Text.Json.Nodes.JsonObject { ["kernelName"] = "html" };
        Assert.NotEqual(key, Key(page));
    }

    [Theory]
    [InlineData("course/beside.csv", "Table.Load(part + \".csv\")")]
    [InlineData("course/data/digits.csv", "Table.Load(part + \".csv\")")]
    [InlineData("data/digits.csv", "Table.Load(part + \".csv\")")]
    [InlineData("data/tabular/digits.csv", "Table.Load(part + \".csv\")")]
    [InlineData("data/a/b/digits.csv", "Table.Load(\"a/b/digits.csv\")")]
    [InlineData("elsewhere/measured.txt", "File.ReadAllText(\"../elsewhere/measured.txt\")")]
    [InlineData("elsewhere/deep/measured.txt", "Directory.GetFiles(\"../elsewhere\", \"*\", SearchOption.AllDirectories)")]
    [InlineData("course/other.ipynb", "File.ReadAllText(\"other.ipynb\")")]
    [InlineData("course/helper.cs", "#!import helper.cs")]
    [InlineData("shared/helper.cs", "#!import \"../shared/helper.cs\"")]
    [InlineData("shared/needed.dll", "#r \"../shared/library.dll\"")]
    public void A_file_that_the_code_can_read_is_in_the_key(string file, string code)
    {
        Write("shared/library.dll", "an assembly");
        Write(file, "first");
        var notebook = Notebook(code);
        var key = Key(notebook);
        Assert.Equal(key, Key(notebook));
        Write(file, "other");
        Assert.NotEqual(key, Key(notebook));
        Write(file, "first");
        Assert.Equal(key, Key(notebook));
        File.Delete(Path.Combine(folder, file));
        Assert.NotEqual(key, Key(notebook));
    }

    [Fact]
    public void A_file_that_an_imported_file_reads_is_in_the_key()
    {
        Write("shared/helper.csx", "var text = System.IO.File.ReadAllText(\"numbers.txt\");\n#load \"more/deep.csx\"");
        Write("shared/more/deep.csx", "1");
        Write("shared/numbers.txt", "1 2 3");
        var notebook = Notebook("#!import ../shared/helper.csx");
        var first = Key(notebook);
        Write("shared/numbers.txt", "4 5 6");
        var second = Key(notebook);
        Write("shared/more/deep.csx", "2");
        Assert.Equal(3, new[] { first, second, Key(notebook) }.Distinct().Count());
    }

    [Fact]
    public void A_file_of_the_same_size_and_time_is_read_again_by_the_next_command()
    {
        var file = Write("course/data/numbers.csv", "1");
        var time = File.GetLastWriteTimeUtc(file);
        var key = Key(Notebook("1"));
        File.WriteAllText(file, "2");
        File.SetLastWriteTimeUtc(file, time);
        Assert.NotEqual(key, Key(Notebook("1")));
    }

    [Theory]
    [InlineData("course/other.ipynb")]
    [InlineData("course/notebook.mutants.json")]
    [InlineData("course/course.json")]
    [InlineData("course/.hidden")]
    [InlineData("course/out/notebook.html")]
    [InlineData("elsewhere/file.csv")]
    public void What_is_not_the_notebooks_own_is_not_in_the_key(string file)
    {
        var key = Key(Notebook("1 + 1"));
        Write(file, "new");
        Assert.Equal(key, Key(Notebook("1 + 1")));
    }

    [Fact]
    public void The_kits_own_files_are_in_the_key()
    {
        var assembly = Write("kit/CourseKit.dll", "one build");
        var packages = new Dictionary<string, string>(Kit.Packages) { ["CourseKit"] = assembly };
        var notebook = Notebook("1 + 1");
        var key = Key(notebook, keys: new RunKeys(packages));
        Assert.Equal(key, Key(notebook, keys: new RunKeys(packages)));
        File.WriteAllText(assembly, "another build");
        Assert.NotEqual(key, Key(notebook, keys: new RunKeys(packages)));
    }

    [Fact]
    public void The_limit_of_printed_text_is_in_the_key_and_that_of_time_is_not()
    {
        var notebook = Notebook("1 + 1");
        var key = Key(notebook);
        Assert.NotEqual(key, Key(notebook, Kit.RunOptions(TimeSpan.FromSeconds(60)) with { OutputLimit = 1000 }));
        Assert.Equal(key, Key(notebook, Kit.RunOptions(TimeSpan.FromSeconds(61))));
    }

    [Fact]
    public void What_the_SDK_sets_while_it_builds_is_no_part_of_the_key()
    {
        // A build before the tests sets it, and a run by hand does not: nothing would be taken from one by the other.
        const string Name = "DOTNET_NUGET_SIGNATURE_VERIFICATION";
        var before = Environment.GetEnvironmentVariable(Name);
        try
        {
            Environment.SetEnvironmentVariable(Name, null);
            var without = Key(Notebook("1"));
            Environment.SetEnvironmentVariable(Name, "True");
            Assert.Equal(without, Key(Notebook("1")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, before);
        }
    }

    [Fact]
    public void A_setting_that_the_code_names_is_in_the_key()
    {
        const string Name = "COUNTRY_OF_THE_KEY_TEST";
        Environment.SetEnvironmentVariable(Name, null);
        var (asks, doesNot) = (Notebook($"Environment.GetEnvironmentVariable(\"{Name}\")"), Notebook("1 + 1"));
        var before = (Key(asks), Key(doesNot));
        Environment.SetEnvironmentVariable(Name, "AT");
        Assert.NotEqual(before.Item1, Key(asks));
        Assert.Equal(before.Item2, Key(Notebook("1 + 1")));
        Environment.SetEnvironmentVariable(Name, null);
    }

    [Theory]
    [InlineData("var page = await new HttpClient().GetStringAsync(address);", "uses the network (HttpClient)")]
    [InlineData("using System.Net.Sockets;", "uses the network (System.Net)")]
    [InlineData("System.Diagnostics.Process.Start(\"git\", \"log\");", "starts other programs")]
    [InlineData("#i \"nuget: https://example.org/v3/index.json\"", "a feed of its own")]
    [InlineData("#r \"nuget: Newtonsoft.Json\"", "whatever version of Newtonsoft.Json")]
    [InlineData("#r \"nuget: Newtonsoft.Json, 13.*\"", "whatever version of Newtonsoft.Json")]
    [InlineData("#r \"nuget:Newtonsoft.Json, [13.0,14.0)\"", "whatever version of Newtonsoft.Json")]
    public void A_notebook_whose_outcome_nobody_can_foresee_has_no_key_and_a_reason(string code, string reason)
    {
        var (key, said) = Of(Notebook("1 + 1", code));
        Assert.Null(key);
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#r \"nuget: CourseKit\"")]
    [InlineData("#r \"nuget: CourseKit.Charts, 0.1.0\"")]
    [InlineData("#r \"nuget: Newtonsoft.Json, 13.0.3\"")]
    [InlineData("#r \"nuget: Newtonsoft.Json, [13.0.3]\"")]
    [InlineData("var processed = Process(1); string Note = \"see https://example.org\";")]
    [InlineData("string.Join(\"/\", parts) + \"..\" + \".\" + \"\\0\" + \"C:\\\\x\"")]
    public void The_kits_packages_exact_versions_and_ordinary_code_have_a_key(string code) => Assert.NotNull(Key(Notebook(code)));

    [Fact]
    public void Too_many_files_to_look_at_are_a_reason()
    {
        for (var i = 0; i <= 10_000; i++)
            File.Create(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "course", "many")).FullName, $"{i}")).Dispose();
        Assert.NotNull(Of(Notebook("1 + 1")).Key);
        var (key, reason) = Of(Notebook("Directory.GetFiles(\"many\")"));
        Assert.Null(key);
        Assert.Contains("too many files", reason, StringComparison.Ordinal);
    }
}
