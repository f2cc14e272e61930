using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>Looks ten times a second at a worker's tree of processes and ends it when it takes too much.</summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public Watchdog(int process, SandboxLimits limits, string mark) => _watching = Task.Run(() => WatchAsync(process, limits, mark));

    /// <summary>What was too much; null as long as nothing was.</summary>
    public string? Overrun { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Ends a tree and what was cut off from it, again and again until nothing is left.</summary>
    public static async Task EndAsync(int process, string mark)
    {
        for (var turn = 0; turn < 200; turn++)
        {
            var members = OperatingSystem.IsLinux() ? ProcessTree.Members(process).Skip(1).Concat(ProcessTree.Marked(mark)).Distinct().ToList() : [];
            ProcessTree.Kill(process);
            members.ForEach(ProcessTree.Kill);
            if (members.Count == 0)
                return;
            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(int process, SandboxLimits limits, string mark)
    {
        while (!_stop.IsCancellationRequested)
        {
            var usage = ProcessTree.Measure(process);
            Overrun = usage.ResidentBytes > limits.MemoryBytes
                ? string.Create(CultureInfo.InvariantCulture, $"it took {usage.ResidentBytes >> 20} MB of memory; {limits.MemoryBytes >> 20} MB are allowed")
                : usage.Processes > MostProcesses(limits)
                    ? string.Create(CultureInfo.InvariantCulture, $"it started {usage.Processes} processes")
                    : null;
            if (Overrun is not null)
            {
                await EndAsync(process, mark).ConfigureAwait(false);
                return;
            }

            await Task.Delay(Interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The limit counts threads as well, and a tree is measured in processes.
    private static int MostProcesses(SandboxLimits limits) => Math.Max(4, limits.Processes / 16);
}
