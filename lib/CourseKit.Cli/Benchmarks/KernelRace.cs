using CourseKit.Cli.Kernelspecs;

namespace CourseKit.Cli.Benchmarks;

/// <summary>Our kernel and ipykernel, both started by Jupyter's own client, in Jupyter folders that are nobody's own.</summary>
internal sealed class KernelRace : IDisposable
{
    /// <summary>What to say where there is no Python with Jupyter.</summary>
    public const string WhatToInstall = "No Python with jupyter_client and ipykernel was found, which start and time the kernels. Install them (Debian: apt install python3-ipykernel) or name such a Python with --python.";

    private const string OurName = "coursekit-bench";
    private const string PeerName = "python3";

    // A session of a thousand cells takes seconds, and its later figures are medians already.
    private const int RoundsOfLongSessions = 3;

    private readonly DirectoryInfo folder;
    private readonly PythonPeer frontEnd;

    private KernelRace(DirectoryInfo folder, PythonPeer frontEnd) => (this.folder, this.frontEnd) = (folder, frontEnd);

    /// <summary>The peer's name and version.</summary>
    public string Peer => $"ipykernel {frontEnd.Version}";

    /// <summary>Both, in a line.</summary>
    public string Description => $"{Peer}: {frontEnd.Build}";

    /// <summary>Registers our kernel for this race alone; null where no Python has Jupyter.</summary>
    public static async Task<KernelRace?> StartAsync(string? python, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("coursekit-bench-");
        var data = Path.Combine(folder.FullName, "data");
        PythonPeer? frontEnd = null;
        try
        {
            frontEnd = PythonPeer.Start(python, "kernel_peer.py", [], new Dictionary<string, string>
            {
                ["JUPYTER_DATA_DIR"] = data,
                ["JUPYTER_CONFIG_DIR"] = Path.Combine(folder.FullName, "config"),
                ["JUPYTER_RUNTIME_DIR"] = Path.Combine(folder.FullName, "runtime"),
                ["JUPYTER_PATH"] = "",
                ["IPYTHONDIR"] = Path.Combine(folder.FullName, "ipython"),
            });
            if (frontEnd is not null)
            {
                await KernelspecWriter.WriteAsync(data, OurName, OurName, (staged, target) => KernelProgram.PrepareAsync(staged, target, cancellation));
                return new KernelRace(folder, frontEnd);
            }
        }
        catch
        {
            frontEnd?.Dispose();
            folder.Delete(recursive: true);
            throw;
        }
        folder.Delete(recursive: true);
        return null;
    }

    /// <summary>Measures in turn, a fresh process for each session.</summary>
    public IEnumerable<Comparison> Measure(IEnumerable<KernelWait> waits, int rounds, Action<string> report, CancellationToken cancellation)
    {
        foreach (var session in waits.GroupBy(wait => wait.Cells))
        {
            var (ours, theirs) = (new List<KernelTimes>(), new List<KernelTimes>());
            var count = session.Key > KernelWait.All[0].Cells ? Math.Min(rounds, RoundsOfLongSessions) : rounds;
            for (var round = 0; round < count; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                report($"kernel: sessions of {session.Key} cells, round {round + 1} of {count}");
                ours.Add(Run(OurName, session.Key));
                theirs.Add(Run(PeerName, session.Key));
            }
            foreach (var wait in session)
                yield return Comparison.Of(wait.Name, "-", Microseconds(ours, wait), Peer, Microseconds(theirs, wait), wait.Goal) with { GoalUs = wait.GoalSeconds * 1e6 };
        }
    }

    public void Dispose()
    {
        frontEnd.Dispose();
        folder.Delete(recursive: true);
    }

    private KernelTimes Run(string kernel, int cells) => frontEnd.Ask<KernelTimes>(new { kernel, cells });

    private static double[] Microseconds(List<KernelTimes> sessions, KernelWait wait) => [.. sessions.Select(times => wait.Of(times) * 1e6)];
}
