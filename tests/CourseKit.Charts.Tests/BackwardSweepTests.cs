using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class BackwardSweepTests
{
    private static readonly SweepNode[] Nodes = [new("x", 2, 12, 0), new("x²", 4, 3, 1), new("3x²", 12, 1, 2)];

    [Fact]
    public void Values_appear_on_the_way_forward_and_derivatives_on_the_way_back()
    {
        Figure figure = TeachingFigures.BackwardSweep(Nodes, [(0, 1), (1, 2)]);
        string[][] texts = [.. figure.Frames.Select(frame => ((JsonArray)frame!["data"]!.AsArray().Last()!["text"]!).Select(text => (string)text!).ToArray())];

        Assert.Equal(6, texts.Length); // three steps forward, three back
        Assert.Equal(["2", "", ""], texts[0]);
        Assert.Equal(["2", "4", "12"], texts[2]);
        Assert.DoesNotContain("12</b>", texts[4][0], StringComparison.Ordinal);
        Assert.Contains("<b>12</b>", texts[5][0], StringComparison.Ordinal);
        Assert.Contains("<b>1</b>", texts[3][2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    public void An_edge_must_lead_to_a_later_step(int from, int to)
    {
        var error = Assert.Throws<ArgumentException>(() => TeachingFigures.BackwardSweep(Nodes, [(from, to)]));
        Assert.Contains($"from node {from} to node {to}", error.Message, StringComparison.Ordinal);
    }
}
