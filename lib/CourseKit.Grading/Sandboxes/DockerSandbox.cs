using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>A container for each worker: no network, a read-only system, the kit mounted read-only, limits by the daemon.</summary>
/// <param name="image">An image that has the .NET runtime with ASP.NET.</param>
/// <param name="files">What the worker reads.</param>
/// <param name="limits">What it may take.</param>
/// <param name="user">As whom it runs, number:number; null for the image's own user, which for a daemon of the teacher's own is the teacher.</param>
internal sealed class DockerSandbox(string image, WorkerFiles files, SandboxLimits limits, string? user = null) : ISandbox
{
    private readonly SandboxLimits _limits = limits;
    private const string Work = "/tmp";

    public string Name => "docker";

    public string Warning => "";

    public SandboxedWorker Prepare() => new Worker(this);

    /// <summary>docker's arguments for a worker.</summary>
    public IReadOnlyList<string> Arguments(ProcessStartInfo worker, string pipe, string container)
    {
        List<string> words =
        [
            "run", "--rm", "--interactive", "--name", container, "--network", "none", "--read-only", "--cap-drop", "ALL",
            "--security-opt", "no-new-privileges", "--init", "--pull", "never",
            "--memory", Number(_limits.MemoryBytes), "--memory-swap", Number(_limits.MemoryBytes), "--pids-limit", Number(_limits.Processes),
            "--tmpfs", $"/tmp:rw,exec,nosuid,size={Number(_limits.TemporaryBytes)}", "--workdir", Work,
        ];
        // Without its privileges, root inside may not open the pipe of an ordinary user, and needs not be root.
        if (user is not null)
            words.AddRange(["--user", user]);
        var variables = new Dictionary<string, string?> { ["HOME"] = Work, ["TMPDIR"] = Work, ["DOTNET_EnableDiagnostics"] = "0" };
        _limits.Apply(variables);
        foreach (var folder in files.KitFolders)
            Mount(folder, readOnly: true);
        if (files.DataFolder is { } data)
        {
            Mount(data, readOnly: true);
            variables[DataFiles.EnvironmentVariable] = data;
        }

        Mount(pipe, readOnly: false);
        foreach (var (name, value) in variables)
            words.AddRange(["--env", $"{name}={value}"]);

        // The image has its own .NET: the host's would need the host's libraries.
        words.AddRange([image, "dotnet", .. worker.ArgumentList]);
        return words;

        void Mount(string path, bool readOnly) =>
            words.AddRange(["--mount", $"type=bind,source={path},target={path}{(readOnly ? ",readonly" : "")}"]);
    }

    /// <summary>
    /// This account as docker's <c>--user</c> wants it. Null for root, and for a daemon that runs as the account itself, whose
    /// containers have that account as their root.
    /// </summary>
    public static async Task<string?> OwnUserAsync()
    {
        if (!OperatingSystem.IsLinux() || SystemAccount.User() == 0)
            return null;
        try
        {
            using var info = Process.Start(WorkerCommand.Create("docker", ["info", "--format", "{{.SecurityOptions}}"], group: null));
            var options = info is null ? "" : await info.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
            return options.Contains("rootless", StringComparison.Ordinal)
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{SystemAccount.User()}:{SystemAccount.Group()}");
        }
        catch (Win32Exception)
        {
            return null; // there is no docker, which the trial will say
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Worker : SandboxedWorker
    {
        private readonly DockerSandbox _sandbox;
        private readonly string _container = "coursekit-" + SandboxMark.Create();
        private readonly Lazy<Task> _removal;
        private bool _started;

        public Worker(DockerSandbox sandbox)
        {
            _sandbox = sandbox;
            _removal = new Lazy<Task>(() => Task.Run(RemoveAsync));
        }

        public override string WorkingDirectory => Work;

        public override ProcessStartInfo Launch(ProcessStartInfo worker, string pipe) =>
            WorkerCommand.Create("docker", _sandbox.Arguments(worker, pipe, _container), group: null);

        public override void OnStarted(Process process) => _started = true;

        // The client that was killed is not the container, which would hold the pipe open.
        public override void OnKilled() => _ = _removal.Value;

        public override async ValueTask DisposeAsync()
        {
            if (_started)
                await _removal.Value.ConfigureAwait(false);
        }

        private async Task RemoveAsync()
        {
            using var kill = Process.Start(WorkerCommand.Create("docker", ["rm", "--force", _container], group: null));
            if (kill is not null)
                await kill.WaitForExitAsync().ConfigureAwait(false);
        }
    }
}
