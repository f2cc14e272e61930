using System.Text.Json.Nodes;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;

namespace CourseKit.Charts.Tests;

/// <summary>That Plotly.NET's methods change what a figure brought along, instead of putting something new in its place.</summary>
public sealed class GoingOnTests
{
    private static Figure Curve => Figure.Scatter([1.0, 2], [3.0, 4], "training").XAxis("epoch", (0, 3)).Title("Loss", "by epoch").Annotate(1, 3, "first").VerticalLine(2);

    private static GenericChart Chart => Curve.ToGenericChart();

    [Fact]
    public void An_axis_keeps_what_is_not_set_anew()
    {
        JsonNode axis = Chart.WithXAxisStyle(Title.init(Text: "step"), ShowGrid: false).ToFigure().Layout["xaxis"]!;

        Assert.Equal("step", (string)axis["title"]!["text"]!);
        Assert.False((bool)axis["showgrid"]!);
        Assert.Equal([0, 3], axis["range"].Doubles());
        Assert.Equal((string)Curve.Layout["xaxis"]!["gridcolor"]!, (string)axis["gridcolor"]!);
    }

    [Fact]
    public void A_marker_keeps_its_symbol_when_it_gets_another_size()
    {
        JsonNode before = Curve.Data[0]!["marker"]!, after = Chart.WithMarkerStyle(Size: 21).ToFigure().Data[0]!["marker"]!;

        Assert.Equal(21, (int)after["size"]!);
        Assert.All(before.AsObject().Where(property => property.Key != "size"), property => Assert.True(JsonNode.DeepEquals(property.Value, after[property.Key]), property.Key));
    }

    [Fact]
    public void Notes_and_shapes_of_all_charts_are_there_after_combining()
    {
        JsonObject layout = Plotly.NET.Chart.Combine([Chart, Figure.Line([5.0]).Annotate(0, 5, "second").ToGenericChart()]).ToFigure().Layout;

        Assert.Equal(["first", "second"], layout["annotations"]!.AsArray().Select(note => (string)note!["text"]!));
        Assert.Single(layout["shapes"]!.AsArray());
    }

    [Fact]
    public void A_scene_keeps_its_camera_when_an_axis_is_named()
    {
        Figure surface = Figure.Surface((a, b) => a * b, (-1, 1), (-1, 1), resolution: 5);

        JsonNode scene = surface.ToGenericChart().WithZAxisStyle(Title.init(Text: "error")).ToFigure().Layout["scene"]!;

        Assert.Equal("error", (string)scene["zaxis"]!["title"]!["text"]!);
        Assert.False((bool)scene["zaxis"]!["showspikes"]!);
        Assert.True(JsonNode.DeepEquals(surface.Layout["scene"]!["camera"], scene["camera"]));
    }

    [Fact]
    public void Figures_stand_in_a_grid_of_Plotly_NET()
    {
        GenericChart[] cells = [Chart, Figure.Surface((a, b) => a * b, (-1, 1), (-1, 1), resolution: 5).ToGenericChart()];

        Figure grid = Plotly.NET.Chart.Grid<IEnumerable<string>, GenericChart[]>(1, 2).Invoke(cells).ToFigure();

        Assert.Equal("scene2", (string)grid.Data[1]!["scene"]!);
        Assert.Equal(1, (int)grid.Layout["scene2"]!["domain"]!["column"]!);
        Assert.Equal("epoch", (string)grid.Layout["xaxis"]!["title"]!["text"]!);
        Assert.Equal(2, (int)grid.Layout["grid"]!["columns"]!);
    }

    [Fact]
    public void A_page_of_Plotly_NET_loads_the_plotly_js_that_the_figure_was_made_for() =>
        Assert.Contains($"\"{PlotlyScript.CdnUrl}\"", GenericChart.toEmbeddedHTML(Chart), StringComparison.Ordinal);

    [Fact]
    public void The_parts_of_a_chart_are_of_the_classes_that_Plotly_NET_has_for_them()
    {
        GenericChart chart = Figure.Animate([("1", Curve), ("2", Curve.Add(Figure.Empty()))], "step ").ToGenericChart();
        Layout layout = GenericChart.getLayout(chart);
        Trace trace = GenericChart.getTraces(chart).Head;

        Assert.IsType<Trace2D>(trace);
        Assert.IsType<Marker>(trace.TryGetValue("marker").Value);
        Assert.IsType<Title>(layout.TryGetValue("title").Value);
        Assert.IsType<LinearAxis>(layout.TryGetValue("xaxis").Value);
        Assert.IsType<Annotation[]>(layout.TryGetValue("annotations").Value);
        Assert.IsType<Plotly.NET.LayoutObjects.Shape[]>(layout.TryGetValue("shapes").Value);
        Assert.IsType<SliderStep[]>(Assert.Single(Assert.IsType<Slider[]>(layout.TryGetValue("sliders").Value)).TryGetValue("steps").Value);
        Assert.IsType<UpdateMenuButton[]>(Assert.Single(Assert.IsType<UpdateMenu[]>(layout.TryGetValue("updatemenus").Value)).TryGetValue("buttons").Value);
    }
}
