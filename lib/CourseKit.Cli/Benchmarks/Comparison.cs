namespace CourseKit.Cli.Benchmarks;

/// <summary>What was measured of one workload: microseconds of one run, ours and the peer's.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Threads">How many threads each side had; "best" where each side has its better number.</param>
/// <param name="OursUs">Our median.</param>
/// <param name="Peer">The peer's name and version, or null where there is none.</param>
/// <param name="PeerUs">The peer's median.</param>
/// <param name="Ratio">The median over the rounds of the peer's time divided by ours: above 1 is ahead.</param>
/// <param name="Spread">From which to which ratio the middle half of the rounds went.</param>
/// <param name="Goal">What the ratio is meant to be, if anything.</param>
internal sealed record Comparison(string Workload, string Threads, double OursUs, string? Peer, double? PeerUs, double? Ratio, double[]? Spread, double? Goal)
{
    /// <summary>What our time is meant to be at most, where that is no matter of the peer's.</summary>
    public double? GoalUs { get; init; }

    /// <summary>Compares what the rounds brought.</summary>
    public static Comparison Of(string workload, string threads, double[] oursUs, string peer, double[] peerUs, double? goal)
    {
        var ratios = oursUs.Zip(peerUs, (mine, other) => other / mine).ToArray();
        return new(workload, threads, Quantile(oursUs, 0.5), peer, Quantile(peerUs, 0.5), Quantile(ratios, 0.5), [Quantile(ratios, 0.25), Quantile(ratios, 0.75)], goal);
    }

    internal static double Quantile(double[] values, double quantile)
    {
        var sorted = values.Order().ToArray();
        var at = quantile * (sorted.Length - 1);
        var (low, part) = ((int)at, at - (int)at);
        return low + 1 < sorted.Length ? sorted[low] * (1 - part) + sorted[low + 1] * part : sorted[low];
    }
}

/// <summary>Measures ours and a peer in turn, round by round, so that what the machine does meanwhile hits both.</summary>
internal sealed class Interleaved(int rounds, double secondsPerRound)
{
    public Comparison Measure(Workload workload, int threads, IPeer? peer)
    {
        Device.Cpu.Threads = threads;
        var ours = OurWorkload.Prepare(workload);
        var ourRepeats = Calibrate(repeats => OurWorkload.Run(ours, repeats));
        var peerRepeats = 0;
        if (peer is not null)
        {
            peer.Prepare(workload);
            peerRepeats = Calibrate(peer.Run);
        }
        var (our, their) = (new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            our[round] = OurWorkload.Run(ours, ourRepeats) / ourRepeats * 1e6;
            if (peer is not null)
                their[round] = peer.Run(peerRepeats) / peerRepeats * 1e6;
        }
        var goal = double.IsNaN(workload.Goal) ? (double?)null : workload.Goal;
        return peer is null
            ? new(workload.Name, $"{threads}", Comparison.Quantile(our, 0.5), null, null, null, null, goal)
            : Comparison.Of(workload.Name, $"{threads}", our, peer.Name, their, goal);
    }

    /// <summary>Each side at its best number of threads.</summary>
    public static Comparison Best(IReadOnlyList<Comparison> measured)
    {
        var ours = measured.Min(one => one.OursUs);
        var peers = measured.Min(one => one.PeerUs);
        return measured[0] with { Threads = "best", OursUs = ours, PeerUs = peers, Ratio = peers / ours, Spread = null };
    }

    /// <summary>Warms up, until compiled code has replaced interpreted code, and finds how many runs fill a round.</summary>
    private int Calibrate(Func<int, double> run)
    {
        var repeats = 1;
        var warm = 0.0;
        while (true)
        {
            var seconds = run(repeats);
            warm += seconds;
            if (seconds >= secondsPerRound && warm >= 4 * secondsPerRound)
                return repeats;
            if (seconds < secondsPerRound)
                repeats = (int)Math.Clamp(repeats * 1.2 * secondsPerRound / Math.Max(seconds, 1e-9), repeats + 1, repeats * 20.0);
        }
    }
}
