using System.Collections.Concurrent;

namespace CourseKit.Notebook;

/// <summary>
/// Compilers that stay warm from one session to the next. Two sessions never share one at the same time: code on which a
/// compiler dies, or never ends, costs its own session and no other.
/// </summary>
/// <param name="start">Starts one, where not as a plain process.</param>
public sealed class CompilerPool(Func<CancellationToken, Task<PooledCompiler>>? start = null) : IAsyncDisposable
{
    // What a compiler keeps of old sessions is little, but a night is long.
    private const int MostUses = 200;

    private readonly ConcurrentBag<PooledCompiler> _idle = [];

    /// <summary>A compiler for one session; to be given back when the session is over.</summary>
    /// <param name="options">How the session is started: its patience, and whom it tells that it waits, hold for a compiler that is started for it.</param>
    /// <param name="cancellationToken">Gives up starting one.</param>
    /// <exception cref="InvalidOperationException">It does not start; the message says why.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public async Task<PooledCompiler> TakeAsync(SessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        while (_idle.TryTake(out var compiler))
        {
            if (compiler.Process.IsAlive)
                return compiler;
            await compiler.DisposeAsync().ConfigureAwait(false);
        }

        return start is null
            ? new PooledCompiler(await CompilerProcess.StartAsync(Starting(options ?? new SessionOptions()), cancellationToken).ConfigureAwait(false))
            : await start(cancellationToken).ConfigureAwait(false);
    }

    private static SessionOptions Starting(SessionOptions session) => new() { StartTimeout = session.StartTimeout, OnWaiting = session.OnWaiting };

    /// <summary>Takes one back; one that is dead, or still at work on code that nobody waits for, is ended.</summary>
    /// <param name="compiler">What <see cref="TakeAsync"/> gave.</param>
    public async Task GiveBackAsync(PooledCompiler compiler)
    {
        ArgumentNullException.ThrowIfNull(compiler);
        if (compiler.Process is { IsAlive: true, IsIdle: true } && ++compiler.Uses < MostUses)
            _idle.Add(compiler);
        else
            await compiler.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends those that nobody uses.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var compiler))
            await compiler.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>One compiler of a <see cref="CompilerPool"/>. It compiles for one session at a time and runs nothing of it.</summary>
/// <param name="process">The compiler.</param>
/// <param name="place">What it runs in and goes with it, such as a sandbox's folder; null where there is none.</param>
public sealed class PooledCompiler(CompilerProcess process, IAsyncDisposable? place = null) : IAsyncDisposable
{
    /// <summary>The compiler.</summary>
    public CompilerProcess Process => process;

    /// <summary>How many sessions it has compiled for.</summary>
    internal int Uses { get; set; }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync().ConfigureAwait(false);
        if (place is not null)
            await place.DisposeAsync().ConfigureAwait(false);
    }
}
