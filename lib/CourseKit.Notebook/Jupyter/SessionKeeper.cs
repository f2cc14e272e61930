namespace CourseKit.Notebook.Jupyter;

/// <summary>Keeps a worker ready: the first is started at once, and after one has ended the next, before anyone asks.</summary>
internal sealed class SessionKeeper(SessionOptions options) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task<SessionClient>? _session;

    /// <summary>
    /// The session, which may have ended since the last cell: then it answers with a sentence about that, so that no
    /// cell runs in a fresh session unawares.
    /// </summary>
    public Task<SessionClient> GetAsync()
    {
        lock (_gate)
        {
            // A start that failed is tried again; the reason may be gone.
            if (_session is null or { IsFaulted: true } or { IsCanceled: true })
                _session = Task.Run(() => SessionClient.StartAsync(options, _closing.Token));
            return _session;
        }
    }

    /// <summary>Starts a new worker where the last has ended.</summary>
    public async Task RenewAsync()
    {
        Task<SessionClient>? ended;
        lock (_gate)
        {
            if (_session is not { IsCompletedSuccessfully: true } || _session.Result.IsAlive || _closing.IsCancellationRequested)
                return;
            ended = _session;
            _session = null;
        }

        _ = GetAsync();
        await (await ended.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task<SessionClient>? session;
        lock (_gate)
            session = _session;
        try
        {
            if (session is not null)
                await (await session.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or IOException or TimeoutException)
        {
            // It never started.
        }

        _closing.Dispose();
    }
}
