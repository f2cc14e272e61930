using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using CourseKit.Session;

namespace CourseKit.Notebook.Sessions;

/// <summary>The worker's process and the pipe to it. It lives no longer than this object, or than this process.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>The role of a worker that compiles and runs nothing.</summary>
    public const string Compiler = "--compiler";

    /// <summary>The role of a worker that has its cells compiled elsewhere.</summary>
    public const string WithoutCompiler = "--without-compiler";

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(15);

    // What a process that has ended wrote is read within this time; longer waits only where something holds its streams open.
    private static readonly TimeSpan StreamPatience = TimeSpan.FromSeconds(5);

    private readonly NamedPipeServerStream _pipe;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Process _process;
    private readonly IWorkerLauncher? _launcher;
    private readonly Task _strayReaders;

    private WorkerProcess(Process process, NamedPipeServerStream pipe, IWorkerLauncher? launcher)
    {
        _process = process;
        _launcher = launcher;
        _pipe = pipe;
        _strayReaders = Task.WhenAll(StandardOutput.ReadAllAsync(process.StandardOutput), StandardError.ReadAllAsync(process.StandardError));
    }

    public StrayText StandardOutput { get; } = new();

    public StrayText StandardError { get; } = new();

    public static async Task<WorkerProcess> StartAsync(SessionOptions options, string? role, StartPatience patience)
    {
        var workingDirectory = options.WorkingDirectory;
        if (!Directory.Exists(workingDirectory))
            throw new DirectoryNotFoundException($"The session should run in {workingDirectory}, and there is no such folder.");
        var program = Path.Combine(AppContext.BaseDirectory, typeof(Protocol).Assembly.GetName().Name + ".dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"The session's worker should lie beside this program, and it does not: {program}. Build the kit again.", program);

        var pipe = WorkerPipe.Create(out var name);
        Process? process = null;
        try
        {
            var start = StartInfo(program, name, workingDirectory);
            if (role is not null)
                start.ArgumentList.Add(role);
            process = await ProcessStarter.StartAsync(options.Launcher?.Launch(start, name) ?? start).ConfigureAwait(false);
            options.Launcher?.OnStarted(process);

            // It reads from no one: a cell that asks the console gets the end of input in place of waiting for ever.
            process.StandardInput.Close();
            var worker = new WorkerProcess(process, pipe, options.Launcher);
            await worker.WaitForConnectionAsync(patience).ConfigureAwait(false);
            WorkerPipe.Hide(name);
            return worker;
        }
        catch
        {
            if (process is not null)
                Kill(process);
            process?.Dispose();
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<(Message Message, int Bytes)?> ReadAsync() => Protocol.ReadAsync(_pipe);

    public async Task SendAsync(Message message)
    {
        var frame = Protocol.Encode(message);
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            await _pipe.WriteAsync(frame).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The worker is gone; whoever waits for its answer learns that from the reading side.
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Kill()
    {
        Kill(_process);
        _launcher?.OnKilled();
    }

    /// <summary>Waits until the process is gone, by force where it lingers, and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        // A grandchild may hold the streams open; what came so far is enough.
        await Task.WhenAny(_strayReaders, Task.Delay(StreamPatience)).ConfigureAwait(false);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await EndAsync().ConfigureAwait(false);
        await _pipe.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
        _sending.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, string pipe, string workingDirectory) => new(DotnetHost())
    {
        ArgumentList = { program, "--pipe", pipe },
        WorkingDirectory = workingDirectory,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.UTF8,
        StandardErrorEncoding = Encoding.UTF8,
        UseShellExecute = false,
        CreateNoWindow = true,
        // A worker is often killed, and the runtime's own debugging pipes would then stay behind in the temporary folder.
        Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
    };

    // The host of the runtime that this process itself runs on, wherever it is installed.
    private static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It has ended, or one of its children ended first.
        }
    }

    private async Task WaitForConnectionAsync(StartPatience patience)
    {
        var connected = _pipe.WaitForConnectionAsync(patience.Token);
        var exited = _process.WaitForExitAsync(patience.Token);
        if (await Task.WhenAny(connected, exited).ConfigureAwait(false) == exited && !patience.Token.IsCancellationRequested)
        {
            await Task.WhenAny(_strayReaders, Task.Delay(StreamPatience, CancellationToken.None)).ConfigureAwait(false);
            throw new SessionStartException($"The session's worker ended before it was ready, with exit code {_process.ExitCode}: {StandardError.Take().Trim()}");
        }

        await patience.WaitAsync(connected).ConfigureAwait(false);
    }
}
