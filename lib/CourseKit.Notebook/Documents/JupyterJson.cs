using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>
/// Writes JSON the way Jupyter does: one space of indent, line feeds, characters left as they are. The framework's own
/// writer escapes emoji and others, which would make every saved notebook differ from the one Jupyter saves.
/// </summary>
internal static class JupyterJson
{
    public static void Write(TextWriter writer, JsonNode? node)
    {
        WriteNode(writer, node, depth: 0);
        writer.Write('\n');
    }

    private static void WriteNode(TextWriter writer, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                writer.Write("null");
                break;
            case JsonObject { Count: 0 }:
                writer.Write("{}");
                break;
            case JsonArray { Count: 0 }:
                writer.Write("[]");
                break;
            case JsonObject properties:
                WriteObject(writer, properties, depth + 1);
                break;
            case JsonArray items:
                WriteArray(writer, items, depth + 1);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                WriteString(writer, text);
                break;
            default:
                // Numbers keep the digits they were read with.
                writer.Write(node.ToJsonString());
                break;
        }
    }

    private static void WriteObject(TextWriter writer, JsonObject properties, int depth)
    {
        var separator = "{";
        foreach (var (name, value) in properties)
        {
            writer.Write(separator);
            StartLine(writer, depth);
            WriteString(writer, name);
            writer.Write(": ");
            WriteNode(writer, value, depth);
            separator = ",";
        }

        StartLine(writer, depth - 1);
        writer.Write('}');
    }

    private static void WriteArray(TextWriter writer, JsonArray items, int depth)
    {
        var separator = "[";
        foreach (var item in items)
        {
            writer.Write(separator);
            StartLine(writer, depth);
            WriteNode(writer, item, depth);
            separator = ",";
        }

        StartLine(writer, depth - 1);
        writer.Write(']');
    }

    private static void StartLine(TextWriter writer, int depth)
    {
        writer.Write('\n');
        for (var i = 0; i < depth; i++)
            writer.Write(' ');
    }

    private static void WriteString(TextWriter writer, string text)
    {
        writer.Write('"');
        var rest = text.AsSpan();
        for (var next = rest.IndexOfAny(MustBeEscaped); next >= 0; next = rest.IndexOfAny(MustBeEscaped))
        {
            writer.Write(rest[..next]);
            writer.Write(Escape(rest[next]));
            rest = rest[(next + 1)..];
        }

        writer.Write(rest);
        writer.Write('"');
    }

    private static readonly System.Buffers.SearchValues<char> MustBeEscaped =
        System.Buffers.SearchValues.Create(
            [.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    private static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture),
    };
}
