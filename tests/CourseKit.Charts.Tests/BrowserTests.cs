using System.Text.RegularExpressions;

namespace CourseKit.Charts.Tests;

[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class BrowserTests : IDisposable
{
    private readonly string folder;

    public BrowserTests()
    {
        HeadlessBrowser.SkipUnlessThere();
        folder = Directory.CreateTempSubdirectory("coursekit-test-").FullName;
        File.WriteAllText(Path.Combine(folder, "plotly.js"), PlotlyScript.Read());
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The browser may still be writing its profile; a temporary folder left behind harms nobody.
        }
    }

    [Fact]
    public async Task Equal_figures_both_draw_from_one_load_beside_require_and_move_by_their_slider()
    {
        Figure line = Figure.Line([1.0, 2, 3], "series & co").Title("Größe");
        Figure moving = Figure.Animate([("first", Figure.Line([1.0, 2])), ("second", Figure.Line([7.0, 8]))], "frame ");
        string page = $$"""
            <!doctype html><html data-theme="dark"><meta charset="utf-8"><body>
            <script>
            window.define = function () { throw new Error('plotly.js asked for define'); };
            window.define.amd = { jQuery: true };
            window.CourseKitPlotlySources = ['missing.js', 'plotly.js'];
            </script>
            {{line.ToHtml()}}{{line.ToHtml()}}{{moving.ToHtml()}}
            <pre id="seen"></pre>
            <script>
            const seen = {};
            const show = () => document.getElementById('seen').textContent = Object.entries(seen).map(([key, value]) => key + '=' + value).join(';');
            const figures = [...document.querySelectorAll('.coursekit-figure')];
            const lines = () => figures.map(figure => figure.querySelectorAll('.scatterlayer .trace').length).join();
            const until = async met => { while (!met()) await new Promise(resolve => setTimeout(resolve, 50)); };
            (async () => {
              await until(() => lines() === '1,1,1' && figures[2]._transitionData._frames.length === 2);
              seen.drawn = lines();
              seen.loads = document.querySelectorAll('script[src]').length;
              seen.amd = JSON.stringify(define.amd);
              seen.dark = figures[0].layout.font.color;
              document.documentElement.dataset.theme = 'light';
              await until(() => figures[0].layout.font.color !== seen.dark);
              seen.light = figures[0].layout.font.color;
              const step = figures[2].layout.sliders[0].steps[1];
              Plotly.animate(figures[2], ...step.args);
              await until(() => figures[2]._fullData[0].y[0] !== 1);
              seen.moved = [...figures[2]._fullData[0].y].join();
            })().catch(error => seen.error = error).finally(show);
            setInterval(show, 1000);
            </script></body></html>
            """;

        string document = await HeadlessBrowser.OpenAsync(folder, page, TestContext.Current.CancellationToken);

        string seen = Regex.Match(document, "<pre id=\"seen\">(.*?)</pre>", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal("drawn=1,1,1;loads=1;amd={\"jQuery\":true};dark=#e8e8e8;light=#222222;moved=7,8", seen);
        Assert.Contains(">Größe</text>", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_plotly_a_sentence_stands_in_the_figures_place()
    {
        string html = Figure.Line([1.0]).ToHtml().Replace(PlotlyScript.CdnUrl, "nowhere.js", StringComparison.Ordinal);

        string document = await HeadlessBrowser.OpenAsync(folder, $"<!doctype html><meta charset=utf-8><body>{html}</body>", TestContext.Current.CancellationToken);

        Assert.Contains("This figure could not be drawn", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_page_of_Jupyter_plotly_comes_from_the_kernels_folder()
    {
        string kernel = Directory.CreateDirectory(Path.Combine(folder, "kernelspecs", ".net-csharp")).FullName;
        File.Copy(Path.Combine(folder, "plotly.js"), Path.Combine(kernel, "plotly.min.js"));
        string html = Figure.Line([1.0, 2]).ToHtml().Replace(PlotlyScript.CdnUrl, "nowhere.js", StringComparison.Ordinal);

        string document = await HeadlessBrowser.OpenAsync(folder, $"<!doctype html><meta charset=utf-8><body data-base-url='./'>{html}</body>", TestContext.Current.CancellationToken);

        Assert.Contains("class=\"scatterlayer", document, StringComparison.Ordinal);
    }
}
