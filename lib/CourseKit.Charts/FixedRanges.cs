using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>
/// The ranges of axes and colours that hold all frames of an animation, so that the picture moves and not its frame.
/// A range that was set by hand stays.
/// </summary>
internal sealed class FixedRanges
{
    private readonly JsonObject layout;
    private readonly Dictionary<string, Extent> extents = [];

    private FixedRanges(JsonObject layout) => this.layout = layout;

    /// <summary>Fixes the axes in <paramref name="layout"/> to what the traces of all frames need.</summary>
    public static void FixAxes(JsonObject layout, IEnumerable<JsonObject> tracesOfAllFrames)
    {
        var ranges = new FixedRanges(layout);
        foreach (JsonObject trace in tracesOfAllFrames)
            ranges.Include(trace);
        foreach ((string axis, Extent extent) in ranges.extents)
            Fix(ranges.AxisAt(axis), extent);
    }

    /// <summary>The trace of the first frame with the colour range that the same trace needs in all frames.</summary>
    public static JsonObject FixColours(JsonObject first, IEnumerable<JsonObject> sameInAllFrames)
    {
        string? type = first["type"].AsText();
        if (type is not ("heatmap" or "contour" or "surface") || first.ContainsKey("coloraxis"))
            return first;
        (string low, string high) = type == "surface" ? ("cmin", "cmax") : ("zmin", "zmax");
        if (first.ContainsKey(low) || first.ContainsKey(high))
            return first;
        var extent = new Extent();
        foreach (JsonObject trace in sameInAllFrames)
            extent.Include(Numbers(trace["z"]));
        if (!extent.Exists)
            return first;
        var changed = (JsonObject)first.DeepClone();
        changed[low] = PlotlyJson.Number(extent.From);
        changed[high] = PlotlyJson.Number(extent.To);
        if (type == "contour" && first["contours"] is null && extent.To > extent.From)
        {
            changed["contours"] = ContourLevels(extent.From, extent.To);
        }
        return changed;
    }

    /// <summary>About fifteen lines at round numbers.</summary>
    public static JsonObject ContourLevels(double from, double to)
    {
        double rough = (to - from) / 15;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return new JsonObject
        {
            ["start"] = PlotlyJson.Number(Math.Ceiling(from / step) * step),
            ["end"] = PlotlyJson.Number(Math.Floor(to / step) * step),
            ["size"] = PlotlyJson.Number(step),
        };
    }

    private void Include(JsonObject trace)
    {
        string type = trace["type"].AsText() ?? "scatter";
        switch (type)
        {
            case "scatter" or "scattergl":
                Include(AxisName(trace, "x"), trace["x"], padded: true);
                Include(AxisName(trace, "y"), trace["y"], padded: true);
                break;
            case "bar":
                Include(AxisName(trace, "x"), trace["x"], padded: true);
                Include(AxisName(trace, "y"), trace["y"], padded: true);
                At(AxisName(trace, "y"))?.Include([0]);
                break;
            case "heatmap" or "contour":
                int rows = (trace["z"] as JsonArray)?.Count ?? 0;
                int columns = rows == 0 ? 0 : (trace["z"]![0] as JsonArray)?.Count ?? 0;
                // The cells of a heat map reach half a step beyond their centres.
                double beyond = type == "heatmap" ? 0.5 : 0;
                IncludeGrid(AxisName(trace, "x"), trace["x"], columns, beyond);
                IncludeGrid(AxisName(trace, "y"), trace["y"], rows, beyond);
                break;
            case "surface" or "scatter3d":
                string scene = trace["scene"].AsText() ?? "scene";
                Include(scene + ".xaxis", trace["x"], padded: false);
                Include(scene + ".yaxis", trace["y"], padded: false);
                Include(scene + ".zaxis", trace["z"], padded: true);
                break;
        }
    }

    private void Include(string axis, JsonNode? values, bool padded)
    {
        if (values is null || At(axis) is not Extent extent)
            return;
        if (Numbers(values).Any() || values is JsonArray { Count: 0 })
            (padded ? extent.Padded : extent).Include(OnAxis(axis, Numbers(values)));
        else
            extent.IsCategorical |= values is JsonArray array && array.Any(item => item.AsText() is not null);
    }

    private void IncludeGrid(string axis, JsonNode? places, int count, double beyond)
    {
        if (At(axis) is not Extent extent || count == 0)
            return;
        double[] numbers = places is null ? [0, count - 1] : [.. Numbers(places)];
        if (numbers.Length == 0)
            return;
        double step = count > 1 ? (numbers[^1] - numbers[0]) / (count - 1) : 1;
        extent.Include(OnAxis(axis, [numbers[0] - (beyond * step), numbers[^1] + (beyond * step)]));
    }

    private IEnumerable<double> OnAxis(string axis, IEnumerable<double> values) =>
        AxisAt(axis)["type"].AsText() == "log" ? values.Where(value => value > 0).Select(Math.Log10) : values;

    private Extent? At(string axis)
    {
        if (AxisAt(axis).ContainsKey("range"))
            return null;
        if (!extents.TryGetValue(axis, out Extent? extent))
            extents[axis] = extent = new Extent();
        return extent;
    }

    private JsonObject AxisAt(string path)
    {
        JsonObject target = layout;
        foreach (string step in path.Split('.'))
            target = target.Child(step);
        return target;
    }

    private static void Fix(JsonObject axis, Extent extent)
    {
        extent.Settle();
        if (extent.IsCategorical || !extent.Exists)
            return;
        bool reversed = axis["autorange"].AsText() == "reversed";
        axis.Remove("autorange");
        axis["range"] = reversed ? PlotlyJson.Range(extent.To, extent.From) : PlotlyJson.Range(extent.From, extent.To);
    }

    /// <summary>A trace says "x2" for what the layout calls "xaxis2".</summary>
    private static string AxisName(JsonObject trace, string letter)
    {
        string name = trace[letter + "axis"].AsText() ?? letter;
        return string.Create(CultureInfo.InvariantCulture, $"{letter}axis{name[1..]}");
    }

    private static IEnumerable<double> Numbers(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(Numbers),
        _ => node.AsNumber() is double number ? [number] : [],
    };

    private sealed class Extent
    {
        private Extent? padded;

        public double From { get; private set; } = double.PositiveInfinity;

        public double To { get; private set; } = double.NegativeInfinity;

        public bool IsCategorical { get; set; }

        public bool Exists => From <= To;

        /// <summary>What needs a margin around it: points and lines do, tables of numbers do not.</summary>
        public Extent Padded => padded ??= new Extent();

        public void Include(IEnumerable<double> values)
        {
            foreach (double value in values)
            {
                From = Math.Min(From, value);
                To = Math.Max(To, value);
            }
        }

        public void Settle()
        {
            if (padded is not { Exists: true })
                return;
            (double from, double to) = Sampling.Around([padded.From, padded.To], 0.05);
            Include([from, to]);
        }
    }
}
