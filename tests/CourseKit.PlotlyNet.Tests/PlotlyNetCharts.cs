using Microsoft.FSharp.Core;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Carpet = Plotly.NET.ChartCarpet.Chart;
using Flat = Plotly.NET.Chart2D.Chart;
using Parts = Plotly.NET.ChartDomain.Chart;
using Polar = Plotly.NET.ChartPolar.Chart;
using Smith = Plotly.NET.ChartSmith.Chart;
using Solid = Plotly.NET.Chart3D.Chart;
using Ternary = Plotly.NET.ChartTernary.Chart;

namespace CourseKit.Charts.Tests;

/// <summary>Charts that Plotly.NET makes, of every family of its traces, each drawn without a network.</summary>
internal static class PlotlyNetCharts
{
    private static readonly double[] X = [1, 2, 3, 4], Y = [2.5, 1, 4, 3];
    private static readonly double[][] Rows = [[1, 2, 3], [4, 5.5, 6], [7, 8, 10]];
    private static readonly string[] Letters = ["a", "b", "c", "d"];

    private static GenericChart Line => Flat.Line<double, double, string>(X, Y, ShowMarkers: true, Name: "line");

    public static IReadOnlyDictionary<string, Func<GenericChart>> All { get; } = new Dictionary<string, Func<GenericChart>>
    {
        ["line"] = () => Line.WithTitle("A line").WithXAxisStyle(Title.init(Text: "x")).WithLineStyle(Width: 3, Dash: StyleParam.DrawingStyle.Dash).WithLegend(true),
        ["line over days"] = () => Flat.Line<DateTime, double, string>([new(2024, 2, 28), new(2024, 2, 29, 12, 0, 0), new(2024, 3, 1)], [1, 3, 2]),
        ["points"] = () => Flat.Point<double, double, string>(X, Y, MarkerColor: Color.fromARGB(128, 200, 20, 20), MultiText: Some<IEnumerable<string>>(Letters)).WithYErrorStyle<double, double>(Array: Some<IEnumerable<double>>([0.1, 0.2, 0.3, 0.1])),
        ["points by WebGL"] = () => Flat.Point<double, double, string>(X, Y, UseWebGL: true),
        ["area"] = () => Flat.Area<double, double, string>(X, Y, FillColor: Color.fromHex("#0072B2")),
        ["columns"] = () => Flat.Column<double, string, string, double, double>(Y, Keys: Some<IEnumerable<string>>(Letters)),
        ["histogram"] = () => Flat.Histogram<double, string>(Y, StyleParam.Orientation.Vertical),
        ["boxes"] = () => Flat.BoxPlot<double, string>(Y, StyleParam.Orientation.Vertical),
        ["violin"] = () => Flat.Violin<double, string>(Y, StyleParam.Orientation.Vertical),
        ["heat map"] = () => Flat.Heatmap<double[], double, double, double, string>(Rows, ColorScale: StyleParam.Colorscale.Viridis),
        ["contours"] = () => Flat.Contour<double[], double, double, double, string>(Rows),
        ["candles"] = () => Flat.Candlestick<double, double, double, double, double, string>(X, [3, 4, 5, 6], [0.5, 1, 2, 3], Y, X: Some<IEnumerable<double>>(X)),
        ["surface"] = () => Solid.Surface<double[], double, double, double, string>(Rows).WithZAxisStyle(Title.init(Text: "height")),
        ["points in space"] = () => Solid.Scatter3D<double, double, double, string>(X, Y, X, StyleParam.Mode.Lines_Markers),
        ["mesh"] = () => Solid.Mesh3D<double, double, double, int, int, int, string>([0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]),
        ["polar"] = () => Polar.LinePolar<double, double, string>(Y, [0, 90, 180, 270]),
        ["ternary"] = () => Ternary.ScatterTernary<double, double, double, string>([Tuple.Create(1.0, 2.0, 3.0), Tuple.Create(2.0, 1.0, 1.0)], Mode: StyleParam.Mode.Markers),
        ["Smith"] = () => Smith.ScatterSmith<double, double, string>([0.5, 1, 2], [0.2, 1, -1], StyleParam.Mode.Lines_Markers),
        ["carpet"] = () => Chart.Combine([
            Carpet.Carpet<double, double[], double, double, double[], double, double, double>("one", A: Some<IEnumerable<double>>([4, 4, 4, 4.5, 4.5, 4.5, 5, 5, 5]), B: Some<IEnumerable<double>>([1, 2, 3, 1, 2, 3, 1, 2, 3]), Y: Some<IEnumerable<double>>([2, 3.5, 4, 3, 4.5, 5, 5.5, 6.5, 7.5])),
            Carpet.PointCarpet<double, double, string>([4, 4.5, 5], [1.5, 2, 2.5], "one")]),
        ["pie"] = () => Parts.Pie<double, string, string>(Y, Labels: Some<IEnumerable<string>>(Letters)).WithTitle("Four parts"),
        ["sunburst"] = () => Parts.Sunburst<string, string, double, string, string>(Letters, ["", "a", "a", "b"]),
        ["Sankey"] = () => Parts.Sankey<double, int[], string>(Letters, [Tuple.Create(0, 1), Tuple.Create(0, 2), Tuple.Create(2, 3)], [2, 3, 1]),
        ["table"] = () => Parts.Table<string[], string, string[], string>([["name"], ["unit"]], [["length", "m"], ["time", "s"]]),
        ["indicator"] = () => Parts.Indicator<double>(0.93, StyleParam.IndicatorMode.Number),
        ["combined, with notes, shapes and a template"] = () => Chart.Combine([Line, Flat.Column<double, string, string, double, double>(Y, Name: "columns")])
            .WithAnnotation(Annotation.init<double, double, double, double, double, double, double, double, double, double>(X: 2.0, Y: 1.0, Text: "the least"))
            .WithShape(Plotly.NET.LayoutObjects.Shape.init<double, double, double, double>(ShapeType: StyleParam.ShapeType.Rectangle, X0: 1.0, X1: 2.0, Y0: 0.0, Y1: 1.0, Opacity: 0.3))
            .WithTemplate(ChartTemplates.dark),
        ["grid"] = () => Chart.Grid<IEnumerable<string>, GenericChart[]>(2, 2).Invoke([Line, Solid.Surface<double[], double, double, double, string>(Rows), Polar.LinePolar<double, double, string>(Y, X), Parts.Pie<double, string, string>(Y)]),
        ["two axes"] = () => Chart.Combine([Line.WithAxisAnchor(Y: 1), Flat.Line<double, double, string>(X, [10, 30, 20, 40], Name: "other").WithAxisAnchor(Y: 2)])
            .WithYAxisStyle(Title.init(Text: "second"), Id: StyleParam.SubPlotId.NewYAxis(2), Side: StyleParam.Side.Right, Overlaying: StyleParam.LinearAxisId.NewY(1)),
    };

    private static FSharpOption<T> Some<T>(T value) => FSharpOption<T>.Some(value);
}
