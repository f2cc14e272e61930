using System.Diagnostics;

namespace CourseKit.Grading.Sandboxes;

/// <summary>
/// An ordinary process with limits on memory, processes, time and what it writes into a temporary folder of its own, and a
/// bare environment. It sees the network and whatever the teacher's account may read.
/// </summary>
internal sealed class ProcessSandbox(WorkerFiles files, SandboxLimits limits, string warning) : ISandbox
{
    // Without these a program does not start on one system or another; everything else may hold secrets.
    private static readonly HashSet<string> s_kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "LANG", "LC_ALL", "DOTNET_ROOT", "SystemRoot", "windir", "SystemDrive", "ComSpec", "PATHEXT", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "LD_LIBRARY_PATH",
    };

    public string Name => "process";

    public string Warning => warning;

    public SandboxedWorker Prepare() => new Worker(files, limits);

    private sealed class Worker : SandboxedWorker
    {
        private readonly WorkerFiles _files;
        private readonly SandboxLimits _limits;
        private readonly string _mark = SandboxMark.Create();
        private readonly ControlGroup? _group;
        private readonly WorkerFolder _folder = WorkerFolder.Create();
        private Watchdog? _watchdog;
        private ProcessIdentity? _process;

        public Worker(WorkerFiles files, SandboxLimits limits)
        {
            (_files, _limits) = (files, limits);
            _group = ControlGroup.TryCreate(limits);
        }

        public override string WorkingDirectory => _folder.Path;

        public override string? Overrun => _watchdog?.Overrun ?? WorkerCommand.MemoryOverrun(_group, _limits);

        public override ProcessStartInfo Launch(ProcessStartInfo worker, string pipe)
        {
            var start = WorkerCommand.Create(worker.FileName, worker.ArgumentList, _group);
            start.WorkingDirectory = WorkingDirectory;
            foreach (var name in start.Environment.Keys.Where(name => !s_kept.Contains(name)).ToList())
                start.Environment.Remove(name);
            foreach (var name in (string[])["HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP", "APPDATA", "LOCALAPPDATA"])
                start.Environment[name] = WorkingDirectory;
            start.Environment["DOTNET_EnableDiagnostics"] = "0";
            start.Environment[SandboxMark.Variable] = _mark;
            if (_files.DataFolder is { } data)
                start.Environment[DataFiles.EnvironmentVariable] = data;
            _limits.Apply(start.Environment);
            return start;
        }

        public override void OnStarted(Process process)
        {
            _process = ProcessIdentity.Of(process.Id);
            if (_process is { } started)
                _watchdog = new Watchdog(started, _limits, _mark, _group, _folder);
        }

        public override async ValueTask DisposeAsync()
        {
            if (_watchdog is not null)
                await _watchdog.DisposeAsync().ConfigureAwait(false);
            if (_group is not null)
                await _group.DisposeAsync().ConfigureAwait(false);
            else
                await Watchdog.EndAsync(_process, _mark).ConfigureAwait(false);
            _folder.Delete();
        }
    }
}
