using System.Diagnostics;
using CourseKit.Grading.Running;
using CourseKit.Grading.Sandboxes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Grading;

public sealed class SandboxTests
{
    private static readonly WorkerFiles s_files = new("/usr/share/dotnet", ["/opt/kit"], "/opt/kit/data");
    private static readonly SandboxLimits s_limits = new(1L << 30);

    private static ProcessStartInfo Worker => new("/usr/share/dotnet/dotnet") { ArgumentList = { "/opt/kit/CourseKit.Session.dll", "--pipe", "/tmp/ck-1" } };

    [Fact]
    public void The_docker_command_has_no_network_a_read_only_system_and_limits()
    {
        var words = new DockerSandbox("dotnet-runtime", s_files, s_limits).Arguments(Worker, "/tmp/ck-1", "coursekit-x");
        var line = string.Join(' ', words);
        Assert.StartsWith("run --rm", line, StringComparison.Ordinal);
        foreach (var wanted in (string[])["--network none", "--read-only", "--cap-drop ALL", "--security-opt no-new-privileges", "--memory 1073741824", "--memory-swap 1073741824", "--pids-limit 512", "--pull never", "--name coursekit-x", "source=/opt/kit,target=/opt/kit,readonly", "source=/opt/kit/data,target=/opt/kit/data,readonly", "source=/tmp/ck-1,target=/tmp/ck-1", "DOTNET_GCHeapHardLimit=0x30000000"])
            Assert.Contains(wanted, line, StringComparison.Ordinal);
        Assert.Equal(["dotnet-runtime", "dotnet", "/opt/kit/CourseKit.Session.dll", "--pipe", "/tmp/ck-1"], words.TakeLast(5));
    }

    [Fact]
    public void Bubblewrap_lets_in_the_kit_its_data_and_the_socket_and_no_other_folder_of_a_user()
    {
        var words = new BubblewrapSandbox(s_files, s_limits).Arguments(Worker, "/tmp/ck-1", "mark");
        var bound = words.Select((word, i) => word is "--ro-bind" or "--bind" ? words[i + 1] : null).OfType<string>().Where(path => !path.StartsWith("/usr", StringComparison.Ordinal)
            && path is not ("/lib" or "/lib64" or "/lib32" or "/bin" or "/sbin" or "/nix/store"));
        Assert.Equal(["/opt/kit", "/opt/kit/data", "/tmp/ck-1"], bound);
        Assert.Contains("--clearenv", words);
        Assert.Contains("--die-with-parent", words);
    }

    [Fact]
    public async Task A_docker_sandbox_without_an_image_says_what_is_missing()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SubmissionGrader.CreateAsync(GradingFixture.Reference(), GradingFixture.Options(SandboxKind.Docker), TestContext.Current.CancellationToken));
        Assert.Contains("image", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_watchdog_ends_a_tree_that_takes_too_much_memory_with_what_was_cut_off_from_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The tree of processes is read from Linux's /proc.");
        var mark = SandboxMark.Create();
        var nap = $"8{Environment.ProcessId}.5";
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"(sleep {nap} &); exec sleep {nap}"]) { Environment = { [SandboxMark.Variable] = mark } };
        using var process = Process.Start(start)!;
        var root = ProcessIdentity.Of(process.Id)!.Value;
        await using var watchdog = new Watchdog(root, new SandboxLimits(1), mark);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Watchdog.EndAsync(root, mark);
        Assert.Contains("memory", watchdog.Overrun, StringComparison.Ordinal);
        Assert.Empty(ProcessTree.Marked(mark));
    }

    [Fact]
    public async Task The_watchdog_ends_a_tree_that_fills_its_folder_where_no_control_group_counts_its_processes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The command is of a Unix shell, and its tree is read from Linux's /proc.");
        var mark = SandboxMark.Create();
        var folder = WorkerFolder.Create();
        var start = new ProcessStartInfo("/bin/sh", ["-c", "head -c 3000000 /dev/zero > full; sleep 600 & wait"]) { WorkingDirectory = folder.Path, Environment = { [SandboxMark.Variable] = mark } };
        using var process = Process.Start(start)!;
        await using var watchdog = new Watchdog(ProcessIdentity.Of(process.Id)!.Value, new SandboxLimits(1L << 30, TemporaryBytes: 2 << 20), mark, folder: folder);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("temporary folder than the 2 MB that are allowed", watchdog.Overrun, StringComparison.Ordinal);
        await Watchdog.EndAsync(null, mark);
        Assert.Empty(ProcessTree.Marked(mark));
        folder.Delete();
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public async Task A_worker_outlives_the_thread_that_started_it()
    {
        // The system ends a process that is to die with its parent when that thread is gone, and threads of a pool come and go.
        var sandbox = await SandboxSelection.ChooseAsync(GradingFixture.Options(GradingFixture.Bubblewrap()), TestContext.Current.CancellationToken);
        PooledCompiler? started = null;
        var thread = new Thread(() => started = GradingCompiler.StartAsync(sandbox, new SessionOptions { WorkingDirectory = Path.GetTempPath() }, CancellationToken.None).GetAwaiter().GetResult());
        thread.Start();
        thread.Join();
        await using var compiler = started!;
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.True(compiler.Process.IsAlive);
    }
}
