using Microsoft.Playwright;

namespace CourseKit.EndToEnd;

/// <summary>The system's Chromium without a network.</summary>
internal sealed class OfflineBrowser(IPlaywright playwright, IBrowser browser) : IAsyncDisposable
{
    /// <summary>How long, in milliseconds, a browser may take for anything: a busy machine is slow, and that is no failure.</summary>
    public const float Patience = 180_000;

    public static async Task<OfflineBrowser> StartAsync()
    {
        var chromium = RequiredTools.Chromium();
        var playwright = await Playwright.CreateAsync();
        return new OfflineBrowser(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Timeout = Patience,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        }));
    }

    /// <summary>Opens a page from the disk.</summary>
    /// <param name="path">The file, with a query if need be.</param>
    /// <param name="problems">Where errors of scripts and requests that fail are noted.</param>
    /// <param name="scheme">Whether the reader's system is light or dark.</param>
    /// <param name="width">The width of the window in pixels.</param>
    public async Task<IPage> OpenAsync(string path, List<string> problems, ColorScheme scheme = ColorScheme.Light, int width = 1200)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        context.SetDefaultTimeout(Patience);
        await context.SetOfflineAsync(true);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => { if (message.Type == "error") problems.Add(message.Text); };
        page.PageError += (_, error) => problems.Add(error);
        page.RequestFailed += (_, request) => problems.Add($"{request.Url}: {request.Failure}");
        await page.GotoAsync(AddressOf(path));
        return page;
    }

    /// <summary>A file's address, its query kept.</summary>
    public static string AddressOf(string path)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? new Uri(path).AbsoluteUri : new Uri(path[..query]).AbsoluteUri + path[query..];
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
