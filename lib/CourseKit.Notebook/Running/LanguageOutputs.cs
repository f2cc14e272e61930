using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>Code cells in languages that need no session: they are shown, not run.</summary>
internal static class LanguageOutputs
{
    /// <summary>Whether a cell of the language can be run or shown.</summary>
    public static bool IsSpoken(string language) =>
        language is NotebookLanguages.CSharp or NotebookLanguages.Html or NotebookLanguages.JavaScript
            or NotebookLanguages.Markdown or NotebookLanguages.Mermaid;

    /// <summary>The output that shows a cell, or null where its language is not one that is shown.</summary>
    public static JsonObject? TryShow(string language, string source)
    {
        var content = WithoutLanguageLine(source).Trim('\n', '\r');
        return language switch
        {
            NotebookLanguages.Html => OutputJson.Display(("text/html", content)),
            NotebookLanguages.JavaScript => OutputJson.Display(("text/html", $"<script type=\"text/javascript\">\n{content}\n</script>")),
            NotebookLanguages.Markdown => OutputJson.Display(("text/markdown", content)),
            // The media type that JupyterLab draws; readers without it show the text.
            NotebookLanguages.Mermaid => OutputJson.Display(("text/plain", content), ("text/vnd.mermaid", content)),
            _ => null,
        };
    }

    /// <summary>
    /// The source with a first line such as <c>#!csharp</c> emptied, not removed: line numbers in errors stay right.
    /// </summary>
    public static string WithoutLanguageLine(string source)
    {
        if (NotebookLanguages.LeadingMagic(source) is null)
            return source;
        var start = source.IndexOf("#!", StringComparison.Ordinal);
        var end = source.IndexOf('\n', start);
        return source[..start] + (end < 0 ? "" : source[end..]);
    }
}
