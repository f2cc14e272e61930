namespace CourseKit.Cli.Benchmarks;

/// <summary>Something that the user of a notebook waits for.</summary>
/// <param name="Name">What a table and --filter call it.</param>
/// <param name="Cells">How many trivial cells its session runs.</param>
/// <param name="Of">Finds it in what was measured.</param>
internal sealed record KernelWait(string Name, int Cells, Func<KernelTimes, double> Of)
{
    private const int Few = 100;
    private const int Many = 1000;

    /// <summary>How much sooner than the peer's it is meant to be over, if that is the goal.</summary>
    public double? Goal { get; init; }

    /// <summary>How long it is meant to take at most, in seconds, if that is the goal.</summary>
    public double? GoalSeconds { get; init; }

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<KernelWait> All { get; } =
    [
        new("kernel: process start to ready", Few, times => times.Ready) { Goal = 1 },
        new("kernel: first cell after ready", Few, times => times.First) { GoalSeconds = 0.5 },
        new("kernel: hundredth trivial cell", Few, times => times.Later) { GoalSeconds = 0.015 },
        new("kernel: 10 MB of output", Few, times => times.Output),
        new("kernel growth: cell 50", Many, times => times.Cell),
        new("kernel growth: cell 1,000", Many, times => times.Later),
        new("kernel growth: Tab after 1,000 cells", Many, times => times.Complete),
    ];
}

/// <summary>What one session of a kernel took, in seconds (build/peers/kernel_peer.py says how each is measured).</summary>
internal sealed record KernelTimes(double Ready, double First, double Cell, double Later, double Complete, double Output);
