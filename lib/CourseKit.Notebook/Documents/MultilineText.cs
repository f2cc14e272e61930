using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>Text as nbformat keeps it on disk: one string, or a list of lines that each keep their line break.</summary>
public static class MultilineText
{
    /// <summary>Joins what a notebook holds into one string; the empty string where there is nothing.</summary>
    /// <param name="node">A string, a list of strings, or nothing.</param>
    /// <exception cref="FormatException">The node is something else.</exception>
    public static string Join(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines => lines.Aggregate(new StringBuilder(), (text, line) => text.Append(TextOf(line))).ToString(),
        _ => TextOf(node),
    };

    /// <summary>Cuts text into a list of lines, as Jupyter writes it, so that version control sees lines.</summary>
    /// <param name="text">Any text; the empty string gives an empty list.</param>
    public static JsonArray Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var lineBreak = text.IndexOf('\n', start);
            var end = lineBreak < 0 ? text.Length : lineBreak + 1;
            lines.Add((JsonNode)JsonValue.Create(text[start..end]));
            start = end;
        }

        return lines;
    }

    /// <summary>Whether a node is a string or a list of strings.</summary>
    internal static bool IsText(JsonNode? node) =>
        node is JsonArray lines ? lines.All(IsString) : IsString(node);

    private static bool IsString(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static string TextOf(JsonNode? node) => IsString(node)
        ? node!.GetValue<string>()
        : throw new FormatException("Text is expected to be a string or a list of strings.");
}
