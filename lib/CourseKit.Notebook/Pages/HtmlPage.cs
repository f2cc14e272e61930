using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Session.Magics;

namespace CourseKit.Notebook;

/// <summary>A notebook as one HTML page that a browser opens from the disk, without a server and without the network.</summary>
public static class HtmlPage
{
    /// <summary>Renders a notebook with the outputs it has. It is not run.</summary>
    /// <param name="document">The notebook, usually an executed one.</param>
    /// <param name="options">What stands around it.</param>
    /// <returns>The page as HTML.</returns>
    public static string Render(NotebookDocument document, HtmlPageOptions? options = null) =>
        RenderChapter(document, options ?? new HtmlPageOptions()).Html;

    /// <summary>Writes a notebook as a page of its own, styles and scripts inside it: one file to open or to send.</summary>
    /// <param name="document">The notebook, usually an executed one.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="options">What stands around it.</param>
    public static void Save(NotebookDocument document, string path, HtmlPageOptions? options = null) =>
        AtomicFile.Write(path, Render(document, (options ?? new HtmlPageOptions()) with { SelfContained = true }));

    /// <summary>The page, and its sections.</summary>
    internal static (string Html, IReadOnlyList<PageSection> Sections) RenderChapter(NotebookDocument document, HtmlPageOptions options)
    {
        ArgumentNullException.ThrowIfNull(document);
        var markdown = new MarkdownWriter(document, options);
        var outputs = new OutputWriter(markdown, options.TrustsNotebook);
        var cells = new StringBuilder();
        var parts = new PageSections();
        for (var i = 0; i < document.Cells.Count; i++)
        {
            var headings = markdown.Headings.Count;
            var cell = Cell(document.Cells[i], i, markdown, outputs);
            parts.Add(document.Cells[i], i, cell, markdown.Headings.Skip(headings));
            cells.Append(cell);
        }

        var outline = ChapterOutline.Of(document, markdown);
        var sections = parts.ToList();
        var content = $"""
            {Top(options)}<div class="layout">
            {Contents(markdown.Headings)}<main id="content">
            {Status(options)}{options.Above}<article>
            {cells}</article>
            {options.Below?.Invoke(sections)}{Neighbours(options)}</main>
            </div>
            """;
        var shell = new PageShell
        {
            Language = options.Language,
            Title = options.Home is null ? outline.Title : $"{outline.Title} · {options.Home.Title}",
            Description = outline.DescriptionText,
            Kind = "chapter",
            AssetsPath = options.AssetsPath,
            SelfContained = options.SelfContained,
            FormulasAsMathML = options.FormulasAsMathML,
            Assets = options.Assets,
        };
        return (shell.Around(content), sections);
    }

    private static string Top(HtmlPageOptions options)
    {
        if (options.Home is null)
            return "";
        var turn = TurnLink(options.Previous, "prev", "Previous") + TurnLink(options.Next, "next", "Next");
        return options.Header is { } header
            ? header(turn)
            : $"<header class=\"page-header\"><nav aria-label=\"Chapters\">{PageShell.Anchor(options.Home, "class=\"home\"")}<span class=\"turn\">{turn}</span></nav></header>\n";
    }

    private static string TurnLink(PageLink? link, string relation, string word) => link is null
        ? ""
        : $"<a rel=\"{relation}\" href=\"{PageShell.Encode(link.Address)}\" title=\"{PageShell.Encode(link.Title)}\">{word}</a>";

    private static string Contents(List<PageHeading> headings)
    {
        var shown = headings.Where(heading => heading.Level is 2 or 3).ToList();
        if (shown.Count < 2)
            return "<div class=\"contents\"></div>\n";
        var html = new StringBuilder("<nav class=\"contents\" aria-label=\"On this page\">\n<p>On this page</p>\n<ul>\n");
        foreach (var heading in shown)
            html.Append(CultureInfo.InvariantCulture, $"<li class=\"level-{heading.Level}\"><a href=\"#{heading.Id}\">{heading.Html}</a></li>\n");
        return html.Append("</ul>\n</nav>\n").ToString();
    }

    private static string Status(HtmlPageOptions options) =>
        options.Status is null ? "" : $"<p class=\"status\">{PageShell.Encode(options.Status)}</p>\n";

    private static string Neighbours(HtmlPageOptions options)
    {
        if (options.Previous is null && options.Next is null)
            return "";
        var previous = options.Previous is null ? "<span></span>" : PageShell.Anchor(options.Previous, "rel=\"prev\"", "<small>Previous</small>");
        var next = options.Next is null ? "" : PageShell.Anchor(options.Next, "rel=\"next\"", "<small>Next</small>");
        return $"<nav class=\"neighbours\" aria-label=\"Previous and next chapter\">{previous}{next}</nav>\n";
    }

    private static string Cell(NotebookCell cell, int index, MarkdownWriter markdown, OutputWriter outputs) => cell.Kind switch
    {
        CellKind.Markdown => $"<div class=\"cell prose\">\n{markdown.Write(cell.Source, cell.Json["attachments"] as JsonObject)}</div>\n",
        CellKind.Code => Code(cell, index, outputs),
        _ => cell.Source.Trim().Length == 0 ? "" : $"<div class=\"cell raw\"><pre tabindex=\"0\">{PageShell.Encode(cell.Source)}</pre></div>\n",
    };

    private static string Code(NotebookCell cell, int index, OutputWriter outputs)
    {
        var shown = outputs.Write(cell);
        if (cell.Source.Trim().Length == 0 && shown.Length == 0)
            return "";
        var number = cell.ExecutionCount is { } count ? count.ToString(CultureInfo.InvariantCulture) : "\u00a0";
        var code = cell.Language == CellLanguages.CSharp ? CSharpHighlighter.Highlight(cell.Source) : PageShell.Encode(cell.Source);
        var input = $"<pre class=\"code\" tabindex=\"0\"><code>{code}</code></pre>";
        if (IsInputHidden(cell))
            input = $"<details><summary>Code</summary>{input}</details>";
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"cell code-cell\" id=\"cell-{index + 1}\" role=\"group\" aria-label=\"Code cell {number.Trim()}\">\n");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"input\"><span class=\"count\" aria-hidden=\"true\">[{number}]</span>{input}</div>\n");
        if (shown.Length > 0)
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"outputs\">\n{shown}</div>\n");
        return html.Append("</div>\n").ToString();
    }

    /// <summary>Whether the author folded the code away, by a tag or in JupyterLab.</summary>
    private static bool IsInputHidden(NotebookCell cell) =>
        cell.Tags.Contains("hide-input")
        || cell.Metadata["jupyter"] is JsonObject jupyter && jupyter["source_hidden"]?.GetValueKind() == JsonValueKind.True;
}
