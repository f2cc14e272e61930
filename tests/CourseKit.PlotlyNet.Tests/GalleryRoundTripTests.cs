using System.Text.Json.Nodes;
using Plotly.NET;

namespace CourseKit.Charts.Tests;

/// <summary>That nothing of a figure is lost on the way to Plotly.NET and back.</summary>
public sealed class GalleryRoundTripTests
{
    public static TheoryData<string> Names => [.. GalleryFigures.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_figure_of_the_gallery_comes_back_as_it_was(string name)
    {
        Figure figure = GalleryFigures.All[name]();

        Figure back = figure.ToGenericChart().ToFigure();

        AssertSame(figure.Data, back.Data);
        AssertSame(figure.Layout, back.Layout);
        AssertSame(figure.Frames, back.Frames);
        AssertSame(figure.Config, back.Config);
        // With the notes about what could not be drawn, and in the words for those who hear it.
        AssertSame(figure.Read(), back.Read());
        Assert.Equal(figure.Description, back.Description);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plotly_NET_itself_writes_the_figure_that_it_was_given(string name)
    {
        Figure figure = GalleryFigures.All[name]();

        JsonNode written = JsonNode.Parse(GenericChart.toJson(figure.ToGenericChart()))!;

        AssertSame(figure.Data, written["data"]);
        AssertSame(figure.Layout, written["layout"]);
        AssertSame(figure.Config, written["config"]);
    }

    [Theory]
    [InlineData("""{"data": []}""")]
    [InlineData("""{"data": [{"type": "scatter", "x": null, "y": [1, null, 2.5, "a", true, [1, {}], {"a": []}]}], "layout": {"title": null, "meta": {"own": [[], [[]], {}]}}}""")]
    [InlineData("""{"data": [{"type": "bar", "y": [9007199254740993, -2147483649, 1e300, 1.5e-9, -0.1]}, {"type": "bar", "ids": ["1", "2"]}], "layout": {"annotations": [], "sliders": [null], "xaxis2": {"title": "a text"}}}""")]
    [InlineData("""{"data": [{"type": "sankey", "node": {"label": ["a", "b"]}, "link": {"source": [0], "target": [1], "value": [2]}}], "config": {"scrollZoom": true, "modeBarButtons": [["toImage"], ["pan2d"]]}}""")]
    [InlineData("""{"data": [{"type": "one.that.comes.later", "marker": {"pattern": {"shape": "x"}}}], "layout": {"scene7": {"camera": {"eye": {"x": 1}}, "annotations": [{"text": "<b>"}]}, "legend2": {"y": 0.5}}}""")]
    public void Whatever_else_Plotly_reads_comes_back_as_well(string json)
    {
        Figure figure = Figure.FromJson(json);

        AssertSame(figure.Read(), figure.ToGenericChart().ToFigure().Read());
    }

    [Fact]
    public void A_trace_without_a_type_becomes_what_Plotly_takes_it_for()
    {
        Figure back = Figure.FromJson("""{"data": [{"y": [1, 2]}]}""").ToGenericChart().ToFigure();

        AssertSame(JsonNode.Parse("""[{"type": "scatter", "y": [1, 2]}]"""), back.Data);
    }

    private static void AssertSame(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString()}\ngot {actual?.ToJsonString()}");
}
