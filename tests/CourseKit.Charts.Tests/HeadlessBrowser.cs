using System.Diagnostics;

namespace CourseKit.Charts.Tests;

/// <summary>Chromium without a window, where the machine has one: the only judge of whether a figure is drawn.</summary>
internal static class HeadlessBrowser
{
    public static string? Path => Chromium.Path;

    /// <summary>The first line of a test that draws: without a browser it is skipped with the reason, except where all tools are required.</summary>
    public static void SkipUnlessThere()
    {
        ToolTests.SkipUnlessWanted();
        Assert.True(Path is not null, "This test needs Chromium, on the PATH or in CHROME_PATH (Debian: chromium).");
        Assert.True(PlotlyScript.IsEmbedded, "plotly.js is not embedded in this build.");
    }

    /// <summary>Opens a page and gives its document as it is after its scripts have run.</summary>
    public static async Task<string> OpenAsync(string folder, string html, CancellationToken cancel)
    {
        string page = System.IO.Path.Combine(folder, "page.html");
        await File.WriteAllTextAsync(page, html, cancel);
        var start = new ProcessStartInfo(Path!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
                "--allow-file-access-from-files", $"--user-data-dir={System.IO.Path.Combine(folder, "profile")}",
                "--virtual-time-budget=8000", "--dump-dom", new Uri(page).AbsoluteUri,
            },
        };
        using Process browser = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(15));
        try
        {
            Task<string> errors = browser.StandardError.ReadToEndAsync(limit.Token);
            string document = await browser.StandardOutput.ReadToEndAsync(limit.Token);
            await browser.WaitForExitAsync(limit.Token);
            await errors;
            return document;
        }
        finally
        {
            if (!browser.HasExited)
                browser.Kill(entireProcessTree: true);
        }
    }
}
