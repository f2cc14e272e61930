using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public sealed partial class Figure
{
    /// <summary>A line through points, in the order given. Numbers of any kind will do.</summary>
    /// <param name="x">Where the points stand.</param>
    /// <param name="y">How high they are; NaN leaves a gap.</param>
    /// <param name="name">What the legend says.</param>
    /// <param name="hover">A text for each point, shown under the pointer.</param>
    /// <exception cref="ArgumentException">There are not as many x as y.</exception>
    public static Figure Line<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null, IEnumerable<string>? hover = null)
        where TX : INumberBase<TX>
        where TY : INumberBase<TY> =>
        Of(Points("lines", x, y, name, hover));

    /// <summary>A line through values at 0, 1, 2, ...</summary>
    public static Figure Line<T>(IEnumerable<T> y, string? name = null) where T : INumberBase<T>
    {
        T[] values = [.. y];
        return Of(Points("lines", Enumerable.Range(0, values.Length), values, name, null));
    }

    /// <summary>Points. Numbers of any kind will do.</summary>
    /// <param name="x">Where the points stand.</param>
    /// <param name="y">How high they are; NaN leaves one out.</param>
    /// <param name="name">What the legend says.</param>
    /// <param name="hover">A text for each point, shown under the pointer.</param>
    /// <exception cref="ArgumentException">There are not as many x as y.</exception>
    public static Figure Scatter<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null, IEnumerable<string>? hover = null)
        where TX : INumberBase<TX>
        where TY : INumberBase<TY> =>
        Of(Points("markers", x, y, name, hover));

    /// <summary>A bar for each category.</summary>
    /// <exception cref="ArgumentException">There are not as many categories as values.</exception>
    public static Figure Bar<T>(IEnumerable<string> categories, IEnumerable<T> values, string? name = null, IEnumerable<string>? hover = null)
        where T : INumberBase<T> =>
        Of(Trace("bar", PlotlyJson.Texts(categories), PlotlyJson.Numbers(values), name, hover));

    /// <summary>A bar at each number.</summary>
    /// <exception cref="ArgumentException">There are not as many x as values.</exception>
    public static Figure Bar<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> values, string? name = null, IEnumerable<string>? hover = null)
        where TX : INumberBase<TX>
        where TY : INumberBase<TY> =>
        Of(Trace("bar", PlotlyJson.Numbers(x), PlotlyJson.Numbers(values), name, hover));

    /// <summary>How often values fall into each of equally wide bins; the counting is done here, so the page stays small.</summary>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="bins">How many bins.</param>
    /// <param name="name">What the legend says.</param>
    public static Figure Histogram(IEnumerable<double> values, int bins = 30, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        double[] finite = [.. values.Where(double.IsFinite)];
        double from = finite.Length == 0 ? 0 : finite.Min();
        double to = finite.Length == 0 ? 1 : finite.Max();
        double width = to > from ? (to - from) / bins : 1;
        var counts = new int[bins];
        foreach (double value in finite)
            counts[Math.Min((int)((value - from) / width), bins - 1)]++;
        return Bar(Enumerable.Range(0, bins).Select(bin => from + ((bin + 0.5) * width)), counts, name)
            .Set("bargap", 0.03).YAxis("count");
    }

    /// <summary>A picture of a table of numbers, a coloured cell for each. Row 0 is at the bottom.</summary>
    /// <param name="values">The first index counts rows (y), the second columns (x).</param>
    /// <param name="x">The columns' places; 0, 1, 2, ... without them.</param>
    /// <param name="y">The rows' places; 0, 1, 2, ... without them.</param>
    /// <param name="name">What the colour bar says.</param>
    /// <exception cref="ArgumentException">There are not as many places as columns or rows.</exception>
    public static Figure HeatMap<T>(T[,] values, IEnumerable<double>? x = null, IEnumerable<double>? y = null, string? name = null)
        where T : INumberBase<T> =>
        Of(Grid("heatmap", values, x, y, name));

    /// <summary>Lines of equal height, filled.</summary>
    /// <param name="values">The first index counts rows (y), the second columns (x).</param>
    /// <param name="x">The columns' places; 0, 1, 2, ... without them.</param>
    /// <param name="y">The rows' places; 0, 1, 2, ... without them.</param>
    /// <param name="name">What the colour bar says.</param>
    /// <exception cref="ArgumentException">There are not as many places as columns or rows.</exception>
    public static Figure Contour<T>(T[,] values, IEnumerable<double>? x = null, IEnumerable<double>? y = null, string? name = null)
        where T : INumberBase<T> =>
        Of(Grid("contour", values, x, y, name));

    /// <summary>Lines of equal height of a function of x and y.</summary>
    public static Figure Contour(Func<double, double, double> function, (double From, double To) x, (double From, double To) y, int resolution = 60, string? name = null)
    {
        double[] xs = Sampling.Steps(x, resolution), ys = Sampling.Steps(y, resolution);
        return Contour(Sampling.Values(function, xs, ys), xs, ys, name);
    }

    /// <summary>A table of numbers as a landscape in three dimensions.</summary>
    /// <param name="values">The first index counts rows (y), the second columns (x).</param>
    /// <param name="x">The columns' places; 0, 1, 2, ... without them.</param>
    /// <param name="y">The rows' places; 0, 1, 2, ... without them.</param>
    /// <param name="name">What the colour bar says.</param>
    /// <exception cref="ArgumentException">There are not as many places as columns or rows.</exception>
    public static Figure Surface<T>(T[,] values, IEnumerable<double>? x = null, IEnumerable<double>? y = null, string? name = null)
        where T : INumberBase<T>
    {
        Figure surface = Of(Grid("surface", values, x, y, name), SceneLayout());
        // The colour bar gives way on a narrow page, where the upright axis says the same.
        return name is null ? surface : surface.ZAxis(name);
    }

    /// <summary>A function of x and y as a landscape in three dimensions.</summary>
    public static Figure Surface(Func<double, double, double> function, (double From, double To) x, (double From, double To) y, int resolution = 60, string? name = null)
    {
        double[] xs = Sampling.Steps(x, resolution), ys = Sampling.Steps(y, resolution);
        return Surface(Sampling.Values(function, xs, ys), xs, ys, name);
    }

    /// <summary>Adds a line; its dashes differ from those of the lines that are there.</summary>
    public Figure AddLine<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null, IEnumerable<string>? hover = null)
        where TX : INumberBase<TX>
        where TY : INumberBase<TY> =>
        AddLike("lines", "line.dash", Palette.Dash, Line(x, y, name, hover));

    /// <summary>Adds a line through values at 0, 1, 2, ...; its dashes differ from those of the lines that are there.</summary>
    public Figure AddLine<T>(IEnumerable<T> y, string? name = null) where T : INumberBase<T> =>
        AddLike("lines", "line.dash", Palette.Dash, Line(y, name));

    /// <summary>Adds points; their symbol differs from that of the points that are there.</summary>
    public Figure AddScatter<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null, IEnumerable<string>? hover = null)
        where TX : INumberBase<TX>
        where TY : INumberBase<TY> =>
        AddLike("markers", "marker.symbol", Palette.Symbol, Scatter(x, y, name, hover));

    /// <summary>Adds bars beside those that are there.</summary>
    public Figure AddBar<T>(IEnumerable<string> categories, IEnumerable<T> values, string? name = null, IEnumerable<string>? hover = null)
        where T : INumberBase<T> =>
        Add(Bar(categories, values, name, hover));

    /// <summary>Axes without anything in them yet.</summary>
    internal static Figure Empty() => new([], FlatLayout());

    /// <summary>A line in three dimensions, with its start and end marked.</summary>
    internal static Figure Line3d(IEnumerable<double> x, IEnumerable<double> y, IEnumerable<double> z, string name)
    {
        JsonArray heights = PlotlyJson.Numbers(z);
        JsonObject trace = Trace("scatter3d", PlotlyJson.Numbers(x), PlotlyJson.Numbers(y), name, null);
        trace["z"] = heights;
        trace["mode"] = "lines+markers";
        trace["line"] = new JsonObject { ["color"] = "#D55E00", ["width"] = 6 };
        trace["marker"] = new JsonObject
        {
            ["size"] = PlotlyJson.Numbers(Enumerable.Range(0, heights.Count).Select(i => i == 0 || i == heights.Count - 1 ? 6 : 3)),
            ["color"] = "#D55E00",
            ["line"] = new JsonObject { ["width"] = 0 },
        };
        return Of(trace, SceneLayout());
    }

    /// <summary>The figure with some properties of one trace left to Plotly.</summary>
    internal Figure WithoutTrace(int trace, params string[] properties)
    {
        var changed = (JsonObject)traces[trace].DeepClone();
        foreach (string property in properties)
            changed.Remove(property);
        return With(traces.SetItem(trace, changed), layout);
    }

    private Figure AddLike(string mode, string path, Func<int, string> style, Figure other)
    {
        int before = traces.Count(trace => trace["mode"].AsText() == mode);
        return Add(before == 0 ? other : other.SetTrace(0, path, style(before)));
    }

    private static JsonObject Points<TX, TY>(string mode, IEnumerable<TX> x, IEnumerable<TY> y, string? name, IEnumerable<string>? hover)
        where TX : INumberBase<TX>
        where TY : INumberBase<TY>
    {
        Thinned points = Thinned.Of(x, y, hover, isLine: mode == "lines");
        JsonObject trace = Trace("scatter", PlotlyJson.Numbers(points.X), PlotlyJson.Numbers(points.Y), name, points.Hover);
        trace["mode"] = mode;
        bool isThinned = points.All > points.X.Count;
        if (isThinned)
            trace["meta"] = new JsonObject { ["points"] = points.All };
        // Thousands of points lie upon each other: small ones that shine through show where they are dense.
        if (mode == "markers")
            trace["marker"] = isThinned ? new JsonObject { ["size"] = 4, ["opacity"] = 0.4 } : new JsonObject { ["size"] = 8 };
        else
            trace["line"] = new JsonObject { ["width"] = 2.5 };
        return trace;
    }

    private static JsonObject Trace(string type, JsonArray x, JsonArray y, string? name, IEnumerable<string>? hover)
    {
        if (x.Count != y.Count)
            throw new ArgumentException($"Each point needs an x and a y, but there are {x.Count} x and {y.Count} y.");
        var trace = new JsonObject { ["type"] = type, ["x"] = x, ["y"] = y };
        // Without a name the legend would say "trace 0".
        if (name is not null)
            trace["name"] = name;
        else
            trace["showlegend"] = false;
        if (hover is null)
            return trace;
        JsonArray texts = PlotlyJson.Texts(hover);
        if (texts.Count != x.Count)
            throw new ArgumentException($"Each point needs a hover text, but there are {x.Count} points and {texts.Count} texts.");
        trace["hovertext"] = texts;
        trace["hoverinfo"] = "text";
        return trace;
    }

    /// <summary>A short title stands above the bar, a long one along it, so that it takes no room from the plot.</summary>
    internal static JsonObject ColourBarTitle(string text) => new()
    {
        ["text"] = text,
        ["side"] = text.Length <= 12 ? "top" : "right",
        ["font"] = new JsonObject { ["size"] = 13 },
    };

    private static JsonObject Grid<T>(string type, T[,] values, IEnumerable<double>? x, IEnumerable<double>? y, string? name)
        where T : INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        (int rows, int columns) = (values.GetLength(0), values.GetLength(1));
        var grid = ThinnedGrid.Of(values, Places("x", x, columns, "columns"), Places("y", y, rows, "rows"), type == "surface" ? ThinnedGrid.MostCellsOfSurface : ThinnedGrid.MostCells);
        var trace = new JsonObject { ["type"] = type, ["z"] = PlotlyJson.Rows(grid.Values), ["colorscale"] = Palette.Sequential };
        if (grid.X is not null)
            trace["x"] = PlotlyJson.Numbers(grid.X);
        if (grid.Y is not null)
            trace["y"] = PlotlyJson.Numbers(grid.Y);
        if (grid.BlockRows * grid.BlockColumns > 1)
            trace["meta"] = new JsonObject { ["cells"] = string.Create(CultureInfo.InvariantCulture, $"each cell is the mean of {grid.BlockRows} × {grid.BlockColumns} of the {rows:N0} × {columns:N0} numbers") };
        trace["colorbar"] = new JsonObject { ["outlinewidth"] = 0, ["thickness"] = 16 };
        if (name is not null)
        {
            trace["name"] = name;
            trace["colorbar"]!["title"] = ColourBarTitle(name);
        }
        return trace;

        static double[]? Places(string axis, IEnumerable<double>? places, int count, string what)
        {
            double[]? numbers = places is null ? null : [.. places];
            return numbers is null || numbers.Length == count ? numbers
                : throw new ArgumentException($"The table has {count} {what}, but {numbers.Length} places on the {axis} axis were given. Its first index counts rows (y), the second columns (x).");
        }
    }
}
