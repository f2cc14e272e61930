using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

/// <summary>
/// One session for all tests of a class, because a worker costs seconds to start: a cell redefines what it needs. Where a
/// test has ended it, the next gets a new one, so that one failure stays one.
/// </summary>
public class SharedSession : IAsyncLifetime
{
    private readonly string[] _firstCells;
    private SessionClient? _client;

    public SharedSession() => _firstCells = [];

    /// <summary>For a class whose tests all want the same to be there.</summary>
    protected SharedSession(params string[] firstCells) => _firstCells = firstCells;

    /// <summary>How it starts.</summary>
    protected virtual SessionOptions Options { get; } = new();

    /// <summary>The session, alive. Tests of a class run one after another.</summary>
    public async Task<SessionClient> ClientAsync()
    {
        if (_client is { IsAlive: true })
            return _client;
        if (_client is not null)
            await _client.DisposeAsync();
        _client = await Sessions.StartAsync(options: Options);
        for (var i = 0; i < _firstCells.Length; i++)
        {
            var result = await _client.RunAsync(_firstCells[i], i + 1);
            Assert.True(result.Status == CellStatus.Ok, result.Message);
        }

        return _client;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
