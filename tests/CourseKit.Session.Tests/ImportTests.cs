using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class ImportTests(ImportTests.Session shared) : IClassFixture<ImportTests.Session>, IAsyncLifetime
{
    private DirectoryInfo Folder => shared.Directory;

    private SessionClient _session = null!;

    /// <summary>One for all, in a folder that they write to.</summary>
    public sealed class Session : SharedSession
    {
        public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("coursekit-test-");

        protected override SessionOptions Options => new() { WorkingDirectory = Directory.FullName };

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(recursive: true);
        }
    }

    public async ValueTask InitializeAsync() => _session = await shared.ClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Write(string name, string text)
    {
        var file = Path.Combine(Folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<CellResult> RunFineAsync(string code)
    {
        var result = await _session.RunAsync(code);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        return result;
    }

    [Theory]
    [InlineData("helpers.cs")]
    [InlineData("helpers.csx")]
    public async Task A_file_of_csharp_is_run_where_its_line_stands(string name)
    {
        Write(name, "#!/usr/bin/env dotnet-script\nusing System.Globalization;\nint Twice(int n) => 2 * n;\nConsole.Write(\"in the file\");");
        var result = await RunFineAsync($"Console.Write(\"before, \");\n#!import {name}\nConsole.Write(\", after\");\nTwice(21)");
        Assert.Equal("before, in the file, after", result.Printed());
        Assert.Equal("42", result.Value());
        await RunFineAsync("CultureInfo.InvariantCulture.Name");
    }

    [Fact]
    public async Task The_code_cells_of_a_notebook_are_run_in_order()
    {
        Write("other/lesson.ipynb", """
            {"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"name":".net-csharp","language":"C#","display_name":"x"}},"cells":[
            {"cell_type":"markdown","metadata":{},"source":["# not run"]},
            {"cell_type":"code","metadata":{},"outputs":[],"execution_count":null,"source":["var first = 1;\n","#!import beside.csx\n"]},
            {"cell_type":"code","metadata":{"polyglot_notebook":{"kernelName":"html"}},"outputs":[],"source":"<b>shown</b>"},
            {"cell_type":"code","metadata":{},"outputs":[],"source":"#!csharp\nvar second = first + beside;\nsecond"}]}
            """);
        Write("other/beside.csx", "var beside = 10;");
        var result = await RunFineAsync("#!import \"other/lesson.ipynb\"\nfirst + second");
        Assert.Equal("12", result.Value());
        Assert.Equal(["<b>shown</b>", "11", "12"], result.Outputs.Select(output => (string?)output["data"]!["text/plain"]));
    }

    [Fact]
    public async Task A_dib_file_is_run_without_its_settings_and_prose()
    {
        Write("lesson.dib", "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"}}\n\n#!markdown\n\n# Prose\n\n#!csharp\n\nvar n = 5;\n\n#!html\n\n<b>shown</b>\n\n#!csharp\n\nn++;\n");
        var result = await RunFineAsync("#!import lesson.dib\nn");
        Assert.Equal("6", result.Value());
        Assert.Equal("<b>shown</b>", Assert.Single(result.Outputs, output => (string?)output["output_type"] == "display_data")["data"]!["text/html"]!.GetValue<string>().Trim());
    }

    [Fact]
    public async Task Errors_name_the_file_its_line_and_the_line_that_imports_it()
    {
        Write("outer.csx", "var a = 1;\n\n#!import inner.csx");
        Write("inner.csx", "// a remark\nint wrong = \"text\";");
        var compile = await _session.RunAsync("\n#!import outer.csx", 3);
        Assert.StartsWith("inner.csx(2,13): error CS0029", (string?)compile.Error()["evalue"], StringComparison.Ordinal);
        Assert.Equal(
            ["    int wrong = \"text\";", "                ^", "   imported by outer.csx, line 3: #!import inner.csx", "   imported by Cell[3], line 2: #!import outer.csx"],
            compile.Traceback()[1..].Where(line => !line.StartsWith("    hint: ", StringComparison.Ordinal)));

        Write("inner.csx", "void Fail()\n{\n    throw new FormatException(\"bad\");\n}\nFail();");
        var thrown = await _session.RunAsync("#!import outer.csx", 4);
        Assert.Equal(["FormatException: bad", "   at Fail in inner.csx, line 3: throw new FormatException(\"bad\");", "   at inner.csx, line 5: Fail();"], thrown.Traceback());

        Write("inner.csx", "var x = 1;\n#!nothing");
        var magic = await _session.RunAsync("#!import outer.csx", 4);
        Assert.StartsWith("inner.csx(2,1): #!nothing is not a command", magic.Traceback()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_of_a_notebook_is_named_by_its_number()
    {
        Write("n.ipynb", """{"cells":[{"cell_type":"markdown","metadata":{},"source":""},{"cell_type":"code","metadata":{},"source":["\n","wrong"]}],"metadata":{}}""");
        Assert.Contains("n.ipynb, cell 2(2,1): error CS0103", (await _session.RunAsync("#!import n.ipynb")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_import_each_other_are_refused_and_the_same_file_twice_is_not()
    {
        Write("a.csx", "#!import b.csx");
        Write("b.csx", "#!import a.csx");
        Assert.Contains("a.csx imports b.csx imports a.csx", (await _session.RunAsync("#!import a.csx")).Message, StringComparison.Ordinal);
        Write("c.csx", "Console.Write(\"c\");");
        Assert.Equal("cc", (await RunFineAsync("#!import c.csx\n#!import c.csx")).Printed());
    }

    [Fact]
    public async Task A_file_that_is_missing_or_broken_is_named()
    {
        Assert.Contains(Path.Combine(Folder.FullName, "missing.csx"), (await _session.RunAsync("#!import missing.csx")).Message, StringComparison.Ordinal);
        Write("broken.ipynb", "{ \"cells\": 5 }");
        Assert.Contains("broken.ipynb is not a notebook that can be read", (await _session.RunAsync("#!import broken.ipynb")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_in_an_imported_file_are_found_beside_it()
    {
        Write("lib/use.csx", "#r \"MathNet.Numerics.dll\"\nvar pi = MathNet.Numerics.Constants.Pi;");
        File.Copy(typeof(MathNet.Numerics.Constants).Assembly.Location, Path.Combine(Folder.FullName, "lib", "MathNet.Numerics.dll"));
        Assert.Equal("True", (await RunFineAsync("#!import lib/use.csx\npi > 3")).Value());
    }
}
