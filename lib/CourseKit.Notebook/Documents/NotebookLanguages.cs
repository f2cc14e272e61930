using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Session.Magics;

namespace CourseKit.Notebook;

/// <summary>Where a notebook says which language is meant.</summary>
internal static class NotebookLanguages
{
    /// <summary>C#, as cells say it.</summary>
    public const string CSharp = CellLanguages.CSharp;

    /// <summary>One spelling for a language's many names; a name nobody knows is returned in lower case.</summary>
    public static string Normalize(string name) =>
        CellLanguages.Find(name.Trim()) ?? name.Trim().ToLowerInvariant();

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
        return said is null ? CellLanguages.CSharp : Normalize(said);
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
        return CellLanguages.Find(name) is { } language and not CellLanguages.Value ? language : null;
    }

    private static string? TextAt(JsonObject metadata, params ReadOnlySpan<string> path)
    {
        JsonNode? node = metadata;
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 0 } text ? text : null;
    }
}
