using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using CourseKit.Session.Magics;

namespace CourseKit.Notebook;

/// <summary>
/// Turns the Markdown of one page into HTML: headings with ids that are unique on the page, formulas, coloured
/// C#, pictures inside the page, links between notebooks leading to their pages.
/// </summary>
internal sealed partial class MarkdownWriter
{
    private readonly MarkdownPipeline _pipeline;
    private readonly NotebookDocument _document;
    private readonly IReadOnlyDictionary<string, string> _pages;
    private readonly bool _trusted;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public MarkdownWriter(NotebookDocument document, HtmlPageOptions options)
    {
        _document = document;
        _pages = options.Pages;
        _trusted = options.TrustsNotebook;
        FormulasAsMathML = options.FormulasAsMathML;
        var builder = new MarkdownPipelineBuilder()
            .UsePipeTables().UseFootnotes().UseTaskLists().UseEmphasisExtras().UseAutoLinks().UseAlertBlocks().UseDefinitionLists();
        _pipeline = (_trusted ? builder : builder.DisableHtml()).Build();
    }

    /// <summary>Whether formulas become MathML.</summary>
    public bool FormulasAsMathML { get; }

    /// <summary>The headings so far.</summary>
    public List<PageHeading> Headings { get; } = [];

    /// <summary>The first paragraph of running text so far, as HTML without links; null where there was none.</summary>
    public (string Html, string Text)? FirstParagraph { get; private set; }

    /// <summary>Renders one piece of Markdown.</summary>
    /// <param name="markdown">The text of a cell or of an output.</param>
    /// <param name="attachments">Pictures that the cell carries, by name and media type.</param>
    /// <param name="isOutline">Whether its headings and first paragraph belong to the page's outline.</param>
    public string Write(string markdown, JsonObject? attachments = null, bool isOutline = true)
    {
        try
        {
            return WriteParsed(markdown, attachments, isOutline);
        }
        catch (ArgumentException)
        {
            // Nested deeper than Markdig goes, a hundred quotes in one another: text is what is left to show.
            return $"<pre tabindex=\"0\">{WebUtility.HtmlEncode(markdown)}</pre>\n";
        }
    }

    private string WriteParsed(string markdown, JsonObject? attachments, bool isOutline)
    {
        var formulas = new MathSpans(FormulasAsMathML);
        var parsed = Markdown.Parse(formulas.TakeOut(markdown), _pipeline);
        foreach (var heading in parsed.Descendants<HeadingBlock>())
            Name(heading, formulas, isOutline);
        if (isOutline && FirstParagraph is null && parsed.OfType<ParagraphBlock>().FirstOrDefault() is { } paragraph)
            FirstParagraph = (Phrase(paragraph, formulas), formulas.PutBackAsText(TextOf(paragraph)));
        foreach (var link in parsed.Descendants<LinkInline>())
            link.Url = Lead(link.Url, link.IsImage);
        foreach (var link in parsed.Descendants<AutolinkInline>().Where(link => !link.IsEmail))
            link.Url = Lead(link.Url, isImage: false)!;

        var html = new StringWriter(CultureInfo.InvariantCulture);
        var renderer = RendererTo(html);
        renderer.Render(parsed);
        return EmbedPictures(formulas.PutBack(html.ToString()), attachments);
    }

