using CourseKit.Notebook;

namespace CourseKit.Grading.Sandboxes;

/// <summary>A way to keep student code apart from the machine.</summary>
internal interface ISandbox
{
    /// <summary>Its name in results.</summary>
    string Name { get; }

    /// <summary>What the teacher should know about where it is weak; empty where there is nothing.</summary>
    string Warning { get; }

    /// <summary>Prepares a place for one worker.</summary>
    SandboxedWorker Prepare();
}

/// <summary>The place of one worker: how it is started, and how all of it is ended.</summary>
internal abstract class SandboxedWorker : IWorkerLauncher, IAsyncDisposable
{
    /// <inheritdoc/>
    public abstract string WorkingDirectory { get; }

    /// <summary>Why the worker was ended from outside, for people; null where it was not.</summary>
    public virtual string? Overrun => null;

    /// <inheritdoc/>
    public abstract System.Diagnostics.ProcessStartInfo Launch(System.Diagnostics.ProcessStartInfo worker, string pipe);

    /// <inheritdoc/>
    public abstract void OnStarted(System.Diagnostics.Process process);

    /// <inheritdoc/>
    public virtual Task OnReadyAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual void OnKilled()
    {
    }

    /// <summary>Ends whatever is left of the worker, with all it started, and removes what it wrote.</summary>
    public abstract ValueTask DisposeAsync();
}
