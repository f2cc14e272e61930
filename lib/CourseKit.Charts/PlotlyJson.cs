using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

/// <summary>Turns numbers and texts into the nodes that Plotly reads.</summary>
internal static class PlotlyJson
{
    /// <summary>Letters of every language stay as they are; what a script element needs escaped is escaped in <see cref="FigureHtml"/>.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// A number as a picture needs it: whole numbers as they are, others with seven significant digits (four decimals
    /// from 1000 on, so that a large offset does not swallow the shape), and null, a gap, for what is not finite.
    /// </summary>
    public static JsonNode? Number(double value)
    {
        if (!double.IsFinite(value))
            return null;
        if (Math.Abs(value) < 1e15 && value == Math.Truncate(value))
            return JsonValue.Create((long)value);
        if (Math.Abs(value) >= 1000)
            return JsonValue.Create(Math.Round(value, 4));
        string seven = value.ToString("G7", CultureInfo.InvariantCulture);
        return JsonValue.Create(double.Parse(seven, CultureInfo.InvariantCulture));
    }

    public static JsonArray Numbers<T>(IEnumerable<T> values) where T : INumberBase<T>
    {
        var array = new JsonArray();
        foreach (T value in values)
            array.Add(Number(double.CreateSaturating(value)));
        return array;
    }

    public static JsonArray Texts(IEnumerable<string> texts)
    {
        var array = new JsonArray();
        foreach (string text in texts)
            array.Add(JsonValue.Create(text));
        return array;
    }

    /// <summary>One inner array for each row, the first index of <paramref name="values"/>.</summary>
    public static JsonArray Rows<T>(T[,] values) where T : INumberBase<T>
    {
        var rows = new JsonArray();
        for (int row = 0; row < values.GetLength(0); row++)
        {
            var cells = new JsonArray();
            for (int column = 0; column < values.GetLength(1); column++)
                cells.Add(Number(double.CreateSaturating(values[row, column])));
            rows.Add(cells);
        }
        return rows;
    }

    /// <summary>The number in a node, whichever kind of number it was made from; null for anything else.</summary>
    public static double? AsNumber(this JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out double number) => number,
        JsonValue value when value.TryGetValue(out long number) => number,
        JsonValue value when value.TryGetValue(out int number) => number,
        _ => null,
    };

    /// <summary>The text in a node; null for anything else.</summary>
    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static JsonArray Range(double from, double to) => [Number(from), Number(to)];

    /// <summary>The object at <paramref name="key"/>, made where there is none.</summary>
    public static JsonObject Child(this JsonObject parent, string key)
    {
        if (parent[key] is JsonObject child)
            return child;
        child = [];
        parent[key] = child;
        return child;
    }

    /// <summary>Sets a value by Plotly's dotted path, such as "marker.line.width".</summary>
    public static void SetPath(this JsonObject root, string path, JsonNode? value)
    {
        string[] steps = path.Split('.');
        JsonObject target = root;
        foreach (string step in steps[..^1])
            target = target.Child(step);
        target[steps[^1]] = value?.DeepClone();
    }
}
