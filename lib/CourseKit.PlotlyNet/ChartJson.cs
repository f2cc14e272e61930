using System.Text.Json.Nodes;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace CourseKit.Charts;

/// <summary>Plotly.NET's objects as JSON, written by the serializer and converters that library uses itself.</summary>
internal static class ChartJson
{
    // As Plotly.NET sets it up: one object may stand at two places.
    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new() { ReferenceLoopHandling = ReferenceLoopHandling.Serialize });

    public static JsonNode? Of(object value) => Node(JToken.FromObject(value, Serializer));

    private static JsonNode? Node(JToken token) => token switch
    {
        JObject made => new JsonObject(made.Properties().Select(property => KeyValuePair.Create(property.Name, Node(property.Value)))),
        JArray items => new JsonArray([.. items.Select(Node)]),
        JValue { Value: null } => null,
        JValue { Value: double number } => Number(number),
        JValue { Value: float number } => float.IsFinite(number) ? JsonValue.Create(number) : null,
        // Dates and whatever else there is: as Plotly.NET writes it.
        _ => JsonNode.Parse(token.ToString(Formatting.None)),
    };

    /// <summary>A gap for what is not finite, and no ".0" behind a whole number.</summary>
    private static JsonValue? Number(double number) =>
        !double.IsFinite(number) ? null
        : Math.Abs(number) < 1e15 && number == Math.Truncate(number) ? JsonValue.Create((long)number)
        : JsonValue.Create(number);
}
