using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>
/// Looks ten times a second at a worker's tree of processes, now and then at its temporary folder, and ends it when it
/// takes too much.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // A look into a folder of many files takes longer than one at a process: no more than a tenth of the time goes into it.
    private static readonly TimeSpan FolderInterval = TimeSpan.FromMilliseconds(500);
    private const int FolderShare = 10;

    private readonly CancellationTokenSource _stop = new();
    private readonly ProcessIdentity _root;
    private readonly SandboxLimits _limits;
    private readonly string _mark;
    private readonly ControlGroup? _group;
    private readonly WorkerFolder? _folder;
    private readonly Task _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="root">The worker.</param>
    /// <param name="limits">What it may take.</param>
    /// <param name="mark">What it and all it starts are known by.</param>
    /// <param name="group">The control group that limits memory and processes already; null where the watchdog must.</param>
    /// <param name="folder">The temporary folder to look into; null where the sandbox limits it.</param>
    public Watchdog(ProcessIdentity root, SandboxLimits limits, string mark, ControlGroup? group = null, WorkerFolder? folder = null)
    {
        (_root, _limits, _mark, _group, _folder) = (root, limits, mark, group, folder);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>What was too much; null as long as nothing was.</summary>
    public string? Overrun { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Ends a tree and what was cut off from it, again and again until nothing is left.</summary>
    public static async Task EndAsync(ProcessIdentity? root, string mark)
    {
        for (var turn = 0; turn < 200; turn++)
        {
            var tree = OperatingSystem.IsLinux() && root is { } known ? ProcessTree.Members(known) : [];
            var members = tree.Where(member => member != root).Concat(ProcessTree.Marked(mark)).Distinct().ToList();
            if (root is { } process)
                ProcessTree.Kill(process);
            members.ForEach(ProcessTree.Kill);
            if (members.Count == 0)
                return;
            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync()
    {
        var clock = Stopwatch.StartNew();
        var nextLook = FolderInterval;
        while (!_stop.IsCancellationRequested)
        {
            Overrun = _group is null ? OverrunOfTree() : null;
            if (Overrun is null && _folder is not null && clock.Elapsed >= nextLook)
            {
                var begun = clock.Elapsed;
                Overrun = OverrunOfFolder(_folder);
                var took = clock.Elapsed - begun;
                nextLook = clock.Elapsed + (took * FolderShare > FolderInterval ? took * FolderShare : FolderInterval);
            }

            if (Overrun is not null)
            {
                if (_group is not null)
                    await _group.EndMembersAsync().ConfigureAwait(false);
                await EndAsync(_root, _mark).ConfigureAwait(false);
                return;
            }

            await Task.Delay(Interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private string? OverrunOfTree()
    {
        var usage = ProcessTree.Measure(_root);
        return usage.ResidentBytes > _limits.MemoryBytes
            ? string.Create(CultureInfo.InvariantCulture, $"it took {usage.ResidentBytes >> 20} MB of memory; {_limits.MemoryBytes >> 20} MB are allowed")
            : usage.Processes > MostProcesses(_limits)
                ? string.Create(CultureInfo.InvariantCulture, $"it started {usage.Processes} processes")
                : null;
    }

    private string? OverrunOfFolder(WorkerFolder folder)
    {
        var processes = !OperatingSystem.IsLinux() ? [] : _group is null ? ProcessTree.Members(_root) : _group.Members().Select(ProcessIdentity.Of).OfType<ProcessIdentity>().ToList();
        return folder.Measure(_limits.TemporaryBytes, processes) > _limits.TemporaryBytes
            ? string.Create(CultureInfo.InvariantCulture, $"it wrote more into its temporary folder than the {_limits.TemporaryBytes >> 20} MB that are allowed")
            : null;
    }

    // The limit counts threads as well, and a tree is measured in processes.
    private static int MostProcesses(SandboxLimits limits) => Math.Max(4, limits.Processes / 16);
}
