using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The front end's server that started this kernel: when it dies, nobody is left to end the kernel.</summary>
internal static class ParentProcess
{
    // A process id on Unix; on Windows a handle that the kernel inherits.
    private const string Variable = "JPY_PARENT_PID";
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the parent has ended; never where there is none.</summary>
    public static Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        var isNumber = long.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var parent);
        return !isNumber || parent == 0 ? Task.Delay(Timeout.Infinite, cancellationToken)
            : OperatingSystem.IsWindows() ? WaitForHandleAsync((nint)parent, cancellationToken)
            : WaitForProcessAsync((int)parent, cancellationToken);
    }

    private static async Task WaitForProcessAsync(int id, CancellationToken cancellationToken)
    {
        Process parent;
        try
        {
            parent = Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            // It is gone already.
            return;
        }

        // Asked again and again: only a child's end is reported by the system.
        using (parent)
        {
            while (!parent.HasExited)
                await Task.Delay(Pace, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WaitForHandleAsync(nint handle, CancellationToken cancellationToken)
    {
        using var parent = new EventWaitHandle(false, EventResetMode.ManualReset);
        parent.SafeWaitHandle = new SafeWaitHandle(handle, ownsHandle: false);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = ThreadPool.RegisterWaitForSingleObject(parent, (_, _) => ended.TrySetResult(), null, Timeout.Infinite, executeOnlyOnce: true);
        try
        {
            await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            registration.Unregister(null);
        }
    }
}
