using AngleSharp.Html.Parser;

namespace CourseKit.Notebook.Tests;

public sealed class HtmlSiteTests
{
    private static NotebookDocument Chapter(string name, string markdown)
    {
        var document = NotebookDocument.Parse(NotebookText.Minimal, name);
        document.Cells.Add(NotebookCell.CreateMarkdown(markdown));
        return document;
    }

    [Fact]
    public void A_site_has_a_page_for_each_chapter_an_index_and_one_copy_of_each_asset()
    {
        using var folder = new TemporaryFolder();
        var chapters = new[]
        {
            new HtmlChapter(Chapter("course/01-neurons.ipynb", "# Neurons & \\<more>\n\nA *first* [model](02-nets.ipynb#Deep) of $w^T x$.\n\nSecond.")) { Status = "18/18 points" },
            new HtmlChapter(Chapter("course/02-nets.ipynb", "no heading")),
        };
        var index = HtmlSite.Write(folder.Path, chapters, new HtmlSiteOptions { Title = "Deep learning", Assets = [PageAsset.Embedded("plotly.min.js", "plot")] });

        Assert.Equal(folder.File("index.html"), index);
        Assert.Equal(["01-neurons.html", "02-nets.html", "index.html"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var assets = Directory.GetFiles(folder.File("assets")).Select(Path.GetFileName).ToList();
        Assert.Contains("plotly.min.js", assets);
        Assert.Contains("style.css", assets);
        Assert.Equal("plot", File.ReadAllText(Path.Combine(folder.File("assets"), "plotly.min.js")));

        var list = new HtmlParser().ParseDocument(File.ReadAllText(index));
        Assert.Equal(["Neurons & <more>", "02-nets"], list.QuerySelectorAll(".chapters h2").Select(title => title.TextContent));
        Assert.Equal(["01-neurons.html", "02-nets.html"], list.QuerySelectorAll(".chapters a").Select(link => link.GetAttribute("href")));
        Assert.Equal(["18/18 points"], list.QuerySelectorAll(".chapters .status").Select(status => status.TextContent));
        Assert.Equal(@"A first model of \(w^T x\).", list.QuerySelector(".chapters p")!.TextContent);

        var first = new HtmlParser().ParseDocument(File.ReadAllText(folder.File("01-neurons.html")));
        Assert.Equal("02-nets.html#deep", first.QuerySelector("main p a")!.GetAttribute("href"));
        Assert.Equal("02-nets.html", first.QuerySelector(".neighbours [rel=next]")!.GetAttribute("href"));
        Assert.Null(first.QuerySelector("[rel=prev]"));
    }

    [Fact]
    public void Two_chapters_of_one_name_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var out1 = folder.File("out");
        var error = Assert.Throws<ArgumentException>(() => HtmlSite.Write(out1, [new(Chapter("a/x.ipynb", "1")), new(Chapter("b/X.ipynb", "2"))]));

        Assert.Contains("b/X.ipynb", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(out1));
    }

    [Fact]
    public void An_asset_cannot_leave_its_folder() =>
        Assert.Throws<ArgumentException>(() => PageAsset.Embedded("../evil.js", "x"));
}
