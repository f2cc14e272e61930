using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

/// <summary>What holds for every figure of the gallery, in a real browser without network.</summary>
public sealed class GalleryTests(LivePage page) : IClassFixture<LivePage>
{
    public static TheoryData<string> Names => [.. GalleryFigures.All.Keys];

    public static TheoryData<string> MovingNames => [.. GalleryFigures.All.Where(figure => figure.Value().Layout.ContainsKey("sliders")).Select(figure => figure.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_figure_is_small_and_says_what_it_shows(string name)
    {
        Figure figure = GalleryFigures.All[name]();

        Assert.InRange(figure.ToJson().Length, 1, Explore.MaximumBytes);
        Assert.True(figure.Layout["title"]?["text"] is not null, "it has no title");
        Assert.True(figure.Description.Length > 20, $"a reader who cannot see it is told only '{figure.Description}'");
        Assert.Equal(figure.ToJson(), GalleryFigures.All[name]().ToJson());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_figure_is_drawn_on_wide_and_narrow_pages_light_and_dark(string name)
    {
        SkipWithoutBrowser();
        string html = GalleryFigures.All[name]().ToHtml();
        (int, bool)[] pages = LongTests.AreWanted ? [(1200, false), (1200, true), (400, false), (400, true)] : [(1200, false), (400, true)];
        foreach ((int width, bool dark) in pages)
        {
            await ShowAsync(html, width, dark);
            JsonNode seen = (await page.EvaluateAsync(Look))!;
            string where = $"{name} at {width} px, {(dark ? "dark" : "light")}: {seen.ToJsonString()}";

            Assert.True(seen["marks"]!.GetValue<int>() > 0, $"nothing is drawn, {where}");
            Assert.True(!seen["overlap"]!.GetValue<bool>(), $"title and legend lie upon each other, {where}");
            Assert.True(!seen["cut"]!.GetValue<bool>(), $"the title is cut off, {where}");
            Assert.True(seen["scrolls"]!.GetValue<bool>() || seen["width"]!.GetValue<double>() <= width, $"it is wider than the page, {where}");
            Assert.Equal(dark ? "#e8e8e8" : "#222222", seen["text"]!.GetValue<string>());
            Assert.Equal("figure", seen["role"]!.GetValue<string>());
            Assert.Empty(page.TakeErrors());
        }
    }

    [Theory]
    [MemberData(nameof(MovingNames))]
    public async Task A_moving_figure_is_reached_and_moved_by_keys_and_plays(string name)
    {
        SkipWithoutBrowser();
        Figure figure = GalleryFigures.All[name]();
        await ShowAsync(figure.ToHtml(), 1200, dark: false);
        int sliders = figure.Layout["sliders"]!.AsArray().Count;
        for (int slider = 0; slider < sliders; slider++)
        {
            int steps = figure.Layout["sliders"]![slider]!["steps"]!.AsArray().Count;
            await TabToAsync($"document.activeElement === figure.querySelectorAll('.slider-group')[{slider}]");
            string first = (await page.EvaluateAsync(Picture))!.GetValue<string>();
            foreach ((string key, int expected) in new[] { ("ArrowRight", Math.Min(1, steps - 1)), ("End", steps - 1), ("Home", 0) })
            {
                await page.PressAsync(key);
                await page.EvaluateAsync($"until(() => figure._fullLayout.sliders[{slider}].active === {expected}, 'step {expected} of slider {slider}')");
                // The picture follows the slider; that of the last step differs from the first's.
                if (key == "End" && steps > 1)
                    await page.EvaluateAsync($"until(() => {Picture} !== {JsonValue.Create(first).ToJsonString()}, 'another picture')");
                Assert.Equal(expected.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    (await page.EvaluateAsync($"until(() => figure.querySelectorAll('.slider-group')[{slider}].getAttribute('aria-valuenow') === '{expected}', 'the spoken value').then(() => figure.querySelectorAll('.slider-group')[{slider}].getAttribute('aria-valuenow'))"))!.GetValue<string>());
            }
        }
        await TabToAsync("document.activeElement.getAttribute('aria-label') === 'play'");
        await page.PressAsync("Enter");
        await page.EvaluateAsync("until(() => figure._fullLayout.sliders[0].active > 0, 'the animation to play')");
        Assert.Empty(page.TakeErrors());
    }

    [Theory]
    [InlineData("""{"data": [{"y": [1, 2], "name": "a"}, {"y": [2, 1], "name": "b"}], "layout": {"title": {"text": "A title that is longer than the page is wide, so that it needs lines"}, "legend": {"orientation": "h", "y": 1.2}}}""", "#444")]
    [InlineData("""{"data": [{"y": [1, 2]}], "layout": {"paper_bgcolor": "#102030", "font": {"color": "#ffeecc"}}}""", "#ffeecc")]
    [InlineData("""{"data": [{"y": [1, 2]}], "layout": {"template": {"layout": {"paper_bgcolor": "white", "font": {"color": "#2a3f5f"}}}}}""", "#2a3f5f")]
    [InlineData("""{"data": [{"y": [1, 2]}], "layout": {"paper_bgcolor": "rgba(0, 0, 0, 0)"}}""", "#e8e8e8")]
    public async Task A_figure_made_elsewhere_is_legible_on_a_dark_page(string json, string text)
    {
        SkipWithoutBrowser();
        await ShowAsync(Figure.FromJson(json).ToHtml(), 400, dark: true);

        Assert.Equal(text, (await page.EvaluateAsync("figure._fullLayout.font.color"))!.GetValue<string>());
        Assert.Equal(0, (await page.EvaluateAsync("[...figure.querySelectorAll('.infolayer .gtitle')].filter(title => title.getBoundingClientRect().right > 401).length"))!.GetValue<int>());
        Assert.Empty(page.TakeErrors());
    }

    // What is in the picture, as text; typed arrays are Plotly's.
    private const string Picture = "JSON.stringify(figure._fullData.map(t => [t.visible, t.x, t.y, t.z, t.line && t.line.width, t.zmin].map(v => ArrayBuffer.isView(v) ? [...v] : v)))";

    private const string Look = """
        (() => {
          const box = selector => { const found = figure.querySelector(selector); return found && found.getBoundingClientRect().width > 0 ? found.getBoundingClientRect() : null; };
          const outer = figure.getBoundingClientRect();
          const svg = figure.querySelector('.main-svg').getBoundingClientRect();
          const titles = ['.infolayer .gtitle', '.infolayer .gtitle-subtitle'].map(box).filter(b => b);
          const legend = box('.infolayer > .legend');
          const cells = [...figure.querySelectorAll('.infolayer .annotation-text-g')].map(e => e.getBoundingClientRect());
          const meet = (a, b) => !!a && !!b && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          const scenes = Object.keys(figure._fullLayout).filter(key => /^scene\d*$/.test(key)).map(key => figure._fullLayout[key]._scene);
          return {
            marks: figure.querySelectorAll('.scatterlayer .js-line, .scatterlayer .point, .heatmaplayer image, .contourlayer path, .barlayer .point path, .shapelayer path').length
              + scenes.reduce((sum, scene) => sum + (scene.glplot ? scene.glplot.objects.length : 0), 0),
            overlap: titles.some(title => meet(title, legend) || cells.some(cell => meet(title, cell))) || cells.some(cell => meet(cell, legend)) || !!meet(titles[0], titles[1]),
            cut: titles.some(title => title.right > Math.max(outer.right, svg.right) + 1 || title.left < outer.left - 1 || title.top < outer.top || title.bottom > outer.bottom),
            scrolls: figure.style.overflowX === 'auto',
            width: svg.width,
            text: figure.layout.font.color,
            role: figure.getAttribute('role')
          };
        })()
        """;

    public static TheoryData<string> Landscapes => [.. GalleryFigures.All.Where(figure => figure.Value().Layout.ContainsKey("scene")).Select(figure => figure.Key)];

    [Theory]
    [MemberData(nameof(Landscapes))]
    public async Task Nothing_of_a_landscape_is_cut_off_on_wide_and_narrow_pages(string name)
    {
        SkipWithoutBrowser();
        string html = GalleryFigures.All[name]().ToHtml();
        foreach (int width in (int[])[1200, 400])
        {
            await ShowAsync(html, width, dark: false);
            JsonNode seen = (await page.EvaluateAsync(Edges))!;
            string where = $"{name} at {width} px: {seen.ToJsonString()}";

            Assert.True(seen["inside"]!.GetValue<int>() > 1000, $"nothing is drawn, {where}");
            Assert.True(seen["edges"]!.GetValue<int>() == 0, $"something reaches the picture's edge and goes on beyond it, {where}");
            // The bar that explains the colours gives way to the landscape and comes back with the room for it.
            Assert.Equal(width == 400 ? 0 : GalleryFigures.All[name]().Data.Count(HasBar), seen["bars"]!.GetValue<int>());
        }
        await ShowAsync(html, 400, dark: false);
        await page.LookAsync(1200, dark: false);
        int bars = GalleryFigures.All[name]().Data.Count(HasBar);
        await page.EvaluateAsync($"until(() => figure.querySelectorAll('.infolayer .colorbar').length === {bars} && figure._fullLayout.scene._scene.getCamera().eye.x < 1.5, 'the wide picture')");
        Assert.Empty(page.TakeErrors());

        static bool HasBar(JsonNode? trace) => (string?)trace!["type"] == "surface" && (bool?)trace["showscale"] != false;
    }

    // How many pixels of the landscape have a colour, in all and at the four edges.
    private const string Edges = """
        (async () => {
          const scene = figure._fullLayout.scene._scene;
          const image = new Image();
          image.src = scene.toImage('png');
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.width, image.height];
          const brush = canvas.getContext('2d');
          brush.drawImage(image, 0, 0);
          const coloured = (x, y, w, h) => brush.getImageData(x, y, w, h).data.filter((value, i) => i % 4 === 3 && value > 0).length;
          return {
            inside: coloured(0, 0, canvas.width, canvas.height),
            edges: coloured(0, 0, 1, canvas.height) + coloured(canvas.width - 1, 0, 1, canvas.height) + coloured(0, 0, canvas.width, 1) + coloured(0, canvas.height - 1, canvas.width, 1),
            bars: figure.querySelectorAll('.infolayer .colorbar').length,
            size: [canvas.width, canvas.height]
          };
        })()
        """;

    private static void SkipWithoutBrowser()
    {
        Assert.SkipUnless(HeadlessBrowser.Path is not null, "No Chromium on the PATH (or in CHROME_PATH) to draw figures in.");
        Assert.SkipUnless(PlotlyScript.IsEmbedded, "plotly.js is not embedded: neither a package feed nor npm had it when this was built.");
    }

    private async Task ShowAsync(string html, int width, bool dark)
    {
        await page.LookAsync(width, dark);
        await page.EvaluateAsync($"show({JsonValue.Create(html).ToJsonString()})");
        // The figure says when it is drawn and has made room for what would not fit.
        await page.EvaluateAsync("until(() => figure.hasAttribute('data-ready'), 'the figure: ' + figure.textContent.slice(0, 300))");
    }

    private async Task TabToAsync(string met)
    {
        for (int presses = 0; presses < 100; presses++)
        {
            if ((await page.EvaluateAsync(met))!.GetValue<bool>())
                return;
            await page.PressAsync("Tab");
        }
        Assert.Fail($"a hundred presses of Tab did not get there: {met}");
    }
}
