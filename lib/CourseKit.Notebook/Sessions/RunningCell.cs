using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseKit.Session;
using CourseKit.Session.Output;

namespace CourseKit.Notebook.Sessions;

/// <summary>One cell from the request to the end, as the client sees it.</summary>
/// <param name="id">The cell's number in the protocol.</param>
/// <param name="options">What it may take.</param>
/// <param name="onOutput">Is given every output as it comes.</param>
/// <param name="onInput">Answers a question of the cell; null where nobody can.</param>
/// <param name="answer">Sends an answer to the worker.</param>
/// <param name="displays">Everything on the page that can be updated.</param>
/// <param name="receipt">The number that the cell's score has to carry; null where none is wanted.</param>
internal sealed class RunningCell(
    int id,
    SessionOptions options,
    Action<JsonObject>? onOutput,
    Func<string, bool, CancellationToken, Task<string?>>? onInput,
    Func<InputReply, Task> answer,
    DisplayIndex displays,
    string? receipt = null) : IDisposable
{
    // More than a worker lets through, whose own limit turns a display that is too large into an error of the cell.
    private readonly long _mostBytes = 2 * options.DisplayLimit;

    private const long SecondInterruptAfter = 1000;

    private readonly CellOutputs _outputs = new(displays);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IdleEvent> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _asking = new();
    private readonly Stopwatch _clock = new();
    private long _interruptedAt;
    private long _bytes;
    private Exception? _callerFailure;
    private IReadOnlyList<string> _warnings = [];
    private readonly List<CellSuspicion> _suspicions = [];
    private readonly List<ScoreEvent> _scores = [];

    public int Id => id;

    /// <summary>The worker began with it: time is counted from here, not from when it was asked.</summary>
    public Task Started => _started.Task;

    public Task<IdleEvent> Ended => _ended.Task;

    public Task Interrupted => _interrupted.Task;

    /// <summary>It was interrupted again, although it had been given time: whoever did so wants no more waiting.</summary>
    public Task GivenUp => _givenUp.Task;

    public void Interrupt()
    {
        // A second one at once is a key pressed twice.
        if (Interlocked.CompareExchange(ref _interruptedAt, Environment.TickCount64, 0) is not 0 and var first
            && Environment.TickCount64 - first >= SecondInterruptAfter)
            _givenUp.TrySetResult();
        _interrupted.TrySetResult();
        StopAsking();
    }

    public void Dispose()
    {
        StopAsking();
        _asking.Dispose();
    }

    /// <summary>Takes what the worker sent about this cell; false when it sent more than any cell may.</summary>
    public bool Take(CellEvent message, int bytes)
    {
        switch (message)
        {
            case StartedEvent:
                _clock.Start();
                _started.TrySetResult();
                break;
            case InputRequestEvent request:
                _ = AnswerAsync(request);
                break;
            case OutputEvent output:
                if ((string?)output.Output["output_type"] == Nbformat.ClearOutput)
                    _bytes = 0;

                // An update takes the place of what was there, so it adds nothing.
                if ((string?)output.Output["output_type"] != Nbformat.UpdateDisplayData && (_bytes += bytes) > _mostBytes + (8 * options.OutputLimit))
                    return false;
                Add(output.Output);
                break;
            case WarningsEvent warnings:
                _warnings = warnings.Warnings;
                break;
            case SuspicionsEvent found when options.Guard is not null && _suspicions.Count == 0:
                _suspicions.AddRange(found.Found.Select(suspicion => new CellSuspicion(suspicion.Line, suspicion.What, suspicion.IsRefused)));
                break;
            case ScoreEvent score when receipt is not null && _scores.Count < 2:
                _scores.Add(score);
                break;
            case IdleEvent idle:
                _clock.Stop();
                _started.TrySetResult();
                _ended.TrySetResult(idle);
                break;
        }

        return true;
    }

    public void Add(JsonObject output)
    {
        _outputs.Add(output);
        try
        {
            onOutput?.Invoke(output);
        }
#pragma warning disable CA1031 // Whatever it is, it is the caller's, and is given back there when the cell has ended.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _callerFailure ??= exception;
            onOutput = null;
        }
    }

    // Whatever becomes of the question, the cell hears of it: it waits for the answer.
    private async Task AnswerAsync(InputRequestEvent request)
    {
        string? value = null;
        try
        {
            if (onInput is not null)
                value = await onInput(request.Prompt, request.IsPassword, _asking.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A front end that fails to ask has given no answer.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        await answer(new InputReply(id, request.Request, value)).ConfigureAwait(false);
    }

    private void StopAsking()
    {
        try
        {
            _asking.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cell ended meanwhile.
        }
    }

    public void AddStray(string stream, string text)
    {
        if (text.Length > 0)
            Add(Nbformat.Stream(stream, text));
    }

    public CellResult ToResult(CellStatus status, string? message)
    {
        _clock.Stop();
        if (_callerFailure is { } failure)
            throw new InvalidOperationException("The function that was to take the cell's outputs failed: " + failure.Message, failure);
        return new CellResult(status, _outputs.ToList(), _clock.Elapsed) { Message = message, Warnings = _warnings, Suspicions = _suspicions, Score = status == CellStatus.Ok ? Score() : null };
    }

    // A second one, or one without the receipt, is not the worker's own: then none can be believed.
    private CellScore? Score() => _scores is [{ } only] && only.Receipt == receipt
        ? new CellScore(only.Exercise, only.Title, [.. only.Parts.Select(part => new CellScorePart(part.Name, part.Points, part.Possible, part.Status, part.Message, part.Comparisons))])
        : null;
}
