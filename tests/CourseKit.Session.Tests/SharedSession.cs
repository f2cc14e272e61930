using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

/// <summary>One session for all tests of a class, because a worker costs seconds to start: a cell redefines what it needs.</summary>
public class SharedSession : IAsyncLifetime
{
    private readonly string? _firstCell;
    private readonly TimeSpan? _cellTimeout;

    public SharedSession()
    {
    }

    /// <summary>For a class whose tests all want the same to be there.</summary>
    protected SharedSession(string firstCell, TimeSpan? cellTimeout = null) => (_firstCell, _cellTimeout) = (firstCell, cellTimeout);

    public SessionClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Client = await Sessions.StartAsync(_cellTimeout);
        if (_firstCell is null)
            return;
        var result = await Client.RunAsync(_firstCell, 2);
        Assert.True(result.Status == CellStatus.Ok, result.Message);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
