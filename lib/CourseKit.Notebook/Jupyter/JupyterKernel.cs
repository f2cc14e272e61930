using System.Runtime.InteropServices;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The C# kernel for Jupyter and VS Code: a process that front ends start and talk to.</summary>
public static class JupyterKernel
{
    /// <summary>
    /// Serves front ends until one asks for the end, or the process that started this one has died (JPY_PARENT_PID).
    /// Meanwhile Ctrl-C interrupts the running cell, as front ends do that know no other way.
    /// </summary>
    /// <param name="connectionFile">The file in which the front end says where to listen, and the key.</param>
    /// <param name="options">What cells get.</param>
    /// <param name="cancellationToken">Ends the kernel.</param>
    /// <returns>When the kernel and its worker are gone.</returns>
    /// <exception cref="InvalidDataException">The file is no connection file; the message says what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read, or its ports are taken.</exception>
    public static async Task RunAsync(string connectionFile, JupyterKernelOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionFile);
        ArgumentNullException.ThrowIfNull(options);
        var file = ConnectionFile.Load(connectionFile);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var front = new KernelFront(file.Key, options);
        await using (front.ConfigureAwait(false))
        {
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                front.Interrupt();
            });
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
            front.Start(file);
            await Task.WhenAny(front.ShutDownAsked, ParentProcess.WaitForEndAsync(ending.Token), Task.Delay(Timeout.Infinite, ending.Token)).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }
}
