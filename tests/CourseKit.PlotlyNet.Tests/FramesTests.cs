using Plotly.NET;

namespace CourseKit.Charts.Tests;

/// <summary>That an animation goes on after Plotly.NET's methods, whose charts have no frames.</summary>
public sealed class FramesTests
{
    private static Figure Moving(string name) => Figure.Animate([
        ("1", Figure.Line([1.0, 2], "still").AddLine([1.0, 3], name)),
        ("2", Figure.Line([1.0, 2], "still").AddLine([4.0, 5], name))], "step ");

    private static GenericChart Still => Figure.Line([7.0, 8], "other").ToGenericChart();

    private static int[] Moved(Figure figure, int frame) => [.. figure.Frames[frame]!["traces"].Doubles().Select(number => (int)number)];

    [Fact]
    public void Frames_stay_when_title_axes_markers_and_size_are_set()
    {
        Figure figure = Moving("moving").ToGenericChart()
            .WithTitle("Two steps").WithXAxisStyle(Title.init(Text: "epoch")).WithMarkerStyle(Size: 9).WithSize(700, 300)
            .WithLayout(Layout.init<string>(ShowLegend: false)).WithConfig(Config.init(StaticPlot: true)).ToFigure();

        Assert.Equal(["1", "2"], figure.Frames.Select(frame => (string)frame!["name"]!));
        Assert.Equal([1], Moved(figure, 1));
        Assert.Equal([4, 5], figure.Frames[1]!["data"]![0]!["y"].Doubles());
        Assert.Equal("Two steps", (string)figure.Layout["title"]!["text"]!);
        Assert.Equal(2, figure.Layout["sliders"]![0]!["steps"]!.AsArray().Count);
    }

    [Fact]
    public void Frames_move_the_same_trace_wherever_it_stands_after_combining()
    {
        Figure first = Chart.Combine([Moving("moving").ToGenericChart(), Still]).ToFigure();
        Figure last = Chart.Combine([Still, Still, Moving("moving").ToGenericChart()]).ToFigure();

        Assert.Equal("moving", (string)first.Data[Moved(first, 1).Single()]!["name"]!);
        Assert.Equal("moving", (string)last.Data[Moved(last, 1).Single()]!["name"]!);
        Assert.Equal([3], Moved(last, 0));
    }

    [Fact]
    public void Frames_without_numbers_move_the_first_traces_of_their_figure()
    {
        Figure figure = Figure.FromJson("""{"data": [{"type": "bar", "y": [1]}], "frames": [{"data": [{"y": [2]}]}, {"layout": {"title": {"text": "b"}}}]}""");

        Figure combined = Chart.Combine([Still, figure.ToGenericChart()]).ToFigure();

        Assert.Equal([1], Moved(combined, 0));
        Assert.Equal("b", (string)combined.Frames[1]!["layout"]!["title"]!["text"]!);
    }

    [Fact]
    public void What_a_frame_says_of_a_trace_that_was_taken_away_goes_with_it()
    {
        GenericChart chart = Moving("moving").ToGenericChart();
        var withoutMoving = GenericChart.NewChart(GenericChart.getTraces(chart).Head, GenericChart.getLayout(chart), GenericChart.getConfig(chart), GenericChart.getDisplayOptions(chart));

        Figure figure = withoutMoving.ToFigure();

        Assert.Equal("still", (string)Assert.Single(figure.Data)!["name"]!);
        Assert.Empty(figure.Frames[1]!["data"]!.AsArray());
        Assert.Empty(Moved(figure, 1));
    }

    [Fact]
    public void Two_animations_in_one_chart_are_refused_with_a_way_out()
    {
        GenericChart chart = Chart.Combine([Moving("a").ToGenericChart(), Moving("b").ToGenericChart()]);

        Assert.Contains("Figure.Animate", Assert.Throws<InvalidOperationException>(() => chart.ToFigure()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_and_its_figure_do_not_change_each_other()
    {
        Figure figure = Moving("moving");
        string before = figure.ToJson();

        GenericChart chart = figure.ToGenericChart();
        GenericChart.getLayout(chart).SetValue("title", "changed");
        GenericChart.getTraces(chart).Head.SetValue("name", "changed");
        Figure after = chart.ToFigure();
        string changed = after.ToJson();
        GenericChart.getTraces(chart).Head.SetValue("name", "changed again");

        Assert.Equal(before, figure.ToJson());
        Assert.Equal(changed, after.ToJson());
        Assert.Contains("\"changed\"", changed, StringComparison.Ordinal);
    }
}
