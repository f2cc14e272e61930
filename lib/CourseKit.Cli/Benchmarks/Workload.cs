using System.Text.Json.Serialization;

namespace CourseKit.Cli.Benchmarks;

/// <summary>
/// One thing that is measured, said so that both sides build the same: the peers get it as JSON. A training step is
/// forward, backward and the optimizer's step; an inference is the forward pass alone, without gradients.
/// </summary>
/// <param name="Name">What a table and --filter call it.</param>
/// <param name="Model">mlp, cnn, lstm, transformer, unet, or matmul.</param>
internal sealed record Workload(string Name, string Model)
{
    /// <summary>Examples in a batch.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Of an mlp: features, hidden neurons, outputs.</summary>
    public int[] Widths { get; init; } = [];

    /// <summary>Of an mlp: tanh or relu.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>sgd, momentum or adam.</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>cross_entropy, or bce with logits.</summary>
    public string Loss { get; init; } = "cross_entropy";

    /// <summary>A training step, or inference.</summary>
    public bool Train { get; init; } = true;

    /// <summary>Of a matrix product: m, n and k, and which operand is stored transposed.</summary>
    public int[] Lengths { get; init; } = [];

    /// <summary>Of a matrix product.</summary>
    public bool TransposeLeft { get; init; }

    /// <summary>Of a matrix product.</summary>
    public bool TransposeRight { get; init; }

    /// <summary>Of a matrix product on a graphics processor: whether the kit's own kernel computes it, also where the maker's library is there.</summary>
    [JsonIgnore]
    public bool OwnKernel { get; init; }

    /// <summary>How much faster than the peer it is meant to be, or NaN where no goal is set.</summary>
    [JsonIgnore]
    public double Goal { get; init; } = double.NaN;

    /// <summary>Whether a peer of one thread is the whole comparison.</summary>
    [JsonIgnore]
    public bool SingleThread => Model == "matmul";

    /// <summary>All workloads, in the order of the table.</summary>
    public static IReadOnlyList<Workload> All { get; } = [.. Training(), .. Products(), .. Inference()];

    private static IEnumerable<Workload> Training() =>
    [
        new("logistic regression 4-1, batch 100, SGD", "mlp") { Widths = [4, 1], Batch = 100, Optimizer = "sgd", Loss = "bce", Goal = 10 },
        new("MLP 2-16-16-2 tanh, batch 32, Adam", "mlp") { Widths = [2, 16, 16, 2], Activation = "tanh", Batch = 32, Goal = 5 },
        new("MLP 784-128-10, batch 64, Adam", "mlp") { Widths = [784, 128, 10], Batch = 64, Goal = 1.5 },
        new("MLP 784-512-512-10, batch 128, momentum", "mlp") { Widths = [784, 512, 512, 10], Batch = 128, Optimizer = "momentum", Goal = 1 },
        new("CNN 16-32, 28x28, batch 64, Adam", "cnn") { Batch = 64, Goal = 1 },
        new("LSTM 16-64, 50 steps, batch 32, Adam", "lstm") { Batch = 32, Goal = 1.5 },
        new("transformer 2 layers d64 h4 T64, batch 16, Adam", "transformer") { Batch = 16, Goal = 1.5 },
        new("U-Net 16-32-64, 128x128, batch 4, Adam", "unet") { Batch = 4, Loss = "bce", Goal = 1 },
    ];

    /// <summary>How the time of a step grows: with the batch at one width, and with the width at one batch.</summary>
    public static IReadOnlyList<Workload> Growth { get; } =
    [
        .. new[] { 1, 4, 16, 64, 256, 1024, 4096 }.Select(batch => new Workload($"growth: MLP 784-128-10, batch {batch}, Adam", "mlp") { Widths = [784, 128, 10], Batch = batch }),
        .. new[] { 16, 64, 256, 1024, 2048 }.Select(width => new Workload($"growth: MLP 64-{width}-{width}-10, batch 64, Adam", "mlp") { Widths = [64, width, width, 10], Batch = 64 }),
    ];

    /// <summary>What is measured on a graphics processor, beside PyTorch on the same one.</summary>
    public static IReadOnlyList<Workload> OnDevice { get; } =
    [
        .. new[] { 1024, 2048, 4096, 8192 }.SelectMany(n => new Workload[]
        {
            new($"matmul n = {n}", "matmul") { Lengths = [n, n, n], Goal = 0.95 },
            new($"matmul n = {n}, the kit's own kernel", "matmul") { Lengths = [n, n, n], OwnKernel = true, Goal = 0.6 },
        }),
        // An epoch of the 60,000 digits is 235 such steps.
        new("CNN 16-32, 28x28, batch 256, Adam", "cnn") { Batch = 256, Goal = 1 / 1.5 },
        new("MLP 784-512-512-10, batch 128, momentum", "mlp") { Widths = [784, 512, 512, 10], Batch = 128, Optimizer = "momentum" },
        new("transformer 2 layers d64 h4 T64, batch 16, Adam", "transformer") { Batch = 16 },
    ];

    /// <summary>Where a graphics processor overtakes the processor: the same steps on both, with growing batches.</summary>
    public static IReadOnlyList<Workload> Overtaking { get; } =
    [
        .. new[] { 1, 4, 16, 64, 256, 1024, 4096 }.Select(batch => new Workload($"overtaking: MLP 784-128-10, batch {batch}, Adam", "mlp") { Widths = [784, 128, 10], Batch = batch }),
        .. new[] { 1, 4, 16, 64, 256 }.Select(batch => new Workload($"overtaking: CNN 16-32, 28x28, batch {batch}, Adam", "cnn") { Batch = batch }),
    ];

    private static IEnumerable<Workload> Inference()
        => Training().Select(workload => workload with { Name = $"inference of {workload.Name[..workload.Name.IndexOf(", batch", StringComparison.Ordinal)]}", Batch = 1, Train = false, Goal = 3 });

    private static IEnumerable<Workload> Products()
    {
        foreach (var n in new[] { 64, 96, 128, 192, 256, 384, 768, 1536 })
            foreach (var (left, right, form) in new[] { (false, false, ""), (false, true, ", right transposed"), (true, false, ", left transposed"), (true, true, ", both transposed") })
                yield return new($"matmul n = {n}{form}", "matmul") { Lengths = [n, n, n], TransposeLeft = left, TransposeRight = right, Goal = 0.95 };
    }
}
