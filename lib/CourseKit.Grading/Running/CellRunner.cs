using System.Globalization;
using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Running;

/// <summary>
/// Runs cells one after another in one worker. A cell that fails or is stopped costs itself; one that ends the worker
/// ends the run, and so does one of the author's that did not come to its end before the student had a word.
/// </summary>
internal static class CellRunner
{
    /// <exception cref="OperationCanceledException">The teacher stopped.</exception>
    public static async Task<CellRecord> RunAsync(GradingWorker worker, IReadOnlyList<CellPlan> cells, GradingOptions options, CancellationToken deadline, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken);
        var record = new CellRecord();
        var results = new List<(NotebookCell Cell, CellResult Result, int Number)>();
        var characters = 0L;
        var number = 0;
        var isAuthors = true;
        var outOfTime = string.Create(CultureInfo.InvariantCulture, $"it ran longer than the {options.SubmissionTimeout.TotalSeconds:0} s that all its cells have together.");
        foreach (var cell in cells)
        {
            if (!worker.Session.IsAlive)
                break;
            CellResult result;
            try
            {
                result = await worker.Session.ExecuteAsync(new GuardedCell(cell.Source, ++number, cell.IsTrusted, cell.WantsScore), Count, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                result = new CellResult(CellStatus.Cancelled, [], TimeSpan.Zero) { Message = deadline.IsCancellationRequested ? $"The cell had no turn: {outOfTime}" : "The cell had no turn." };
            }

            cancellationToken.ThrowIfCancellationRequested();
            result = Explain(result);
            if (!worker.Session.IsAlive)
                record.Ended = result.Message;
            record.Add(cell, result);
            isAuthors &= cell is { IsTrusted: true, WantsScore: false };
            if (isAuthors && result.Status is not (CellStatus.Ok or CellStatus.Error))
            {
                record.NotReady = result.Message;
                break;
            }

            if (cell.Keeps is { } kept)
                results.Add((kept, result, number));
        }

        // Only now, as a later cell may update what an earlier one displays.
        foreach (var (cell, result, count) in results)
        {
            cell.Outputs.Clear();
            result.WriteTo(cell, count);
        }

        return record;

        void Count(JsonObject output)
        {
            characters += Length(output);
            if (characters > options.OutputCharacters)
                stop.Cancel();
        }

        CellResult Explain(CellResult result)
        {
            if (worker.Session.IsAlive)
                return result;
            if (worker.Overrun is { } overrun)
                return Ended(result, CellStatus.Crashed, $"The submission was ended: {overrun}.");
            if (characters > options.OutputCharacters)
                return Ended(result, CellStatus.Crashed, string.Create(CultureInfo.InvariantCulture, $"The submission was ended: it printed and displayed more than {options.OutputCharacters:N0} characters."));
            return deadline.IsCancellationRequested
                ? Ended(result, CellStatus.TimedOut, $"The submission was ended: {outOfTime}")
                : result;
        }
    }

    private static CellResult Ended(CellResult result, CellStatus status, string message)
    {
        var outputs = result.Outputs.Where(output => (string?)output["output_type"] != "error").ToList();
        return result with { Status = status, Message = message, Outputs = outputs };
    }

    private static long Length(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Sum(field => field.Key.Length + Length(field.Value)),
        JsonArray items => items.Sum(Length),
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length,
        _ => 8,
    };
}
