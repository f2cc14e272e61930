using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>A drawing of boxes, lines and texts in coordinates of its own, without axes, with a hover text behind every box.</summary>
internal sealed class Diagram
{
    private readonly JsonArray shapes = [];
    private readonly JsonArray annotations = [];
    private readonly List<(double X, double Y, string Text)> hovers = [];
    private readonly List<(double X, double Y)> curves = [];
    private readonly List<(double X, double Y)> arrows = [];

    /// <summary>A box with its text in the middle; the text may have HTML's br, b and span.</summary>
    public void Box(double x, double y, double width, double height, string? text, string colour, string hover, double fontSize = 11)
    {
        shapes.Add(new JsonObject
        {
            ["type"] = "rect",
            ["x0"] = PlotlyJson.Number(x - (width / 2)),
            ["x1"] = PlotlyJson.Number(x + (width / 2)),
            ["y0"] = PlotlyJson.Number(y - (height / 2)),
            ["y1"] = PlotlyJson.Number(y + (height / 2)),
            ["line"] = new JsonObject { ["color"] = colour, ["width"] = 1.5 },
            ["fillcolor"] = Palette.Faint(colour, 0.18),
        });
        if (text is not null)
            Text(x, y, text, fontSize);
        hovers.Add((x, y, hover));
    }

    /// <summary>A text without a box.</summary>
    public void Text(double x, double y, string text, double fontSize = 11, string xAnchor = "center", string yAnchor = "middle", double shiftY = 0) => annotations.Add(new JsonObject
    {
        ["x"] = PlotlyJson.Number(x),
        ["y"] = PlotlyJson.Number(y),
        ["text"] = text,
        ["showarrow"] = false,
        ["xanchor"] = xAnchor,
        ["yanchor"] = yAnchor,
        ["yshift"] = PlotlyJson.Number(shiftY),
        ["font"] = new JsonObject { ["size"] = PlotlyJson.Number(fontSize) },
    });

    /// <summary>A curve from left to right that leaves and arrives level, with an arrow at its end.</summary>
    public void Curve((double X, double Y) from, (double X, double Y) to, bool arrow = true)
    {
        const int pieces = 14;
        for (int i = 0; i <= pieces; i++)
        {
            double t = (double)i / pieces;
            // Bézier's cubic with both control points half-way: x is nearly even, y eases in and out.
            double ease = t * t * (3 - (2 * t));
            curves.Add((from.X + (t * (to.X - from.X)), from.Y + (ease * (to.Y - from.Y))));
        }
        curves.Add((double.NaN, double.NaN));
        if (arrow)
            arrows.Add(to);
    }

    /// <summary>A way along straight lines.</summary>
    public void Way(IEnumerable<(double X, double Y)> corners, bool arrow)
    {
        (double X, double Y)[] all = [.. corners];
        curves.AddRange(all);
        curves.Add((double.NaN, double.NaN));
        if (arrow)
            arrows.Add(all[^1]);
    }

    /// <summary>The drawing; its coordinates reach from edge to edge.</summary>
    public Figure Draw((double From, double To) x, (double From, double To) y, double height, double minimumWidth)
    {
        JsonArray itsShapes = (JsonArray)shapes.DeepClone(), itsAnnotations = (JsonArray)annotations.DeepClone();
        Figure figure = Figure.Line(curves.Select(point => point.X), curves.Select(point => point.Y))
            .SetTrace(0, "line", new JsonObject { ["color"] = "#8C8C8C", ["width"] = 1.5 })
            .SetTrace(0, "hoverinfo", "skip")
            .Add(Figure.Scatter(arrows.Select(point => point.X), arrows.Select(point => point.Y))
                .SetTrace(0, "marker", new JsonObject { ["size"] = 9, ["symbol"] = "arrow", ["angle"] = 90, ["color"] = "#8C8C8C", ["opacity"] = 1 })
                .SetTrace(0, "hoverinfo", "skip"))
            .Add(Figure.Scatter(hovers.Select(place => place.X), hovers.Select(place => place.Y), hover: hovers.Select(place => place.Text))
                .SetTrace(0, "marker", new JsonObject { ["size"] = 34, ["opacity"] = 0 }));
        return figure
            .Set("shapes", itsShapes).Set("annotations", itsAnnotations)
            .XAxis(range: x).YAxis(range: y)
            .Set("xaxis.visible", false).Set("yaxis.visible", false)
            .Set("margin.l", 24).Set("margin.b", 24)
            .Size(null, height)
            .MinimumWidth(minimumWidth)
            .Legend(LegendPosition.Hidden);
    }
}
