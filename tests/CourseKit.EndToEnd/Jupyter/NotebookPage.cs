using Microsoft.Playwright;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary>A notebook open in Notebook 6, in a browser that reaches no other machine.</summary>
internal sealed class NotebookPage : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private NotebookPage(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
    }

    public IPage Page { get; }

    public static async Task<NotebookPage> OpenAsync(Uri server, string notebook)
    {
        var chromium = RequiredTools.Chromium();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Timeout = OfflineBrowser.Patience,
            // No name is resolved, so that nothing but the server on this machine answers.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        });
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1200, Height = 900 } });
        context.SetDefaultTimeout(OfflineBrowser.Patience);
        var page = new NotebookPage(playwright, browser, await context.NewPageAsync());
        await page.Page.GotoAsync(new Uri(server, "notebooks/" + notebook).AbsoluteUri);
        await page.WaitForKernelAsync();
        return page;
    }

    /// <summary>Waits until the kernel is connected and has nothing to do.</summary>
    public Task WaitForKernelAsync() => Page.WaitForFunctionAsync(
        "window.Jupyter && Jupyter.notebook && Jupyter.notebook._fully_loaded && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.kernel.info_reply.language_info && !Jupyter.notebook.kernel_busy");

    /// <summary>Chooses an entry of a menu, as a user does.</summary>
    public async Task ChooseAsync(string menu, string entry)
    {
        await Page.Locator($"#{menu}").ClickAsync();
        await Page.Locator($"#{entry} a").ClickAsync();
    }

    /// <summary>Types a cell at the end of the notebook and runs it with Ctrl+Enter.</summary>
    /// <returns>The cell's place in the notebook.</returns>
    public async Task<int> TypeAsync(string code, bool run = true)
    {
        var index = await Page.EvaluateAsync<int>("() => { const n = Jupyter.notebook; n.insert_cell_at_bottom('code'); n.select(n.ncells() - 1); n.edit_mode(); return n.ncells() - 1; }");
        await Page.Keyboard.InsertTextAsync(code);
        if (run)
            await Page.Keyboard.PressAsync("Control+Enter");
        return index;
    }

    /// <summary>Waits until a cell has run, and reads what stands below it.</summary>
    public async Task<string> OutputAsync(int cell)
    {
        await Page.WaitForFunctionAsync($"index => {HasRun}(Jupyter.notebook.get_cell(index))", cell);
        return await Page.EvaluateAsync<string>("index => Jupyter.notebook.get_cell(index).element.find('.output').text()", cell);
    }

    /// <summary>Waits until every cell with code has run.</summary>
    public Task WaitForAllCellsAsync() => Page.WaitForFunctionAsync($"() => Jupyter.notebook.get_cells().filter(cell => cell.cell_type === 'code').every({HasRun})");

    // Replies and outputs come on two channels, and either may be first: both must have said that they are done.
    private const string HasRun = """
        (cell => {
          const waiting = Jupyter.notebook.kernel._msg_callbacks[cell.last_msg_id];
          return Number.isInteger(cell.input_prompt_number) && (!waiting || waiting.shell_done && waiting.iopub_done);
        })
        """;

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
