using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace CourseKit.Grading.Sandboxes;

/// <summary>
/// bubblewrap: the worker sees .NET, the kit and the course's data, all read-only, a temporary folder of its own in
/// memory, no network and no other process. What is not named here does not exist for it.
/// </summary>
internal sealed class BubblewrapSandbox(WorkerFiles files, SandboxLimits limits) : ISandbox
{
    private readonly SandboxLimits _limits = limits;
    private const string Home = "/tmp/home";
    private const string Work = "/tmp/work";

    // What .NET and the C library read of the system, where a distribution has it.
    private static readonly string[] s_systemFolders = ["/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/nix/store"];
    private static readonly string[] s_systemFiles = ["/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives"];

    public string Name => "bubblewrap";

    public string Warning => "";

    public SandboxedWorker Prepare() => new Worker(this);

    /// <summary>bubblewrap's arguments for a worker.</summary>
    public IReadOnlyList<string> Arguments(ProcessStartInfo worker, string pipe, string mark)
    {
        List<string> words = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "student", "--clearenv"];
        foreach (var (name, value) in Environment(mark))
            words.AddRange(["--setenv", name, value]);
        foreach (var folder in s_systemFolders.Where(Directory.Exists))
            words.AddRange(new DirectoryInfo(folder).LinkTarget is { } target ? ["--symlink", target, folder] : ["--ro-bind", folder, folder]);
        foreach (var file in s_systemFiles)
            words.AddRange(["--ro-bind-try", file, file]);

        // Temporary folders first: what is let in may lie below one of them on this machine.
        var size = _limits.TemporaryBytes.ToString(CultureInfo.InvariantCulture);
        words.AddRange(["--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]);
        words.AddRange(["--size", size, "--tmpfs", "/tmp", "--dir", Home, "--dir", Work]);
        foreach (var folder in Folders())
            words.AddRange(["--ro-bind", folder, folder]);
        words.AddRange(["--bind", pipe, pipe, "--remount-ro", "/", "--chdir", Work, "--", worker.FileName]);
        words.AddRange(worker.ArgumentList);
        return words;
    }

    private IEnumerable<string> Folders()
    {
        if (!files.DotnetFolder.StartsWith("/usr/", StringComparison.Ordinal))
            yield return files.DotnetFolder;
        foreach (var folder in files.KitFolders)
            yield return folder;
        if (files.DataFolder is { } data)
            yield return data;
    }

    private Dictionary<string, string> Environment(string mark)
    {
        var variables = new Dictionary<string, string?>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = Home,
            ["TMPDIR"] = "/tmp",
            ["LANG"] = "C.UTF-8",
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            [SandboxMark.Variable] = mark,
        };
        if (files.DataFolder is { } data)
            variables[DataFiles.EnvironmentVariable] = data;
        _limits.Apply(variables);
        return variables.ToDictionary(variable => variable.Key, variable => variable.Value!);
    }

    private sealed class Worker(BubblewrapSandbox sandbox) : SandboxedWorker
    {
        private readonly string _mark = SandboxMark.Create();
        private readonly ControlGroup? _group = ControlGroup.TryCreate(sandbox._limits);
        private Watchdog? _watchdog;
        private ProcessIdentity? _process;

        public override string WorkingDirectory => Work;

        public override string? Overrun => _watchdog?.Overrun ?? WorkerCommand.MemoryOverrun(_group, sandbox._limits);

        public override ProcessStartInfo Launch(ProcessStartInfo worker, string pipe) =>
            WorkerCommand.Create("bwrap", sandbox.Arguments(worker, pipe, _mark), _group);

        public override void OnStarted(Process process)
        {
            _process = ProcessIdentity.Of(process.Id);
            if (_group is null && _process is { } started)
                _watchdog = new Watchdog(started, sandbox._limits, _mark);
        }

        public override Task OnReadyAsync() => ProcessFiles.TakeAwayAsync(_group?.Members() ?? (_process is { } started ? [.. ProcessTree.Members(started).Select(member => member.Id)] : []));

        public override async ValueTask DisposeAsync()
        {
            if (_watchdog is not null)
                await _watchdog.DisposeAsync().ConfigureAwait(false);
            if (_group is not null)
                await _group.DisposeAsync().ConfigureAwait(false);
            else
                await Watchdog.EndAsync(_process, _mark).ConfigureAwait(false);
        }
    }
}

/// <summary>What a sandboxed worker and all it starts carry in their environment, to be found by.</summary>
internal static class SandboxMark
{
    public const string Variable = "COURSEKIT_SANDBOX";

    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
}
