using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Notebook;

/// <summary>What a book adds to the pages of a site: the bar on top, the landing page, the list of exercises.</summary>
internal sealed partial class BookPages(HtmlSiteOptions options, HtmlBook book, IReadOnlyList<BookChapter> chapters)
{
    public const string ExercisesName = "exercises.html";

    private readonly Dictionary<int, BookChapter> _byNumber = chapters.Where(chapter => chapter.Place is not null).ToDictionary(chapter => chapter.Place!.Number);

    /// <summary>The bar on top of every page.</summary>
    /// <param name="turn">Links to the chapters before and after, as HTML.</param>
    public string Header(string turn = "") => $"""
        <header class="page-header"><nav aria-label="Course"><a class="home" href="index.html">{PageShell.Encode(options.Title)}</a>
        <form class="search" role="search" action="{SearchIndex.PageName}"><label class="unseen" for="search-words">Search the course</label><input type="search" id="search-words" name="q" placeholder="Search" autocomplete="off"></form>
        <span class="turn"><a href="{ExercisesName}">Exercises</a>{turn}<button type="button" class="theme" aria-pressed="false" hidden>Dark</button></span></nav></header>

        """;

    /// <summary>Where a chapter stands, and what can be taken along; above its text.</summary>
    public string Above(BookChapter chapter)
    {
        var facts = new List<string>();
        if (chapter.Place is { } place)
        {
            facts.Add(PageShell.Encode(place.Part));
            if (place.Sessions.Count > 0)
                facts.Add(SessionNames(place.Sessions));
        }

        if (Prerequisites(chapter) is { Length: > 0 } after)
            facts.Add(after);
        var html = new StringBuilder();
        if (facts.Count > 0)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"status\">{string.Join(" · ", facts)}</p>\n");
        html.Append(Downloads(chapter));
        return html.ToString();
    }

    /// <summary>The exercises of a chapter, below its text.</summary>
    public static string Below(BookChapter chapter, IReadOnlyList<PageSection> sections) => chapter.Source.Exercises.Count == 0
        ? ""
        : $"<section class=\"exercises\" aria-labelledby=\"exercise-list\">\n<h2 id=\"exercise-list\">The exercises of this chapter</h2>\n{ExerciseTable(chapter, sections, "")}</section>\n";

    /// <summary>The landing page.</summary>
    public string Index()
    {
        var html = new StringBuilder();
        var description = options.Description.Length > 0 ? $"<p>{PageShell.Encode(options.Description)}</p>\n" : "";
        var picture = ChapterArcs.Draw([.. chapters.Where(chapter => chapter.Place is not null).Select(chapter => (chapter.Place!.Number, chapter.Outline.Title, chapter.Address, chapter.Place.After))]);
        html.Append(CultureInfo.InvariantCulture, $"""
            {Header()}<main id="content" class="sheet">
            <header>
            <h1>{PageShell.Encode(options.Title)}</h1>
            {description}<p class="totals">{Totals()}</p>
            </header>
            {(picture.Length == 0 ? "" : $"<div class=\"map\">{picture}<p>In reading order; an arc leads from a chapter to one that builds on it.</p></div>\n")}
            """);
        foreach (var part in chapters.GroupBy(Heading))
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>{PageShell.Encode(part.Key)}</h2>\n<ol class=\"chapters\">\n");
            foreach (var chapter in part)
                html.Append(Card(chapter));
            html.Append("</ol>\n");
        }

        return html.Append(Data()).Append(Sessions()).Append("</main>").ToString();
    }

    /// <summary>The list of all exercises.</summary>
    public string Exercises(IReadOnlyList<IReadOnlyList<PageSection>> sections)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"{Header()}<main id=\"content\" class=\"sheet\">\n<h1>Exercises</h1>\n<p class=\"totals\">{Totals()}</p>\n");
        for (var i = 0; i < chapters.Count; i++)
        {
            if (chapters[i].Source.Exercises.Count > 0)
                html.Append(CultureInfo.InvariantCulture, $"<h2 id=\"chapter-{i + 1}\"><a href=\"{chapters[i].Address}\">{chapters[i].Outline.TitleHtml}</a></h2>\n{ExerciseTable(chapters[i], sections[i], chapters[i].Address)}");
        }

        return html.Append("</main>").ToString();
    }

    private string Heading(BookChapter chapter) =>
        chapter.Source.IsAppendix ? "Appendices" : chapter.Place?.Part ?? (_byNumber.Count == 0 ? "Chapters" : "More chapters");

    private string Totals() => string.Create(CultureInfo.InvariantCulture,
        $"{Counted(chapters.Count(chapter => !chapter.Source.IsAppendix), "chapter")}, {Counted(chapters.Sum(chapter => chapter.Source.Exercises.Count), "exercise")}, {Points(chapters.Sum(chapter => chapter.Points))}");

    private string Card(BookChapter chapter)
    {
        var facts = new List<string>();
        if (chapter.Place is { Sessions.Count: > 0 } place)
            facts.Add(SessionNames(place.Sessions));
        if (Prerequisites(chapter) is { Length: > 0 } after)
            facts.Add(after);
        if (chapter.Source.Exercises.Count > 0)
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"{Counted(chapter.Source.Exercises.Count, "exercise")}, {Points(chapter.Points)}"));
        if (chapter.Source.Status is { } status)
            facts.Add(PageShell.Encode(status));
        return $"""
            <li>
            <h3><a href="{chapter.Address}">{chapter.Outline.TitleHtml}</a></h3>
            <p>{chapter.Outline.DescriptionHtml}</p>
            <p class="status">{string.Join(" · ", facts)}</p>
            {Downloads(chapter)}</li>

            """;
    }

    private static string SessionNames(IReadOnlyList<string> sessions) =>
        $"Lecture{(sessions.Count == 1 ? "" : "s")} {PageShell.Encode(string.Join(", ", sessions))}";

    private string Prerequisites(BookChapter chapter)
    {
        if (chapter.Place is not { After.Count: > 0 } place)
            return "";
        var links = place.After.Select(number => _byNumber.TryGetValue(number, out var before)
            ? $"<a href=\"{before.Address}\" aria-label=\"Chapter {PageShell.Encode(before.Outline.Title)}\">{number}</a>"
            : number.ToString(CultureInfo.InvariantCulture)).ToList();
        var list = links.Count == 1 ? links[0] : $"{string.Join(", ", links.Take(links.Count - 1))} and {links[^1]}";
        return $"Read after chapter{(links.Count == 1 ? "" : "s")} {list}";
    }

    private static string Downloads(BookChapter chapter) => LinkList(chapter.Source.Downloads, "downloads", "Downloads of this chapter");

    private static string LinkList(IReadOnlyList<PageLink> links, string kind, string label) => links.Count == 0
        ? ""
        : $"<ul class=\"{kind}\" aria-label=\"{label}\">{string.Concat(links.Select(link => $"<li>{PageShell.Anchor(link, "download")}</li>"))}</ul>\n";

    private string Data() => book.Data.Count == 0
        ? ""
        : $"<h2 id=\"data\">Data</h2>\n<p>Put what a notebook loads beside it, or into a folder called data there.</p>\n{LinkList(book.Data, "downloads", "Data files")}";

    private string Sessions() => book.Sessions.Count == 0
        ? ""
        : $"<h2 id=\"lectures\">Lectures</h2>\n<dl class=\"sessions\">\n{string.Concat(book.Sessions.Select(session => $"<div><dt>{PageShell.Encode(session.Key)}</dt><dd>{PageShell.Encode(session.Value)}{Mirrored(session.Key)}</dd></div>\n"))}</dl>\n";

    private string Mirrored(string session)
    {
        var links = chapters.Where(chapter => chapter.Place?.Sessions.Contains(session) == true).Select(chapter => $"<a href=\"{chapter.Address}\" aria-label=\"Chapter {PageShell.Encode(chapter.Outline.Title)}\">{chapter.Place!.Number}</a>").ToList();
        return links.Count == 0 ? "" : $". Chapter{(links.Count == 1 ? "" : "s")} {string.Join(", ", links)}";
    }

    private static string ExerciseTable(BookChapter chapter, IReadOnlyList<PageSection> sections, string page)
    {
        var rows = new StringBuilder();
        foreach (var exercise in chapter.Source.Exercises)
        {
            var section = sections.LastOrDefault(section => section.Cell <= exercise.Cell);
            var title = PageShell.Encode(PointsAtEnd().Replace(exercise.Title, ""));
            var link = section is null ? title : $"<a href=\"{page}#{Uri.EscapeDataString(section.Id)}\">{title}</a>";
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td>{link}</td><td>{(exercise.IsWritten ? "a person" : "tests")}</td><td class=\"number\">{exercise.Points:0.##}</td></tr>\n");
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            <div class="scroll" tabindex="0"><table class="exercise-table">
            <thead><tr><th scope="col">Exercise</th><th scope="col">Graded by</th><th scope="col" class="number">Points</th></tr></thead>
            <tbody>
            {rows}</tbody>
            <tfoot><tr><th scope="row" colspan="2">{Counted(chapter.Source.Exercises.Count, "exercise")}</th><td class="number">{chapter.Points:0.##}</td></tr></tfoot>
            </table></div>

            """);
    }

    private static string Counted(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Points(double points) => string.Create(CultureInfo.InvariantCulture, $"{points:0.##} point{(points == 1 ? "" : "s")}");

    [GeneratedRegex(@"\s*\([\d.]+ points?\)\s*$")]
    private static partial Regex PointsAtEnd();
}

/// <summary>A chapter while its book is written.</summary>
/// <param name="Source">What was handed in.</param>
/// <param name="Outline">Its title and first paragraph.</param>
/// <param name="Address">Its page, as it stands in a link.</param>
internal sealed record BookChapter(HtmlChapter Source, ChapterOutline Outline, string Address)
{
    public ChapterPlace? Place => Source.Place;

    public double Points => Source.Exercises.Sum(exercise => exercise.Points);
}
