using System.Globalization;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class MagicTests(SharedSession shared) : IClassFixture<SharedSession>, IAsyncLifetime
{
    private SessionClient _session = null!;

    public async ValueTask InitializeAsync() => _session = await shared.ClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string? Form(CellResult result, int output, string mimeType) => (string?)result.Outputs[output]["data"]?[mimeType];

    private async Task<CellResult> RunFineAsync(string code)
    {
        var result = await _session.RunAsync(code);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        return result;
    }

    [Fact]
    public async Task A_cell_is_cut_at_its_language_lines_and_every_part_is_shown_in_order()
    {
        var result = await RunFineAsync("var a = 20;\na + 1\n#!html\n<b>bold</b>\n#!markdown\n# Title\n\n#hash\n#!css\np { color: red }\n#!csharp\na * 2");
        Assert.Equal(["display_data", "display_data", "display_data", "display_data", "execute_result"], result.Outputs.Select(output => (string?)output["output_type"]));
        Assert.Equal("21", Form(result, 0, "text/plain"));
        Assert.Equal("<b>bold</b>", Form(result, 1, "text/html"));
        Assert.Equal("# Title\n\n#hash", Form(result, 2, "text/markdown"));
        Assert.Equal("<style>p { color: red }</style>", Form(result, 3, "text/html"));
        Assert.Equal("40", Form(result, 4, "text/plain"));
    }

    [Theory]
    [InlineData("#!html\n<p>\"unclosed</p>\n#!csharp\n\nwrong", 5)]
    [InlineData("#!time\r\n#!csharp\r\nwrong", 3)]
    [InlineData("var x = 1;\n#!who\n\nwrong", 4)]
    [InlineData("#!set --name y --value 3\nwrong", 2)]
    [InlineData("#!/usr/bin/env dotnet\nwrong", 2)]
    [InlineData("#r \"System.Xml\"\n\n\nwrong", 4)]
    public async Task An_error_after_other_lines_stands_at_its_line_of_the_cell_as_typed(string code, int line)
    {
        var result = await _session.RunAsync(code);
        Assert.StartsWith($"({line},1): error CS0103", (string?)result.Error()["evalue"], StringComparison.Ordinal);
        Assert.Equal("    wrong", result.Traceback()[1]);

        var thrown = await _session.RunAsync(code.Replace("wrong", "throw new Exception(\"no\");", StringComparison.Ordinal), 7);
        Assert.Equal($"   at Cell[7], line {line}: throw new Exception(\"no\");", thrown.Traceback()[1]);
    }

    [Theory]
    [InlineData("\"\"\"\n#!html\n\"\"\"", "#!html")]
    [InlineData("@\"\n#!fsharp\n#!who\".Length", "15")]
    [InlineData("/*\n#!html\n*/ 5", "5")]
    [InlineData("#if FALSE\n#!html\n#endif\n6", "6")]
    [InlineData("// '\"\n#!csharp\n7", "7")]
    public async Task Lines_inside_literals_comments_and_switched_off_code_are_no_commands(string code, string value) =>
        Assert.Equal(value, (await RunFineAsync(code)).Value());

    [Theory]
    [InlineData("fsharp", "F#")]
    [InlineData("pwsh", "PowerShell")]
    [InlineData("sql", "SQL")]
    [InlineData("kql", "KQL")]
    public async Task Other_languages_are_answered_with_one_sentence(string name, string language)
    {
        var result = await _session.RunAsync($"1\n#!{name}\nlet x = 1");
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Equal($"MagicCommandError: {language} is not part of this kernel, which runs C# and shows HTML, JavaScript, Markdown and Mermaid: rewrite the part below #!{name} in C#.", result.Message);
        Assert.StartsWith("(2,1)", result.Traceback()[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!wohs", "#!whos")]
    [InlineData("#!Time", "#!time")]
    [InlineData("#!cshrap", "#!csharp")]
    public async Task An_unknown_command_is_answered_with_the_nearest_one(string typed, string meant) =>
        Assert.Contains($"{typed} is not a command of a C# session. Did you mean {meant}?", (await _session.RunAsync(typed)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_command_nothing_is_like_gets_no_guess() =>
        Assert.Equal("MagicCommandError: #!frobnicate is not a command of a C# session. #!lsmagic lists them all.", (await _session.RunAsync("#!frobnicate")).Message);

    [Fact]
    public async Task The_time_is_shown_after_everything_else_and_counts_the_parts_below_its_line()
    {
        var result = await RunFineAsync("#!time\nawait Task.Delay(30);\n1\n#!html\n<i></i>");
        var text = Form(result, 2, "text/plain")!;
        Assert.Matches("^Wall time: [0-9]+\\.[0-9] ms$", text);
        Assert.True(double.Parse(text.Split(' ')[2], CultureInfo.InvariantCulture) >= 29, text);
    }

    [Fact]
    public async Task Variables_are_named_and_listed_with_types_and_short_values_as_they_stand_at_that_line()
    {
        await using var session = await Sessions.StartWarmAsync();
        await session.RunAsync("var list = new List<int> { 1, 2 }; var x = 1; string none = null; int Twice(int n) => 2 * n;");
        await session.RunAsync("var x = \"later\"; class Failing { public override string ToString() => throw new FormatException(); }\nvar failing = new Failing(); var text = new string('a', 500); var pair = (1, 2.5);");
        var names = await session.RunAsync("var before = 1;\n#!who\nvar after = 2;");
        Assert.Equal("before\nfailing\nlist\nnone\npair\ntext\nx", Form(names, 0, "text/plain"));

        var listed = Form(await session.RunAsync("#!whos"), 0, "text/plain")!.Split('\n').ToDictionary(line => line.Split(' ')[0], line => line, StringComparer.Ordinal);
        Assert.Matches(@"^list\s+List<int>\s+\[ 1, 2 \]$", listed["list"]);
        Assert.Matches(@"^x\s+string\s+later$", listed["x"]);
        Assert.Matches(@"^none\s+string\s+<null>$", listed["none"]);
        Assert.Matches(@"^pair\s+\(int, double\)\s+\( 1, 2.5 \)$", listed["pair"]);
        Assert.Matches(@"^failing\s+Failing\s+\S", listed["failing"]);
        Assert.InRange(listed["text"].Length, 50, 120);
        Assert.Contains("after", listed.Keys);
    }

    [Fact]
    public async Task Commands_are_listed_and_the_session_says_what_it_is()
    {
        var result = await RunFineAsync("#!lsmagic\n#!about");
        foreach (var command in new[] { "#!time", "#!whos", "#!import FILE", "#r \"nuget: ID, VERSION\"" })
            Assert.Contains(command, Form(result, 0, "text/plain"), StringComparison.Ordinal);
        Assert.Contains("<table", Form(result, 0, "text/html"), StringComparison.Ordinal);
        Assert.Contains(Environment.Version.ToString(), Form(result, 1, "text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mermaid_has_a_form_for_pages_one_for_front_ends_that_draw_it_and_its_source()
    {
        var result = await RunFineAsync("#!mermaid\ngraph TD\n  A-->B");
        Assert.Equal("graph TD\n  A-->B", Form(result, 0, "text/plain"));
        Assert.Equal("graph TD\n  A-->B", Form(result, 0, "text/vnd.mermaid"));
        Assert.Contains("<pre>graph TD\n  A--&gt;B</pre>", Form(result, 0, "text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_part_has_the_same_output_in_every_run()
    {
        const string code = "#!javascript\nreturn 1;\n#!mermaid\ngraph TD";
        var (first, second) = (await RunFineAsync(code), await RunFineAsync(code));
        Assert.Equal(first.Outputs.Select(output => output.ToJsonString()), second.Outputs.Select(output => output.ToJsonString()));
    }

    [Fact]
    public async Task Values_of_csharp_are_given_to_javascript_as_json_by_name()
    {
        await RunFineAsync("var numbers = new[] { 1, 2.5 }; var text = \"</script><!-- \\u2028 \\\"\"; record Point(int X, int Y); var points = new Dictionary<string, Point> { [\"a\"] = new(1, 2) };");
        var html = Form(await RunFineAsync("#!js\n#!share --from csharp numbers --as data\n#!set --name where --value @csharp:points\n#!share --from csharp text\nreturn data.length + '</script>';"), 0, "text/html")!;
        Assert.Contains("\"data\":[1,2.5]", html, StringComparison.Ordinal);
        Assert.Contains("\"where\":{\"a\":{\"X\":1,\"Y\":2}}", html, StringComparison.Ordinal);
        Assert.Contains("function (element, console, data, where, text)", html, StringComparison.Ordinal);

        // Neither a value nor the code ends the script.
        Assert.Equal(2, html.Split("</script>").Length - 1);
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        Assert.Contains(@"return data.length + '<\/script>';", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!set --name x --value https://example.org", "string", "https://example.org")]
    [InlineData("#!set --name x --value \"one two\"", "string", "one two")]
    [InlineData("#!set --name x --value 5", "string", "5")]
    [InlineData("#!set --name x --value 5 --mime-type application/json", "double", "5")]
    [InlineData("#!set --name x --value true --mime-type application/json", "bool", "True")]
    [InlineData("#!set --name x --value @csharp:number", "int", "42")]
    [InlineData("#!share --from csharp number --as x", "int", "42")]
    public async Task Set_and_share_make_variables_of_csharp(string line, string type, string value)
    {
        await RunFineAsync("var number = 42;");
        await RunFineAsync(line);
        await RunFineAsync($"{type} same = x;");
        Assert.Equal(value, await _session.ValueOfAsync("x.ToString()"));
    }

    [Fact]
    public async Task Json_becomes_a_document_that_the_same_cell_reads() =>
        Assert.Equal("b c", (await RunFineAsync("#!set --name doc --value { \"a\": [\"b c\", {\"d\": \"}\"}] }\ndoc.RootElement.GetProperty(\"a\")[0].GetString()")).Value());

    [Fact]
    public async Task A_value_part_keeps_its_text_for_other_parts()
    {
        Assert.Empty((await RunFineAsync("#!value --name rows\n\"a\",1\n\"b\",2")).Outputs);
        Assert.Equal("\"a\",1\n\"b\",2", (await RunFineAsync("#!share --from value rows\nrows")).Value());
        var shown = await RunFineAsync("#!value --name settings --mime-type application/json\n{ \"rate\": 0.5 }");
        Assert.Equal(0.5, (double)shown.Outputs[0]["data"]!["application/json"]!["rate"]!);
        Assert.Equal("0.5", (await RunFineAsync("#!set --name s --value @value:settings\ns.RootElement.GetProperty(\"rate\").GetDouble()")).Value());
        Assert.Contains("\"settings\":{ \"rate\": 0.5 }", Form(await RunFineAsync("#!js\n#!share --from value settings\nreturn settings.rate"), 0, "text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_may_come_from_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "from the file", TestContext.Current.CancellationToken);
        Assert.Equal("from the file", (await RunFineAsync($"#!value --name v --from-file \"{file}\"\n#!csharp\n#!share --from value v\nv")).Value());
        File.Delete(file);
        Assert.Contains(file, (await _session.RunAsync($"#!value --name v --from-file {file}")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!share --from csharp missing", "There is no variable missing in C#")]
    [InlineData("#!share --from value missing", "No #!value part has the name missing")]
    [InlineData("#!share --from javascript x", "A value of JavaScript lives in the page")]
    [InlineData("#!share --from fsharp x", "Values come from csharp, value, input or password, and not from F#")]
    [InlineData("#!share x", "#!share needs --from. Write #!share --from KERNEL NAME")]
    [InlineData("#!set --name x", "#!set needs --value")]
    [InlineData("#!set --name 1x --value 2", "1x is no name")]
    [InlineData("#!set --name x --value one two", "put quotes around")]
    [InlineData("#!set --nam x --value 2", "#!set has no option --nam")]
    [InlineData("#!set --name x --value {oops", "The value is no JSON")]
    [InlineData("#!value\ntext", "#!value needs --name")]
    [InlineData("#!html\n#!whos\n<b></b>", "#!whos does nothing in a part that is html")]
    [InlineData("#!import", "#!import names no file")]
    [InlineData("#!import notes.txt", "notes.txt does not")]
    [InlineData("var t = System.Threading.Thread.CurrentThread; var a = (Action)(() => { });\n#!js\n#!share --from csharp a\n", "a is a Action, which cannot be written as JSON")]
    public async Task A_command_that_cannot_be_followed_says_why_and_the_session_lives_on(string code, string sentence)
    {
        var result = await _session.RunAsync(code);
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Contains(sentence, result.Message, StringComparison.Ordinal);
        Assert.Equal("2", await _session.ValueOfAsync("1 + 1"));
    }

    [Fact]
    public async Task The_console_says_what_to_use_in_place_of_single_keys()
    {
        var result = await _session.RunAsync("Console.ReadKey()");
        Assert.Contains("Use Console.ReadLine() or await GetInputAsync", result.Message, StringComparison.Ordinal);
    }
}
