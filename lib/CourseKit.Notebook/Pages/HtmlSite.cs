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

    /// <summary>Where the chapter stands in its course, for a book; null for one that is on no map.</summary>
    public ChapterPlace? Place { get; init; }

    /// <summary>Whether this is an appendix: a book lists it under a heading of its own and does not count it as a chapter.</summary>
    public bool IsAppendix { get; init; }

    /// <summary>The graded exercises, for a book.</summary>
    public IReadOnlyList<ChapterExercise> Exercises { get; init; } = [];

    /// <summary>Files to take along, for a book, such as the students' version.</summary>
    public IReadOnlyList<PageLink> Downloads { get; init; } = [];
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

    /// <summary>Whether formulas are MathML, as in <see cref="HtmlPageOptions.FormulasAsMathML"/>.</summary>
    public bool FormulasAsMathML { get; init; } = !BuiltInAssets.IsKatexEmbedded;

    /// <summary>What makes the site a book; null for a plain list of pages.</summary>
    public HtmlBook? Book { get; init; }
}

/// <summary>A folder of pages: one for each notebook, an index, and one copy of every style and script they share.</summary>
public static class HtmlSite
{
    private const string AssetsPath = "assets/";
    private const string IndexName = "index.html";

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
        var written = chapters.Select(chapter => new BookChapter(chapter, ChapterOutlineOf(chapter, pages, options), Uri.EscapeDataString(chapter.FileName))).ToList();
        var book = options.Book is null ? null : new BookPages(options, options.Book, written);
        WriteAssets(folder, [BuiltInAssets.Style, .. options.FormulasAsMathML ? [] : BuiltInAssets.Katex, .. options.Assets]);
        var sections = new List<IReadOnlyList<PageSection>>();
        for (var i = 0; i < written.Count; i++)
        {
            var chapter = written[i];
            var (page, found) = HtmlPage.RenderChapter(chapter.Source.Document, new HtmlPageOptions
            {
                Language = options.Language,
                Home = new PageLink(options.Title, "index.html"),
                Previous = i > 0 ? LinkTo(written[i - 1]) : null,
                Next = i + 1 < written.Count ? LinkTo(written[i + 1]) : null,
                Status = chapter.Source.Status,
                Assets = book is null ? options.Assets : [BuiltInAssets.Book, .. options.Assets],
                AssetsPath = AssetsPath,
                FormulasAsMathML = options.FormulasAsMathML,
                Pages = pages,
                Header = book is null ? null : book.Header,
                Above = book?.Above(chapter) ?? "",
                Below = book is null ? null : parts => BookPages.Below(chapter, parts),
            });
            AtomicFile.Write(Path.Combine(folder, chapter.Source.FileName), page);
            sections.Add(found);
        }

        if (book is not null)
            WriteBook(folder, book, written, sections, options);
        var index = Path.Combine(folder, IndexName);
        AtomicFile.Write(index, book is null ? Index(written, options) : Page(options, options.Title, "index", [BuiltInAssets.Book], book.Index()));
        return index;
    }

    private static void WriteBook(string folder, BookPages book, List<BookChapter> chapters, List<IReadOnlyList<PageSection>> sections, HtmlSiteOptions options)
    {
        var search = new SearchIndex();
        for (var i = 0; i < chapters.Count; i++)
            search.Add(chapters[i].Outline.Title, chapters[i].Address, sections[i]);
        var index = search.ToAsset();
        WriteAssets(folder, [BuiltInAssets.Book, BuiltInAssets.Search, index]);
        AtomicFile.Write(Path.Combine(folder, SearchIndex.PageName), Page(options, "Search", "search-page", [BuiltInAssets.Book, index, BuiltInAssets.Search], SearchIndex.Page(book.Header())));
        AtomicFile.Write(Path.Combine(folder, BookPages.ExercisesName), Page(options, "Exercises", "exercise-page", [BuiltInAssets.Book], book.Exercises(sections)));
    }

    private static string Page(HtmlSiteOptions options, string title, string kind, IReadOnlyList<PageAsset> assets, string content) => new PageShell
    {
        Language = options.Language,
        Title = title == options.Title ? title : $"{title} · {options.Title}",
        Description = options.Description,
        Kind = kind,
        AssetsPath = AssetsPath,
        Assets = assets,
        LinkedAssets = kind == "index" ? options.Assets : [],
        FormulasAsMathML = options.FormulasAsMathML,
    }.Around(content);

    private static void CheckNames(IReadOnlyList<HtmlChapter> chapters)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { IndexName, SearchIndex.PageName, BookPages.ExercisesName };
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

    private static ChapterOutline ChapterOutlineOf(HtmlChapter chapter, IReadOnlyDictionary<string, string> pages, HtmlSiteOptions options)
    {
        var markdown = new MarkdownWriter(chapter.Document, new HtmlPageOptions { Pages = pages, FormulasAsMathML = options.FormulasAsMathML });
        foreach (var cell in chapter.Document.Cells.Where(cell => cell.Kind == CellKind.Markdown))
            markdown.Write(cell.Source);
        return ChapterOutline.Of(chapter.Document, markdown);
    }

    private static PageLink LinkTo(BookChapter chapter) => new(chapter.Outline.Title, chapter.Address);

    private static void WriteAssets(string folder, IEnumerable<PageAsset> assets)
    {
        foreach (var asset in assets)
        {
            if (asset.Content is { } content)
                AtomicFile.Write(Path.Combine(folder, AssetsPath, asset.FileName), stream => stream.Write(content.Span));
        }
    }

    private static string Index(List<BookChapter> chapters, HtmlSiteOptions options)
    {
        var list = new StringBuilder();
        foreach (var chapter in chapters)
        {
            var status = chapter.Source.Status is { } text ? $"<span class=\"status\">{PageShell.Encode(text)}</span>" : "";
            list.Append(CultureInfo.InvariantCulture, $"""
                <li>
                <h2><a href="{chapter.Address}">{chapter.Outline.TitleHtml}</a></h2>{status}
                <p>{chapter.Outline.DescriptionHtml}</p>
                </li>

                """);
        }

        var description = options.Description.Length > 0 ? $"<p>{PageShell.Encode(options.Description)}</p>\n" : "";
        return Page(options, options.Title, "index", [], $"""
            <main id="content" class="sheet">
            <header>
            <h1>{PageShell.Encode(options.Title)}</h1>
            {description}</header>
            <ul class="chapters">
            {list}</ul>
            </main>
            """);
    }
}
