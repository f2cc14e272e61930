using System.Collections.Concurrent;
using CourseKit.Session.Output;
using CourseKit.Session.Stopping;

namespace CourseKit.Session.Interactive;

/// <summary>Asks the person at the front end for a line, and brings the answer back to the cell that waits for it.</summary>
internal sealed class InputRequests(OutputSink sink, Action<Message> send)
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string?>> _waiting = new();
    private int _count;
    private ExecuteRequest? _cell;

    /// <summary>The input of this process's only session: what <c>GetInputAsync</c> in a cell asks.</summary>
    public static InputRequests? Current { get; set; }

    /// <summary>Whether somebody answers when the running cell asks.</summary>
    public bool IsAnswered => _cell is { TakesInput: true };

    public void Begin(ExecuteRequest cell) => _cell = cell;

    public void Answer(InputReply reply)
    {
        if (_waiting.TryRemove(reply.Request, out var waiting))
            waiting.TrySetResult(reply.Value);
    }

    /// <summary>Asks for a line; the wait ends when the cell is stopped.</summary>
    /// <exception cref="InvalidOperationException">There is nobody to ask.</exception>
    public async Task<string> AskAsync(string prompt, bool isPassword)
    {
        if (_cell is not { TakesInput: true } cell)
        {
            throw new InvalidOperationException("The cell asks for input, and nobody can answer here: the notebook runs without a person, or its front end offers no input."
                + " Give the value in the code, or run the cell in Jupyter or VS Code.");
        }

        var request = Interlocked.Increment(ref _count);
        var waiting = _waiting[request] = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // What was printed before the question is read before it.
            sink.Flush();
            send(new InputRequestEvent(cell.Id, request, prompt, isPassword));
            return await waiting.Task.WaitAsync(CellRun.Current?.Cancellation ?? CancellationToken.None).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The cell asked for input, and the front end gave none. Run the cell again and answer the question.");
        }
        finally
        {
            _waiting.TryRemove(request, out _);
        }
    }
}
