using System.Collections.Concurrent;
using CourseKit.Notebook.Sessions;
using CourseKit.Session;

namespace CourseKit.Notebook;

/// <summary>What a session asks that has its cells compiled elsewhere.</summary>
public sealed partial class SessionClient
{
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _translations = new();
    private CompilerProcess? _compiler;

    /// <summary>Says who compiles the cells of this session, before its first one, and waits until that one is warm: this is no time of a cell's.</summary>
    /// <param name="compiler">A compiler that no other session uses until this one is over.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">The session has a compiler of its own.</exception>
    /// <exception cref="TimeoutException">It is not warm within <see cref="SessionOptions.StartTimeout"/>.</exception>
    public async Task UseCompilerAsync(CompilerProcess compiler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compiler);
        if (!_options.BorrowsCompiler)
            throw new InvalidOperationException("The session compiles its cells itself: set SessionOptions.BorrowsCompiler.");
        _compiler = compiler;
        await compiler.BeginAsync(_options.Guard).ConfigureAwait(false);
        using var patience = new StartPatience(_options, "the compiler", cancellationToken);
        await patience.WaitAsync(compiler.WarmedUp).ConfigureAwait(false);
    }

    private async Task TranslateAsync(TranslatorRequest question)
    {
        using var cancellation = new CancellationTokenSource();
        _translations[question.Question] = cancellation;
        var reply = _compiler is { } compiler
            ? await compiler.AskAsync(question, cancellation.Token).ConfigureAwait(false)
            : new NoTranslatorReply(question.Question, "The session was given no compiler.");
        _translations.TryRemove(question.Question, out _);
        await _worker.SendAsync(reply).ConfigureAwait(false);
    }

    private void CancelTranslation(int question)
    {
        if (!_translations.TryRemove(question, out var cancellation))
            return;
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just been answered.
        }
    }
}
