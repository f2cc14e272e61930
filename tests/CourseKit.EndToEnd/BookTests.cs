using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CourseKit.Notebook;
using Microsoft.Playwright;

namespace CourseKit.EndToEnd;

/// <summary>The course's site, as a student meets it: from the disk, offline, without a solution in it.</summary>
public sealed partial class BookTests(BookRun book) : IClassFixture<BookRun>
{
    public static TheoryData<string> Chapters => [.. BookRun.Notebooks.Where(Checkout.IsChapter)];

    public static TheoryData<string> Pages => [.. BookRun.Notebooks.Select(notebook => Path.ChangeExtension(notebook, ".html")), "index.html", "exercises.html", "search.html?q=gradient"];

    [Fact]
    public void Every_chapter_stands_on_the_landing_page_in_reading_order_with_its_exercises_and_downloads()
    {
        Assert.True(book.Answer.ExitCode == 0, book.Answer.Errors);
        var order = CourseMap.Load(Path.Combine(Checkout.Notebooks, CourseMap.FileName)).InReadingOrder().Select(chapter => chapter.Number).ToList();
        var expected = Chapters.Select(chapter => Path.ChangeExtension(chapter.Data, ".html")).OrderBy(page => order.IndexOf(CourseMap.NumberOf(page)!.Value)).ToList();
        var page = new HtmlParser().ParseDocument(File.ReadAllText(book.Of("index.html")));
        var withAppendices = expected.Concat(BookRun.Notebooks.Where(notebook => !Checkout.IsChapter(notebook)).Select(appendix => Path.ChangeExtension(appendix, ".html"))).ToList();
        Assert.Equal(withAppendices, page.QuerySelectorAll(".chapters h3 a").Select(link => link.GetAttribute("href")));
        Assert.Equal(expected, page.QuerySelectorAll(".arcs a").Select(link => link.GetAttribute("href")));
        Assert.Equal(withAppendices.Select(address => Path.ChangeExtension(address, ".ipynb")), page.QuerySelectorAll(".chapters .downloads li:first-child a").Select(link => Path.GetFileName(link.GetAttribute("href"))));
        Assert.All(page.QuerySelectorAll("a[href]:not([href^='#'])").Select(link => link.GetAttribute("href")!), address => Assert.True(File.Exists(book.Of(Uri.UnescapeDataString(address))), $"{address} leads nowhere"));
        // Chapter 6 is read after chapter 1, and says so.
        Assert.Equal("06-logistic-regression.html", new HtmlParser().ParseDocument(File.ReadAllText(book.Of("01-neurons-and-perceptrons.html"))).QuerySelector(".neighbours [rel=next]")!.GetAttribute("href"));
        Assert.Contains("Read after chapter 1", page.QuerySelectorAll(".chapters > li").Single(item => item.QuerySelector("h3 a")!.GetAttribute("href") == "06-logistic-regression.html").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_exercises_has_the_points_of_every_graded_cell_and_leads_to_each()
    {
        var list = new HtmlParser().ParseDocument(File.ReadAllText(book.Of("exercises.html")));
        var points = list.QuerySelectorAll("tbody .number").Sum(cell => double.Parse(cell.TextContent, System.Globalization.CultureInfo.InvariantCulture));
        var expected = Chapters.Sum(chapter => NotebookDocument.Load(Path.Combine(Checkout.Notebooks, chapter.Data)).Cells.Select(Grading.NbgraderMetadata.Read).Where(metadata => metadata is { Grade: true }).Sum(metadata => metadata!.Points ?? 0));
        Assert.Equal(expected, points);
        foreach (var address in list.QuerySelectorAll("tbody a").Select(link => link.GetAttribute("href")!.Split('#')))
        {
            var heading = new HtmlParser().ParseDocument(File.ReadAllText(book.Of(address[0]))).GetElementById(Uri.UnescapeDataString(address[1]));
            Assert.StartsWith("Exercise", heading!.TextContent, StringComparison.Ordinal);
        }
    }

    [Trait(ToolTests.Trait, ChaptersToCheck.Group)]
    [Theory]
    [MemberData(nameof(Chapters))]
    public void No_solution_and_no_hidden_test_is_in_any_file_of_the_book(string chapter)
    {
        var (secret, shown) = Lines(NotebookDocument.Load(Path.Combine(Checkout.Notebooks, chapter)));
        // What another chapter shows is no secret either: the search's index is of all.
        shown.UnionWith(Chapters.Where(other => other.Data != chapter).SelectMany(other => Lines(NotebookDocument.Load(Path.Combine(Checkout.Notebooks, other.Data))).Shown));
        secret.RemoveWhere(line => shown.Any(seen => seen.Contains(line, StringComparison.Ordinal)));
        Assert.NotEmpty(secret);
        var texts = new[]
        {
            Squeezed(new HtmlParser().ParseDocument(File.ReadAllText(book.Of(Path.ChangeExtension(chapter, ".html")))).Body!.TextContent),
            Squeezed(string.Join('\n', NotebookDocument.Load(book.Of(Path.Combine("downloads", chapter))).Cells.Select(cell => cell.Source))),
            Squeezed(string.Join('\n', Index().Select(entry => entry[3]))),
        };
        Assert.All(texts, text => Assert.All(secret, line => Assert.DoesNotContain(line, text, StringComparison.Ordinal)));
        // The control: what is no secret is found in the same way.
        Assert.Contains("using CourseKit.Exercises;", texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_download_with_data_holds_the_notebook_and_every_file_it_loads()
    {
        using var archive = ZipFile.OpenRead(book.Of("downloads/06-logistic-regression.zip"));
        Assert.Equal(["06-logistic-regression.ipynb", "data/SOURCES.md", "data/iris.csv", "data/wdbc.csv"], archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        using var reader = new StreamReader(archive.GetEntry("data/iris.csv")!.Open());
        Assert.Equal(File.ReadAllText(Path.Combine(Checkout.Root, "data", "iris.csv")), reader.ReadToEnd());
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public async Task The_search_finds_words_offline_and_leads_to_their_section()
    {
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(book.Of("index.html"), problems);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("xor cannot");
        await page.Keyboard.PressAsync("Enter");
        await ArrivesAsync(page, @"/search\.html\?q=");
        var first = page.Locator("#search-results a").First;
        Assert.Equal("1.6 What one neuron cannot do", await first.InnerTextAsync());
        Assert.True(await page.Locator("#search-results mark").CountAsync() > 0, "hits are not marked");
        await page.Locator("#search-words").FillAsync("no-such-word-anywhere");
        Assert.Contains("Nothing found", await page.Locator("#search-status").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#search-words").FillAsync("XOR cannot");
        await page.Locator("#search-words").PressAsync("Enter"); // a reader without a mouse goes on from the first result
        await page.Keyboard.PressAsync("Enter");
        await ArrivesAsync(page, @"/01-neurons-and-perceptrons\.html#");
        Assert.Equal("1.6 What one neuron cannot do#", await page.Locator(":target").TextContentAsync());
        Assert.Empty(problems);
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public async Task The_dark_mode_is_a_button_that_is_remembered_and_reaches_the_figures()
    {
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(book.Of("01-neurons-and-perceptrons.html"), problems);
        await page.WaitForFunctionAsync("document.querySelector('.coursekit-figure.js-plotly-plot')");
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Dark" });
        Assert.Equal("false", await button.GetAttributeAsync("aria-pressed"));
        const string Paper = "getComputedStyle(document.body).backgroundColor";
        const string FigureText = "document.querySelector('.coursekit-figure.js-plotly-plot').layout.font.color";
        var (paper, text) = (await page.EvaluateAsync<string>(Paper), await page.EvaluateAsync<string>(FigureText));
        await button.ClickAsync();
        Assert.Equal("true", await button.GetAttributeAsync("aria-pressed"));
        Assert.NotEqual(paper, await page.EvaluateAsync<string>(Paper));
        await page.WaitForFunctionAsync($"text => {FigureText} !== text", text);
        await page.GotoAsync(OfflineBrowser.AddressOf(book.Of("index.html")));
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        Assert.Empty(problems);
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Axe_finds_nothing_serious_on_any_page_light_and_dark(string name)
    {
        // Looking through a page of many figures takes half a minute.
        if (name.EndsWith(".html", StringComparison.Ordinal) && name != "index.html")
            LongTests.SkipUnlessWanted();
        var axe = new Deque.AxeCore.Commons.BundledAxeScriptProvider().GetScript();
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(book.Of(name), problems, width: 1000);
        await page.WaitForFunctionAsync("document.querySelectorAll('.coursekit-figure:not([data-drawn])').length === 0 && [...document.querySelectorAll('.coursekit-figure')].every(figure => figure.querySelector('.main-svg, .gl-container'))");
        Assert.Empty(problems); // before axe, which asks for files that a page from the disk may not read
        var light = await SeriousAsync(page, axe);
        Assert.True(light.Length == 0, "light: " + string.Join("\n\n", light));

        const string Colours = "[document.body, ...document.querySelectorAll('.js-plotly-plot')].map(part => part.layout?.font?.color ?? getComputedStyle(part).backgroundColor)";
        var before = await page.EvaluateAsync<string[]>(Colours);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.WaitForFunctionAsync($"before => {Colours}.every((colour, i) => colour !== before[i])", before);
        var dark = await SeriousAsync(page, axe);
        Assert.True(dark.Length == 0, "dark: " + string.Join("\n\n", dark));
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public async Task Axe_would_find_a_field_without_a_name_and_pale_text()
    {
        var axe = new Deque.AxeCore.Commons.BundledAxeScriptProvider().GetScript();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(book.Of("index.html"), []);
        await page.EvaluateAsync("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><p style=\"color: #ccc; background: #fff\">pale</p>')");
        var found = await SeriousAsync(page, axe);
        Assert.Contains(found, sentence => sentence.Contains("label:", StringComparison.Ordinal));
        Assert.Contains(found, sentence => sentence.Contains("color-contrast:", StringComparison.Ordinal));
    }

    // Asks again and again: WaitForURLAsync misses a navigation that comes between its look and its listening.
    private static Task ArrivesAsync(IPage page, string address) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(address), new() { Timeout = OfflineBrowser.Patience });

    /// <summary>What axe-core calls serious or critical on a page.</summary>
    private static async Task<string[]> SeriousAsync(IPage page, string axe)
    {
        await page.EvaluateAsync(axe);
        return await page.EvaluateAsync<string[]>("""
            async () => {
              const result = await axe.run(document, { preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] });
              return result.violations.filter(violation => ['serious', 'critical'].includes(violation.impact))
                .map(violation => `${violation.impact} ${violation.id}: ${violation.help}, ${violation.nodes.length} times, first ${violation.nodes[0].html.slice(0, 300)} ${violation.nodes[0].failureSummary}`);
            }
            """);
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Theory]
    [InlineData("index.html")]
    [InlineData("exercises.html")]
    [InlineData("search.html?q=neuron")]
    [InlineData("01-neurons-and-perceptrons.html")]
    public async Task A_page_fits_a_phone(string name)
    {
        var problems = new List<string>();
        await using var browser = await OfflineBrowser.StartAsync();
        var page = await browser.OpenAsync(book.Of(name), problems, width: 390);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page scrolls sideways");
    }

    [Fact]
    public async Task A_map_that_contradicts_itself_is_refused_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Of("course.json"), """{ "version": 1, "parts": [{ "title": "A", "chapters": [{ "number": 1, "after": [6] }] }] }""", TestContext.Current.CancellationToken);
        var answer = await CourseKitCommand.RunAsync(Checkout.Root, "book", "--map", folder.Of("course.json"), "-o", folder.Of("book"));
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("chapter 1 is read after chapter 6, which does not stand before it", answer.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Of("book")));
    }

    /// <summary>The search's index, out of its script.</summary>
    private string[][] Index()
    {
        var script = File.ReadAllText(book.Of("assets/search-index.js"));
        return JsonSerializer.Deserialize<string[][]>(script[(script.IndexOf('=', StringComparison.Ordinal) + 1)..].TrimEnd(';', '\n'))!;
    }

    /// <summary>Lines that a student must not see, and those that a student sees.</summary>
    private static (HashSet<string> Secret, HashSet<string> Shown) Lines(NotebookDocument document)
    {
        var (secret, shown) = (new HashSet<string>(), new HashSet<string>());
        foreach (var cell in document.Cells)
        {
            var hidden = false;
            foreach (var line in cell.Source.Split('\n').Select(Squeezed))
            {
                if (Begin().IsMatch(line))
                    hidden = true;
                else if (End().IsMatch(line))
                    hidden = false;
                else if (line.Length >= 12)
                    (hidden && cell.Kind == CellKind.Code ? secret : shown).Add(line);
            }
        }
        return (secret, shown);
    }

    private static string Squeezed(string text) => Spaces().Replace(text, " ").Trim();

    [GeneratedRegex("BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)")]
    private static partial Regex Begin();

    [GeneratedRegex("END (SOLUTION|HIDDEN TESTS|MARK SCHEME)")]
    private static partial Regex End();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
