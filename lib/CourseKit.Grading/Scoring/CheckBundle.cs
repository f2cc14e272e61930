using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Grading.Scoring;

/// <summary>The JSON form of an exercise's result, as <see cref="Exercise"/> writes it.</summary>
internal sealed record CheckBundle(
    string? Title, double Points, double Possible, ScoreStatus Status, IReadOnlyList<PartResult> Parts)
{
    /// <summary>Reads version 1; null for anything else. .NET Interactive sends the JSON as a string.</summary>
    public static CheckBundle? TryParse(JsonNode node)
    {
        try
        {
            var json = node is JsonObject ? node : JsonNode.Parse(MultilineText.Join(node));
            if (json is not JsonObject fields || !Number(fields, "version").Equals(1)) return null;
            var id = Text(fields, "exercise");
            var title = fields.ContainsKey("title") ? Text(fields, "title") : id;
            return new CheckBundle(
                title == id ? null : title, Number(fields, "points"), Number(fields, "possible"),
                ScoreStatusOf(Text(fields, "status")),
                PartsOf(fields["parts"]));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    private static List<PartResult> PartsOf(JsonNode? parts) => parts is JsonArray list
        ? [.. list.Select(part => PartOf(part as JsonObject ?? throw new FormatException("A part is not an object.")))]
        : throw new FormatException("The parts are missing.");

    private static PartResult PartOf(JsonObject fields) => new(
        Text(fields, "name"), Number(fields, "points"), Number(fields, "possible"),
        PartStatusOf(Text(fields, "status")), Text(fields, "message"));

    private static string Text(JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new FormatException($"{name} is not a text.");

    private static double Number(JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"{name} is not a finite number.");

    private static ScoreStatus ScoreStatusOf(string name) => name switch
    {
        "passed" => ScoreStatus.Passed,
        "partial" => ScoreStatus.Partial,
        "failed" => ScoreStatus.Failed,
        "not attempted" => ScoreStatus.NotAttempted,
        _ => throw new FormatException($"The status \"{name}\" is not known."),
    };

    private static PartStatus PartStatusOf(string name) => name switch
    {
        "passed" => PartStatus.Passed,
        "failed" => PartStatus.Failed,
        "not attempted" => PartStatus.NotAttempted,
        "error" => PartStatus.Error,
        _ => throw new FormatException($"The status \"{name}\" is not known."),
    };
}
