using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Charts;

/// <summary>
/// A figure as a piece of HTML that draws itself: an element and a script beside it. plotly.js is never in it; the
/// script finds or loads it once for a page.
/// </summary>
internal static class FigureHtml
{
    private static readonly string Script = ReadScript();

    public static string Write(Figure figure, string json)
    {
        string key = Key(json);
        string height = figure.Height.ToString("0.##", CultureInfo.InvariantCulture);
        // The element holds a sentence until it is drawn: a notebook that is not trusted runs no script.
        return $"""
            <div class="coursekit-figure" data-coursekit-figure="{key}" role="figure" aria-label="{WebUtility.HtmlEncode(figure.Description)}" style="width:100%;min-height:{height}px">A figure stands here once the page may run scripts: trust the notebook, or run the cell.</div>
            <script>
            {Script}
            window.courseKitFigures.draw(document.currentScript, "{key}", {ForScript(json)}, "{PlotlyScript.CdnUrl}");
            </script>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>
    /// JSON as a literal inside a script element, where no text may close the element or open a comment.
    /// In JSON these characters stand inside strings only, so that their escapes mean the same.
    /// </summary>
    internal static string ForScript(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    /// <summary>The same figure has the same key in every run, so that an executed notebook does not change.</summary>
    private static string Key(string json) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];

    /// <summary>The page's part, without its comments and indentation: it is repeated with every figure.</summary>
    private static string ReadScript()
    {
        using var reader = new StreamReader(typeof(FigureHtml).Assembly.GetManifestResourceStream("figure.js")!);
        IEnumerable<string> lines = reader.ReadToEnd().Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }
}
