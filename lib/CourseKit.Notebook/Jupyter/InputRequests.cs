using System.Text.Json.Nodes;

namespace CourseKit.Notebook.Jupyter;

/// <summary>Questions of the running cell to whoever sits in front of it: <c>Console.ReadLine</c> and its like.</summary>
internal sealed class InputRequests(KernelChannels channels) : IDisposable
{
    // One at a time: a reply does not say which question it answers.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private (byte[] Identity, TaskCompletionSource<string> Answer)? _asked;

    /// <summary>Asks the front end that the cell came from, and waits as long as its user thinks.</summary>
    /// <returns>The line; null where that front end cannot be asked.</returns>
    public async Task<string?> AskAsync(JupyterRequest cell, string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
                _asked = (cell.Identities[0], answer);
            var content = new JsonObject { ["prompt"] = prompt, ["password"] = isPassword };
            return channels.Ask(cell, "input_request", content) ? await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false) : null;
        }
        finally
        {
            lock (_gate)
                _asked = null;
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Takes an <c>input_reply</c>. One that nobody waits for is too late, its cell was interrupted, and one from another front end was not asked for.</summary>
    public void Take(JupyterRequest reply)
    {
        lock (_gate)
        {
            if (_asked is var (identity, answer) && identity.AsSpan().SequenceEqual(reply.Identities[0]))
                answer.TrySetResult(reply.Text("value"));
        }
    }
}
