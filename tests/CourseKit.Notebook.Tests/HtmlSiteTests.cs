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
        Assert.StartsWith("A first model of ", list.QuerySelector(".chapters p")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("w^T x", list.QuerySelector(".chapters p .math")!.TextContent, StringComparison.Ordinal);

        var first = new HtmlParser().ParseDocument(File.ReadAllText(folder.File("01-neurons.html")));
        Assert.Equal("02-nets.html#deep", first.QuerySelector("main p a")!.GetAttribute("href"));
        Assert.Equal("02-nets.html", first.QuerySelector(".neighbours [rel=next]")!.GetAttribute("href"));
        Assert.Null(first.QuerySelector("[rel=prev]"));
    }

    [Fact]
    public void The_index_says_what_its_pages_need_from_a_network()
    {
        using var folder = new TemporaryFolder();
        var remote = PageAsset.FromCdn("plotly.min.js", new Uri("https://cdn.example.org/plotly.min.js"));
        Assert.Contains("they load plotly.min.js from cdn.example.org", FooterOfIndex(new HtmlSiteOptions { Assets = [remote] }), StringComparison.Ordinal);
        Assert.Contains("they load plotly.min.js from cdn.example.org", FooterOfIndex(new HtmlSiteOptions { Assets = [remote], Book = new HtmlBook() }), StringComparison.Ordinal);
        Assert.Equal("Made with CourseKit.", FooterOfIndex(new HtmlSiteOptions { Assets = [PageAsset.Embedded("plotly.min.js", "plot")] }));

        string FooterOfIndex(HtmlSiteOptions options) => new HtmlParser().ParseDocument(File.ReadAllText(
            HtmlSite.Write(folder.Path, [new HtmlChapter(Chapter("01-a.ipynb", "# One"))], options))).QuerySelector("footer")!.TextContent.Trim();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_file_beside_the_pages_has_content(bool asMathML)
    {
        using var folder = new TemporaryFolder();
        HtmlSite.Write(folder.Path, [new HtmlChapter(Chapter("01-a.ipynb", "# One\n\n$x$"))], new HtmlSiteOptions { FormulasAsMathML = asMathML });
        var files = new DirectoryInfo(folder.File("assets")).GetFiles();

        Assert.All(files, file => Assert.True(file.Length > 0, $"{file.Name} is empty"));
        Assert.Equal(!asMathML && BuiltInAssets.IsKatexEmbedded, files.Any(file => file.Name == "katex.min.js"));
        Assert.Equal(asMathML, File.ReadAllText(folder.File("01-a.html")).Contains("<math>", StringComparison.Ordinal));
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
