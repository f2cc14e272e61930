namespace CourseKit.Session.Stopping;

/// <summary>
/// One cell while it runs. It flows with the execution context into tasks and threads that the cell starts, so that
/// stopping it stops them at their next check too, and leaves those of other cells alone.
/// </summary>
internal sealed class CellRun(int id) : IDisposable
{
    private static readonly TimeSpan InterruptAfter = TimeSpan.FromMilliseconds(300);

    // How long what a stopped cell has started may take to notice.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    private static readonly AsyncLocal<CellRun?> s_current = new();
    private static readonly Lock s_gate = new();
    private static int s_stopping;

    private readonly CancellationTokenSource _cancellation = new();
    private volatile bool _stopping;
    private bool _ended;

    public static CellRun? Current => s_current.Value;

    public int Id => id;

    /// <summary>For the compiler, the one part of a run that listens to a token.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    public bool IsStopping => _stopping;

    /// <summary>Makes this the run that code on the calling thread, and all it starts, belongs to.</summary>
    public void Enter() => s_current.Value = this;

    /// <summary>Asks the cell to stop; interrupts its thread as long as it has not.</summary>
    public void Stop(Thread thread)
    {
        lock (s_gate)
        {
            if (_stopping || _ended)
                return;
            _stopping = true;
            s_stopping++;
            StopCheck.SetStopping(true);
        }

        _cancellation.Cancel();
        new Thread(() =>
        {
            // Again and again: a cell may catch the first one in a loop around a wait.
            while (!thread.Join(InterruptAfter))
                thread.Interrupt();
        })
        { Name = "Interrupter", IsBackground = true }.Start();
    }

    /// <summary>The cell has ended; <paramref name="remaining"/> is what it left running, where it was given up.</summary>
    public void End(Task? remaining)
    {
        lock (s_gate)
        {
            _ended = true;
            if (!_stopping)
                return;
        }

        _ = ForgetAsync(remaining);
    }

    public void Dispose() => _cancellation.Dispose();

    // Checks stay on the slow path until nothing of a stopped cell can still be running.
    private static async Task ForgetAsync(Task? remaining)
    {
        if (remaining is not null)
            await remaining.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        await Task.Delay(Aftermath).ConfigureAwait(false);
        lock (s_gate)
        {
            if (--s_stopping == 0)
                StopCheck.SetStopping(false);
        }
    }
}
