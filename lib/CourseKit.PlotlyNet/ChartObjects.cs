using System.Text.Json;
using Plotly.NET;
using DynamicObject = DynamicObj.DynamicObj;

namespace CourseKit.Charts;

/// <summary>
/// JSON as the objects that Plotly.NET makes of it. They must be of that library's own types: its methods look for a
/// LinearAxis at "xaxis", and put a new one in the place of anything else.
/// </summary>
internal static class ChartObjects
{
    /// <summary>A trace, of the class that Plotly.NET has for its type.</summary>
    public static Trace Trace(JsonElement json)
    {
        string type = json.TryGetProperty("type", out JsonElement named) && named.GetString() is string name ? name : "scatter";
        Trace trace = ChartTypes.NewTrace(type);
        Fill(trace, json, ChartTypes.OfTrace(trace));
        return trace;
    }

    /// <summary>An object of a class that Plotly.NET has for it.</summary>
    public static DynamicObject Object(JsonElement json, Type type)
    {
        var made = (DynamicObject)Activator.CreateInstance(type)!;
        Fill(made, json, ChartTypes.Of(type));
        return made;
    }

    private static void Fill(DynamicObject target, JsonElement json, ChartTypes types)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            // The type of a trace is given to its constructor.
            if (target is not Plotly.NET.Trace || property.Name != "type")
                target.SetValue(property.Name, Value(property.Value, types[property.Name]));
        }
    }

    private static object? Value(JsonElement json, Type type) => json.ValueKind switch
    {
        JsonValueKind.Object => Object(json, type),
        JsonValueKind.Array => Items(json, type),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => Number(json),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A whole number as one, because Plotly.NET looks for an integer at "width".</summary>
    private static object Number(JsonElement json)
    {
        if (json.TryGetInt32(out int whole))
            return whole;
        return json.TryGetInt64(out long large) ? (object)large : json.GetDouble();
    }

    /// <summary>An array of one type where its items allow it: Plotly.NET looks for a sequence of Annotation, not of objects.</summary>
    private static Array Items(JsonElement json, Type type)
    {
        object?[] items = [.. json.EnumerateArray().Select(item => Value(item, type))];
        if (items.Length == 0)
            return Array.CreateInstance(type, 0);
        if (items.All(item => item is int or double) && items.Any(item => item is double))
            return items.Select(item => Convert.ToDouble(item, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Type? common = items[0]?.GetType();
        if (common is null || items.Any(item => item?.GetType() != common))
            return items;
        var typed = Array.CreateInstance(common, items.Length);
        items.CopyTo(typed, 0);
        return typed;
    }
}
