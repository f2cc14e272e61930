using CourseKit.Session.Cells;

namespace CourseKit.Session.Language;

/// <summary>The lines of a cell that switch to another language, whose text is none of the C# compiler's business.</summary>
internal static class LanguageLines
{
    private static readonly string[] s_others =
    [
        "!html", "!javascript", "!js", "!markdown", "!md", "!mermaid", "!css", "!svg", "!value", "!json",
        "!fsharp", "!f#", "!F#", "!pwsh", "!powershell", "!sql", "!kql", "!http", "!python", "!bash",
    ];

    private static readonly string[] s_ours = ["!csharp", "!c#", "!C#", "!cs"];

    /// <summary>Whether the cell's last part is in another language.</summary>
    public static bool EndInAnotherLanguage(CellSource source) => IsAnotherLanguage(source, int.MaxValue);

    /// <summary>Whether a line (from 1) is in another language.</summary>
    public static bool IsAnotherLanguage(CellSource source, int line)
    {
        var another = false;
        foreach (var directive in source.Directives.Where(directive => directive.Line < line))
        {
            if (s_others.Contains(directive.Name, StringComparer.Ordinal))
                another = true;
            else if (s_ours.Contains(directive.Name, StringComparer.Ordinal))
                another = false;
        }

        return another;
    }
}
