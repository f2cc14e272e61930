using CourseKit.Notebook;

namespace CourseKit.Session.Tests;

/// <summary>One session for all tests of a class: a cell redefines what it needs.</summary>
public sealed class SharedSession : IAsyncLifetime
{
    public SessionClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Client = await Sessions.StartAsync();

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
