using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CourseKit.Exercises;
using CourseKit.Grading;
using CourseKit.Notebook;
using Microsoft.Playwright;

namespace CourseKit.EndToEnd;

/// <summary>Feedback in a real browser: a student whose outputs attack the reader gets nothing done, and the page stays readable.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class FeedbackPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Listener listener = new();

    public void Dispose()
    {
        listener.Dispose();
        folder.Dispose();
    }

    private string Address => $"http://127.0.0.1:{listener.Port}/from-the-output";

    private string[] HostileHtml =>
    [
        $"<script>top.document.title='taken'; parent.document.body.innerHTML='taken'; fetch('{Address}'); new Image().src='{Address}'; alert(1)</script>",
        $"<img src=x onerror=\"fetch('{Address}')\"><img src='{Address}'><img srcset='{Address} 2x'>",
        $"<meta http-equiv='refresh' content='0;url={Address}'>",
        $"<form id=f action='{Address}' method=post><input name=secret value=1><button id=submit autofocus onfocus=\"this.click()\">Send</button></form><script>document.forms[0].submit()</script>",
        $"<a id=script href=\"javascript:fetch('{Address}')\">script</a> <a id=plain href='{Address}'>plain</a> <a id=top target=_top href='{Address}'>top</a> <a id=blank target=_blank href='{Address}'>blank</a> <a id=ping ping='{Address}' href='#'>ping</a>",
        $"<svg onload=\"fetch('{Address}')\"><script>fetch('{Address}')</script><image href='{Address}'/><use href='{Address}#a'/></svg>",
        $"<style>@import url('{Address}'); * {{ position: fixed !important; inset: 0 !important; background: red url('{Address}') !important; z-index: 2147483647 }}</style><div style=\"position:fixed;inset:0;background:red\">covered</div>",
        $"<iframe src='{Address}'></iframe><iframe srcdoc=\"<link rel=preconnect href='{Address}'>\"></iframe><object data='{Address}'></object><embed src='{Address}'><video src='{Address}' autoplay></video><audio src='{Address}'></audio>",
        $"<link rel=stylesheet href='{Address}'><link rel=preconnect href='{Address}'><link rel=prefetch href='{Address}'><link rel=dns-prefetch href='{Address}'><base href='{Address}'>",
        "</iframe></section></main><script>document.title='taken'</script><h1 style=\"position:fixed;inset:0\">taken</h1>",
        "\"><script>document.title='taken'</script>",
    ];

    private NotebookDocument Executed()
    {
        var document = NotebookDocument.Create("hostile.ipynb");
        document.Cells.Add(NotebookCell.CreateMarkdown($"# Title\n\n<style>*{{display:none}}</style>\n\n## The <script>alert(1)</script> section\n\n![x]({Address}) [y](javascript:alert(1))"));
        var answer = NotebookCell.CreateCode("double Step(double z) => 1; // </pre><script>document.title='taken'</script>");
        new NbgraderMetadata { Solution = true, GradeId = "step-solution" }.Write(answer);
        foreach (var html in HostileHtml)
        {
            answer.Outputs.Add((JsonNode)Display("text/html", html));
            answer.Outputs.Add((JsonNode)Display("text/markdown", html + $"\n\n![a]({Address}) [b](javascript:alert(1))"));
            answer.Outputs.Add((JsonNode)Display("image/svg+xml", $"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='{Address}'/>{html}</svg>"));
        }
        answer.Outputs.Add((JsonNode)Display("application/javascript", $"document.title='taken'; fetch('{Address}')"));
        document.Cells.Add(answer);
        var tests = NotebookCell.CreateCode("Check.Exercise(\"step\")");
        new NbgraderMetadata { Grade = true, Locked = true, GradeId = "step", Points = 2 }.Write(tests);
        document.Cells.Add(tests);
        return document;
    }

    private static JsonObject Display(string mediaType, string content) => new()
    {
        ["output_type"] = "display_data",
        ["data"] = new JsonObject { [mediaType] = content },
        ["metadata"] = new JsonObject(),
    };

    private SubmissionResult Result(string student) => new()
    {
        Student = student,
        Assignment = "06-logistic-regression",
        SubmissionHash = "00",
        Sandbox = "bubblewrap",
        Flags = [new SubmissionFlag(SubmissionFlagKind.Tampered, "step", "The test cell was changed.")],
        Exercises =
        [
            new ExerciseResult
            {
                Id = "step",
                Title = "The step neuron, with a title long enough for two lines on a phone",
                Points = 1,
                Possible = 2,
                Status = ScoreStatus.Partial,
                VisibleParts = [new PartResult("fires", 1, 1, PartStatus.Passed, ""), new PartResult("silent", 0, 1, PartStatus.Failed, $"Expected 0, got <img src='{Address}' onerror=alert(1)> {new string('x', 300)}")],
                HiddenParts = [new PartResult("others", 0, 0, PartStatus.NotAttempted, "")],
            },
            new ExerciseResult { Id = "why", Title = "Why?", Possible = 2, Status = ScoreStatus.NeedsManualGrade },
        ],
    };

    [Fact]
    public async Task Hostile_outputs_execute_nothing_send_nothing_and_cover_nothing()
    {
        FeedbackPages.WriteAll(folder.Path, [Result("<script>alert(1)</script>Ann")], _ => Executed(), cancellationToken: TestContext.Current.CancellationToken);
        var file = Directory.GetFiles(folder.Of("feedback"), "*.html").Single();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1100, Height = 900 } });
        context.SetDefaultTimeout(OfflineBrowser.Patience);
        var page = await context.NewPageAsync();
        var happened = new List<string>();
        page.Dialog += (_, dialog) => { happened.Add("dialog " + dialog.Message); _ = dialog.DismissAsync(); };
        page.Popup += (_, popup) => happened.Add("popup " + popup.Url);
        page.Download += (_, download) => happened.Add("download " + download.Url);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        var title = await page.TitleAsync();

        // Whoever scrolls through all of it and clicks on everything in it gets nothing done either.
        for (var scrolled = 0; scrolled < 20; scrolled++)
            await page.Mouse.WheelAsync(0, 800);
        var clicked = 0;
        foreach (var frame in page.Frames.Where(frame => frame != page.MainFrame).ToList())
            clicked += await frame.EvaluateAsync<int>("() => { const all = [...document.querySelectorAll('a, button')]; all.forEach(element => element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))); return all.length; }");
        Assert.True(clicked >= 6, $"only {clicked} things to click on");
        await Task.Delay(1500, TestContext.Current.CancellationToken); // a refresh or a request would have had its time

        Assert.Empty(happened);
        Assert.Equal(0, listener.Connections);
        Assert.Equal(new Uri(file).AbsoluteUri, page.Url.Split('#')[0]);
        Assert.Equal(title, await page.TitleAsync());
        Assert.Equal("Feedback for <script>alert(1)</script>Ann", await page.Locator("h1").InnerTextAsync());
        Assert.All(page.Frames.Where(frame => frame != page.MainFrame), frame => Assert.Equal("about:srcdoc", frame.Url));

        await page.EvaluateAsync("scrollTo(0, 0)");
        const string OnTop = "element => { const box = element.getBoundingClientRect(); return element.contains(document.elementFromPoint(box.left + 5, box.top + box.height / 2)); }";
        foreach (var words in (string[])["h1", ".total", ".flags li", "#exercise-step h2", "#exercise-step .parts .message", "#exercise-why h2", "#notebook"])
        {
            var element = page.Locator(words).First;
            await element.ScrollIntoViewIfNeededAsync();
            Assert.True(await element.EvaluateAsync<bool>(OnTop), $"{words} is covered");
        }
        // The outputs were there: all but the last one of the thirty that a cell may show.
        Assert.InRange(await page.Locator("iframe").CountAsync(), 15, 2 * HostileHtml.Length);
    }

    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(1100, ColorScheme.Light)]
    [InlineData(1100, ColorScheme.Dark)]
    public async Task Pages_are_readable_on_phone_and_screen_in_light_and_dark(int width, ColorScheme scheme)
    {
        var report = FeedbackPages.WriteAll(folder.Path, [Result("Ann"), Result("Ben")], _ => Executed(), cancellationToken: TestContext.Current.CancellationToken);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        context.SetDefaultTimeout(OfflineBrowser.Patience);
        foreach (var file in (string[])[Path.Combine(folder.Of("feedback"), "Ann.html"), report])
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync(new Uri(file).AbsoluteUri);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{Path.GetFileName(file)} scrolls sideways");
            var pale = await page.EvaluateAsync<string[]>(PaleTexts);
            Assert.True(pale.Length == 0, string.Join("\n", pale));
            await page.Keyboard.PressAsync("Tab");
            Assert.Equal("skip", await page.EvaluateAsync<string>("document.activeElement.className"));
        }
    }

    /// <summary>Texts of the page (not of its frames) whose contrast to what is behind them is under 4.5, as WCAG counts it.</summary>
    private const string PaleTexts = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
          const light = ([r, g, b]) => { const f = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
          const behind = element => { for (; element; element = element.parentElement) { const c = rgb(getComputedStyle(element).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
          const pale = [];
          for (const element of document.querySelectorAll('main *:not(svg *)')) {
            if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
            const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) pale.push(`${element.tagName}.${element.className}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
          }
          return pale;
        }
        """;

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        Timeout = OfflineBrowser.Patience,
        ExecutablePath = RequiredTools.Chromium(),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    /// <summary>A server that counts who calls.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private int connections;

        public Listener()
        {
            listener.Start();
            _ = CountAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public int Connections => Volatile.Read(ref connections);

        public void Dispose() => listener.Dispose();

        private async Task CountAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref connections);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }
}
