using System.Globalization;
using System.Net;
using System.Text;

namespace CourseKit.Notebook;

/// <summary>What every page has around its content: head, assets, footer.</summary>
internal sealed class PageShell
{
    public required string Language { get; init; }

    public required string Title { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Classes of the body, for the style.</summary>
    public required string Kind { get; init; }

    public required string AssetsPath { get; init; }

    public bool SelfContained { get; init; }

    /// <summary>What the browser may load and run, as a content security policy; null leaves that to the browser.</summary>
    public string? SecurityPolicy { get; init; }

    /// <summary>Whether the page may have a script of its own; without one, KaTeX typesets no formula.</summary>
    public bool HasScripts { get; init; } = true;

    /// <summary>Whether formulas are MathML; else KaTeX finds them.</summary>
    public bool FormulasAsMathML { get; init; } = !BuiltInAssets.IsKatexEmbedded;

    /// <summary>What the content needs before it is read, such as plotly.js.</summary>
    public IReadOnlyList<PageAsset> Assets { get; init; } = [];

    /// <summary>What the pages need that this one leads to.</summary>
    public IReadOnlyList<PageAsset> LinkedAssets { get; init; } = [];

    /// <summary>The page around its content, with KaTeX where the content has formulas.</summary>
    public string Around(string content)
    {
        // For KaTeX, TeX is in the page as \(...\) and \[...\]; an HTML output may bring its own between double dollars.
        var needsKatex = HasScripts && !FormulasAsMathML && (content.Contains("\\(", StringComparison.Ordinal) || content.Contains("\\[", StringComparison.Ordinal) || content.Contains("$$", StringComparison.Ordinal));
        var hasFormulas = HasScripts && (needsKatex || content.Contains("class=\"math display\"", StringComparison.Ordinal));
        PageAsset[] assets = [BuiltInAssets.Style, .. needsKatex ? BuiltInAssets.Katex : [], .. Assets];
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="{Encode(Language)}">
            <head>
            <meta charset="utf-8">{(SecurityPolicy is null ? "" : $"\n<meta http-equiv=\"Content-Security-Policy\" content=\"{Encode(SecurityPolicy)}\">")}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(Title)}</title>
            <meta name="description" content="{Encode(Description)}">

            """);
        foreach (var asset in assets)
            html.Append(Link(asset)).Append('\n');
        html.Append(CultureInfo.InvariantCulture, $"""
            </head>
            <body class="{Kind}">
            <a class="skip" href="#content">Skip to the content</a>
            {content}
            {Footer(assets, content)}{(needsKatex ? TypesetFormulas : "")}{(hasFormulas ? ReachFormulas : "")}</body>
            </html>

            """);
        return html.ToString();
    }

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A link in text of its own, encoded.</summary>
    public static string Anchor(PageLink link, string attributes = "", string before = "") =>
        $"<a{(attributes.Length > 0 ? " " + attributes : "")} href=\"{Encode(link.Address)}\">{before}{Encode(link.Title)}</a>";

    // Code, program output and what a cell printed are in elements that KaTeX leaves out by itself.
    private const string TypesetFormulas = """
        <script>
        if (window.renderMathInElement) renderMathInElement(document.body, {
          delimiters: [
            { left: "\\[", right: "\\]", display: true },
            { left: "\\(", right: "\\)", display: false },
            { left: "$$", right: "$$", display: true }
          ],
          throwOnError: false
        });
        </script>

        """;

    private const string ReachFormulas = """
        <script>
        // A formula wider than the page scrolls; who has no mouse reaches it with Tab.
        function reachWideFormulas() {
          for (const formula of document.querySelectorAll(".math.display")) {
            if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
            else formula.removeAttribute("tabindex");
          }
        }
        reachWideFormulas();
        if (document.fonts) document.fonts.ready.then(reachWideFormulas);
        addEventListener("resize", reachWideFormulas);
        </script>

        """;

    private string Link(PageAsset asset)
    {
        if (SelfContained && asset.Content is { } content)
        {
            var text = Encoding.UTF8.GetString(content.Span);
            return asset.IsStyleSheet
                ? $"<style>{text.Replace("</style", "<\\/style", StringComparison.OrdinalIgnoreCase)}</style>"
                : $"<script>{text.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>";
        }

        var address = Encode(asset.Cdn?.AbsoluteUri ?? AssetsPath + Uri.EscapeDataString(asset.FileName));
        return asset.IsStyleSheet ? $"<link rel=\"stylesheet\" href=\"{address}\">" : $"<script src=\"{address}\"></script>";
    }

    private string Footer(IEnumerable<PageAsset> assets, string content)
    {
        var note = new StringBuilder();
        if (PageAsset.NetworkNeed([.. assets, .. LinkedAssets]) is { } need)
            note.Append(CultureInfo.InvariantCulture, $"<p>{Encode(need)}</p>\n");
        if (MathSpans.HasSource(content))
            note.Append("<p>A formula in this page is shown as its TeX source: this build draws formulas without KaTeX, and not all of TeX.</p>\n");
        return $"<footer class=\"page-footer\">\n{note}<p>Made with CourseKit.</p>\n</footer>\n";
    }
}
