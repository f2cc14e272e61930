using System.Collections.Concurrent;

namespace CourseKit.Grading.Running;

/// <summary>Workers that are started before they are needed. Each is handed out once and never comes back.</summary>
/// <param name="start">Starts one.</param>
/// <param name="ahead">How many wait.</param>
internal sealed class WorkerPool(Func<CancellationToken, Task<GradingWorker>> start, int ahead) : IAsyncDisposable
{
    private readonly ConcurrentQueue<Task<GradingWorker>> _waiting = [];
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Starts those that wait, so that the first submission finds them.</summary>
    public void Fill()
    {
        while (_waiting.Count < ahead && !_closing.IsCancellationRequested)
            _waiting.Enqueue(Task.Run(() => start(_closing.Token)));
    }

    /// <summary>A worker that nobody has used; the caller ends it.</summary>
    public async Task<GradingWorker> TakeAsync(CancellationToken cancellationToken)
    {
        if (!_waiting.TryDequeue(out var taken))
            taken = Task.Run(() => start(_closing.Token), cancellationToken);
        Fill();
        try
        {
            var worker = await taken.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (worker.Session.IsAlive)
                return worker;
            await worker.DisposeAsync().ConfigureAwait(false);
            return await start(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(taken).ConfigureAwait(false);
            throw;
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException or IOException)
        {
            // It was started ahead and beside other work; once more, and then it is the caller's to know.
            return await start(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        while (_waiting.TryDequeue(out var worker))
            await EndAsync(worker).ConfigureAwait(false);
        _closing.Dispose();
    }

    private static async Task EndAsync(Task<GradingWorker> starting)
    {
#pragma warning disable CA1031 // Whatever kept it from starting: there is nothing to end then.
        try
        {
            await (await starting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
        }
#pragma warning restore CA1031
    }
}
