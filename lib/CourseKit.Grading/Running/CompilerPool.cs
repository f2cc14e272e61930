using System.Collections.Concurrent;
using CourseKit.Grading.Sandboxes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Running;

/// <summary>One compiler in its sandbox. It compiles for one submission at a time and runs nothing of it.</summary>
internal sealed class GradingCompiler : IAsyncDisposable
{
    private readonly SandboxedWorker _place;

    private GradingCompiler(SandboxedWorker place, CompilerProcess process) => (_place, Process) = (place, process);

    public CompilerProcess Process { get; }

    /// <summary>How many submissions it has compiled.</summary>
    public int Uses { get; set; }

    public static async Task<GradingCompiler> StartAsync(ISandbox sandbox, SessionOptions options, CancellationToken cancellationToken)
    {
        var place = sandbox.Prepare();
        try
        {
            return new GradingCompiler(place, await CompilerProcess.StartAsync(options with { Launcher = place }, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await place.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync().ConfigureAwait(false);
        await _place.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>
/// Compilers that stay warm from one submission to the next. Two submissions never share one at the same time: code on
/// which a compiler dies, or never ends, costs its own submission and no other.
/// </summary>
/// <param name="start">Starts one.</param>
internal sealed class CompilerPool(Func<CancellationToken, Task<GradingCompiler>> start) : IAsyncDisposable
{
    // What a compiler keeps of old submissions is little, but a night is long.
    private const int MostUses = 200;

    private readonly ConcurrentBag<GradingCompiler> _idle = [];

    /// <summary>A compiler for one submission; to be given back.</summary>
    public async Task<GradingCompiler> TakeAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var compiler))
        {
            if (compiler.Process.IsAlive)
                return compiler;
            await compiler.DisposeAsync().ConfigureAwait(false);
        }

        return await start(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes one back; one that is dead, or still at work on code that nobody waits for, is ended.</summary>
    public async Task GiveBackAsync(GradingCompiler compiler)
    {
        if (compiler.Process is { IsAlive: true, IsIdle: true } && ++compiler.Uses < MostUses)
            _idle.Add(compiler);
        else
            await compiler.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var compiler))
            await compiler.DisposeAsync().ConfigureAwait(false);
    }
}
