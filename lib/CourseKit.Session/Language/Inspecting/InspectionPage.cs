using System.Text;

namespace CourseKit.Session.Language.Inspecting;

/// <summary>A description in parts, written out as plain text and as Markdown.</summary>
/// <param name="Signature">The declaration, as code.</param>
/// <param name="Kind">What it is and where it belongs, in a few words.</param>
internal sealed record InspectionPage(string Signature, string Kind)
{
    /// <summary>What a variable holds.</summary>
    public string? Value { get; init; }

    /// <summary>The parameter that is being written.</summary>
    public string? ActiveParameter { get; init; }

    public DocumentationText Documentation { get; init; } = DocumentationText.None;

    /// <summary>Other functions of the same name.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>How many others there are that are not listed.</summary>
    public int OthersLeftOut { get; init; }

    public IReadOnlyList<string> Members { get; init; } = [];

    private bool IsActiveUndocumented => ActiveParameter is not null && Documentation.Parameters.All(parameter => parameter.Name != ActiveParameter);

    public string ToPlainText()
    {
        var text = new StringBuilder();
        text.Append(Signature).Append('\n').Append("    ").Append(Kind).Append('\n');
        if (Value is not null)
            text.Append("    = ").Append(Value).Append('\n');
        Paragraph(text, Documentation.Summary);
        if (Documentation.Parameters.Count > 0)
        {
            text.Append('\n');
            foreach (var (name, description) in Documentation.Parameters)
                text.Append(name == ActiveParameter ? "-> " : "   ").Append(name).Append(": ").Append(description).Append('\n');
        }

        if (IsActiveUndocumented)
            Paragraph(text, "-> " + ActiveParameter);

        Paragraph(text, Documentation.Returns is { Length: > 0 } returns ? "Returns: " + returns : "");
        foreach (var (type, description) in Documentation.Exceptions)
            Paragraph(text, $"Throws {type}: {description}");
        Paragraph(text, Documentation.Remarks);
        List(text, "Also:", Others, OthersLeftOut);
        List(text, "Members:", Members, 0);
        return text.ToString().TrimEnd('\n');
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("```csharp\n").Append(Signature).Append("\n```\n\n*").Append(Kind).Append('*');
        if (Value is not null)
            text.Append(" = ").Append(Code(Value));
        text.Append('\n');
        Paragraph(text, Escape(Documentation.Summary));
        if (Documentation.Parameters.Count > 0)
        {
            text.Append('\n');
            foreach (var (name, description) in Documentation.Parameters)
            {
                var shown = name == ActiveParameter ? $"**{Code(name)}**" : Code(name);
                text.Append("- ").Append(shown).Append(": ").Append(Escape(description)).Append('\n');
            }
        }

        if (IsActiveUndocumented)
            Paragraph(text, $"**{Code(ActiveParameter!)}**");

        Paragraph(text, Documentation.Returns is { Length: > 0 } returns ? "**Returns:** " + Escape(returns) : "");
        foreach (var (type, description) in Documentation.Exceptions)
            Paragraph(text, $"**Throws** {Code(type)}: {Escape(description)}");
        Paragraph(text, Escape(Documentation.Remarks));
        if (Others.Count > 0)
            Paragraph(text, "```csharp\n" + string.Join('\n', Others) + (OthersLeftOut > 0 ? $"\n// and {OthersLeftOut} more" : "") + "\n```");
        if (Members.Count > 0)
            Paragraph(text, "```csharp\n" + string.Join('\n', Members) + "\n```");
        return text.ToString().TrimEnd('\n');
    }

    private static void Paragraph(StringBuilder text, string paragraph)
    {
        if (paragraph.Length > 0)
            text.Append('\n').Append(paragraph).Append('\n');
    }

    private static void List(StringBuilder text, string title, IReadOnlyList<string> lines, int leftOut)
    {
        if (lines.Count == 0)
            return;
        text.Append('\n').Append(title).Append('\n');
        foreach (var line in lines)
            text.Append("    ").Append(line).Append('\n');
        if (leftOut > 0)
            text.Append("    ... and ").Append(leftOut).Append(" more\n");
    }

    // A backtick inside code ends it, unless more of them stand around.
    private static string Code(string text) => text.Contains('`', StringComparison.Ordinal) ? $"`` {text} ``" : $"`{text}`";

    // The text is prose: what it says about List<T> must not become an element of the page.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is '<' or '>' or '*' or '_' or '`' or '[' or ']' or '\\' or '#' or '$' or '|')
                escaped.Append('\\');
            escaped.Append(character);
        }

        return escaped.ToString();
    }
}
