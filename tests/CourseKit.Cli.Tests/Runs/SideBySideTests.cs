using CourseKit.Cli.Runs;
using CourseKit.Cli.Terminal;

namespace CourseKit.Cli.Tests.Runs;

/// <summary>Notebooks side by side: how many, and in which order they are told of.</summary>
public sealed class SideBySideTests
{
    [Fact]
    public void Lines_come_in_the_order_of_the_notebooks_and_those_of_the_first_at_once()
    {
        var written = new List<string>();
        var lines = new LinesInTurn(4, written.Add);
        lines.Write(1, "b1");
        lines.Write(0, "a1");
        Assert.Equal(["a1"], written);
        lines.Write(3, "d1");
        lines.End(1);
        lines.Write(0, "a2");
        Assert.Equal(["a1", "a2"], written);
        lines.End(0);
        Assert.Equal(["a1", "a2", "b1"], written);
        lines.Write(2, "c1");
        Assert.Equal(["a1", "a2", "b1", "c1"], written);
        lines.End(3);
        lines.Write(2, "c2");
        lines.End(2);
        Assert.Equal(["a1", "a2", "b1", "c1", "c2", "d1"], written);
    }

    [Fact]
    public void As_many_as_wanted_but_no_more_than_notebooks_and_no_more_than_half_the_processors_by_default()
    {
        Assert.Equal(3, ChapterRuns.Jobs(3, 9));
        Assert.Equal(2, ChapterRuns.Jobs(8, 2));
        Assert.Equal(1, ChapterRuns.Jobs(null, 1));
        Assert.InRange(ChapterRuns.Jobs(null, 1000), 1, Math.Max(1, Environment.ProcessorCount / 2));
    }
}
