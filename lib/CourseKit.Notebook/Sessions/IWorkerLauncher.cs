using System.Diagnostics;

namespace CourseKit.Notebook;

/// <summary>Starts a session's worker in another way than as a plain process: inside a sandbox, for example.</summary>
public interface IWorkerLauncher
{
    /// <summary>The folder that cells work in, as the worker sees it.</summary>
    string WorkingDirectory { get; }

    /// <summary>Turns the plain start of a worker into the one that is done.</summary>
    /// <param name="worker">Program, arguments and environment; the standard streams are redirected.</param>
    /// <param name="pipe">The pipe's name; a path except on Windows. The worker must be able to connect to it.</param>
    ProcessStartInfo Launch(ProcessStartInfo worker, string pipe);

    /// <summary>Told as soon as the process runs.</summary>
    void OnStarted(Process process);

    /// <summary>Told when the worker has connected and can take its first cell, before it gets any.</summary>
    Task OnReadyAsync();

    /// <summary>Told when the process was killed: what it started elsewhere, such as a container, is to end as well.</summary>
    void OnKilled()
    {
    }
}
