using CourseKit.Grading.Sandboxes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Running;

/// <summary>One worker in its sandbox, for one run of one submission.</summary>
internal sealed class GradingWorker : IAsyncDisposable
{
    private readonly SandboxedWorker _place;

    private GradingWorker(SandboxedWorker place, SessionClient session) => (_place, Session) = (place, session);

    public SessionClient Session { get; }

    /// <summary>Which limit ended it; null where none did.</summary>
    public string? Overrun => _place.Overrun;

    public static async Task<GradingWorker> StartAsync(ISandbox sandbox, SessionOptions options, CancellationToken cancellationToken)
    {
        var place = sandbox.Prepare();
        try
        {
            return new GradingWorker(place, await SessionClient.StartAsync(options with { Launcher = place }, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await place.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends it with all it started.</summary>
    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync().ConfigureAwait(false);
        await _place.DisposeAsync().ConfigureAwait(false);
    }
}
