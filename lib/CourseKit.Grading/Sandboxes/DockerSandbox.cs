using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>A container for each worker: no network, a read-only system, the kit mounted read-only, limits by the daemon.</summary>
/// <param name="image">An image that has the .NET runtime with ASP.NET.</param>
/// <param name="files">What the worker reads.</param>
/// <param name="limits">What it may take.</param>
internal sealed class DockerSandbox(string image, WorkerFiles files, SandboxLimits limits) : ISandbox
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

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Worker(DockerSandbox sandbox) : SandboxedWorker
    {
        private readonly string _container = "coursekit-" + SandboxMark.Create();
        private bool _started;

        public override string WorkingDirectory => Work;

        public override ProcessStartInfo Launch(ProcessStartInfo worker, string pipe) =>
            WorkerCommand.Create("docker", sandbox.Arguments(worker, pipe, _container), group: null);

        public override void OnStarted(Process process) => _started = true;

        // The client that was killed is not the container.
        public override async ValueTask DisposeAsync()
        {
            if (!_started)
                return;
            using var kill = Process.Start(WorkerCommand.Create("docker", ["rm", "--force", _container], group: null));
            if (kill is not null)
                await kill.WaitForExitAsync().ConfigureAwait(false);
        }
    }
}
