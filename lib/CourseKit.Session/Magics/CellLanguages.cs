namespace CourseKit.Session.Magics;

/// <summary>The languages that a line such as <c>#!html</c> begins, by their many names.</summary>
internal static class CellLanguages
{
    public const string CSharp = "csharp";
    public const string Html = "html";
    public const string JavaScript = "javascript";
    public const string Markdown = "markdown";
    public const string Mermaid = "mermaid";
    public const string Css = "css";
    public const string Value = "value";

    private static readonly Dictionary<string, string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = CSharp,
        ["c#"] = CSharp,
        ["cs"] = CSharp,
        ["html"] = Html,
        ["javascript"] = JavaScript,
        ["js"] = JavaScript,
        ["markdown"] = Markdown,
        ["md"] = Markdown,
        ["mermaid"] = Mermaid,
        ["css"] = Css,
        ["value"] = Value,
        ["fsharp"] = "F#",
        ["f#"] = "F#",
        ["fs"] = "F#",
        ["pwsh"] = "PowerShell",
        ["powershell"] = "PowerShell",
        ["sql"] = "SQL",
        ["mssql"] = "SQL",
        ["kql"] = "KQL",
        ["http"] = "HTTP",
        ["python"] = "Python",
        ["r"] = "R",
    };

    /// <summary>The language of a directive's name, such as <c>!js</c>; null where it names none.</summary>
    public static string? Of(string directive) =>
        directive.StartsWith('!') && s_names.TryGetValue(directive[1..], out var language) ? language : null;

    /// <summary>The languages that cells of a notebook file may be in, by the names that notebooks use.</summary>
    public static string? OfNotebook(string name) =>
        s_names.GetValueOrDefault(name.StartsWith(".net-", StringComparison.OrdinalIgnoreCase) ? name[".net-".Length..] : name);

    public static bool IsSpoken(string language) =>
        language is CSharp or Html or JavaScript or Markdown or Mermaid or Css or Value;
}
