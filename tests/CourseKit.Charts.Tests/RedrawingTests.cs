using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

/// <summary>A figure that takes another's place again and again, as while a training is watched.</summary>
public sealed class RedrawingTests(LivePage page) : IClassFixture<LivePage>
{
    [Fact]
    public async Task A_figure_in_anothers_place_is_drawn_before_the_page_is_painted_and_the_other_lets_go()
    {
        Assert.SkipUnless(HeadlessBrowser.Path is not null, "No Chromium on the PATH (or in CHROME_PATH) to draw figures in.");
        Assert.SkipUnless(PlotlyScript.IsEmbedded, "plotly.js is not embedded: neither a package feed nor npm had it when this was built.");
        var model = new Sequential(new Linear(2, 4, generator: new Generator(1)), new Tanh(), new Linear(4, 1, generator: new Generator(2)));
        TensorDataset moons = Synthetic.Moons(50, 0.1, new Generator(3));
        string[] pictures = [.. Enumerable.Range(1, 6).Select(epochs => TeachingFigures.TrainingWithBoundary(
            new TrainingHistory([.. Enumerable.Range(1, epochs).Select(epoch => 1.0 / epoch)], []), model, moons).ToHtml())];
        await page.LookAsync(1000, dark: false);
        JsonNode seen = (await page.EvaluateAsync($$"""
            (async () => {
              const pictures = {{new JsonArray([.. pictures.Select(html => (JsonNode)html)]).ToJsonString()}};
              const all = [], atOnce = [];
              for (const html of pictures) {
                show(html);
                all.push(figure);
                // Promises are kept before the next paint, a timer or a frame is not.
                for (let i = 0; i < 50; i++) await Promise.resolve();
                atOnce.push(!!figure.querySelector('.main-svg .scatterlayer .trace'));
                await until(() => figure.hasAttribute('data-ready'), 'the figure');
              }
              return { atOnce, alive: all.map(each => !!each._fullLayout), epochs: figure.data[0].x.length };
            })()
            """))!;
        // The first one may have had to wait for the library.
        Assert.All(seen["atOnce"]!.AsArray().Skip(1), drawn => Assert.True(drawn!.GetValue<bool>(), $"the place is empty for a moment: {seen.ToJsonString()}"));
        Assert.Equal([false, false, false, false, false, true], seen["alive"]!.AsArray().Select(alive => alive!.GetValue<bool>()));
        Assert.Equal(6, seen["epochs"]!.GetValue<int>());
        Assert.Empty(page.TakeErrors());
    }
}
