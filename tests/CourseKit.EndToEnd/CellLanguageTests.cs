using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace CourseKit.EndToEnd;

/// <summary>What a cell may hold besides C#, through the real command and in a real browser.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class CellLanguageTests
{
    private static readonly string[] Cells =
    [
        """
        #r "nuget: CourseKit"
        #r "nuget: CourseKit.Charts"
        using CourseKit;
        using CourseKit.Charts;
        var table = Tensor.From([1.0, 2, 3, 4.5], [2, 2]);
        var picture = Tensor.Normal([1, 28, 28], generator: new Generator(1));
        picture
        """,
        """
        var model = new Linear(2, 1, generator: new Generator(2));
        var data = new TensorDataset(table, table.Sum(1, true));
        Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(data, 2), 30, data, callbacks: [new LiveDisplay()])
        """,
        """
        #!javascript
        #!share --from csharp table --as numbers
        const numbersInAll = numbers.flat().length;
        console.log('count', numbersInAll);
        element.insertAdjacentHTML('beforeend', '<b class="made">made</b></script><i class="late">late</i>');
        return await Promise.resolve(numbers[1][1] + window.coursekit.values.numbers[0][0]);
        """,
        "#!javascript\nthrow new Error('on purpose');",
        "#!javascript\nlet = = 3;",
        "#!mermaid\ngraph TD\n  A --> B",
    ];

    [Fact]
    public async Task Scripts_of_cells_read_values_of_csharp_and_write_below_the_cell()
    {
        var chromium = RequiredTools.Chromium();
        using var folder = new TemporaryFolder();
        var notebook = new JsonObject
        {
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["language"] = "C#", ["display_name"] = ".NET (C#)" } },
            ["cells"] = new JsonArray([.. Cells.Select((code, i) => (JsonNode)new JsonObject
            {
                ["cell_type"] = "code", ["id"] = $"cell-{i}", ["metadata"] = new JsonObject(), ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = code,
            })]),
        };
        await File.WriteAllTextAsync(folder.Of("languages.ipynb"), notebook.ToJsonString(), TestContext.Current.CancellationToken);
        var answer = await CourseKitCommand.RunAsync(Path.GetDirectoryName(folder.Of("languages.ipynb"))!, "run", "languages.ipynb", "--json", "-o", "out");
        Assert.True(answer.ExitCode == 0, answer.Output + answer.Errors);

        var executed = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Of("out"), "languages.ipynb"), TestContext.Current.CancellationToken))!;
        Assert.Equal(["stream", "display_data", "execute_result"], executed["cells"]![1]!["outputs"]!.AsArray().Select(output => (string?)output!["output_type"]));

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Timeout = OfflineBrowser.Patience, Args = ["--no-sandbox"] });
        var context = await browser.NewContextAsync(new() { Offline = true });
        context.SetDefaultTimeout(OfflineBrowser.Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(folder.Of("out"), "languages.html")).AbsoluteUri);
        await page.WaitForFunctionAsync("document.querySelectorAll('.coursekit-script')[0].childElementCount === 4");
        await page.WaitForFunctionAsync("document.querySelector('.coursekit-mermaid small') !== null");

        var scripts = page.Locator(".coursekit-script");
        Assert.Equal(["count 4", "made", "late", "5.5"], await scripts.Nth(0).Locator("> *").AllInnerTextsAsync());
        Assert.Equal("Error: on purpose", await scripts.Nth(1).InnerTextAsync());
        Assert.Contains("SyntaxError", await scripts.Nth(2).InnerTextAsync(), StringComparison.Ordinal);
        var diagram = await page.Locator(".coursekit-mermaid").InnerTextAsync();
        Assert.StartsWith("graph TD\n  A --> B", diagram, StringComparison.Ordinal);
        Assert.EndsWith("This diagram is shown as text: the Mermaid library could not be loaded", diagram.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(28, await page.Locator(".coursekit-tensor img").EvaluateAsync<int>("image => image.naturalWidth"));
    }
}
