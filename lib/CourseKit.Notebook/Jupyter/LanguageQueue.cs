using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace CourseKit.Notebook.Jupyter;

/// <summary>
/// The questions about code that is being written: one after another, but beside the cells, so that Tab works while a
/// network trains.
/// </summary>
internal sealed class LanguageQueue(KernelChannels channels, KernelStatus status, SessionKeeper keeper, KernelLog log)
{
    // Nobody types faster; the oldest questions have lost their meaning by then, but each is owed an answer.
    private const int MostWaiting = 100;

    private readonly Channel<JupyterRequest> _requests = Channel.CreateBounded<JupyterRequest>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public ValueTask AddAsync(JupyterRequest request) => _requests.Writer.WriteAsync(request);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var request in _requests.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            status.Busy(request);
            JsonObject content;
            try
            {
                content = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // A question that cannot be answered is no reason to leave the next one unanswered.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                log.Write($"A {request.Type} could not be answered: {exception.Message}");
                content = CellReply.OfError(OutputJson.Error(exception.GetType().Name, exception.Message));
            }

            channels.Reply(request, KernelMessages.ReplyTo(request), content);
            status.Idle(request);
        }
    }

    private async Task<JsonObject> AnswerAsync(JupyterRequest request, CancellationToken cancellationToken)
    {
        var code = request.Text("code");
        var session = await keeper.GetAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (request.Type == "is_complete_request")
        {
            var completeness = await session.IsCompleteAsync(code, cancellationToken).ConfigureAwait(false);
            var content = new JsonObject { ["status"] = completeness.Status };
            if (completeness.Status == "incomplete")
                content["indent"] = completeness.Indent;
            return content;
        }

        var cursor = request.Number("cursor_pos") is { } position ? CodePoints.ToUtf16(code, position) : code.Length;
        return request.Type == "complete_request"
            ? ToContent(code, await session.CompleteAsync(code, cursor, cancellationToken).ConfigureAwait(false))
            : ToContent(await session.InspectAsync(code, cursor, request.Number("detail_level") ?? 0, cancellationToken).ConfigureAwait(false));
    }

    private static JsonObject ToContent(string code, Completions completions)
    {
        var start = CodePoints.FromUtf16(code, completions.Start);
        var end = CodePoints.FromUtf16(code, completions.End);

        // What JupyterLab and VS Code read to put an icon before each match.
        var types = completions.Matches.Zip(completions.Types, (match, type) => (JsonNode)new JsonObject
        {
            ["text"] = match,
            ["type"] = type,
            ["start"] = start,
            ["end"] = end,
        });
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. completions.Matches.Select(match => (JsonNode)match)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. types]) },
        };
    }

    private static JsonObject ToContent(Inspection inspection) => new()
    {
        ["status"] = "ok",
        ["found"] = inspection.Found,
        ["data"] = inspection.Data.DeepClone(),
        ["metadata"] = new JsonObject(),
    };
}
