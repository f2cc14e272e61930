using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class ShowingTests(SharedSession shared) : IClassFixture<SharedSession>, IAsyncLifetime
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
    public async Task Updates_reach_their_display_and_clearing_takes_away_what_was_shown()
    {
        var events = new List<JsonObject>();
        var result = await _session.RunAsync("Console.Write(\"gone\"); display(1); ClearOutput(); display(2); ClearOutput(wait: true); Console.Write(\"last\"); display(3);", 1, events.Add);
        Assert.Equal(["last", "3"], result.Outputs.Select(output => (string?)(output["text"] ?? output["data"]!["text/plain"])));
        var clears = events.Where(output => (string?)output["output_type"] == "clear_output").ToArray();
        Assert.Equal([false, true], clears.Select(output => (bool)output["wait"]!));
        Assert.Single((await _session.RunAsync("display(4); ClearOutput(wait: true);")).Outputs);
    }

    [Fact]
    public async Task A_progress_bar_is_drawn_at_most_five_times_a_second_and_ends_where_the_loop_does()
    {
        var events = new List<JsonObject>();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var result = await _session.RunAsync("foreach (var i in Enumerable.Range(0, 100_000).ToList().WithProgress(\"Counting\")) { }\nvar bar = ShowProgress(\"Half\", 10); bar.Report(5, \"so far\"); bar.Dispose();", 1, events.Add);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal("Counting  [##############################]  100,000/100,000 (100 %)", Form(result, 0, "text/plain"));
        Assert.Equal("Half  [###############...............]  5/10 (50 %)  so far", Form(result, 1, "text/plain"));
        Assert.Contains("width:50%", Form(result, 1, "text/html"), StringComparison.Ordinal);
        Assert.Contains("role=\"progressbar\"", Form(result, 1, "text/html"), StringComparison.Ordinal);
        Assert.InRange(events.Count(output => (string?)output["output_type"] == "update_display_data"), 2, 3 + (5 * clock.Elapsed.TotalSeconds));
    }

    [Fact]
    public async Task A_bar_whose_loop_is_left_early_stands_where_it_was_and_one_without_a_total_counts()
    {
        var result = await RunFineAsync("foreach (var i in new int[10].WithProgress()) { if (i == 0) break; }\nIEnumerable<int> Three() { yield return 1; yield return 2; yield return 3; }\nforeach (var i in Three().WithProgress(\"n\")) { }");
        Assert.EndsWith("0/10 (0 %)", Form(result, 0, "text/plain"), StringComparison.Ordinal);
        Assert.Equal("n  3", Form(result, 1, "text/plain"));
    }

    [Fact]
    public async Task Lists_of_records_and_data_tables_are_tables_of_twenty_rows()
    {
        var result = await RunFineAsync("record Row(int Number, string Name);\nEnumerable.Range(1, 25).Select(i => new Row(i, $\"<{i}>\")).ToList()");
        var text = Form(result, 0, "text/plain")!;
        Assert.StartsWith("Number  Name\n------------\n     1  <1>\n", text, StringComparison.Ordinal);
        Assert.EndsWith("    20  <20>\n... and 5 more", text, StringComparison.Ordinal);
        var html = Form(result, 0, "text/html")!;
        Assert.Contains("<td style=\"text-align:left;white-space:pre-wrap\">&lt;20&gt;</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("&lt;21&gt;", html, StringComparison.Ordinal);
        Assert.Contains("... and 5 more", html, StringComparison.Ordinal);

        var table = await RunFineAsync("var t = new System.Data.DataTable(); t.Columns.Add(\"A\", typeof(int)); t.Columns.Add(\"B\"); for (var i = 0; i < 1021; i++) t.Rows.Add(i, i == 0 ? null : \"b\");\nt");
        Assert.StartsWith(" A  B\n----------\n 0  <null>\n", Form(table, 0, "text/plain"), StringComparison.Ordinal);
        Assert.EndsWith("... and 1,001 more", Form(table, 0, "text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sequence_without_end_is_shown_by_its_beginning()
    {
        var result = await RunFineAsync("record Row(int Number);\nIEnumerable<Row> Endless() { for (var i = 0; ; i++) yield return new Row(i); }\nEndless()");
        Assert.EndsWith("19\n... and more", Form(result, 0, "text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_formatter_of_the_users_own_comes_before_the_table()
    {
        var result = await RunFineAsync("using Microsoft.DotNet.Interactive.Formatting;\nrecord Row(int Number);\nFormatter.Register<Row>(row => $\"<em>row {row.Number}</em>\", \"text/html\");\nnew[] { new Row(7) }");
        Assert.Contains("<em>row 7</em>", Form(result, 0, "text/html"), StringComparison.Ordinal);
        Assert.DoesNotContain("coursekit-table", Form(result, 0, "text/html"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new Dictionary<string, int> { [\"a\"] = 1 }", "key")]
    [InlineData("new InvalidOperationException(\"no <b>\")", "no &lt;b&gt;")]
    [InlineData("new[] { 1, 2 }", "[ 1, 2 ]")]
    public async Task Dictionaries_exceptions_and_numbers_keep_the_forms_they_have_in_dotnet_interactive(string value, string part) =>
        Assert.Contains(part, Form(await RunFineAsync(value), 0, "text/html"), StringComparison.Ordinal);

    [Fact]
    public async Task A_text_in_LaTeX_is_shown_as_such_also_after_the_formatters_were_reset()
    {
        // A session of its own: those of the other tests want their formatters.
        await using var session = await Sessions.StartWarmAsync();
        var result = await session.RunAsync("using Microsoft.DotNet.Interactive.Formatting;\nFormatter.ResetToDefault();\n(LaTeXString)@\"\\frac{1}{2}\"");
        Assert.Equal("\\frac{1}{2}", Form(result, 0, "text/latex"));
        Assert.Equal("\\frac{1}{2}", Form(result, 0, "text/plain"));
    }
}
