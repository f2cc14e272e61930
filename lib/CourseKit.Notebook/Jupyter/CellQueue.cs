using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The requests that run one after another: cells, and what must see them finished.</summary>
internal sealed class CellQueue(KernelChannels channels, KernelStatus status, SessionKeeper keeper, InputRequests input, KernelLog log, Action<JupyterRequest> shutDown)
{
    // Whoever sends more without waiting is made to wait.
    private const int MostWaiting = 1000;

    // Cells that were sent together are aborted together, also those that are still on their way.
    private static readonly TimeSpan OnTheirWay = TimeSpan.FromMilliseconds(20);

    private readonly Channel<JupyterRequest> _requests = Channel.CreateBounded<JupyterRequest>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CellHistory _history = new();
    private readonly Lock _gate = new();
    private CellExecution? _running;
    private int _toAbort;

    public ValueTask AddAsync(JupyterRequest request) => _requests.Writer.WriteAsync(request);

    /// <summary>Interrupts the running cell, if any.</summary>
    public void Interrupt()
    {
        lock (_gate)
            _ = _running?.InterruptAsync();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var request in _requests.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var isAborted = _toAbort > 0 && _toAbort-- > 0;
            status.Busy(request, isCell: true);
            try
            {
                await AnswerAsync(request, isAborted, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The kernel ends.
            }
            catch (MalformedMessageException exception)
            {
                log.Write($"A {request.Type} was not understood: {exception.Message}.");
                Refuse(request, "MalformedRequest", exception.Message);
            }
#pragma warning disable CA1031 // Whatever goes wrong with one cell, the next one has to run.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                log.Write($"A {request.Type} failed inside the kernel: {exception}");
                Refuse(request, exception.GetType().Name, $"The kernel itself failed: {exception.Message}");
            }
            finally
            {
                status.Idle(request);
            }
        }
    }

    private void Refuse(JupyterRequest request, string name, string message) =>
        channels.Reply(request, KernelMessages.ReplyTo(request), CellReply.OfError(OutputJson.Error(name, message)));

    private async Task AnswerAsync(JupyterRequest request, bool isAborted, CancellationToken cancellationToken)
    {
        switch (request.Type)
        {
            case "execute_request" when isAborted:
                channels.Reply(request, "execute_reply", CellReply.Aborted(_history.Count));
                break;
            case "execute_request":
                await ExecuteAsync(request, cancellationToken).ConfigureAwait(false);
                break;
            case "history_request":
                channels.Reply(request, "history_reply", _history.Find(request));
                break;
            case "comm_open":
                // There is no target to open one to.
                channels.Publish("comm_close", request, new JsonObject { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() });
                break;
            case "shutdown_request":
                shutDown(request);
                break;
        }
    }

    private async Task ExecuteAsync(JupyterRequest request, CancellationToken cancellationToken)
    {
        var code = request.Text("code");
        var isSilent = request.Flag("silent", false);
        var isKept = !isSilent && request.Flag("store_history", true);
        var number = _history.Count + 1;
        if (isKept)
            _history.Add(code);
        if (!isSilent)
            channels.Publish("execute_input", request, new JsonObject { ["code"] = code, ["execution_count"] = number });

        using var execution = new CellExecution(request, number, channels, input, cancellationToken);
        lock (_gate)
            _running = execution;
        JsonObject values;
        try
        {
            values = await execution.RunAsync(keeper).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _running = null;
        }

        await keeper.RenewAsync().ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
            return;
        if (isKept && execution.Value is { } value)
            _history.SetOutput(value);
        if (execution.Error is not { } error)
        {
            channels.Reply(request, "execute_reply", CellReply.Ok(number, values, execution.Payload));
            return;
        }

        if (request.Flag("stop_on_error", true))
        {
            await Task.Delay(OnTheirWay, cancellationToken).ConfigureAwait(false);
            _toAbort = _requests.Reader.Count;
        }

        channels.Reply(request, "execute_reply", CellReply.Error(number, error));
    }
}
