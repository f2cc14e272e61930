using System.Net;
using System.Security.Cryptography;
using System.Text;
using CourseKit.Session.Output;

namespace CourseKit.Session.Magics;

/// <summary>A value that a JavaScript part reads by name.</summary>
internal sealed record SharedJson(string Name, string Json);

/// <summary>The parts of a cell that the page runs or draws, in the forms that front ends take.</summary>
internal static class PageParts
{
    private static readonly string s_bridge = ReadScript("bridge.js");
    private static readonly string s_mermaid = ReadScript("mermaid.js");

    public static MimeBundle Show(string language, string content, IReadOnlyList<SharedJson> shared) => language switch
    {
        CellLanguages.Html => MimeBundle.OfForms(("text/html", content), ("text/plain", content)),
        CellLanguages.Markdown => MimeBundle.OfForms(("text/markdown", content), ("text/plain", content)),
        CellLanguages.Css => MimeBundle.OfForms(("text/html", $"<style>{content}</style>"), ("text/plain", content)),
        CellLanguages.Mermaid => MimeBundle.OfForms(("text/html", Mermaid(content)), ("text/vnd.mermaid", content), ("text/plain", content)),
        _ => MimeBundle.OfForms(("text/html", JavaScript(content, shared)), ("text/plain", content)),
    };

    // Without a network, or where no script may run, the diagram's source is there to be read.
    private static string Mermaid(string content)
    {
        var key = Key(content);
        return $"""
            <div class="coursekit-mermaid" data-coursekit-mermaid="{key}"><pre>{WebUtility.HtmlEncode(content)}</pre></div>
            <script>
            {s_mermaid}
            window.coursekitMermaid("{key}");
            </script>

            """;
    }

    // The bridge is a script of its own: it can say so where the part itself is no JavaScript. The inner function lets
    // the part declare names of its own, whatever it is given.
    private static string JavaScript(string content, IReadOnlyList<SharedJson> shared)
    {
        var values = $"{{{string.Join(',', shared.Select(value => $"\"{value.Name}\":{ForScript(value.Json)}"))}}}";
        var key = Key(values + content);
        return $$"""
            <div class="coursekit-script" data-coursekit-script="{{key}}"></div>
            <script>
            {{s_bridge}}
            </script>
            <script>
            window.coursekit.run("{{key}}", {{values}}, function ({{string.Join(", ", shared.Select(value => value.Name).Prepend("console").Prepend("element"))}}) { return (async () => {
            {{InScript(content)}}
            })(); });
            </script>

            """;
    }

    /// <summary>JSON as a literal in a script, where no text may end the element: these characters stand in its strings only.</summary>
    private static string ForScript(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    // Code that ends the script element, which it can only mean in a string or a comment; escaped it means the same there.
    private static string InScript(string code) => code
        .Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)
        .Replace("<!--", "<\\!--", StringComparison.Ordinal);

    // The same part has the same key in every run, so that an executed notebook does not change.
    private static string Key(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..12];

    // Without comments and indentation: it goes with every part.
    private static string ReadScript(string name)
    {
        using var reader = new StreamReader(typeof(PageParts).Assembly.GetManifestResourceStream(name)!);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)));
    }
}
