using System.Text.Json.Nodes;
using CourseKit.Notebook.Jupyter.Zmtp;

namespace CourseKit.Notebook.Jupyter;

/// <summary>
/// A kernel's front: it owns the sockets and lives as long as the notebook's tab, while the worker, which runs the
/// code, may die and be replaced.
/// </summary>
internal sealed class KernelFront : IAsyncDisposable
{
    private readonly KernelLog _log;
    private readonly KernelChannels _channels;
    private readonly KernelStatus _status;
    private readonly SessionKeeper _keeper;
    private readonly InputRequests _input;
    private readonly CellQueue _cells;
    private readonly LanguageQueue _language;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _shutDown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    public KernelFront(string key, JupyterKernelOptions options, ZmtpLimits? limits = null)
    {
        _log = new KernelLog(options.Log);
        _channels = new KernelChannels(key, _log, TakeAsync, limits);
        _status = new KernelStatus(_channels);
        _keeper = new SessionKeeper(new SessionOptions
        {
            WorkingDirectory = options.WorkingDirectory,
            KitPackages = options.KitPackages,
            CellTimeout = Timeout.InfiniteTimeSpan,
            OutputLimit = options.OutputLimit,
            StopPatience = options.InterruptPatience,
            OnWaiting = _log.Write,
        });
        _input = new InputRequests(_channels);
        _cells = new CellQueue(_channels, _status, _keeper, _input, _log, ShutDown);
        _language = new LanguageQueue(_channels, _status, _keeper, _log);
    }

    /// <summary>Ends when a front end has asked for it.</summary>
    public Task ShutDownAsked => _shutDown.Task;

    public void Start(ConnectionFile file)
    {
        // The worker needs a second to warm up, and the front end as long to connect.
        _ = _keeper.GetAsync();
        _channels.Bind(file);
        _status.Starting();
        _running = Task.WhenAll(Task.Run(() => _cells.RunAsync(_closing.Token)), Task.Run(() => _language.RunAsync(_closing.Token)));
    }

    /// <summary>Interrupts the running cell, if any.</summary>
    public void Interrupt() => _cells.Interrupt();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _keeper.DisposeAsync().ConfigureAwait(false);
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        await _channels.DisposeAsync().ConfigureAwait(false);
        _input.Dispose();
        _closing.Dispose();
    }

    private async ValueTask TakeAsync(JupyterRequest request)
    {
        try
        {
            await DispatchAsync(request).ConfigureAwait(false);
        }
        catch (MalformedMessageException exception)
        {
            _log.Write($"A {Printable.Of(request.Type)} was dropped: {exception.Message}.");
        }
    }

    private async ValueTask DispatchAsync(JupyterRequest request)
    {
        switch (request.Type)
        {
            case "input_reply":
                _input.Take(request);
                break;
            case "kernel_info_request":
                Answer(request, KernelInfo.ToContent());
                break;
            case "comm_info_request":
                Answer(request, new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() });
                break;
            case "interrupt_request":
                Answer(request, new JsonObject { ["status"] = "ok" }, _cells.Interrupt);
                break;
            case "debug_request":
                Answer(request, RefuseDebugging(request));
                break;
            case "shutdown_request" when request.Channel == KernelChannel.Control:
                _status.Busy(request);
                ShutDown(request);
                _status.Idle(request);
                break;
            case "execute_request" or "history_request" or "comm_open" or "comm_msg" or "comm_close" or "shutdown_request" when request.Channel == KernelChannel.Shell:
                await _cells.AddAsync(request).ConfigureAwait(false);
                break;
            case "complete_request" or "inspect_request" or "is_complete_request" when request.Channel == KernelChannel.Shell:
                await _language.AddAsync(request).ConfigureAwait(false);
                break;
            default:
                _log.Write($"A \"{Printable.Of(request.Type)}\" on the {request.Channel} channel was left unanswered: this kernel does not know it there.");
                break;
        }
    }

    private void Answer(JupyterRequest request, JsonObject content, Action? before = null)
    {
        _status.Busy(request);
        before?.Invoke();
        _channels.Reply(request, KernelMessages.ReplyTo(request), content);
        _status.Idle(request);
    }

    private void ShutDown(JupyterRequest request)
    {
        var content = new JsonObject { ["status"] = "ok", ["restart"] = request.Flag("restart", false) };

        // For all, so that the other front ends know as well.
        _channels.Publish("shutdown_reply", request, content);
        _channels.Reply(request, "shutdown_reply", content);
        _shutDown.TrySetResult();
    }

    // In the words of the debug adapter protocol, which a debug_request wraps.
    private static JsonObject RefuseDebugging(JupyterRequest request) => new()
    {
        ["type"] = "response",
        ["request_seq"] = request.Number("seq") ?? 0,
        ["success"] = false,
        ["command"] = request.Text("command", ""),
        ["message"] = "This kernel has no debugger.",
    };
}
