using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private static JsonObject Line(string colour, double width, string? dash = null) => new()
    {
        ["color"] = colour,
        ["width"] = PlotlyJson.Number(width),
        ["dash"] = dash ?? "solid",
    };

    private static JsonObject Marker(string symbol, double size, string colour) => new()
    {
        ["symbol"] = symbol,
        ["size"] = PlotlyJson.Number(size),
        ["color"] = colour,
        ["opacity"] = 1,
        ["line"] = new JsonObject { ["color"] = "#FFFFFF", ["width"] = 1 },
    };

    /// <summary>A picture of a table as images are shown: row 0 at the top, square cells, no axes.</summary>
    private static Figure Picture(double[,] values, JsonNode colours, double low, double high, string measure) =>
        Figure.HeatMap(values, name: measure)
            .SetTrace(0, "colorscale", colours)
            .SetTrace(0, "zmin", PlotlyJson.Number(low))
            .SetTrace(0, "zmax", PlotlyJson.Number(high > low ? high : low + 1))
            .SetTrace(0, "hovertemplate", $"row %{{y}}, column %{{x}}<br>{measure} %{{z:.4g}}<extra></extra>")
            .EqualAxes()
            .Set("yaxis.autorange", "reversed")
            .Set("yaxis.constraintoward", "top")
            .Set("xaxis.visible", false)
            .Set("yaxis.visible", false);

    private static (double Low, double High) Extremes(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite).DefaultIfEmpty(0)];
        return (finite.Min(), finite.Max());
    }

    private static double Magnitude(IEnumerable<double> values) => values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max();
}
