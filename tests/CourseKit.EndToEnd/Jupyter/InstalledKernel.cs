using System.Diagnostics;

namespace CourseKit.EndToEnd.Jupyter;

/// <summary>The kernel, registered by the real command in a Jupyter folder of its own, and real Jupyter programs that find it there.</summary>
public sealed class InstalledKernel : IAsyncLifetime
{
    // Some of Jupyter's programs wait for an answer for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly TemporaryFolder folder = new();
    private bool isInstalled;

    /// <summary>A folder for a test's files.</summary>
    internal string Of(string name) => folder.Of(name);

    /// <summary>The kernel's name and folder.</summary>
    internal const string Name = ".net-csharp";

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Registers the kernel for the first test that gets so far: where Jupyter is missing, none does.</summary>
    internal async Task InstallAsync()
    {
        if (isInstalled)
            return;
        Directory.CreateDirectory(folder.Of("home"));
        var answer = await CourseKitCommand.RunAsync(folder.Path, Environment, "kernel", "install");
        Assert.True(answer.ExitCode == 0, answer.Errors);
        isInstalled = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Nothing of the user's own Jupyter is read or written.</summary>
    internal Dictionary<string, string?> Environment => new()
    {
        ["HOME"] = folder.Of("home"),
        ["JUPYTER_DATA_DIR"] = folder.Of("data"),
        ["JUPYTER_CONFIG_DIR"] = folder.Of("config"),
        ["JUPYTER_RUNTIME_DIR"] = folder.Of("runtime"),
        ["JUPYTER_PATH"] = null,
        ["IPYTHONDIR"] = folder.Of("ipython"),
        ["XDG_DATA_HOME"] = null,
    };

    /// <summary>Runs a program of Jupyter's to its end; its output where it succeeds, a failed test where it does not.</summary>
    internal async Task<string> RunAsync(string program, params string[] arguments)
    {
        await InstallAsync();
        using var process = Start(program, arguments);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Patience.TotalMinutes} minutes: the kernel left a request unanswered.\n{await output}\n{await errors}");
            }

            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{await output}\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts a program of Jupyter's.</summary>
    internal Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>A Python script beside these tests.</summary>
    internal static string Script(string name) => Path.Combine(Checkout.Root, "tests", "CourseKit.EndToEnd", "Jupyter", name);
}
