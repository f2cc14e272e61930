using System.Globalization;
using System.Text.Json.Nodes;
using CourseKit.Charts;
using CourseKit.Notebook;

namespace CourseKit.EndToEnd;

/// <summary>A training that is watched in a real session: what goes to the page while it runs, and what the notebook keeps.</summary>
public sealed class LiveDisplayTests(LiveDisplayTests.Session shared) : IClassFixture<LiveDisplayTests.Session>
{
    internal const string Setup = """
        #r "nuget: CourseKit"
        #r "nuget: CourseKit.Charts"
        using CourseKit;
        using CourseKit.Charts;
        var moons = Synthetic.Moons(100, 0.15, new Generator(1)).WithClassesAsTargets();
        var losses = new List<double>();
        var loss = new BCEWithLogitsLoss();
        Sequential model;
        Adam optimizer;
        DataLoader loader;
        void Begin()
        {
            Generator.ManualSeed(2);
            model = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 16), new Tanh(), new Linear(16, 1));
            optimizer = new Adam(model.Parameters(), 0.02);
            loader = new DataLoader(moons, 25);
            losses.Clear();
        }
        void TrainAnEpoch()
        {
            double total = 0;
            foreach (var batch in loader.Batches())
            {
                optimizer.ZeroGrad();
                Tensor value = loss.Forward(model.Forward(batch.Inputs), batch.Targets);
                value.Backward();
                optimizer.Step();
                total += value.Item() * batch.Count / moons.Count;
            }
            losses.Add(total);
        }
        """;

    // Until it was drawn a few times, however fast the machine is.
    internal const string OwnLoop = """
        Begin();
        using (var live = new LiveDisplay())
        {
            while (live.Drawings < 5)
            {
                TrainAnEpoch();
                live.Update(losses);
            }
        }
        """;

    private readonly SessionClient session = shared.Client;

    /// <summary>One session for all, with a training to watch.</summary>
    public sealed class Session : IAsyncLifetime
    {
        public SessionClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Client = await SessionClient.StartAsync(new SessionOptions
            {
                KitPackages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
                {
                    ["CourseKit"] = typeof(Tensor).Assembly.Location,
                    ["CourseKit.Charts"] = typeof(Figure).Assembly.Location,
                },
                CellTimeout = TimeSpan.FromMinutes(30),
            }, TestContext.Current.CancellationToken);
            var result = await Client.ExecuteAsync(Setup, 1, onOutput: null, TestContext.Current.CancellationToken);
            Assert.True(result.Status == CellStatus.Ok, result.Message);
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    [Fact]
    public async Task The_figure_is_shown_once_updated_in_its_place_and_kept_as_it_was_at_the_end()
    {
        var outputs = new List<JsonObject>();
        var result = await WatchedAsync(OwnLoop, outputs.Add);

        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal(["display_data", .. Enumerable.Repeat("update_display_data", 5)], outputs.Select(TypeOf));
        Assert.Single(outputs.Select(output => (string)output["transient"]!["display_id"]!).Distinct());
        Assert.Equal(1, Epochs(outputs[0]));
        Assert.Equal(await CountAsync("losses.Count"), Epochs(Assert.Single(result.Outputs)));
    }

