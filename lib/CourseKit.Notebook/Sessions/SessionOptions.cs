using System.Collections.ObjectModel;
using System.Globalization;

namespace CourseKit.Notebook;

/// <summary>How a <see cref="SessionClient"/> starts its worker and what a cell may take.</summary>
public sealed record SessionOptions
{
    /// <summary>The folder that cells see as their current directory.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Package id to the path of the assembly that <c>#r "nuget: ID"</c> resolves to; ids are compared without case.</summary>
    public IReadOnlyDictionary<string, string> KitPackages { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What <see cref="StartTimeout"/> and <see cref="CellTimeout"/> are measured by.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a cell may run; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it likes.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The environment variable with the number of seconds that a worker may take to start.</summary>
    internal const string StartTimeoutVariable = "COURSEKIT_START_TIMEOUT";

    /// <summary>
    /// How long a worker may take until it begins with its first cell, and a compiler until it is warm. That is no time of
    /// the cell's. Ten minutes, since a busy machine starts slowly and is not broken; or as many seconds as the environment
    /// variable COURSEKIT_START_TIMEOUT says.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } =
        double.TryParse(Environment.GetEnvironmentVariable(StartTimeoutVariable), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromMinutes(10);

    /// <summary>Is told in a sentence, every ten seconds, that a worker has not started yet; null where nobody watches.</summary>
    public Action<string>? OnWaiting { get; init; }

    /// <summary>
    /// How long a cell that is asked to stop may take before the worker is ended with it: by default long enough for its
    /// next check, and for being woken from any wait, on a machine that does much else; after that it is past asking.
    /// </summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many characters of printed text a cell may leave; what is printed after that is dropped and counted.</summary>
    public long OutputLimit { get; init; } = 1_000_000;

    /// <summary>How many characters of displayed data (figures, tables, HTML) a cell may leave.</summary>
    public long DisplayLimit { get; init; } = SessionClient.DisplayLimit;

    /// <summary>How the worker is started where not as a plain process; null for a plain one.</summary>
    public IWorkerLauncher? Launcher { get; init; }

    /// <summary>
    /// Whether cells are compiled by a <see cref="CompilerProcess"/>, which <see cref="SessionClient.UseCompilerAsync"/> names,
    /// and not in the session's own process. Such a session starts in a fraction of the time, and answers no questions about
    /// code that is being written.
    /// </summary>
    public bool BorrowsCompiler { get; init; }

    /// <summary>Set where cells are not trusted; null otherwise.</summary>
    public SessionGuard? Guard { get; init; }
}
