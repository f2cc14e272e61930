using System.Text.Json.Nodes;
using CourseKit.Charts;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary>A training watched through Jupyter's own client and kernel protocol.</summary>
[Trait(ToolTests.Trait, ToolTests.Group)]
public sealed class LiveJupyterTests(InstalledKernel kernel) : IClassFixture<InstalledKernel>
{
    private const string Training = """
        Begin();
        Trainer.Fit(model, loss.Forward, optimizer, loader, epochs: 400, moons, callbacks: [LiveDisplay.WithBoundary(model, moons)]);
        """;

    [Fact]
    public async Task A_client_with_a_person_gets_updates_and_keeps_the_finished_figure()
    {
        var (messages, executed) = await RunAsync("watched");

        int updates = messages["update_display_data"]!.GetValue<int>();
        // Each of the two cells shows one figure; the first is drawn six times whatever the machine.
        Assert.Equal(2, messages["display_data"]!.GetValue<int>());
        Assert.InRange(updates, 5 + 1, 5 + 1 + (5 * Seconds(executed[2])));
        Assert.All(executed.Skip(1), cell => Assert.Equal("display_data", Assert.Single(cell["outputs"]!.AsArray())!["output_type"]!.GetValue<string>()));
        Assert.Equal(400, Epochs(executed[2]["outputs"]![0]!));
        Assert.Contains("epoch 400, loss", Figure(executed[2]["outputs"]![0]!).ToJsonString(), StringComparison.Ordinal);
        Assert.True(Epochs(executed[1]["outputs"]![0]!) > 1);
    }

    [Fact]
    public async Task A_client_without_one_gets_lines_and_the_finished_figure_alone()
    {
        LongTests.SkipUnlessWanted();
        var (messages, executed) = await RunAsync("alone", "Begin();\nTrainAnEpoch();");

        Assert.Null(messages["update_display_data"]);
        Assert.Equal(1, messages["display_data"]!.GetValue<int>());
        JsonArray outputs = executed[2]["outputs"]!.AsArray();
        // nbclient keeps the lines in the pieces they came in. They tell of the epochs 1, 2, 5, 10, 20, 50, 100, 200 and 400.
        Assert.All(outputs.SkipLast(1), output => Assert.Equal("stream", (string)output!["output_type"]!));
        Assert.Equal(9, outputs.SkipLast(1).Sum(output => Text(output!["text"]!).Count(letter => letter == '\n')));
        Assert.Equal(400, Epochs(outputs[^1]!));
    }

    // The second cell is a loop of its own, the third a training of the library's.
    private async Task<(JsonNode Messages, JsonNode[] Cells)> RunAsync(string watched, string second = LiveDisplayTests.OwnLoop)
    {
        string python = RequiredTools.Python("nbclient", "python3-nbclient");
        string[] cells = [LiveDisplayTests.Setup, second, Training];
        var notebook = new JsonObject
        {
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = InstalledKernel.Name, ["language"] = "C#", ["display_name"] = ".NET (C#)" } },
            ["cells"] = new JsonArray([.. cells.Select((code, i) => (JsonNode)new JsonObject
            {
                ["cell_type"] = "code", ["id"] = $"cell-{i}", ["metadata"] = new JsonObject(), ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = code,
            })]),
        };
        string source = kernel.Of($"{watched}.ipynb"), executed = kernel.Of($"{watched}-executed.ipynb");
        await File.WriteAllTextAsync(source, notebook.ToJsonString(), TestContext.Current.CancellationToken);
        string messages = await kernel.RunAsync(python, InstalledKernel.Script("live_run.py"), source, executed, watched);
        JsonNode result = JsonNode.Parse(await File.ReadAllTextAsync(executed, TestContext.Current.CancellationToken))!;
        return (JsonNode.Parse(messages)!, [.. result["cells"]!.AsArray().Select(cell => cell!)]);
    }

    /// <summary>How long a cell took by the times that nbclient writes into it.</summary>
    private static double Seconds(JsonNode cell)
    {
        JsonNode times = cell["metadata"]!["execution"]!;
        return (times["shell.execute_reply"]!.GetValue<DateTimeOffset>() - times["iopub.execute_input"]!.GetValue<DateTimeOffset>()).TotalSeconds;
    }

    private static string Text(JsonNode text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)) : (string)text!;

    private static JsonNode Figure(JsonNode output) => output["data"]![Charts.Figure.MimeType]!;

    private static int Epochs(JsonNode output) => Figure(output)["data"]![0]!["x"]!.AsArray()[^1]!.GetValue<int>();
}
