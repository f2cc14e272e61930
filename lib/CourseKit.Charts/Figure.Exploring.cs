using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public sealed partial class Figure
{
    /// <summary>
    /// Pictures of pairs: the first parameter's slider plays frames, each of which brings the traces of all values of the
    /// second one; the second one's slider shows those of one value and hides the others. So Plotly needs no help from the page.
    /// </summary>
    internal static Figure Explored(Figure[][] pictures, string[] firstLabels, string[] secondLabels, string firstPrefix, string secondPrefix)
    {
        Figure start = pictures[0][0];
        foreach (Figure picture in pictures.SelectMany(row => row))
        {
            string? changed = MovingLayout.FirstOrDefault(key => !JsonNode.DeepEquals(picture.layout[key], start.layout[key]));
            if (changed is not null)
                throw new ArgumentException($"With two parameters only traces may change, but the figures differ in their {changed}: give them all the same, the sliders say which values are shown.", nameof(pictures));
        }
        CheckFrames([.. pictures.SelectMany((row, i) => row.Select((picture, j) => ($"{firstLabels[i]}, {secondLabels[j]}", picture)))]);
        int traces = start.traces.Length;
        var steps = firstLabels.Select((label, i) => (label, new Figure(
            pictures[i].SelectMany((picture, j) => picture.traces.Select((trace, place) => Pair(trace, place, visible: j == 0))), start.layout, config: start.config))).ToArray();
        Figure figure = steps.Length == 1
            ? steps[0].Item2
            : Animate(steps, firstPrefix);
        JsonObject layout = figure.Layout;
        if (steps.Length == 1)
            FixedRanges.FixAxes(layout, figure.traces);
        double below = (layout.ContainsKey("scene") ? 8 : 52) + (steps.Length == 1 ? 0 : SecondSlider);
        JsonObject second = Slider(secondPrefix, below, new JsonArray([.. secondLabels.Select((label, j) => (JsonNode)new JsonObject
        {
            ["label"] = label,
            ["method"] = "restyle",
            ["args"] = new JsonArray("visible", new JsonArray([.. Enumerable.Range(0, traces * secondLabels.Length).Select(i => (JsonNode)(i / traces == j))])),
        })]));
        // A dotted path must not create what Animate made already.
        (layout["sliders"] as JsonArray ?? (JsonArray)(layout["sliders"] = new JsonArray())!).Add(second);
        Grow(layout, steps.Length == 1 ? SliderHeight : SecondSlider);
        return figure.With(figure.traces, layout);
    }

    private const double SecondSlider = 82;

    /// <summary>Plotly gives colours by a trace's place among all: the same trace of every pair keeps the one it has in a figure of its own.</summary>
    private static JsonObject Pair(JsonObject trace, int place, bool visible)
    {
        var pair = (JsonObject)trace.DeepClone();
        pair["visible"] = visible;
        bool hasColour = pair["line"] is JsonObject line && line.ContainsKey("color") || pair["marker"] is JsonObject marker && marker.ContainsKey("color");
        if (!hasColour && (pair["type"].AsText() ?? "scatter") is "scatter" or "bar")
            pair.SetPath(pair["mode"].AsText() == "lines" ? "line.color" : "marker.color", Palette.Class(place));
        return pair;
    }
}
