using CourseKit.Notebook;

namespace CourseKit.EndToEnd;

/// <summary>The pages in a real browser with the network off.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
[Trait(ToolTests.Trait, ChaptersToCheck.Group)]
public sealed class PageTests(ChapterRun run)
{
    public static TheoryData<string> Chapters => [.. ChaptersAndAppendices.Select(row => row.Data).Where(Checkout.IsChapter)];

    /// <summary>Pages that are looked at.</summary>
    public static TheoryData<string> ChaptersAndAppendices => [.. ChaptersToCheck.All];

    [Theory]
    [MemberData(nameof(ChaptersAndAppendices))]
    public async Task A_page_draws_every_figure_and_formula_offline(string chapter)
    {
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(run.Page(chapter), problems);

        var figures = page.Locator(".coursekit-figure");
        var count = await figures.CountAsync();
        var least = Checkout.IsChapter(chapter) ? 3 : 1;
        Assert.True(count >= least, $"at least {least} figures are expected, and there are {count}");
        await page.WaitForFunctionAsync("count => document.querySelectorAll('.coursekit-figure .main-svg, .coursekit-figure .gl-container').length > 0 && document.querySelectorAll('.coursekit-figure.js-plotly-plot, .coursekit-figure .js-plotly-plot').length === count", count);
        Assert.All(await figures.EvaluateAllAsync<int[]>("all => all.map(figure => figure.getBoundingClientRect().height | 0)"), height => Assert.True(height > 200));

        // An appendix may have no formula.
        if (Checkout.IsChapter(chapter))
            Assert.True(await page.Locator(".katex, .math > math").CountAsync() > 5, "formulas are not typeset");
        Assert.Equal(0, await page.Locator(".math code.tex").CountAsync());
        Assert.Equal(0, await page.Locator(".katex-error").CountAsync());
        Assert.DoesNotContain("$$", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page scrolls sideways");
        Assert.Empty(problems);
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task A_page_without_KaTeX_has_its_formulas_drawn_by_the_browser_alone(string chapter)
    {
        using var folder = new TemporaryFolder();
        HtmlPage.Save(NotebookDocument.Load(Path.Combine(run.Output, chapter)), folder.Of("page.html"), new HtmlPageOptions { FormulasAsMathML = true });
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(folder.Of("page.html"), problems);

        // A browser that knows no MathML sets a fraction's parts one after the other; this one sets them over each other.
        var fractions = await page.EvaluateAsync<bool[]>("""
            [...document.querySelectorAll('.math mfrac')].map(fraction => {
              const [above, below] = [...fraction.children].map(part => part.getBoundingClientRect());
              return above.height > 0 && above.bottom <= below.top + 1;
            })
            """);
        Assert.NotEmpty(fractions);
        Assert.All(fractions, Assert.True);
        Assert.Equal(0, await page.Locator(".math code.tex").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page scrolls sideways");
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task The_slider_moves_an_animated_figure(string chapter)
    {
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(run.Page(chapter), problems);
        await page.WaitForFunctionAsync("document.querySelectorAll('.coursekit-figure .slider-container').length > 0");
        var figure = page.Locator(".coursekit-figure", new() { Has = page.Locator(".slider-container") }).First;
        await figure.ScrollIntoViewIfNeededAsync();

        const string Traces = "figure => { const plot = figure.querySelector('.js-plotly-plot') || figure; return JSON.stringify(plot.data.map(trace => [trace.x, trace.y, trace.z, trace.text])); }";
        var before = await figure.EvaluateAsync<string>(Traces);
        var rail = (await figure.Locator(".slider-rail-touch-rect").First.BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(rail.X + rail.Width * 0.9f, rail.Y + rail.Height / 2);
        await page.WaitForFunctionAsync("([figure, before]) => { const plot = figure.querySelector('.js-plotly-plot') || figure; return JSON.stringify(plot.data.map(trace => [trace.x, trace.y, trace.z, trace.text])) !== before; }", new object[] { await figure.ElementHandleAsync(), before });
        Assert.Empty(problems);
    }

    [Fact]
    public async Task The_index_leads_to_every_chapter()
    {
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(Path.Combine(run.Output, "index.html"), problems);
        foreach (var notebook in ChaptersToCheck.All)
            Assert.True(await page.Locator($"a[href='{Path.ChangeExtension(notebook, ".html")}']").CountAsync() > 0, $"the index has no link to {notebook}");
        Assert.Empty(problems);
    }
}
