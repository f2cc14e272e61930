using System.Collections.Concurrent;
using System.Diagnostics;

namespace CourseKit.Notebook.Sessions;

/// <summary>
/// Starts processes on one thread that lives as long as this process. Linux ends a process that shall die with its parent
/// (as a sandbox asks for) when the thread that started it is gone, and the threads of a pool come and go.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process?> Started)> s_waiting = [];

    static ProcessStarter() => new Thread(Work) { Name = "Process starter", IsBackground = true }.Start();

    /// <summary>Starts a process.</summary>
    /// <exception cref="InvalidOperationException">The system started none.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be run.</exception>
    public static async Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process?>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_waiting.Add((start, started));
        return await started.Task.ConfigureAwait(false) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
    }

    private static void Work()
    {
        foreach (var (start, started) in s_waiting.GetConsumingEnumerable())
        {
#pragma warning disable CA1031 // It belongs to the one who asked.
            try
            {
                started.SetResult(Process.Start(start));
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
#pragma warning restore CA1031
        }
    }
}
