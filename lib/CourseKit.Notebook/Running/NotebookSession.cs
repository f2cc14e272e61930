namespace CourseKit.Notebook.Running;

/// <summary>The session that a notebook's cells run in, with the compiler it has borrowed, if its options say from where.</summary>
internal sealed class NotebookSession : IAsyncDisposable
{
    private readonly CompilerPool? _compilers;
    private readonly PooledCompiler? _compiler;

    private NotebookSession(SessionClient client, CompilerPool? compilers, PooledCompiler? compiler) =>
        (Client, _compilers, _compiler) = (client, compilers, compiler);

    public SessionClient Client { get; }

    /// <summary>Whether another cell can run: the session is there, and whoever compiles for it.</summary>
    public bool IsAlive => Client.IsAlive && _compiler?.Process.IsAlive != false;

    /// <summary>Starts the session of a notebook.</summary>
    /// <exception cref="InvalidOperationException">The worker or the compiler does not start; the message says why.</exception>
    public static async Task<NotebookSession> StartAsync(NotebookDocument document, NotebookRunOptions options, CancellationToken cancellationToken)
    {
        var session = new SessionOptions
        {
            WorkingDirectory = options.FolderFor(document),
            KitPackages = options.KitPackages,
            CellTimeout = options.CellTimeout,
            StartTimeout = options.StartTimeout,
            OnWaiting = options.OnWaiting,
            OutputLimit = options.OutputLimit,
            BorrowsCompiler = options.Compilers is not null,
        };
        if (options.Compilers is not { } compilers)
            return new NotebookSession(await SessionClient.StartAsync(session, cancellationToken).ConfigureAwait(false), null, null);

        var compiler = await compilers.TakeAsync(session, cancellationToken).ConfigureAwait(false);
        SessionClient? client = null;
        try
        {
            client = await SessionClient.StartAsync(session, cancellationToken).ConfigureAwait(false);
            await client.UseCompilerAsync(compiler.Process, cancellationToken).ConfigureAwait(false);
            return new NotebookSession(client, compilers, compiler);
        }
        catch
        {
            if (client is not null)
                await client.DisposeAsync().ConfigureAwait(false);
            await compilers.GiveBackAsync(compiler).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().ConfigureAwait(false);
        if (_compiler is not null)
            await _compilers!.GiveBackAsync(_compiler).ConfigureAwait(false);
    }
}
