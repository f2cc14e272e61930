using System.ComponentModel;
using CourseKit.Notebook;

namespace CourseKit.Grading.Sandboxes;

/// <summary>Finds out which sandbox works here, by starting a worker in it.</summary>
internal static class SandboxSelection
{
    private const string ProcessIsWeak =
        "student code sees this account's files and the network: there is no sandbox around its process";

    /// <summary>The sandbox that was asked for, or else the strongest that really starts.</summary>
    /// <exception cref="InvalidOperationException">The one that was asked for does not start; the message says why.</exception>
    /// <exception cref="TimeoutException">A worker did not start in time: that says nothing about any sandbox.</exception>
    public static async Task<ISandbox> ChooseAsync(GradingOptions options, CancellationToken cancellationToken)
    {
        WorkerFolder.SweepOnce();
        var files = WorkerFiles.Find(options.KitPackages, options.DataFolder);
        var limits = new SandboxLimits(options.MemoryBytes);
        switch (options.Sandbox)
        {
            case SandboxKind.Process:
                return new ProcessSandbox(files, limits, ProcessIsWeak + ".");
            case SandboxKind.Docker:
                var docker = new DockerSandbox(options.DockerImage
                    ?? throw new InvalidOperationException("The docker sandbox needs an image with .NET 10 and ASP.NET: pull or build one and name it (--image)."), files, limits, await DockerSandbox.OwnUserAsync().ConfigureAwait(false));
                return await FailureOfAsync(docker, options, cancellationToken).ConfigureAwait(false) is { } failure
                    ? throw new InvalidOperationException($"The docker sandbox does not start: {failure}")
                    : docker;
            case SandboxKind.Bubblewrap:
                var asked = new BubblewrapSandbox(files, limits);
                return await FailureOfAsync(asked, options, cancellationToken).ConfigureAwait(false) is { } reason
                    ? throw new InvalidOperationException($"The bubblewrap sandbox does not start: {reason} Install it (apt install bubblewrap), or choose another one.")
                    : asked;
            default:
                if (!OperatingSystem.IsLinux())
                    return new ProcessSandbox(files, limits, ProcessIsWeak + "; bubblewrap is there on Linux only.");
                var bubblewrap = new BubblewrapSandbox(files, limits);
                return await FailureOfAsync(bubblewrap, options, cancellationToken).ConfigureAwait(false) is { } why
                    ? new ProcessSandbox(files, limits, $"{ProcessIsWeak}, as bubblewrap does not start here: {why}")
                    : bubblewrap;
        }
    }

    private static async Task<string?> FailureOfAsync(ISandbox sandbox, GradingOptions options, CancellationToken cancellationToken)
    {
        var place = sandbox.Prepare();
        await using (place.ConfigureAwait(false))
        {
            try
            {
                var session = await SessionClient.StartAsync(options.Starting with { Launcher = place, BorrowsCompiler = true }, cancellationToken).ConfigureAwait(false);
                await session.DisposeAsync().ConfigureAwait(false);
                return null;
            }
            catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or IOException)
            {
                return failure.Message.EndsWith('.') ? failure.Message : failure.Message + ".";
            }
        }
    }
}
