using System.Globalization;

namespace CourseKit.Notebook.Sessions;

/// <summary>
/// Waits for a process that is coming up. On a busy machine that takes a multiple of the usual time, so the limit is far
/// away, whoever watches is told that there is nothing to do but wait, and only past the limit is it given up.
/// </summary>
internal sealed class StartPatience : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly SessionOptions _options;
    private readonly string _what;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;
    private readonly ITimer? _telling;

    /// <summary>Begins to wait.</summary>
    /// <param name="options">The limit, and who watches.</param>
    /// <param name="what">What is waited for, as a sentence calls it.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    public StartPatience(SessionOptions options, string what, CancellationToken cancellationToken)
    {
        (_options, _what) = (options, what);
        _limit = new CancellationTokenSource(options.StartTimeout, options.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
        if (options.OnWaiting is not { } tell)
            return;
        var begun = Environment.TickCount64;
        _telling = options.Time.CreateTimer(_ => tell(string.Create(CultureInfo.InvariantCulture, $"still waiting for {what}, {(Environment.TickCount64 - begun) / 1000} s so far: this machine is busy.")), null, Pace, Pace);
    }

    /// <summary>Is cancelled when the waiting is over, for either reason.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the limit was reached.</summary>
    public bool IsOver => _limit.IsCancellationRequested;

    /// <summary>What to say when it was.</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture,
        $"Nothing was heard of {_what} within {_options.StartTimeout.TotalSeconds:0.###} s. The machine is very busy, or something keeps the process from starting; {SessionOptions.StartTimeoutVariable} gives it another number of seconds.");

    /// <summary>Waits no longer than the limit.</summary>
    /// <exception cref="TimeoutException">The limit was reached.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task WaitAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsOver && !task.IsCompletedSuccessfully)
        {
            throw new TimeoutException(Sentence);
        }
    }

    public void Dispose()
    {
        _telling?.Dispose();
        _either.Dispose();
        _limit.Dispose();
    }
}
