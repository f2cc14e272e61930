using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CourseKit.Notebook;

/// <summary>Reads .ipynb files and says what is wrong with those that cannot be read.</summary>
internal static class NotebookReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaximumDepth };

    // Deeper than any figure's JSON, shallow enough for a recursive writer.
    private const int MaximumDepth = 512;

    public static NotebookDocument Load(string path, NotebookReadOptions options)
    {
        if (Directory.Exists(path))
            throw new NotebookFormatException(path, "this is a folder, not a notebook; name one of the .ipynb files in it.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file; check the name and the folder.", path);
        CheckSize(new FileInfo(path).Length, path, options);
        return Read(File.ReadAllBytes(path), path, options, Path.GetFullPath(path));
    }

    public static NotebookDocument Read(byte[] bytes, string name, NotebookReadOptions options, string? path = null)
    {
        CheckSize(bytes.Length, name, options);
        var root = ParseOrExplain(bytes, name);
        CheckFormat(root, name);
        CheckCells(root, name, options);
        return new NotebookDocument(name, bytes, root, path);
    }

    public static JsonNode? ParseJson(byte[] bytes) => JsonNode.Parse(WithoutByteOrderMark(bytes), documentOptions: Strict);

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    private static void CheckSize(long size, string name, NotebookReadOptions options)
    {
        if (size > options.MaximumSize)
            throw new NotebookFormatException(name, string.Create(CultureInfo.InvariantCulture,
                $"the file holds {size / 1e6:0} MB, more than the {options.MaximumSize / 1e6:0} MB that are read; clear the outputs of its cells and save it."));
    }

    private static JsonObject ParseOrExplain(byte[] bytes, string name)
    {
        var text = WithoutByteOrderMark(bytes);
        if (text.Trim(" \t\r\n"u8).IsEmpty)
            throw new NotebookFormatException(name, "the file is empty; take an earlier copy of it or download it again.");
        if (!Utf8.IsValid(text))
            throw new NotebookFormatException(name, "the file is not UTF-8 text; save it again as UTF-8, the only encoding of notebooks.");
        try
        {
            return ParseJson(bytes) as JsonObject
                ?? throw new NotebookFormatException(name, "the file holds JSON, but not an object with cells: it is no notebook; check that it is the right file.");
        }
        catch (JsonException error)
        {
            throw new NotebookFormatException(name, Explain(text, error), error);
        }
    }

    private static string Explain(ReadOnlySpan<byte> text, JsonException error)
    {
        if (IsTruncated(text))
        {
            var lines = text.Count((byte)'\n') + 1;
            return $"the file ends in the middle, at line {lines}: it was not saved or copied to its end; take an earlier copy of it or download it again.";
        }

        var line = error.LineNumber + 1;
        if (LineAt(text, error.LineNumber ?? 0).TrimStart().StartsWith("<<<<<<<", StringComparison.Ordinal))
            return $"line {line} is a merge conflict left by Git; resolve the conflict and save the file again.";
        return error.Message.Contains("duplicate", StringComparison.OrdinalIgnoreCase)
            ? $"a field stands twice in one object ({error.Message}); remove one of the two."
            : $"the file is not valid JSON at line {line}: {Reason(error)}; it was changed outside a notebook editor or damaged: mend that line or take an earlier copy.";
    }

    /// <summary>Whether the text is the valid beginning of something longer.</summary>
    private static bool IsTruncated(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaximumDepth }));
        try
        {
            while (reader.Read())
            {
            }

            // A reader that stands on an opening bracket counts it to the level outside.
            return reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || reader.BytesConsumed < text.TrimEnd(" \t\r\n"u8).Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string LineAt(ReadOnlySpan<byte> text, long line)
    {
        for (; line > 0; line--)
            text = text[(text.IndexOf((byte)'\n') + 1)..];
        var end = text.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    /// <summary>The parser's reason without the position it repeats.</summary>
    private static string Reason(JsonException error)
    {
        var message = error.Message;
        foreach (var tail in new[] { " LineNumber:", " Path:" })
        {
            var at = message.IndexOf(tail, StringComparison.Ordinal);
            message = at < 0 ? message : message[..at];
        }

        return message.TrimEnd('.', ' ');
    }

    private static void CheckFormat(JsonObject root, string name)
    {
        if (root["nbformat"] is not JsonValue version || !version.TryGetValue<int>(out var major))
            throw new NotebookFormatException(name, "the field \"nbformat\" is missing: this JSON is no notebook; check that it is the right file.");
        if (major < 4)
            throw new NotebookFormatException(name, $"the notebook is in the old format nbformat {major}; open and save it in Jupyter to upgrade it to nbformat 4.");
        if (major > 4)
            throw new NotebookFormatException(name, $"the notebook is in the newer format nbformat {major}, which this version of the kit does not know; save it as nbformat 4 or update the kit.");
        if (root["metadata"] is not null and not JsonObject)
            throw new NotebookFormatException(name, "the notebook's \"metadata\" is not an object; take an earlier copy of the file.");
    }

    private static void CheckCells(JsonObject root, string name, NotebookReadOptions options)
    {
        if (root["cells"] is not JsonArray cells)
            throw new NotebookFormatException(name, "the notebook has no list of cells; take an earlier copy of the file or save it again in Jupyter.");
        var positions = new Dictionary<string, int>();
        for (var i = 0; i < cells.Count; i++)
        {
            var number = i + 1;
            if (Problem(cells[i]) is { } problem)
                throw new NotebookFormatException(name, $"cell {number} {problem}; delete that cell or take an earlier copy of the file.");
            if (cells[i]!["id"]?.GetValue<string>() is { } id && !positions.TryAdd(id, number) && !options.AllowDuplicateIds)
                throw new NotebookFormatException(name, $"cells {positions[id]} and {number} have the same id \"{id}\", so they cannot be told apart; delete one of them or open and save the notebook in Jupyter, which gives the copy an id of its own.");
        }
    }

    private static string? Problem(JsonNode? node)
    {
        if (node is not JsonObject cell)
            return "is not an object";
        if (cell["cell_type"]?.GetValueKind() != JsonValueKind.String)
            return "does not say its type (\"cell_type\")";
        if (!MultilineText.IsText(cell["source"]))
            return "has no text (\"source\" is neither a string nor a list of strings)";
        if (cell["metadata"] is not null and not JsonObject)
            return "has \"metadata\" that is not an object";
        if (cell["outputs"] is not null && (cell["outputs"] is not JsonArray outputs || !outputs.All(output => output is JsonObject)))
            return "has \"outputs\" that are not a list of objects";
        return cell["id"] is { } id && id.GetValueKind() != JsonValueKind.String ? "has an \"id\" that is not a string" : null;
    }
}
