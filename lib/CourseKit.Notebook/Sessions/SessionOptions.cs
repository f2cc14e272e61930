using System.Collections.ObjectModel;

namespace CourseKit.Notebook;

/// <summary>How a <see cref="SessionClient"/> starts its worker and what a cell may take.</summary>
public sealed record SessionOptions
{
    /// <summary>The folder that cells see as their current directory.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Package id to the path of the assembly that <c>#r "nuget: ID"</c> resolves to; ids are compared without case.</summary>
    public IReadOnlyDictionary<string, string> KitPackages { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How long a cell may run; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it likes.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How long a cell that is asked to stop may take before the worker is ended with it. By default long enough for
    /// its next check, and then for being woken from any wait; after that it is past asking.
    /// </summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromMilliseconds(2500);

    /// <summary>How many characters of printed text a cell may leave; what is printed after that is dropped and counted.</summary>
    public long OutputLimit { get; init; } = 1_000_000;

    /// <summary>How many characters of displayed data (figures, tables, HTML) a cell may leave.</summary>
    public long DisplayLimit { get; init; } = SessionClient.DisplayLimit;

    /// <summary>How the worker is started where not as a plain process; null for a plain one.</summary>
    public IWorkerLauncher? Launcher { get; init; }

    /// <summary>Set where cells are not trusted; null otherwise.</summary>
    public SessionGuard? Guard { get; init; }
}