    [Fact]
    public async Task It_is_updated_at_most_five_times_a_second()
    {
        int updates = 0;
        var result = await WatchedAsync("""
            Begin();
            var watching = LiveDisplay.WithBoundary(model, moons, ["upper moon", "lower moon"]);
            var watched = Trainer.Fit(model, loss.Forward, optimizer, loader, epochs: 400, callbacks: [watching]);
            """, output => updates += TypeOf(output) == "update_display_data" ? 1 : 0);

        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.InRange(updates, 1, 1 + (5 * result.Elapsed.TotalSeconds));
        Assert.Equal(await CountAsync("watching.Drawings"), updates + 1);
        Assert.Equal(400, Epochs(Assert.Single(result.Outputs)));
        Assert.Contains("epoch 400, loss", Figure(Assert.Single(result.Outputs)).ToJsonString(), StringComparison.Ordinal);
        // Beside the losses stands the boundary of the trained model.
        JsonNode boundary = Figure(result.Outputs[0])["data"]!.AsArray().Single(trace => (string?)trace!["type"] == "contour")!;
        Assert.Equal(
            await session.ExecuteAsync($"model.Forward(Tensor.From([{Number(boundary["x"]![9]!)}, {Number(boundary["y"]![40]!)}], [1, 2])).Sigmoid().Item().ToString(\"F2\")", 9, onOutput: null, TestContext.Current.CancellationToken) is { } answer
                ? (string?)answer.Outputs[0]["data"]!["text/plain"] : null,
            boundary["z"]![40]![9]!.GetValue<double>().ToString("F2", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Where_nobody_watches_lines_are_printed_and_the_figure_comes_once()
    {
        var outputs = new List<JsonObject>();
        var result = await session.ExecuteAsync("""
            Begin();
            using (var live = new LiveDisplay())
            {
                for (int epoch = 1; epoch <= 120; epoch++)
                {
                    TrainAnEpoch();
                    live.Update(losses);
                }
            }
            """, 2, outputs.Add, TestContext.Current.CancellationToken);

        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.DoesNotContain("update_display_data", outputs.Select(TypeOf));
        Assert.Equal(["stream", "display_data"], result.Outputs.Select(TypeOf));
        string[] lines = ((string)result.Outputs[0]["text"]!).TrimEnd('\n').Split('\n');
        Assert.Equal(["1", "2", "5", "10", "20", "50", "100", "120"], lines.Select(line => line.Split(' ')[1]));
        Assert.Equal(120, Epochs(result.Outputs[1]));
    }

    [Theory]
    [InlineData("""
        using (var live = LiveDisplay.WithBoundary(model, moons))
        {
            while (true)
            {
                TrainAnEpoch();
                live.Update(losses);
            }
        }
        """)]
    [InlineData("""
        try
        {
            Trainer.Fit(model, loss.Forward, optimizer, loader, epochs: 1_000_000, callbacks: [LiveDisplay.WithBoundary(model, moons)]);
        }
        catch (TrainingStoppedException stopped)
        {
            losses.AddRange(stopped.History.Loss);
            throw;
        }
        """)]
    public async Task An_interrupt_leaves_what_was_learned_until_then(string training)
    {
        var result = await WatchedAsync("Begin();\n" + training, output =>
        {
            if (TypeOf(output) == "update_display_data")
                session.Interrupt();
        });

        Assert.Equal(CellStatus.Cancelled, result.Status);
        Assert.Equal(["display_data", "error"], result.Outputs.Select(TypeOf));
        int learned = await CountAsync("losses.Count");
        Assert.True(learned > 1);
        Assert.Equal(learned, Epochs(result.Outputs[0]));
        Assert.Contains($"epoch {learned}, loss", Figure(result.Outputs[0]).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_in_the_middle_leaves_what_was_learned_until_then()
    {
        var result = await WatchedAsync("""
            Begin();
            using var failing = new LiveDisplay();
            for (int epoch = 1; epoch <= 100; epoch++)
            {
                TrainAnEpoch();
                failing.Update(losses);
                if (epoch == 37)
                    throw new FormatException("in the middle");
            }
            """);

        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Equal(["display_data", "error"], result.Outputs.Select(TypeOf));
        Assert.Equal("FormatException", (string?)result.Outputs[1]["ename"]);
        Assert.Equal(37, Epochs(result.Outputs[0]));
    }

    [Fact]
    public async Task In_a_kernel_that_knows_nothing_of_the_kit_the_way_of_showing_is_handed_over()
    {
        var outputs = new List<JsonObject>();
        var result = await session.ExecuteAsync("""
            var (host, says) = (AppContext.GetData(HostDisplay.Name), AppContext.GetData(HostDisplay.WatchedName));
            AppContext.SetData(HostDisplay.Name, null);
            AppContext.SetData(HostDisplay.WatchedName, null);
            Begin();
            try
            {
                Trainer.Fit(model, loss.Forward, optimizer, loader, epochs: 30,
                    callbacks: [new LiveDisplay(display: figure => display(figure).Update)]);
            }
            finally
            {
                AppContext.SetData(HostDisplay.Name, host);
                AppContext.SetData(HostDisplay.WatchedName, says);
            }
            """, 2, outputs.Add, TestContext.Current.CancellationToken);

        Assert.True(result.Status == CellStatus.Ok, result.Message);
        Assert.Equal("display_data", TypeOf(outputs[0]));
        Assert.Equal("update_display_data", TypeOf(outputs[^1]));
        Assert.Equal(30, Epochs(Assert.Single(result.Outputs)));
    }

    private Task<CellResult> WatchedAsync(string code, Action<JsonObject>? onOutput = null) =>
        session.ExecuteAsync(code, 2, onOutput, (_, _, _) => Task.FromResult<string?>(null), TestContext.Current.CancellationToken);

    private async Task<int> CountAsync(string expression)
    {
        var result = await session.ExecuteAsync(expression, 3, onOutput: null, TestContext.Current.CancellationToken);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
        return int.Parse((string)result.Outputs[0]["data"]!["text/plain"]!, CultureInfo.InvariantCulture);
    }

    private static string? TypeOf(JsonNode output) => (string?)output["output_type"];

    private static JsonNode Figure(JsonNode output) => output["data"]![Charts.Figure.MimeType]!;

    // The last one in the picture: a line of very many is thinned.
    private static int Epochs(JsonNode output) => Figure(output)["data"]![0]!["x"]!.AsArray()[^1]!.GetValue<int>();

    private static string Number(JsonNode number) => number.GetValue<double>().ToString("R", CultureInfo.InvariantCulture);
}
