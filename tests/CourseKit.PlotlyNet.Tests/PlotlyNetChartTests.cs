using System.Collections;
using System.Text.Json.Nodes;
using Plotly.NET;
using DynamicObject = DynamicObj.DynamicObj;
using Flat = Plotly.NET.Chart2D.Chart;

namespace CourseKit.Charts.Tests;

/// <summary>That a chart made by Plotly.NET becomes the figure it describes, and is drawn without a network.</summary>
public sealed class PlotlyNetChartTests(LivePage page) : IClassFixture<LivePage>
{
    public static TheoryData<string> Names => [.. PlotlyNetCharts.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_chart_becomes_the_figure_that_Plotly_NET_writes(string name)
    {
        GenericChart chart = PlotlyNetCharts.All[name]();

        Figure figure = chart.ToFigure();

        JsonNode written = JsonNode.Parse(GenericChart.toJson(chart))!;
        Assert.True(JsonNode.DeepEquals(written["data"], figure.Data), figure.Data.ToJsonString());
        Assert.True(JsonNode.DeepEquals(written["layout"], figure.Layout), figure.Layout.ToJsonString());
        Assert.True(JsonNode.DeepEquals(written["config"], figure.Config), figure.Config.ToJsonString());
        Assert.Empty(figure.Frames);
        Assert.True(JsonNode.DeepEquals(figure.Read(), figure.ToGenericChart().ToFigure().Read()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_chart_that_was_a_figure_is_made_of_the_same_classes_as_before(string name)
    {
        GenericChart chart = PlotlyNetCharts.All[name](), again = chart.ToFigure().ToGenericChart();

        Assert.Equal(Classes(GenericChart.getTraces(chart)), Classes(GenericChart.getTraces(again)));
        Assert.Equal(Classes(GenericChart.getLayout(chart)), Classes(GenericChart.getLayout(again)));
        Assert.Equal(chart.IsChart, again.IsChart);
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_chart_is_drawn_without_a_network(string name)
    {
        HeadlessBrowser.SkipUnlessThere();
        Figure figure = PlotlyNetCharts.All[name]().ToFigure();

        await page.LookAsync(900, dark: true);
        await page.EvaluateAsync($"show({JsonValue.Create(figure.ToHtml()).ToJsonString()})");
        await page.EvaluateAsync("until(() => figure.hasAttribute('data-ready'), 'the figure: ' + figure.textContent.slice(0, 300))");
        JsonNode drawn = (await page.EvaluateAsync("({ types: figure._fullData.map(trace => trace.visible === true ? trace.type : trace.visible + ' ' + trace.type), paper: figure._fullLayout.paper_bgcolor, text: figure._fullLayout.font.color })"))!;

        // Plotly leaves out what it does not know, without a word.
        Assert.Equal(figure.Data.Select(trace => (string)trace!["type"]!), drawn["types"]!.AsArray().Select(type => (string)type!));
        // A chart on a background of its own keeps its colours on a dark page.
        Assert.NotEqual("#e8e8e8", (string)drawn["text"]!);
        Assert.Equal("", string.Join("\n", page.TakeErrors()));
    }

    [Fact]
    public void Numbers_that_are_not_finite_become_gaps()
    {
        Figure figure = Flat.Line<double, double, string>([1, 2, 3, 4], [1, double.NaN, double.PositiveInfinity, 4]).ToFigure();

        Assert.Equal([false, true, true, false], figure.Data[0]!["y"]!.AsArray().Select(value => value is null));
    }

    [Fact]
    public void A_heat_map_by_WebGL_becomes_one_that_plotly_js_still_draws()
    {
        Figure figure = Flat.Heatmap<double[], double, double, double, string>([[1, 2], [3, 4]], UseWebGL: true).ToFigure();

        Assert.Equal("heatmap", (string)figure.Data[0]!["type"]!);
        Assert.Equal([3, 4], figure.Data[0]!["z"]![1].Doubles());
    }

    [Fact]
    public void A_German_machine_makes_the_same_figure()
    {
        string invariant = PlotlyNetCharts.All["points"]().ToFigure().ToJson();
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = Cultures.German;
            Assert.Equal(invariant, PlotlyNetCharts.All["points"]().ToFigure().ToJson());
            Assert.Equal(invariant, PlotlyNetCharts.All["points"]().ToFigure().ToGenericChart().ToFigure().ToJson());
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>The class of each object in a chart, by its path. A template is left out: Plotly.NET never looks into it.</summary>
    private static IEnumerable<string> Classes(object? value, string path = "") => value switch
    {
        DynamicObject made => [$"{path}: {made.GetType().Name}", .. made.GetProperties(false).Where(property => property.Key != "template").OrderBy(property => property.Key, StringComparer.Ordinal).SelectMany(property => Classes(property.Value, $"{path}.{property.Key}"))],
        string => [],
        IEnumerable items => items.Cast<object?>().SelectMany((item, i) => Classes(item, $"{path}[{i}]")),
        _ => [],
    };
}
