using System.Collections.Concurrent;
using System.Text.Json;
using CourseKit.Notebook.Sessions;
using CourseKit.Session;

namespace CourseKit.Notebook;

/// <summary>
/// The compiler in a process of its own. Sessions that start with <see cref="SessionOptions.BorrowsCompiler"/> have their
/// cells compiled by it, one session at a time: it is warm, where each of theirs would have to become so. It runs nothing of
/// what it compiles, and forgets one session when the next begins.
/// </summary>
public sealed class CompilerProcess : IAsyncDisposable
{
    private readonly WorkerProcess _process;
    private readonly Task<int> _ended;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<TranslatorReply>> _questions = new();
    private readonly TaskCompletionSource _warmedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private volatile bool _disposed;

    private CompilerProcess(WorkerProcess process)
    {
        _process = process;
        _ended = Task.Run(ListenAsync);
    }

    /// <summary>Starts one; it warms itself up beside what the caller does.</summary>
    /// <param name="options">Where, and how where not as a plain process.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="SessionStartException">It does not start; the message says why.</exception>
    /// <exception cref="TimeoutException">It does not answer within <see cref="SessionOptions.StartTimeout"/>.</exception>
    public static async Task<CompilerProcess> StartAsync(SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var patience = new StartPatience(options, "the compiler's process", cancellationToken);
        var process = await WorkerProcess.StartAsync(options, WorkerProcess.Compiler, patience).ConfigureAwait(false);
        try
        {
            if (options.Launcher is { } launcher)
                await launcher.OnReadyAsync().ConfigureAwait(false);
            return new CompilerProcess(process);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => !_disposed && !_ended.IsCompleted;

    /// <summary>Whether it has answered all it was asked.</summary>
    public bool IsIdle => _questions.IsEmpty;

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _process.Kill();
        await _ended.ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends when it has compiled a first cell of its own, or is gone: its next answers come at once.</summary>
    internal Task WarmedUp => _warmedUp.Task;

    /// <summary>Begins a session, and forgets the one before.</summary>
    internal Task BeginAsync(SessionGuard? guard) => _process.SendAsync(new BeginTranslationRequest(guard?.ToRules()));

    /// <summary>Passes a worker's question on.</summary>
    /// <param name="question">With the worker's own number.</param>
    /// <param name="cancellationToken">Cancelled when the worker does not wait any more.</param>
    /// <returns>The answer, with that number.</returns>
    internal async Task<TranslatorReply> AskAsync(TranslatorRequest question, CancellationToken cancellationToken)
    {
        var gone = new NoTranslatorReply(question.Question, "The compiler ended while it compiled this cell: the code is too large or too deeply nested for it.");
        if (!IsAlive)
            return gone;
        var number = Interlocked.Increment(ref _count);
        var answer = new TaskCompletionSource<TranslatorReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions[number] = answer;
        try
        {
            await _process.SendAsync(question with { Question = number }).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            return gone;
        }

        await using var cancelling = cancellationToken.Register(() => _ = _process.SendAsync(new CancelTranslationRequest(number))).ConfigureAwait(false);
        return await Task.WhenAny(answer.Task, _ended).ConfigureAwait(false) == answer.Task
            ? await answer.Task.ConfigureAwait(false) with { Question = question.Question }
            : gone;
    }

    private async Task<int> ListenAsync()
    {
        try
        {
            while (await _process.ReadAsync().ConfigureAwait(false) is var (message, _))
            {
                if (message is ReadyEvent)
                    _warmedUp.TrySetResult();
                else if (message is TranslatorReply reply && _questions.TryRemove(reply.Question, out var question))
                    question.TrySetResult(reply);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidDataException or JsonException or NotSupportedException)
        {
            // It died in the middle of a message.
            _process.Kill();
        }

        _warmedUp.TrySetResult();
        return await _process.EndAsync().ConfigureAwait(false);
    }
}
