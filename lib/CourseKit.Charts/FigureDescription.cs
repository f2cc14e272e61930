using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CourseKit.Charts;

/// <summary>A figure in a few sentences, made from what it says itself: title, series with their ranges, axes, frames.</summary>
internal static partial class FigureDescription
{
    private const int MostSeries = 6;

    private static readonly string[] AxisNames = ["xaxis", "yaxis", "zaxis"];

    public static string Of(JsonObject layout, ImmutableArray<JsonObject> traces, int frames)
    {
        var sentences = new List<string>();
        var title = layout["title"] as JsonObject;
        Say(title?["text"].AsText() ?? "Untitled figure");
        Say((title?["subtitle"] as JsonObject)?["text"].AsText());
        string[] series = [.. traces
            // In a diagram, points without a name only carry hover texts.
            .Where(trace => trace["hoverinfo"].AsText() != "skip" && !(trace["name"] is null && layout.ContainsKey("shapes")))
            .Select(Series).OfType<string>().Distinct()];
        if (series.Length > 0)
            Say(string.Join("; ", series.Take(MostSeries)) + (series.Length > MostSeries ? $"; and {series.Length - MostSeries} more" : ""));
        JsonObject axes = layout["scene"] as JsonObject ?? layout;
        string[] named = [.. AxisNames
            .Select(axis => (Axis: axis[..1], Title: ((axes[axis] as JsonObject)?["title"] as JsonObject)?["text"].AsText()))
            .Where(axis => axis.Title is not null)
            .Select(axis => $"{axis.Axis} axis: {axis.Title}")];
        if (named.Length > 0)
            Say(string.Join(", ", named));
        if (frames > 0)
            Say($"A slider moves through {frames} pictures");
        return string.Join(' ', sentences);

        void Say(string? sentence)
        {
            if (string.IsNullOrWhiteSpace(sentence))
                return;
            string plain = Tags().Replace(sentence, " ").Trim();
            sentences.Add(plain.EndsWith('.') ? plain : plain + ".");
        }
    }

    private static string? Series(JsonObject trace)
    {
        string kind = trace["type"].AsText() switch
        {
            "heatmap" => "heat map",
            "contour" => "contour lines",
            "surface" => "surface",
            "bar" => "bars",
            _ => trace["mode"].AsText()?.Contains("lines", StringComparison.Ordinal) == true ? "line" : "points",
        };
        double[] values = [.. Numbers(trace["z"] ?? trace["y"])];
        string? name = trace["name"].AsText();
        if (name is null && values.Length == 0)
            return null;
        string range = values.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" from {values.Min():G4} to {values.Max():G4}");
        return $"{kind}{(string.IsNullOrEmpty(name) ? "" : $" {name}")}{range}";
    }

    private static IEnumerable<double> Numbers(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(Numbers),
        _ => node.AsNumber() is double number ? [number] : [],
    };

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
