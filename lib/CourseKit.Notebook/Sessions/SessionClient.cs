using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Notebook.Sessions;
using CourseKit.Session;
using CourseKit.Session.Output;

namespace CourseKit.Notebook;

/// <summary>One C# session in a process of its own: cells go in, outputs come out, and a crash is a message.</summary>
public sealed partial class SessionClient : IAsyncDisposable
{
    /// <summary>How many characters of displayed data (figures, tables, HTML) a cell may leave.</summary>
    internal const long DisplayLimit = 64_000_000;

    private readonly SessionOptions _options;
    private readonly WorkerProcess _worker;
    private readonly DisplayIndex _displays = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource<Message> _firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<int> _workerEnded;
    private volatile RunningCell? _running;
    private volatile bool _disposed;
    private int? _calledExit;
    private string? _broken;
    private int _count;

    private SessionClient(SessionOptions options, WorkerProcess worker)
    {
        _options = options;
        _worker = worker;
        _workerEnded = Task.Run(ListenAsync);
    }

    /// <summary>Starts a worker and prepares it for its first cell.</summary>
    /// <param name="options">Where it works and what a cell may take.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The client of a worker that is ready.</returns>
    /// <exception cref="SessionStartException">The worker does not start; the message says why.</exception>
    /// <exception cref="TimeoutException">It does not answer within <see cref="SessionOptions.StartTimeout"/>.</exception>
    public static async Task<SessionClient> StartAsync(SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var patience = new StartPatience(options, "the session's worker", cancellationToken);
        var worker = await WorkerProcess.StartAsync(options, options.BorrowsCompiler ? WorkerProcess.WithoutCompiler : null, patience).ConfigureAwait(false);
        var client = new SessionClient(options, worker);
        try
        {
            await worker.SendAsync(new StartRequest(
                Protocol.Version, options.Launcher?.WorkingDirectory ?? Path.GetFullPath(options.WorkingDirectory), options.KitPackages, options.OutputLimit, options.DisplayLimit,
                options.Guard?.ToRules())).ConfigureAwait(false);
            await patience.WaitAsync(Task.WhenAny(client._firstAnswer.Task, client._workerEnded)).ConfigureAwait(false);
            if (!client._firstAnswer.Task.IsCompleted)
                throw new SessionStartException($"The session's worker ended before it was ready: {worker.StandardError.Take().Trim()}");
            if (await client._firstAnswer.Task.ConfigureAwait(false) is RefusedEvent refused)
                throw new SessionStartException(refused.Reason);
            if (options.Launcher is { } launcher)
                await launcher.OnReadyAsync().ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether the worker still runs; false after it ended, for whatever reason.</summary>
    public bool IsAlive => !_disposed && !_workerEnded.IsCompleted;

    /// <summary>Runs one cell and returns what it left. Cells asked for at the same time run one after another.</summary>
    /// <param name="code">The cell as the user wrote it.</param>
    /// <param name="cellNumber">The number that tracebacks call it by.</param>
    /// <param name="onOutput">
    /// Called with every output as it comes, in nbformat's form; here a stream comes in pieces,
    /// <c>update_display_data</c> as such, and <c>transient.display_id</c> is kept.
    /// </param>
    /// <param name="cancellationToken">Stops the cell; the worker ends with it. <see cref="Interrupt"/> keeps the worker.</param>
    /// <returns>How the cell ended and its outputs; an ended session answers <see cref="CellStatus.Crashed"/>.</returns>
    public Task<CellResult> ExecuteAsync(
        string code,
        int cellNumber,
        Action<JsonObject>? onOutput = null,
        CancellationToken cancellationToken = default) => ExecuteAsync(code, cellNumber, onOutput, onInput: null, cancellationToken);

    /// <summary>Runs one cell that may ask the user for input, and returns what it left.</summary>
    /// <param name="code">The cell as the user wrote it.</param>
    /// <param name="cellNumber">The number that tracebacks call it by.</param>
    /// <param name="onOutput">Called with every output as it comes.</param>
    /// <param name="onInput">
    /// Answers a question: is given the prompt, whether the answer is a password, and a token that is cancelled when the
    /// cell ends or is interrupted. Null as an answer, or an exception, is told to the cell as no answer. Without this
    /// function a cell that asks is told that nobody can answer.
    /// </param>
    /// <param name="cancellationToken">Stops the cell; the worker ends with it. <see cref="Interrupt"/> keeps the worker.</param>
    /// <returns>How the cell ended and its outputs; an ended session answers <see cref="CellStatus.Crashed"/>.</returns>
    public Task<CellResult> ExecuteAsync(
        string code,
        int cellNumber,
        Action<JsonObject>? onOutput,
        Func<string, bool, CancellationToken, Task<string?>>? onInput,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return ExecuteAsync(new GuardedCell(code, cellNumber, IsTrusted: false, WantsScore: false), onOutput, onInput, cancellationToken);
    }

    /// <summary>Runs one cell of a guarded session.</summary>
    /// <param name="cell">The cell and what is known about it.</param>
    /// <param name="onOutput">Called with every output as it comes.</param>
    /// <param name="cancellationToken">Stops the cell; the worker ends with it.</param>
    /// <returns>How the cell ended, what it left, what the guard found, and its score where one was wanted.</returns>
    /// <exception cref="InvalidOperationException">The session has no <see cref="SessionOptions.Guard"/>.</exception>
    public Task<CellResult> ExecuteAsync(GuardedCell cell, Action<JsonObject>? onOutput = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return _options.Guard is null
            ? throw new InvalidOperationException("The session is not guarded: set SessionOptions.Guard.")
            : ExecuteAsync(cell, onOutput, onInput: null, cancellationToken);
    }

    private async Task<CellResult> ExecuteAsync(
        GuardedCell asked,
        Action<JsonObject>? onOutput,
        Func<string, bool, CancellationToken, Task<string?>>? onInput,
        CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var receipt = asked.WantsScore ? Convert.ToHexString(RandomNumberGenerator.GetBytes(16)) : null;
            using var cell = new RunningCell(++_count, _options, onOutput, onInput, _worker.SendAsync, _displays, receipt);
            if (!IsAlive)
                return Fail(cell, CellStatus.Crashed, "SessionEnded", "The session has ended before this cell: start it again and run the notebook from its first cell.", []);
            _running = cell;
            await _worker.SendAsync(new ExecuteRequest(cell.Id, string.Create(CultureInfo.InvariantCulture, $"Cell[{asked.Number}]"), asked.Code, TakesInput: onInput is not null, asked.IsTrusted, receipt)).ConfigureAwait(false);
            return await WaitAsync(cell, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _running = null;
            _turn.Release();
        }
    }

    /// <summary>
    /// Stops the running cell, which ends as <see cref="CellStatus.Cancelled"/>; the session and its variables live on
    /// if it heeds. Asked again a second later or more, the worker is ended with a cell that has not heeded.
    /// </summary>
    /// <returns>Whether a cell runs.</returns>
    public bool Interrupt()
    {
        if (_running is not { } cell)
            return false;
        cell.Interrupt();
        return true;
    }

    /// <summary>Ends the worker.</summary>
    /// <returns>When it is gone.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _worker.Kill();
        await _workerEnded.ConfigureAwait(false);
        await _worker.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<CellResult> WaitAsync(RunningCell cell, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(cell.Interrupt).ConfigureAwait(false);
        if (!await HasStartedAsync(cell, cancellationToken).ConfigureAwait(false))
            return await GiveUpAsync(cell).ConfigureAwait(false);
        var overrun = Task.Delay(_options.CellTimeout, _options.Time, clock.Token);
        await Task.WhenAny(cell.Ended, _workerEnded, cell.Interrupted, overrun).ConfigureAwait(false);
        await clock.CancelAsync().ConfigureAwait(false);

        if (cell.Ended.IsCompleted)
            return await FinishAsync(cell).ConfigureAwait(false);
        if (_workerEnded.IsCompleted)
            return await CrashAsync(cell).ConfigureAwait(false);

        var status = cell.Interrupted.IsCompleted ? CellStatus.Cancelled : CellStatus.TimedOut;
        return await StopAsync(cell, status, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the cell begins, or is not to any more; false when the worker was given all the time there is and has not begun.</summary>
    private async Task<bool> HasStartedAsync(RunningCell cell, CancellationToken cancellationToken)
    {
        var started = Task.WhenAny(cell.Started, _workerEnded, cell.Interrupted);
        if (started.IsCompleted)
            return true;
        using var patience = new StartPatience(_options, "the session, which prepares for its first cell", cancellationToken);
        await Task.WhenAny(started, Task.Delay(Timeout.Infinite, patience.Token)).ConfigureAwait(false);
        return started.IsCompleted || !patience.IsOver;
    }

    private async Task<CellResult> GiveUpAsync(RunningCell cell)
    {
        _worker.Kill();
        await _workerEnded.ConfigureAwait(false);
        return Fail(cell, CellStatus.TimedOut, nameof(CellStatus.TimedOut), string.Create(CultureInfo.InvariantCulture,
            $"The cell did not get its turn: its session was not ready within {_options.StartTimeout.TotalSeconds:0.###} s and was ended. The machine is very busy; {SessionOptions.StartTimeoutVariable} gives a session another number of seconds to start."), []);
    }

    private async Task<CellResult> StopAsync(RunningCell cell, CellStatus status, CancellationToken cancellationToken)
    {
        await _worker.SendAsync(new StopRequest(cell.Id)).ConfigureAwait(false);

        // A cell that waits for the worker to warm up has nothing to heed yet.
        if (!cancellationToken.IsCancellationRequested)
            await Task.WhenAny(cell.Started, _workerEnded, cell.GivenUp, Task.Delay(_options.StartTimeout, cancellationToken)).ConfigureAwait(false);
        await Task.WhenAny(cell.Ended, _workerEnded, cell.GivenUp, Task.Delay(_options.StopPatience, CancellationToken.None)).ConfigureAwait(false);
        var heeded = cell.Ended.IsCompleted;
        if (!heeded || cancellationToken.IsCancellationRequested)
        {
            _worker.Kill();
            await _workerEnded.ConfigureAwait(false);
        }

        var what = status == CellStatus.TimedOut
            ? string.Create(CultureInfo.InvariantCulture, $"The cell ran longer than {_options.CellTimeout.TotalSeconds:0.###} s and was stopped")
            : "The cell was cancelled";
        var message = what + (heeded && !cancellationToken.IsCancellationRequested
            ? "; its variables keep the values they had."
            : heeded ? ", and the session ended." : "; it did not heed, so the whole session was ended and all variables are lost.");
        var traceback = heeded ? (await cell.Ended.ConfigureAwait(false)).Traceback ?? [] : [];
        return Fail(cell, status, status.ToString(), message, traceback.Where(line => line.StartsWith(' ')));
    }

    private async Task<CellResult> FinishAsync(RunningCell cell)
    {
        cell.AddStray(Nbformat.StandardOutput, _worker.StandardOutput.Take());
        cell.AddStray(Nbformat.StandardError, _worker.StandardError.Take());
        var idle = await cell.Ended.ConfigureAwait(false);
        return cell.ToResult(idle.Status == IdleEvent.Ok ? CellStatus.Ok : CellStatus.Error, idle.Message);
    }

    private async Task<CellResult> CrashAsync(RunningCell cell)
    {
        var exitCode = await _workerEnded.ConfigureAwait(false);
        cell.AddStray(Nbformat.StandardOutput, _worker.StandardOutput.Take());
        var message = _broken ?? CrashReport.Describe(exitCode, _calledExit, _worker.StandardError.Take());
        return Fail(cell, CellStatus.Crashed, "SessionCrashed", message, []);
    }

    private static CellResult Fail(RunningCell cell, CellStatus status, string name, string message, IEnumerable<string> traceback)
    {
        cell.Add(Nbformat.Error(name, message, traceback.Prepend(message)));
        return cell.ToResult(status, message);
    }

    /// <summary>Takes in all the worker sends, until it ends; its exit code.</summary>
    private async Task<int> ListenAsync()
    {
        try
        {
            while (await _worker.ReadAsync().ConfigureAwait(false) is var (message, bytes))
            {
                if (!Take(message, bytes))
                {
                    _broken = "The cell sent more output than any cell may, so the session was ended. All variables are lost.";
                    _worker.Kill();
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe broke with the process; its exit code tells more.
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or JsonException or NotSupportedException)
        {
            _broken = $"The session's worker sent what is no message, so it was ended: {exception.Message}";
            _worker.Kill();
        }

        return await _worker.EndAsync().ConfigureAwait(false);
    }

    private bool Take(Message message, int bytes)
    {
        switch (message)
        {
            case ReadyEvent or RefusedEvent:
                _firstAnswer.TrySetResult(message);
                return true;
            case ExitingEvent exiting:
                _calledExit = exiting.ExitCode;
                return true;
            case TranslatorRequest question:
                _ = TranslateAsync(question);
                return true;
            case CancelTranslationRequest cancelled:
                CancelTranslation(cancelled.Question);
                return true;
            case LanguageEvent answer:
                Answer(answer);
                return true;
            case CellEvent about when _running is { } running && running.Id == about.Id:
                return running.Take(about, bytes);
            default:
                return true;
        }
    }
}
