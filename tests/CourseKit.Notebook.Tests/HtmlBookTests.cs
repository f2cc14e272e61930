using System.Text.Json;
using AngleSharp.Html.Parser;

namespace CourseKit.Notebook.Tests;

public sealed class HtmlBookTests
{
    private static HtmlChapter Chapter(string name, string markdown, string code, ChapterPlace? place = null)
    {
        var document = NotebookDocument.Parse(NotebookText.Minimal, name);
        document.Cells.Add(NotebookCell.CreateMarkdown(markdown));
        document.Cells.Add(NotebookCell.CreateCode(code));
        return new HtmlChapter(document) { Place = place };
    }

    private static string Write(TemporaryFolder folder, params IReadOnlyList<HtmlChapter> chapters) =>
        HtmlSite.Write(folder.Path, chapters, new HtmlSiteOptions { Title = "Course", Book = new HtmlBook { Sessions = new Dictionary<string, string> { ["S1"] = "The beginning" } } });

    private static string[][] IndexOf(TemporaryFolder folder)
    {
        var script = File.ReadAllText(Path.Combine(folder.File("assets"), "search-index.js"));
        Assert.StartsWith("window.courseSearchIndex = [", script, StringComparison.Ordinal);
        return JsonSerializer.Deserialize<string[][]>(script["window.courseSearchIndex = ".Length..].TrimEnd('\n', ';'))!;
    }

    [Fact]
    public void The_search_index_holds_each_section_with_its_prose_and_code()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Chapter("01-a.ipynb", "# One\n\nFirst *words* with $\\sigma^2$.\n\n$$\\frac{a}{b}$$\n\n## Deep & wide\n\n- more words", "var x = \"</script>\";"));
        Assert.Equal(
            [
                ["One", "One", "01-a.html#one", "First words with sigma^2."],
                ["One", "Deep & wide", "01-a.html#deep--wide", "more words var x = \"</script>\";"],
            ], IndexOf(folder));
        Assert.DoesNotContain("</script>", File.ReadAllText(Path.Combine(folder.File("assets"), "search-index.js")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_landing_page_groups_chapters_by_part_and_links_what_they_build_on()
    {
        using var folder = new TemporaryFolder();
        var index = Write(folder,
            Chapter("01-a.ipynb", "# 1. A", "1", new ChapterPlace(1, "Part I", ["S1"], [])),
            Chapter("06-f.ipynb", "# 6. F", "1", new ChapterPlace(6, "Part I", ["S1", "S2"], [1, 9])),
            Chapter("99-own.ipynb", "# My own", "1"),
            Chapter("A1-more.ipynb", "# A1. More", "1") with { IsAppendix = true });
        var page = new HtmlParser().ParseDocument(File.ReadAllText(index));
        Assert.StartsWith("3 chapters, ", page.QuerySelector(".totals")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Part I", "More chapters", "Appendices", "Lectures"], page.QuerySelectorAll("h2").Select(heading => heading.TextContent));
        Assert.Equal(["1. A", "6. F", "My own", "A1. More"], page.QuerySelectorAll(".chapters h3").Select(heading => heading.TextContent));
        var second = page.QuerySelectorAll(".chapters > li")[1];
        Assert.Contains("Read after chapters 1 and 9", second.TextContent, StringComparison.Ordinal); // 9 is not in this book: a number without a link
        Assert.Equal(["06-f.html", "01-a.html"], second.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
        Assert.Single(page.QuerySelectorAll(".arcs path"));
        Assert.All(page.QuerySelectorAll(".arcs a"), link => Assert.NotEmpty(link.GetAttribute("aria-label")!));
    }

    [Fact]
    public void Exercises_lead_to_the_heading_above_their_cell()
    {
        using var folder = new TemporaryFolder();
        var chapter = Chapter("01-a.ipynb", "# A\n\n## Text\n\n### Exercise 1: a neuron (2 points)", "tests") with
        {
            Exercises = [new ChapterExercise("Exercise 1: a neuron (2 points)", 2, IsWritten: false, Cell: 2), new ChapterExercise("Why", 1.5, IsWritten: true, Cell: 2)],
        };
        Write(folder, chapter);
        var page = new HtmlParser().ParseDocument(File.ReadAllText(folder.File("exercises.html")));
        Assert.Equal("01-a.html#exercise-1-a-neuron-2-points", page.QuerySelector("tbody a")!.GetAttribute("href"));
        Assert.Equal(["Exercise 1: a neuron", "tests", "2", "Why", "a person", "1.5"], page.QuerySelectorAll("tbody td").Select(cell => cell.TextContent));
        Assert.Equal("3.5", page.QuerySelector("tfoot td")!.TextContent);
        Assert.Equal("#exercise-1-a-neuron-2-points", new HtmlParser().ParseDocument(File.ReadAllText(folder.File("01-a.html"))).QuerySelector("section.exercises tbody a")!.GetAttribute("href"));
    }

    [Fact]
    public void A_site_that_is_no_book_has_no_search()
    {
        using var folder = new TemporaryFolder();
        HtmlSite.Write(folder.Path, [Chapter("01-a.ipynb", "# A", "1")]);
        Assert.False(File.Exists(folder.File("search.html")));
        Assert.DoesNotContain("search", File.ReadAllText(folder.File("index.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"version\": 2 }", "version 1 was expected")]
    [InlineData("{ \"version\": 1, \"chapters\": [] }", "no map of a course")]
    [InlineData("[", "no map of a course")]
    [InlineData("{ \"version\": 1, \"parts\": [{ \"title\": \"A\", \"chapters\": [{ \"number\": 1 }, { \"number\": 1 }] }] }", "stands in the map twice")]
    [InlineData("{ \"version\": 1, \"parts\": [{ \"title\": \"A\", \"chapters\": [{ \"number\": 1, \"after\": [2] }, { \"number\": 2 }] }] }", "chapter 1 is read after chapter 2")]
    public void A_map_that_cannot_be_used_is_refused_with_the_reason(string json, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("course.json"), json);
        Assert.Contains(reason, Assert.Throws<FormatException>(() => CourseMap.Load(folder.File("course.json"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notebooks/06-logistic-regression.ipynb", 6)]
    [InlineData("25.ipynb", 25)]
    [InlineData("logistic-regression.ipynb", null)]
    public void A_chapters_number_is_what_its_file_name_begins_with(string path, int? number) => Assert.Equal(number, CourseMap.NumberOf(path));
}
