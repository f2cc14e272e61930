using System.Text;
using System.Text.Json;
using CourseKit.Session.Cells;

namespace CourseKit.Session.Magics;

/// <summary>A file that <c>#!import</c> runs, as the cells it consists of.</summary>
internal static class ImportedFile
{
    /// <exception cref="DirectiveException">There is no such file, or none that can be run.</exception>
    public static string Find(Directive directive, string folder)
    {
        if (directive.Argument.Length == 0)
            throw MagicArguments.Parse(directive).Fail("names no file");
        var file = Path.GetFullPath(directive.Argument, folder);
        if (Path.GetExtension(file).ToLowerInvariant() is not (".cs" or ".csx" or ".ipynb" or ".dib"))
            throw new DirectiveException(directive, $"#!import runs files that end in .cs, .csx, .ipynb or .dib, and {directive.Argument} does not.");
        return File.Exists(file) ? file : throw new DirectiveException(directive, $"There is no file {file}. A path in #!import is taken from the folder of the notebook or file it stands in.");
    }

    public static IEnumerable<CellText> Read(Directive directive, string file)
    {
        string content;
        try
        {
            content = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DirectiveException(directive, $"The file {file} cannot be read: {exception.Message}");
        }

        var name = Path.GetFileName(file);
        return Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".ipynb" => Notebook(directive, file, name, content),
            ".dib" => [Text(name, WithoutProse(content), file)],
            _ => [Text(name, content, file)],
        };
    }

    private static CellText Text(string name, string code, string file) => new(name, code, Path.GetDirectoryName(file)!, file);

    private static List<CellText> Notebook(Directive directive, string file, string name, string content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            var language = Language(json.RootElement) ?? CellLanguages.CSharp;
            var cells = new List<CellText>();
            var number = 0;
            foreach (var cell in json.RootElement.GetProperty("cells").EnumerateArray())
            {
                number++;
                if (cell.GetProperty("cell_type").GetString() != "code")
                    continue;
                var source = SourceOf(cell.GetProperty("source"));
                var own = Language(cell) ?? language;

                // A language line would move the others down, so it goes in front of the first.
                if (own != CellLanguages.CSharp && !source.AsSpan().TrimStart().StartsWith("#!", StringComparison.Ordinal))
                    source = $"#!{own}\n{source}";
                cells.Add(Text($"{name}, cell {number}", source, file));
            }

            return cells;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DirectiveException(directive, $"{file} is not a notebook that can be read: {exception.Message}");
        }
    }

    private static string SourceOf(JsonElement source) => source.ValueKind == JsonValueKind.String
        ? source.GetString()!
        : string.Concat(source.EnumerateArray().Select(line => line.GetString()));

    // The places in which a notebook's metadata and a cell's name a language, as .NET Interactive writes them.
    private static string? Language(JsonElement owner)
    {
        if (!owner.TryGetProperty("metadata", out var metadata))
            return null;
        foreach (var (group, field) in new[] { ("polyglot_notebook", "kernelName"), ("dotnet_interactive", "language"), ("polyglot_notebook", "defaultKernelName"), ("kernelspec", "language") })
        {
            if (metadata.TryGetProperty(group, out var found) && found.ValueKind == JsonValueKind.Object
                && found.TryGetProperty(field, out var name) && name.ValueKind == JsonValueKind.String)
            {
                return CellLanguages.Find(name.GetString()!) ?? name.GetString();
            }
        }

        return null;
    }

    // A .dib file is one text with language lines. Its prose is for readers of the file, and its first part holds settings.
    private static string WithoutProse(string content)
    {
        var kept = new StringBuilder();
        var isProse = false;
        foreach (var line in content.ReplaceLineEndings("\n").Split('\n'))
        {
            var word = line.StartsWith("#!", StringComparison.Ordinal) ? line.Trim()[1..] : "";
            if (word == "!meta")
                isProse = true;
            else if (CellLanguages.Of(word.Split(' ')[0]) is { } language)
                isProse = language == CellLanguages.Markdown;
            kept.Append(isProse ? "" : line).Append('\n');
        }

        return kept.ToString();
    }
}
