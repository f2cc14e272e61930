using System.Globalization;
using System.Text;

namespace CourseKit.Notebook;

/// <summary>One chapter of a site.</summary>
/// <param name="Document">The notebook, usually an executed one.</param>
/// <param name="FileName">The page's file name, such as <c>06-logistic-regression.html</c>.</param>
public sealed record HtmlChapter(NotebookDocument Document, string FileName)
{
    /// <summary>A chapter whose page is called like its notebook.</summary>
    /// <param name="document">The notebook, usually an executed one.</param>
    public HtmlChapter(NotebookDocument document)
        : this(document, Path.GetFileNameWithoutExtension((document ?? throw new ArgumentNullException(nameof(document))).Name) + ".html")
    {
    }

    /// <summary>A short text beside the chapter's title, such as <c>18/18 points</c>.</summary>
    public string? Status { get; init; }
}

/// <summary>What stands around the chapters of a site.</summary>
public sealed record HtmlSiteOptions
{
    /// <summary>The site's title.</summary>
    public string Title { get; init; } = "Notebooks";

    /// <summary>A sentence or two under the title of the index.</summary>
    public string Description { get; init; } = "";

    /// <summary>The language of the prose, as in HTML's <c>lang</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Scripts and style sheets that outputs need, such as plotly.js; written once for all chapters.</summary>
    public IReadOnlyList<PageAsset> Assets { get; init; } = [];
}

/// <summary>A folder of pages: one for each notebook, an index, and one copy of every style and script they share.</summary>
public static class HtmlSite
{
    private const string AssetsPath = "assets/";

    /// <summary>Writes the pages. Each file is whole from the moment it is there; other files of the folder stay.</summary>
    /// <param name="folder">Where to; it is made where it is missing.</param>
    /// <param name="chapters">The chapters in their order.</param>
    /// <param name="options">What stands around them.</param>
    /// <returns>The path of the index.</returns>
    /// <exception cref="ArgumentException">Two chapters have the same file name, or one is called like the index.</exception>
    public static string Write(string folder, IReadOnlyList<HtmlChapter> chapters, HtmlSiteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(chapters);
        options ??= new HtmlSiteOptions();
        CheckNames(chapters);

        // The neighbours' titles are known only when every chapter was read: a first pass collects them.
        var pages = Pages(chapters);
        var titles = chapters.Select(chapter => ChapterOutlineOf(chapter, pages)).ToList();
        WriteAssets(folder, [BuiltInAssets.Style, .. BuiltInAssets.Katex, .. options.Assets]);
        for (var i = 0; i < chapters.Count; i++)
        {
            var page = HtmlPage.Render(chapters[i].Document, new HtmlPageOptions
            {
                Language = options.Language,
                Home = new PageLink(options.Title, "index.html"),
                Previous = i > 0 ? LinkTo(chapters[i - 1], titles[i - 1]) : null,
                Next = i + 1 < chapters.Count ? LinkTo(chapters[i + 1], titles[i + 1]) : null,
                Status = chapters[i].Status,
                Assets = options.Assets,
                AssetsPath = AssetsPath,
                Pages = pages,
            });
            AtomicFile.Write(Path.Combine(folder, chapters[i].FileName), page);
        }

        var index = Path.Combine(folder, "index.html");
        AtomicFile.Write(index, Index(chapters, titles, options));
        return index;
    }

    private static void CheckNames(IReadOnlyList<HtmlChapter> chapters)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "index.html" };
        foreach (var chapter in chapters)
        {
            if (!names.Add(chapter.FileName))
                throw new ArgumentException($"{chapter.Document.Name}: two pages would be called {chapter.FileName}; rename one of the notebooks.", nameof(chapters));
        }
    }

    private static Dictionary<string, string> Pages(IReadOnlyList<HtmlChapter> chapters)
    {
        var pages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var chapter in chapters)
            pages.TryAdd(Path.GetFileName(chapter.Document.Name), Uri.EscapeDataString(chapter.FileName));
        return pages;
    }

    private static ChapterOutline ChapterOutlineOf(HtmlChapter chapter, IReadOnlyDictionary<string, string> pages)
    {
        var markdown = new MarkdownWriter(chapter.Document, new HtmlPageOptions { Pages = pages });
        foreach (var cell in chapter.Document.Cells.Where(cell => cell.Kind == CellKind.Markdown))
            markdown.Write(cell.Source);
        return ChapterOutline.Of(chapter.Document, markdown);
    }

    private static PageLink LinkTo(HtmlChapter chapter, ChapterOutline outline) =>
        new(outline.Title, Uri.EscapeDataString(chapter.FileName));

    private static void WriteAssets(string folder, IEnumerable<PageAsset> assets)
    {
        foreach (var asset in assets)
        {
            if (asset.Content is { } content)
                AtomicFile.Write(Path.Combine(folder, AssetsPath, asset.FileName), stream => stream.Write(content.Span));
        }
    }

    private static string Index(IReadOnlyList<HtmlChapter> chapters, List<ChapterOutline> titles, HtmlSiteOptions options)
    {
        var list = new StringBuilder();
        for (var i = 0; i < chapters.Count; i++)
        {
            var status = chapters[i].Status is { } text ? $"<span class=\"status\">{PageShell.Encode(text)}</span>" : "";
            list.Append(CultureInfo.InvariantCulture, $"""
                <li>
                <h2><a href="{Uri.EscapeDataString(chapters[i].FileName)}">{titles[i].TitleHtml}</a></h2>{status}
                <p>{titles[i].DescriptionHtml}</p>
                </li>

                """);
        }

        var description = options.Description.Length > 0 ? $"<p>{PageShell.Encode(options.Description)}</p>\n" : "";
        var shell = new PageShell
        {
            Language = options.Language,
            Title = options.Title,
            Description = options.Description,
            Kind = "index",
            AssetsPath = AssetsPath,
        };
        return shell.Around($"""
            <main id="content">
            <header>
            <h1>{PageShell.Encode(options.Title)}</h1>
            {description}</header>
            <ul class="chapters">
            {list}</ul>
            </main>
            """);
    }
}
