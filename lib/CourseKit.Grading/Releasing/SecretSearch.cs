using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CourseKit.Notebook;

namespace CourseKit.Grading.Releasing;

/// <summary>
/// Looks for what was taken out of the cells in all the places where an editor, an extension or the author may have left a
/// copy: metadata and tags, attachments, outputs, comments in Markdown. What stands openly in another cell's code or text
/// is the author's choice and no secret.
/// </summary>
internal static partial class SecretSearch
{
    // Shorter lines ("return x;") stand anywhere by chance.
    private const int ShortestSecret = 12;

    /// <summary>The lines that students must not read: those that only the reference has, and those of the mutants.</summary>
    public static IReadOnlySet<string> Secrets(NotebookDocument reference, NotebookDocument release, MutantFile? mutants)
    {
        var shown = release.Cells.SelectMany(cell => LinesOf(WithoutComments(cell))).ToHashSet(StringComparer.Ordinal);
        var lines = reference.Cells.SelectMany(cell => LinesOf(WithoutComments(cell)))
            .Concat((mutants?.Exercises ?? []).SelectMany(exercise => exercise.Mutants).SelectMany(mutant => mutant.Solution.Append(mutant.Name)).SelectMany(LinesOf));
        return lines.Where(line => line.Length >= ShortestSecret && !shown.Contains(line)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A problem for each place of the release that holds a secret.</summary>
    public static IEnumerable<NotebookProblem> Find(NotebookDocument release, IReadOnlySet<string> secrets)
    {
        if (FirstIn(TextsOf(release.Metadata), secrets) is { } inDocument)
            yield return new NotebookProblem(release.Name, null, null, Sentence(inDocument, "notebook's metadata"));
        foreach (var cell in release.Cells)
        {
            foreach (var (place, texts) in PlacesOf(cell))
                if (FirstIn(texts, secrets) is { } secret)
                    yield return NotebookProblem.In(release, cell, Sentence(secret, place));
        }
    }

    private static string Sentence(string secret, string place) =>
        $"\"{(secret.Length <= 60 ? secret : secret[..60] + "...")}\", which students must not see, stands in the {place} as well; remove it there.";

    private static IEnumerable<(string Place, IEnumerable<string> Texts)> PlacesOf(NotebookCell cell)
    {
        yield return ("cell's metadata", TextsOf(cell.Metadata));
        yield return ("cell's outputs", TextsOf(cell.Outputs));
        if (cell.Attachments is { } attachments)
            yield return ("cell's attachments", TextsOf(attachments).SelectMany(text => (string[])[text, Decoded(text)]));
        if (cell.Kind == CellKind.Markdown)
            yield return ("text's HTML comments", HtmlComment().Matches(cell.Source).Select(comment => comment.Value));
    }

    private static string? FirstIn(IEnumerable<string> texts, IReadOnlySet<string> secrets)
    {
        foreach (var text in texts.Select(Squeeze).Where(text => text.Length >= ShortestSecret))
            if (secrets.FirstOrDefault(secret => text.Contains(secret, StringComparison.Ordinal)) is { } found)
                return found;
        return null;
    }

    private static string WithoutComments(NotebookCell cell) => cell.Kind == CellKind.Markdown ? HtmlComment().Replace(cell.Source, "") : cell.Source;

    private static IEnumerable<string> LinesOf(string source) => source.Split('\n').Select(Squeeze);

    /// <summary>A copy may be indented otherwise.</summary>
    private static string Squeeze(string text) => Blanks().Replace(text, " ").Trim();

    /// <summary>Every name and text in a piece of JSON; a list of lines is one text, too.</summary>
    private static IEnumerable<string> TextsOf(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                    foreach (var text in TextsOf(value).Prepend(name))
                        yield return text;
                break;
            case JsonArray items:
                foreach (var text in items.SelectMany(TextsOf))
                    yield return text;
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                yield return value.GetValue<string>();
                break;
        }
    }

    /// <summary>What a drawing or a text that is attached says; of a photograph this is noise, in which nothing is found.</summary>
    private static string Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    [GeneratedRegex("<!--.*?(?:-->|$)", RegexOptions.Singleline)]
    private static partial Regex HtmlComment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
