using System.Globalization;
using CourseKit.Cli.Terminal;
using CourseKit.Notebook;

namespace CourseKit.Cli.Runs;

/// <summary>Runs notebooks for a command, and takes what has not changed from the last run.</summary>
/// <param name="fresh">Whether all are run; they are kept for the next time all the same.</param>
/// <param name="cellTimeout">How long a cell may run. It is no part of the key: a run that succeeded was short enough for its own limit.</param>
internal sealed class ChapterRuns(bool fresh, TimeSpan cellTimeout) : IAsyncDisposable
{
    /// <summary>The environment variable that can name the folder of the kit's caches.</summary>
    public const string EnvironmentVariable = "COURSEKIT_CACHE";

    // The worker of the chapter with 70,000 pictures takes 0.53 GB at its largest, the others 0.2; the rest is for chapters that want more.
    private const long MemoryOfAWorker = 1_500_000_000;

    private readonly RunKeys keys = new(Kit.Packages);
    private readonly KeptRuns? store = Folder is { } folder ? new KeptRuns(folder) : null;
    private readonly CompilerPool compilers = new();
    private string? problem;

    /// <summary>Where runs are kept: with what else a program may keep for this user and make anew, such as the packages that notebooks ask for; null for a user without a home.</summary>
    private static string? Folder => (Environment.GetEnvironmentVariable(EnvironmentVariable), Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)) switch
    {
        ({ Length: > 0 } named, _) => Path.Combine(Path.GetFullPath(named), "runs"),
        (_, { Length: > 0 } local) => Path.Combine(local, "CourseKit", "runs"),
        _ => null,
    };

    /// <summary>Why nothing can be kept, as a sentence; null as long as all went well.</summary>
    public string? Problem => problem ?? (store is null ? $"Runs are not kept for the next time, as this user has no home folder: set {EnvironmentVariable} to a folder for them." : null);

    /// <summary>
    /// How many notebooks are run at once: one for each two processors, as a notebook that trains uses two and its compiler
    /// is at work beside it. On two processors the nine notebooks of the course take 55 s one by one, and 69 s two by two,
    /// whose threads wait for one another.
    /// </summary>
    /// <param name="wanted">What the user said; null for what the machine allows.</param>
    /// <param name="notebooks">How many there are.</param>
    public static int Jobs(int? wanted, int notebooks)
    {
        var room = (int)Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryOfAWorker, int.MaxValue);
        return Math.Clamp(wanted ?? Math.Min(Environment.ProcessorCount / 2, room), 1, Math.Max(1, notebooks));
    }

    /// <summary>A notebook's run: the one that is kept if nothing has changed since, else a new one.</summary>
    /// <returns>The run, and whether it was taken.</returns>
    public async Task<(NotebookRun Run, bool Taken)> RunAsync(NotebookDocument document, INotebookReport report, CancellationToken cancellation)
    {
        var options = Kit.RunOptions(cellTimeout, report.Cell, compilers);
        var (key, reason) = KeyOf(document, options);
        if (!fresh && key is not null && store?.Find(key, document) is { } kept)
        {
            report.Say($"taken from the run of {Time(kept.Time.ToLocalTime())}, nothing has changed; --fresh runs it again");
            return (kept.Run, true);
        }

        if (!fresh && reason is not null)
            report.Say($"is run each time: {reason}");
        var run = await NotebookRunner.RunAsync(document, options, cancellation);
        // A file that changed while the notebook ran may have been read before or after that.
        if (key is not null && store is not null && run.Succeeded && KeyOf(document, options).Key == key)
            Keep(key, run);
        return (run, false);
    }

    /// <summary>Ends the compilers.</summary>
    public ValueTask DisposeAsync() => compilers.DisposeAsync();

    private (string? Key, string? Reason) KeyOf(NotebookDocument document, NotebookRunOptions options)
    {
        try
        {
            return keys.Of(document, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, exception.Message);
        }
    }

    private void Keep(string key, NotebookRun run)
    {
        try
        {
            store!.Keep(key, run);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"Runs are not kept for the next time, as {Folder} cannot be written ({exception.Message.TrimEnd('.')}): set {EnvironmentVariable} to a folder that can.";
        }
    }

    private static string Time(DateTimeOffset time) => time.ToString(time.Date == DateTime.Today ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
