using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>One C# session in a process of its own: cells go in, outputs come out, and a crash is a message.</summary>
public sealed class SessionClient : IAsyncDisposable
{
    private SessionClient()
    {
    }

    /// <summary>Starts a worker and prepares it for its first cell.</summary>
    /// <param name="options">Where it works and what a cell may take.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The client of a worker that is ready.</returns>
    public static Task<SessionClient> StartAsync(SessionOptions options, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Whether the worker still runs; false after it ended, for whatever reason.</summary>
    public bool IsAlive => throw new NotImplementedException();

    /// <summary>Runs one cell and returns what it left.</summary>
    /// <param name="code">The cell as the user wrote it.</param>
    /// <param name="cellNumber">The number that tracebacks call it by.</param>
    /// <param name="onOutput">
    /// Called with every output as it comes, in nbformat's form, as well as <c>update_display_data</c> and stream pieces;
    /// <c>transient.display_id</c> is kept here.
    /// </param>
    /// <param name="cancellationToken">Stops the cell; the worker ends.</param>
    /// <returns>How the cell ended and its outputs.</returns>
    public Task<CellResult> ExecuteAsync(
        string code,
        int cellNumber,
        Action<JsonObject>? onOutput = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Ends the worker.</summary>
    /// <returns>When it is gone.</returns>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
