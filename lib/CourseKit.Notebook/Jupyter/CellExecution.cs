using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Session.Output;

namespace CourseKit.Notebook.Jupyter;

/// <summary>One <c>execute_request</c> while it runs: its outputs go out as they come, and it can be interrupted at any time.</summary>
internal sealed class CellExecution(JupyterRequest request, int number, KernelChannels channels, InputRequests input, CancellationToken closing) : IDisposable
{
    // A cell that heeds an interrupt at all does so in less than half a second.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly bool _silent = request.Flag("silent", false);
    private readonly CancellationTokenSource _interrupted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SessionClient? _session;

    /// <summary>The <c>error</c> output that the cell left, if any.</summary>
    public JsonObject? Error { get; private set; }

    /// <summary>The plain text of its value, for the history.</summary>
    public string? Value { get; private set; }

    /// <summary>What goes with the reply: the page of a question for help.</summary>
    public JsonArray Payload { get; } = [];

    /// <summary>Runs the cell, and then the expressions that go with it.</summary>
    /// <returns>The values of those expressions.</returns>
    public async Task<JsonObject> RunAsync(SessionKeeper keeper)
    {
        var values = new JsonObject();
        try
        {
            if (await StartAsync(keeper).ConfigureAwait(false) is not { } session)
                return values;
            var code = request.Text("code");
            if (HelpQuestion.Parse(code) is var (name, detail))
                await HelpAsync(session, name, detail).ConfigureAwait(false);
            else
                await session.ExecuteAsync(code, number, Take, request.Flag("allow_stdin", true) ? AskAsync : null, CancellationToken.None).ConfigureAwait(false);
            if (Error is null && request.Content.TryGetProperty("user_expressions", out var expressions) && expressions.ValueKind == JsonValueKind.Object)
            {
                foreach (var expression in expressions.EnumerateObject().Where(expression => expression.Value.ValueKind == JsonValueKind.String))
                    values[expression.Name] = await EvaluateAsync(session, expression.Value.GetString()!).ConfigureAwait(false);
            }

            return values;
        }
        catch (OperationCanceledException)
        {
            Take(OutputJson.Error("Cancelled", "The cell was cancelled before it began: its session is still starting."));
            return values;
        }
        finally
        {
            _session = null;
            _ended.TrySetResult();
        }
    }

    /// <summary>Stops the cell; when it cannot be stopped at once, its user is told.</summary>
    public async Task InterruptAsync()
    {
        var isFirst = !_interrupted.IsCancellationRequested;
        await _interrupted.CancelAsync().ConfigureAwait(false);

        // It may not have reached the worker yet.
        while (_session?.Interrupt() != true)
        {
            await Task.WhenAny(_ended.Task, Task.Delay(Pace)).ConfigureAwait(false);
            if (_ended.Task.IsCompleted)
                return;
        }

        await Task.WhenAny(_ended.Task, Task.Delay(Patience)).ConfigureAwait(false);
        if (isFirst && !_ended.Task.IsCompleted)
        {
            channels.Publish("stream", request, new JsonObject
            {
                ["name"] = "stderr",
                ["text"] = "The cell was asked to stop and has not yet: it is inside code that cannot be stopped from outside. Interrupt once more to end the session at once; then all variables are lost.\n",
            });
        }
    }

    public void Dispose() => _interrupted.Dispose();

    private async Task<SessionClient?> StartAsync(SessionKeeper keeper)
    {
        try
        {
            return _session = await keeper.GetAsync().WaitAsync(_interrupted.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or TimeoutException)
        {
            Take(OutputJson.Error("SessionNotStarted", exception.Message));
        }

        return null;
    }

    private Task<string?> AskAsync(string prompt, bool isPassword, CancellationToken cancellationToken) =>
        input.AskAsync(request, prompt, isPassword, cancellationToken);

    private async Task HelpAsync(SessionClient session, string name, int detail)
    {
        var inspection = await session.InspectAsync(name, name.Length, detail, _interrupted.Token).ConfigureAwait(false);
        if (inspection.Found)
            Payload.Add(new JsonObject { ["source"] = "page", ["data"] = inspection.Data.DeepClone(), ["start"] = 0 });
        else
            Take(Nbformat.Stream(Nbformat.StandardOutput, $"There is nothing called {name}. A name is known once the cell that declares it has run.\n"));
    }

    private async Task<JsonObject> EvaluateAsync(SessionClient session, string expression)
    {
        JsonObject? value = null;
        JsonObject? error = null;
        await session.ExecuteAsync(expression, number, output =>
        {
            switch (OutputJson.TypeOf(output))
            {
                case "execute_result":
                    value = output;
                    break;
                case "error":
                    error = output;
                    break;
            }
        }).ConfigureAwait(false);
        return error is not null ? CellReply.OfError(error) : new JsonObject
        {
            ["status"] = "ok",
            ["data"] = value?["data"]?.DeepClone() ?? new JsonObject(),
            ["metadata"] = value?["metadata"]?.DeepClone() ?? new JsonObject(),
        };
    }

    private void Take(JsonObject output)
    {
        var type = OutputJson.TypeOf(output);
        if (type == "error")
            Error = output;
        else if (type == "execute_result")
            Value = output["data"]?["text/plain"]?.ToString();

        // The end of the kernel is no crash of the cell that ran.
        if (_silent || closing.IsCancellationRequested)
            return;

        channels.Publish(type, request, writer =>
        {
            foreach (var (name, value) in output)
            {
                if (name == "execution_count")
                    writer.WriteNumber(name, number);
                else if (name != "output_type")
                    KernelChannels.Write(writer, name, value);
            }
        });
    }
}
