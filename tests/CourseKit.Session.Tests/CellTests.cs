using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class CellTests(SharedSession shared) : IClassFixture<SharedSession>, IAsyncLifetime
{
    private SessionClient _session = null!;

    public async ValueTask InitializeAsync() => _session = await shared.ClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Variables_functions_and_types_of_a_cell_are_known_to_those_after_it()
    {
        await _session.RunAsync("var x = 20; int Twice(int n) => 2 * n; record Point(int X, int Y);");
        await _session.RunAsync("x++;");
        Assert.Equal("42", await _session.ValueOfAsync("Twice(x)"));
        Assert.Equal("Point { X = 1, Y = 2 }", await _session.ValueOfAsync("new Point(1, 2).ToString()"));
        await _session.RunAsync("var x = \"another type\";");
        Assert.Equal("another type", await _session.ValueOfAsync("x"));
    }

    [Fact]
    public async Task A_cell_may_await()
    {
        var result = await _session.RunAsync("var text = await Task.Run(async () => { await Task.Delay(20); return \"done\"; });\ntext");
        Assert.Equal("done", result.Value());
    }

    [Fact]
    public async Task The_last_line_without_a_semicolon_is_the_value_in_html_and_plain_text()
    {
        var result = await _session.RunAsync("Console.WriteLine(\"first\");\nnew[] { 1, 2, 3 }");
        Assert.Equal(["stream", "execute_result"], result.Outputs.Select(output => (string?)output["output_type"]));
        var data = result.Outputs[1]["data"]!.AsObject();
        Assert.Equal("[ 1, 2, 3 ]", (string?)data["text/plain"]);
        Assert.Contains("[ 1, 2, 3 ]", (string?)data["text/html"], StringComparison.Ordinal);
        Assert.True(result.Outputs[1].ContainsKey("execution_count"));
        Assert.Null(result.Outputs[1]["execution_count"]);
        Assert.NotNull(result.Outputs[1]["metadata"]);
    }

    [Theory]
    [InlineData("Math.Abs(1);")]
    [InlineData("Console.Write(\"\")")]
    [InlineData("var a = 1;")]
    [InlineData("")]
    [InlineData("// only a remark")]
    [InlineData("using System.Net;")]
    public async Task A_cell_without_a_value_has_no_result(string code)
    {
        var result = await _session.RunAsync(code);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Empty(result.Outputs);
        Assert.Equal("2", await _session.ValueOfAsync("1 + 1"));
    }

    [Fact]
    public async Task A_null_value_is_shown_as_null() => Assert.Equal("<null>", await _session.ValueOfAsync("(string)null"));

    [Fact]
    public async Task Printed_text_keeps_its_order_among_streams_and_displays()
    {
        var result = await _session.RunAsync("""Console.Write("a"); Console.Error.Write("b"); Console.Write("c"); Console.Write("d"); display("shown"); Console.Write("e");""");
        Assert.Equal(["a", "b", "cd", "shown", "e"], result.Outputs.Select(output => (string?)(output["text"] ?? output["data"]!["text/plain"])));
        Assert.Equal("b", result.Printed("stderr"));
    }

    [Fact]
    public async Task Every_character_arrives_even_when_written_one_char_at_a_time()
    {
        const string text = "äöü Ω 漢字 😀👩‍🔬 \u0001 \"quoted\" \\ </script>";
        var code = $"foreach (var c in {JsonSerializer.Serialize(text)}) {{ Console.Write(c); Console.Out.Flush(); }}";
        Assert.Equal(text, (await _session.RunAsync(code)).Printed());
    }

    [Fact]
    public async Task Numbers_are_printed_alike_on_every_machine()
    {
        var result = await _session.RunAsync("Console.WriteLine(1234.5); Console.WriteLine($\"{0.25:P0} {1e6:N1}\"); await Task.Run(() => Console.Write(1.5));");
        Assert.Equal(string.Format(CultureInfo.InvariantCulture, "{0}\n{1:P0} {2:N1}\n{3}", 1234.5, 0.25, 1e6, 1.5), result.Printed());
    }

    [Fact]
    public async Task Output_arrives_while_the_cell_still_runs()
    {
        var first = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var running = _session.RunAsync($"Console.Write(\"early\"); while (!System.IO.File.Exists({JsonSerializer.Serialize(gate)})) await Task.Delay(10);", 1, output => first.TrySetResult(output));
        Assert.Equal("early", (string?)(await first.Task)["text"]);
        Assert.False(running.IsCompleted);
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);
        Assert.Equal(CellStatus.Ok, (await running).Status);
        File.Delete(gate);
    }

    [Fact]
    public async Task Html_is_html_and_not_its_quotation()
    {
        var result = await _session.RunAsync("HTML(\"<b>bold</b>\")");
        Assert.Equal("<b>bold</b>", (string?)result.Outputs[0]["data"]!["text/html"]);
        Assert.Equal("<b>bold</b>", (string?)result.Outputs[0]["data"]!["text/plain"]);
    }

    [Fact]
    public async Task Scripts_styles_and_texts_of_any_MIME_type_are_displayed()
    {
        var result = await _session.RunAsync("Javascript(\"alert(1)\"); CSS(\"p { color: red }\"); \"# Title\".DisplayAs(\"text/markdown\"); new[] { 1 }.Display(); new[] { new { A = 1 } }.DisplayTable();");
        Assert.Equal(CellStatus.Ok, result.Status);
        Assert.All(result.Outputs, output => Assert.Equal("display_data", (string?)output["output_type"]));
        Assert.All(result.Outputs, output => Assert.NotNull(output["data"]!["text/plain"]));
        Assert.Contains("alert(1)", (string?)result.Outputs[0]["data"]!["text/html"], StringComparison.Ordinal);
        Assert.Contains("color: red", (string?)result.Outputs[1]["data"]!["text/html"], StringComparison.Ordinal);
        Assert.Equal("# Title", (string?)result.Outputs[2]["data"]!["text/markdown"]);
        Assert.Equal(5, result.Outputs.Count);
    }

    [Fact]
    public async Task Updating_a_displayed_value_replaces_it_under_the_same_display_id()
    {
        var events = new List<JsonObject>();
        var first = await _session.RunAsync("var shown = display(HTML(\"<i>one</i>\")); shown.Update(HTML(\"<i>two</i>\"));", 1, events.Add);
        Assert.Equal(["display_data", "update_display_data"], events.Select(output => (string?)output["output_type"]));
        var ids = events.Select(output => (string?)output["transient"]!["display_id"]).Distinct().ToArray();
        Assert.NotNull(Assert.Single(ids));
        var kept = Assert.Single(first.Outputs);
        Assert.Equal("<i>two</i>", (string?)kept["data"]!["text/html"]);
        Assert.False(kept.ContainsKey("transient"));

        // A later cell changes the earlier cell's output, as on the page.
        var second = await _session.RunAsync("shown.Update(HTML(\"<i>three</i>\"));", 2);
        Assert.Empty(second.Outputs);
        Assert.Equal("<i>three</i>", (string?)kept["data"]!["text/html"]);
    }

    [Fact]
    public async Task A_text_displayed_as_markdown_is_updated_as_markdown()
    {
        var result = await _session.RunAsync("\"*one*\".DisplayAs(\"text/markdown\").Update(\"*two*\");");
        Assert.Equal("*two*", (string?)result.Outputs[0]["data"]!["text/markdown"]);
    }

    [Fact]
    public async Task Formatters_can_be_registered_as_in_dotnet_interactive()
    {
        var result = await _session.RunAsync("using Microsoft.DotNet.Interactive.Formatting;\nFormatter.Register<Version>(v => $\"<em>{v}</em>\", \"text/html\");\nnew Version(1, 2)");
        Assert.Equal("<em>1.2</em>", (string?)result.Outputs[0]["data"]!["text/html"]);
    }

    [Fact]
    public async Task A_compile_error_names_line_and_column_of_the_cell_as_written_and_points_at_it()
    {
        var result = await _session.RunAsync("for (var i = 0; i < 3; i++) { Console.WriteLine(i); }\n\tint y = wrong + 1;\nvar z = 2");
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Equal("CompilationError", (string?)result.Error()["ename"]);
        Assert.StartsWith("(3,10): error CS1002", (string?)result.Error()["evalue"], StringComparison.Ordinal);

        // Names like no other that the tests before have left in the session.
        var semantic = await _session.RunAsync("for (var i = 0; i < 3; i++) { Func<int, int> f = n => n + 1; int y = qzzzq + 1; }\n\tint z = zqqqz;");
        Assert.Equal(
            [
                "Cell[1] (1,70): error CS0103: The name 'qzzzq' does not exist in the current context",
                "    for (var i = 0; i < 3; i++) { Func<int, int> f = n => n + 1; int y = qzzzq + 1; }",
                "    " + new string(' ', 69) + "^",
                "Cell[1] (2,10): error CS0103: The name 'zqqqz' does not exist in the current context",
                "    \tint z = zqqqz;",
                "    \t        ^",
            ],
            semantic.Traceback());
        Assert.Empty(semantic.Printed("stderr"));
    }

    [Fact]
    public async Task A_runtime_error_shows_the_cells_lines_and_hides_the_machinery()
    {
        await _session.RunAsync("int Divide(int a, int b)\n{\n    var c = a;\n    return c / b;\n}", 3);
        var result = await _session.RunAsync("Console.Write(\"before\");\n\nvar all = new[] { 1, 0 }\n    .Select(n =>\n        Divide(1, n))\n    .ToArray();", 4);
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Equal("DivideByZeroException", (string?)result.Error()["ename"]);
        Assert.Equal("Attempted to divide by zero.", (string?)result.Error()["evalue"]);
        Assert.Equal("DivideByZeroException: Attempted to divide by zero.", result.Message);
        Assert.Equal(
            [
                "DivideByZeroException: Attempted to divide by zero.",
                "   at Divide in Cell[3], line 4: return c / b;",
                "   at a lambda in Cell[4], line 5: Divide(1, n))",
                "   at Cell[4], line 3: var all = new[] { 1, 0 }",
            ],
            result.Traceback());
        Assert.Equal("before", result.Printed());
    }

    [Fact]
    public async Task Variables_set_before_an_error_keep_their_values()
    {
        await _session.RunAsync("var before = 7;\nthrow new InvalidOperationException(\"no\");\nvar after = 8;");
        Assert.Equal("7", await _session.ValueOfAsync("before"));
        Assert.Equal("0", await _session.ValueOfAsync("after"));
    }

    [Fact]
    public async Task An_exception_that_a_task_wraps_is_told_itself_with_the_lines_of_both()
    {
        var result = await _session.RunAsync("async Task<int> Fail()\n{\n    await Task.Yield();\n    throw new FormatException(\"inner\");\n}\nFail().Result");
        Assert.Equal("FormatException", (string?)result.Error()["ename"]);
        Assert.Equal("FormatException: inner", result.Traceback()[0]);
        Assert.Contains("   at Fail in Cell[1], line 4: throw new FormatException(\"inner\");", result.Traceback());
        Assert.Contains("   at Cell[1], line 6: Fail().Result", result.Traceback());
    }

    [Fact]
    public async Task Warnings_are_reported_beside_the_outputs_and_never_on_a_stream()
    {
        var result = await _session.RunAsync("async Task F() { }\nwhile (true) { F(); break; }\n5");
        Assert.Equal(CellStatus.Ok, result.Status);
        Assert.Single(result.Outputs);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("(2,16): warning CS4014", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Magic_lines_for_this_session_are_followed_and_others_answered_with_a_sentence()
    {
        var timed = await _session.RunAsync("#!csharp\n#!time\n1 + 1");
        Assert.Equal("2", timed.Value());
        Assert.StartsWith("Wall time: ", (string?)timed.Outputs[1]["data"]!["text/plain"], StringComparison.Ordinal);

        var unknown = await _session.RunAsync("1\n  #!fsharp");
        Assert.Equal("MagicCommandError", (string?)unknown.Error()["ename"]);
        Assert.Contains("F# is not part of this kernel", unknown.Message, StringComparison.Ordinal);

        var position = await _session.RunAsync("#!time\nwrong");
        Assert.StartsWith("(2,1)", (string?)position.Error()["evalue"], StringComparison.Ordinal);

        Assert.Equal("#!fsharp", await _session.ValueOfAsync("\"\"\"\n#!fsharp\n\"\"\""));
    }

    [Fact]
    public async Task Code_of_every_shape_still_compiles_with_the_checks_in_it()
    {
        var result = await _session.RunAsync(
            """
            using System.Linq.Expressions;
            using System.Threading;
            Expression<Func<int, bool>> tree = n => n > 2;
            var query = from a in new[] { 1, 2, 3, 4 }.AsQueryable() where new[] { 3, 4 }.Any(b => b == a) select a;
            IEnumerable<int> Count() { for (var i = 0; ; i++) yield return i; }
            async IAsyncEnumerable<int> CountAsync() { foreach (var i in Count()) { await Task.Yield(); yield return i; } }
            async Task Nothing() => await Task.Yield();
            async Task<int> Something() => await Task.FromResult(3);
            Task<int> Passed() => Something();
            void Act() => Console.Write("");
            int Fail() => throw new NotSupportedException();
            ref int First(int[] values) => ref values[0];
            struct Cell { int _v; public int V { readonly get => _v; set => _v = value; } public int Double => 2 * _v;
                public int this[int i] => _v + i; public static Cell operator +(Cell a, Cell b) => new Cell { V = a.V + b.V };
                public static implicit operator int(Cell c) => c.V; public Cell() => _v = 1; }
            class Owner { public Owner() { } ~Owner() => Console.Write(""); public event Action E { add { } remove { } } }
            Action act = () => Act();
            Func<Task> asyncAct = async () => await Nothing();
            Func<Task<int>> asyncFunc = async () => await Something();
            Func<int, Func<int, int>> curried = a => b => a + b;
            Func<int, string> maybe = n => n > 1 ? "many" : null;
            Func<int> thrower = () => throw new NotSupportedException();
            var natural = (int a, int b = 2) => a * b;
            Func<int, int> old = delegate(int n) { return n; };
            new Thread(() => Act()).Start();
            await Task.Run(() => Act());
            var viaTask = await Task.Run(() => Something());
            int Local() { int Inner(int n) => n == 0 ? 0 : Inner(n - 1); return Inner(5); }
            var total = 0;
            again: total++; if (total < 3) goto again;
            do total++; while (total < 5);
            foreach (var (key, value) in new Dictionary<int, int> { [1] = 2 }) total += value;
            await foreach (var i in CountAsync()) if (i > 2) break;
            switch (total) { case 7: goto case 8; case 8: break; }
            #pragma warning disable CS0168
            for (;;) break;
            unsafe { int* p = stackalloc int[2]; while (*p > 5) ; }
            var cell = new Cell { V = 4 }; cell += cell;
            $"{total} {query.Count()} {curried(1)(2)} {natural(3)} {viaTask} {(int)cell + cell[1] + cell.Double} {tree.Compile()(3)} {await Passed()} {Local()}"
            """);
        Assert.True(result.Status == CellStatus.Ok, string.Join('\n', result.Outputs.Select(output => output.ToJsonString())));
        Assert.Equal("7 2 3 6 3 33 True 3 0", result.Value());
    }

    [Fact]
    public async Task A_loop_in_a_cell_of_every_shape_can_still_be_stopped_because_the_checks_are_really_there()
    {
        // The expression tree makes a rewriter that does not look at types fail, and then nothing would be checked.
        var result = await _session.RunAsync(
            """
            System.Linq.Expressions.Expression<Func<int, bool>> tree = n => n > 2;
            int Deep(int n) => Deep(n + 1) + 1;
            Deep(0)
            """);
        Assert.Equal("InsufficientExecutionStackException", (string?)result.Error()["ename"]);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public async Task A_thousand_cells_cost_little_memory_each_and_stay_fast()
    {
        LongTests.SkipUnlessWanted();
        const string measure = "GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(); $\"{GC.GetTotalMemory(true)} {Environment.WorkingSet}\"";
        var token = TestContext.Current.CancellationToken;
        for (var i = 0; i < 50; i++)
            await _session.RunAsync($"var a{i} = {i};");
        var before = (await _session.ValueOfAsync(measure))!.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        const int cells = 300;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < cells; i++)
            await _session.RunAsync($"var b{i} = {i};");
        var elapsed = clock.Elapsed;
        var after = (await _session.ValueOfAsync(measure))!.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var managed = (after[0] - before[0]) / cells;
        TestContext.Current.TestOutputHelper?.WriteLine($"{managed} bytes managed, {(after[1] - before[1]) / cells} bytes resident, {elapsed.TotalMilliseconds / cells:F1} ms a cell");
        Assert.InRange(managed, 0, 50 * 1024);
        Assert.False(token.IsCancellationRequested);
    }
}