    private HtmlRenderer RendererTo(TextWriter writer)
    {
        var renderer = new HtmlRenderer(writer);
        _pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new ColouredCodeRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new ScrollingTableRenderer());
        return renderer;
    }

    private void Name(HeadingBlock heading, MathSpans formulas, bool isOutline)
    {
        var text = formulas.PutBackAsText(TextOf(heading));
        var id = UniqueId(Slug(text));
        if (isOutline)
            Headings.Add(new PageHeading(heading.Level, id, Phrase(heading, formulas), text));
        heading.GetAttributes().Id = id;
        heading.Inline?.AppendChild(new HtmlInline($"<a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this section\">#</a>"));
    }

    private string UniqueId(string slug)
    {
        var id = slug;
        for (var copy = 1; !_ids.Add(id); copy++)
            id = string.Create(CultureInfo.InvariantCulture, $"{slug}-{copy}");
        return id;
    }

    /// <summary>A heading's text as a fragment: lower case, hyphens between words.</summary>
    internal static string Slug(string text)
    {
        var slug = NotInSlug().Replace(text.Trim().ToLowerInvariant(), "").Replace(' ', '-');
        return slug.Length > 0 ? slug : "section";
    }

    /// <summary>The text of a heading or paragraph as HTML that may stand inside a link.</summary>
    private string Phrase(LeafBlock block, MathSpans formulas)
    {
        var html = new StringWriter(CultureInfo.InvariantCulture);
        var renderer = RendererTo(html);
        renderer.Write(block.Inline!);
        return LinksAndPictures().Replace(formulas.PutBack(html.ToString()), "");
    }

    private static string TextOf(LeafBlock block)
    {
        var text = new StringBuilder();
        foreach (var inline in block.Inline?.Descendants() ?? [])
        {
            if (inline is LiteralInline literal)
                text.Append(literal.Content.ToString());
            else if (inline is CodeInline code)
                text.Append(code.Content);
            else if (inline is HtmlEntityInline entity)
                text.Append(entity.Transcoded.ToString());
            else if (inline is LineBreakInline)
                text.Append(' ');
        }

        return text.ToString();
    }

    private string? Lead(string? url, bool isImage)
    {
        if (url is null || isImage)
            return url;
        if (url.StartsWith('#'))
            return "#" + NotInSlug().Replace(Uri.UnescapeDataString(url[1..]).ToLowerInvariant(), "").Replace(' ', '-');
        if (!_trusted && UrlScheme().Match(url) is { Success: true } scheme && scheme.Groups["name"].Value.ToLowerInvariant() is not ("http" or "https" or "mailto"))
            return "#";
        var fragment = url.IndexOf('#', StringComparison.Ordinal);
        var file = fragment < 0 ? url : url[..fragment];
        return _pages.TryGetValue(Uri.UnescapeDataString(file).TrimStart('.', '/'), out var page)
            ? page + (fragment < 0 ? "" : Lead(url[fragment..], isImage: false))
            : url;
    }

    /// <summary>Pictures that lie beside the notebook, or inside it, go into the page: it can be moved and sent alone.</summary>
    private string EmbedPictures(string html, JsonObject? attachments) => PictureSource().Replace(html, picture =>
    {
        var source = WebUtility.HtmlDecode(picture.Groups["source"].Value);
        var embedded = source.StartsWith("attachment:", StringComparison.Ordinal)
            ? FromAttachment(Uri.UnescapeDataString(source["attachment:".Length..]), attachments)
            : FromFile(source);
        return embedded is null ? picture.Value : $"{picture.Groups["before"].Value}\"{embedded}\"";
    });

    private static string? FromAttachment(string name, JsonObject? attachments)
    {
        if (attachments?[name] is not JsonObject forms)
            return null;
        var (mediaType, content) = forms.FirstOrDefault(form => form.Key.StartsWith("image/", StringComparison.Ordinal));
        return MultilineText.IsText(content) ? $"data:{mediaType};base64,{MultilineText.Join(content).ReplaceLineEndings("")}" : null;
    }

    private string? FromFile(string source)
    {
        // Whose author is not trusted must not name files of the machine that makes the page.
        if (!_trusted || _document.Path is null || UrlScheme().IsMatch(source) || source.StartsWith("//", StringComparison.Ordinal))
            return null;
        var path = Path.Combine(Path.GetDirectoryName(_document.Path)!, Uri.UnescapeDataString(source.Split('?', '#')[0]));
        var mediaType = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".svg" => "image/svg+xml",
            ".webp" => "image/webp",
            _ => null,
        };
        return mediaType is not null && File.Exists(path) ? $"data:{mediaType};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}" : null;
    }

    private sealed class ColouredCodeRenderer : CodeBlockRenderer
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            var code = block.Lines.ToString();
            var language = (block as FencedCodeBlock)?.Info ?? "";
            var html = NotebookLanguages.Normalize(language) == CellLanguages.CSharp
                ? CSharpHighlighter.Highlight(code)
                : WebUtility.HtmlEncode(code);
            renderer.EnsureLine();
            renderer.Write("<pre class=\"code\" tabindex=\"0\"><code>").Write(html).WriteLine("</code></pre>");
        }
    }

    /// <summary>A wide table scrolls by itself; the page never does.</summary>
    private sealed class ScrollingTableRenderer : HtmlTableRenderer
    {
        protected override void Write(HtmlRenderer renderer, Table table)
        {
            renderer.EnsureLine();
            renderer.WriteLine("<div class=\"scroll\" tabindex=\"0\">");
            base.Write(renderer, table);
            renderer.WriteLine("</div>");
        }
    }

    [GeneratedRegex(@"[^\p{L}\p{N}\- _]")]
    private static partial Regex NotInSlug();

    [GeneratedRegex(@"</?a\b[^>]*>|<img\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex LinksAndPictures();

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z][A-Za-z0-9+.\-]*):")]
    private static partial Regex UrlScheme();

    [GeneratedRegex(@"(?<before><img\b[^>]*?\bsrc=)""(?<source>[^""]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex PictureSource();
}
