namespace CourseKit.Session.Magics;

/// <summary>The languages of cells and of parts of cells, which a line such as <c>#!html</c> begins: one spelling for their many names.</summary>
internal static class CellLanguages
{
    public const string CSharp = "csharp";
    public const string Html = "html";
    public const string JavaScript = "javascript";
    public const string Markdown = "markdown";
    public const string Mermaid = "mermaid";
    public const string Css = "css";
    public const string Value = "value";

    private const string FSharp = "fsharp";
    private const string PowerShell = "pwsh";
    private const string Sql = "sql";

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
        ["fsharp"] = FSharp,
        ["f#"] = FSharp,
        ["fs"] = FSharp,
        ["pwsh"] = PowerShell,
        ["powershell"] = PowerShell,
        ["sql"] = Sql,
        ["mssql"] = Sql,
        ["kql"] = "kql",
        ["http"] = "http",
        ["python"] = "python",
        ["python3"] = "python",
        ["r"] = "r",
    };

    /// <summary>The language of a directive's name, such as <c>!js</c>; null where it names none.</summary>
    public static string? Of(string directive) =>
        directive.StartsWith('!') && s_names.TryGetValue(directive[1..], out var language) ? language : null;

    /// <summary>The language by any of its names, also those that notebook files use for it; null where nobody knows it.</summary>
    public static string? Find(string name) =>
        s_names.GetValueOrDefault(name.StartsWith(".net-", StringComparison.OrdinalIgnoreCase) ? name[".net-".Length..] : name);

    /// <summary>What people call it.</summary>
    public static string Title(string language) => language switch
    {
        FSharp => "F#",
        PowerShell => "PowerShell",
        Sql or "kql" or "http" => language.ToUpperInvariant(),
        _ => char.ToUpperInvariant(language[0]) + language[1..],
    };

    public static bool IsSpoken(string language) =>
        language is CSharp or Html or JavaScript or Markdown or Mermaid or Css or Value;
}
