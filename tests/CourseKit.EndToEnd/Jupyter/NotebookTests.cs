using System.Text.Json.Nodes;
using CourseKit.Charts;
using CourseKit.Notebook;
using Microsoft.Playwright;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary>Notebook 6 in a real browser: what a student does with a mouse and a keyboard.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class NotebookTests(InstalledKernel kernel) : IClassFixture<InstalledKernel>
{
    private async Task WithNotebookAsync(string name, string text, Func<NotebookPage, Task> test)
    {
        var folder = Directory.CreateDirectory(kernel.Of($"notebooks-{Guid.NewGuid():N}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
        await using var server = await NotebookServer.StartAsync(kernel, folder);
        try
        {
            await using var page = await NotebookPage.OpenAsync(server.Address, name);
            await test(page);
        }
        catch (Exception exception) when (exception is PlaywrightException or TimeoutException)
        {
            throw new InvalidOperationException($"{exception.Message}\nThe server's log:\n{server.Log}", exception);
        }
    }

    private static string Empty => new JsonObject
    {
        ["cells"] = new JsonArray(),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = InstalledKernel.Name } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString();

    [Fact]
    public async Task A_chapter_opens_runs_and_draws_its_figures_with_the_network_off()
    {
        Assert.SkipUnless(PlotlyScript.IsEmbedded, "plotly.js is not embedded: neither a package feed nor npm had it when this was built.");
        var chapter = Checkout.Chapters.First().Data;
        var path = Path.Combine(Checkout.Notebooks, chapter);
        await WithNotebookAsync(chapter, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), async page =>
        {
            await page.ChooseAsync("celllink", "run_all_cells");
            await page.WaitForAllCellsAsync();
            var errors = await page.Page.EvaluateAsync<string[]>("() => Jupyter.notebook.get_cells().filter(cell => cell.output_area && cell.output_area.outputs.some(output => output.output_type === 'error')).map(cell => cell.element.text())");
            Assert.Empty(errors);

            var figures = page.Page.Locator(".coursekit-figure");
            var count = await figures.CountAsync();
            Assert.True(count >= 3, $"a chapter has at least three figures, and here are {count}");
            await page.Page.WaitForFunctionAsync("count => document.querySelectorAll('.coursekit-figure.js-plotly-plot, .coursekit-figure .js-plotly-plot').length === count", count);
            Assert.All(await figures.EvaluateAllAsync<int[]>("all => all.map(figure => figure.getBoundingClientRect().height | 0)"), height => Assert.True(height > 200));
            var source = await page.Page.EvaluateAsync<string>("() => [...document.querySelectorAll('script[src]')].map(script => script.src).find(source => source.includes('plotly'))");
            Assert.EndsWith($"/kernelspecs/{InstalledKernel.Name}/{PlotlyScript.FileName}", source, StringComparison.Ordinal);
            Assert.Equal(NotebookDocument.Load(path).Cells.Count, await page.Page.EvaluateAsync<int>("() => Jupyter.notebook.ncells()"));
        });
    }

    [Fact]
    public async Task A_watched_training_redraws_its_figure_in_its_place_and_an_interrupt_leaves_it_there()
    {
        LongTests.SkipUnlessWanted();
        Assert.SkipUnless(PlotlyScript.IsEmbedded, "plotly.js is not embedded: neither a package feed nor npm had it when this was built.");
        await WithNotebookAsync("live.ipynb", Empty, async page =>
        {
            var problems = new List<string>();
            page.Page.PageError += (_, problem) => problems.Add(problem);
            Assert.Equal("", await page.OutputAsync(await page.TypeAsync(LiveDisplayTests.Setup)));
            var training = await page.TypeAsync("Begin();\nTrainer.Fit(model, loss.Forward, optimizer, loader, epochs: 1_000_000, callbacks: [LiveDisplay.WithBoundary(model, moons)]);");

            // The figure counts its epochs; every new one is another picture in the same place.
            const string Epochs = "index => { const figures = Jupyter.notebook.get_cell(index).element.find('.coursekit-figure'); const last = figures[0] && figures[0].data && figures[0].data[0].x; return figures.length === 1 && last ? last[last.length - 1] : 0; }";
            var seen = 0;
            for (var picture = 0; picture < 4; picture++)
            {
                await page.Page.WaitForFunctionAsync($"([index, seen]) => ({Epochs})(index) > seen", new[] { training, seen });
                seen = await page.Page.EvaluateAsync<int>(Epochs, training);
            }

            await page.ChooseAsync("kernellink", "int_kernel");
            Assert.Contains("keep the values they had", await page.OutputAsync(training), StringComparison.Ordinal);
            await page.Page.WaitForFunctionAsync($"([index, seen]) => ({Epochs})(index) > seen", new[] { training, seen });
            Assert.Equal(1, await page.Page.EvaluateAsync<int>("index => Jupyter.notebook.get_cell(index).output_area.outputs.filter(output => output.output_type === 'display_data').length", training));
            Assert.Contains("4", await page.OutputAsync(await page.TypeAsync("2 + 2")), StringComparison.Ordinal);
            Assert.Empty(problems);
        });
    }

    [Fact]
    public async Task An_endless_loop_is_interrupted_and_the_variables_stay()
    {
        await WithNotebookAsync("loop.ipynb", Empty, async page =>
        {
            Assert.Equal("", await page.OutputAsync(await page.TypeAsync("var kept = 41;")));
            var endless = await page.TypeAsync("Console.WriteLine(\"going\");\nwhile (true) kept = 42;");
            await page.Page.WaitForFunctionAsync("index => Jupyter.notebook.get_cell(index).element.find('.output').text().includes('going')", endless);
            Assert.Equal("*", await page.Page.EvaluateAsync<string>("index => Jupyter.notebook.get_cell(index).input_prompt_number", endless));
            await page.ChooseAsync("kernellink", "int_kernel");
            Assert.Contains("keep", await page.OutputAsync(endless), StringComparison.Ordinal);
            Assert.Contains("42", await page.OutputAsync(await page.TypeAsync("kept")), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task After_a_restart_the_variables_are_gone_and_cells_run()
    {
        LongTests.SkipUnlessWanted();
        await WithNotebookAsync("restart.ipynb", Empty, async page =>
        {
            Assert.Contains("42", await page.OutputAsync(await page.TypeAsync("var kept = 42;\nkept")), StringComparison.Ordinal);
            await page.ChooseAsync("kernellink", "restart_kernel");
            await page.Page.Locator(".modal-dialog button.btn-danger").ClickAsync();
            await page.Page.WaitForFunctionAsync("!document.querySelector('.modal-dialog')");
            await page.WaitForKernelAsync();
            Assert.Contains("CS0103", await page.OutputAsync(await page.TypeAsync("kept")), StringComparison.Ordinal);
            Assert.Contains("3", await page.OutputAsync(await page.TypeAsync("1 + 2")), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Tab_completes_a_member_and_a_variable()
    {
        LongTests.SkipUnlessWanted();
        await WithNotebookAsync("complete.ipynb", Empty, async page =>
        {
            await page.OutputAsync(await page.TypeAsync("var numerator = 1;"));

            // The only member that begins so is put in at once.
            var one = await page.TypeAsync("Environment.NewL", run: false);
            await page.Page.Keyboard.PressAsync("Tab");
            await page.Page.WaitForFunctionAsync("index => Jupyter.notebook.get_cell(index).get_text() === 'Environment.NewLine'", one);

            var variable = await page.TypeAsync("numer", run: false);
            await page.Page.Keyboard.PressAsync("Tab");
            await page.Page.WaitForFunctionAsync("index => Jupyter.notebook.get_cell(index).get_text() === 'numerator'", variable);

            // Of several, Enter takes the chosen one.
            var several = await page.TypeAsync("Console.Write", run: false);
            await page.Page.Keyboard.PressAsync("Tab");
            await page.Page.WaitForFunctionAsync("[...document.querySelectorAll('.completions option')].some(option => option.textContent.trim().endsWith('WriteLine'))");
            await page.Page.Keyboard.PressAsync("Escape");
            Assert.Equal("Console.Write", await page.Page.EvaluateAsync<string>("index => Jupyter.notebook.get_cell(index).get_text()", several));
        });
    }
}
