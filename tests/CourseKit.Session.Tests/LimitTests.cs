using System.Diagnostics;
using System.Globalization;
using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task Ten_million_printed_lines_are_cut_at_the_limit_and_counted()
    {
        await using var session = await Sessions.StartWarmAsync();
        var result = await session.RunAsync("for (var i = 0; i < 10_000_000; i++) Console.WriteLine(1234567);");
        Assert.Equal(CellStatus.Ok, result.Status);
        var printed = result.Printed();
        Assert.StartsWith("1234567\n1234567\n", printed, StringComparison.Ordinal);
        Assert.EndsWith("[79,000,000 more characters were printed and dropped: a cell keeps 1,000,000.]\n", printed, StringComparison.Ordinal);
        Assert.InRange(printed.Length, 1_000_000, 1_000_200);
        TestContext.Current.TestOutputHelper?.WriteLine($"{result.Elapsed.TotalSeconds:F1} s for ten million lines");

        // The next cell has the whole limit again, and what was dropped has cost neither process its memory.
        Assert.Equal("fresh", (await session.RunAsync("Console.Write(\"fresh\");")).Printed());
        Assert.InRange(long.Parse((await session.ValueOfAsync("GC.GetTotalMemory(true)"))!, CultureInfo.InvariantCulture), 0, 100_000_000);
    }

    [Fact]
    public async Task The_limit_of_printed_text_can_be_set_and_never_cuts_a_character_in_two()
    {
        await using var session = await Sessions.StartWarmAsync(options: new SessionOptions { OutputLimit = 5 });
        var printed = (await session.RunAsync("Console.Write(\"😀😀😀\");")).Printed();
        Assert.StartsWith("😀😀\n[2 more characters", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_display_that_is_too_large_is_an_error_of_the_cell_and_not_of_the_session()
    {
        await using var session = await Sessions.StartWarmAsync();
        var result = await session.RunAsync("var kept = 1; HTML(new string('x', 70_000_000))");
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Contains("A cell may display 64,000,000", result.Message, StringComparison.Ordinal);
        Assert.Equal("1", await session.ValueOfAsync("kept"));
    }

    [Fact]
    public async Task Displaying_for_ever_ends_in_an_error()
    {
        await using var session = await Sessions.StartWarmAsync();
        var result = await session.RunAsync("while (true) display(\"1\");");
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.True(session.IsAlive);
    }
}
