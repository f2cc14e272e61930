using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>The languages of cells: their many spellings, and where a notebook says which one is meant.</summary>
internal static class NotebookLanguages
{
    public const string CSharp = "csharp";
    public const string Html = "html";
    public const string JavaScript = "javascript";
    public const string Markdown = "markdown";
    public const string Mermaid = "mermaid";

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = CSharp,
        ["c#"] = CSharp,
        ["cs"] = CSharp,
        [".net-csharp"] = CSharp,
        ["html"] = Html,
        ["javascript"] = JavaScript,
        ["js"] = JavaScript,
        ["markdown"] = Markdown,
        ["md"] = Markdown,
        ["mermaid"] = Mermaid,
        ["fsharp"] = "fsharp",
        ["f#"] = "fsharp",
        [".net-fsharp"] = "fsharp",
        ["pwsh"] = "pwsh",
        ["powershell"] = "pwsh",
        [".net-powershell"] = "pwsh",
        ["python"] = "python",
        ["python3"] = "python",
        ["r"] = "r",
        ["sql"] = "sql",
        ["kql"] = "kql",
        ["http"] = "http",
        ["value"] = "value",
    };

    /// <summary>One spelling for a language's many names; a name nobody knows is returned in lower case.</summary>
    public static string Normalize(string name) =>
        Names.TryGetValue(name.Trim(), out var known) ? known : name.Trim().ToLowerInvariant();

    /// <summary>The language of cells that do not say otherwise. The order is .NET Interactive's.</summary>
    public static string OfDocument(JsonObject metadata)
    {
        var said = TextAt(metadata, "kernelInfo", "defaultKernelName")
            ?? TextAt(metadata, "polyglot_notebook", "kernelInfo", "defaultKernelName")
            ?? TextAt(metadata, "polyglot_notebook", "defaultKernelName")
            ?? TextAt(metadata, "dotnet_interactive", "defaultKernelName")
            ?? TextAt(metadata, "dotnet_interactive", "language")
            ?? TextAt(metadata, "kernelspec", "language")
            ?? TextAt(metadata, "kernelspec", "name")
            ?? TextAt(metadata, "language_info", "name");
        return said is null ? CSharp : Normalize(said);
    }

    /// <summary>The language a code cell asks for: by its first line, else by its metadata; null where it is silent.</summary>
    public static string? OfCell(string source, JsonObject metadata)
    {
        if (LeadingMagic(source) is { } magic)
            return magic;
        var said = TextAt(metadata, "polyglot_notebook", "kernelName") ?? TextAt(metadata, "dotnet_interactive", "language");
        return said is null ? null : Normalize(said);
    }

    /// <summary>
    /// The language named by a first line such as <c>#!html</c>. Other magic commands (<c>#!time</c>, <c>#!set</c>)
    /// look alike but say nothing about the language.
    /// </summary>
    public static string? LeadingMagic(string source)
    {
        var first = source.AsSpan().TrimStart();
        if (!first.StartsWith("#!"))
            return null;
        var end = first.IndexOfAny(" \t\r\n");
        var name = (end < 0 ? first[2..] : first[2..end]).ToString();
        return Names.TryGetValue(name, out var language) && language != "value" ? language : null;
    }

    private static string? TextAt(JsonObject metadata, params ReadOnlySpan<string> path)
    {
        JsonNode? node = metadata;
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 0 } text ? text : null;
    }
}
