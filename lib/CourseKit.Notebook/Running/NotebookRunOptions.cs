using System.Collections.ObjectModel;

namespace CourseKit.Notebook;

/// <summary>How a notebook is run headless.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>The folder that cells see as their current directory; the notebook's own folder by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Package id to the path of the assembly that <c>#r "nuget: ID"</c> resolves to.</summary>
    public IReadOnlyDictionary<string, string> KitPackages { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>How long a cell may run.</summary>
    public TimeSpan CellTimeout { get; init; } = new SessionOptions().CellTimeout;

    /// <summary>How long the session may take until its first cell begins, which is no time of that cell's.</summary>
    public TimeSpan StartTimeout { get; init; } = new SessionOptions().StartTimeout;

    /// <summary>Is told in a sentence, again and again, that the session has not started yet.</summary>
    public Action<string>? OnWaiting { get; init; }

    /// <summary>How many characters of printed text a cell may leave.</summary>
    public long OutputLimit { get; init; } = new SessionOptions().OutputLimit;

    /// <summary>
    /// Where the compiler of the session comes from, and goes back to: the next notebook finds it warm. Null for a session
    /// with a compiler of its own.
    /// </summary>
    public CompilerPool? Compilers { get; init; }

    /// <summary>Called when a cell starts and when it has finished, in order, never at the same time.</summary>
    public Action<CellProgress>? OnProgress { get; init; }

    /// <summary>The folder that a notebook's cells see as their current directory under these options.</summary>
    /// <param name="document">The notebook, whose own folder it is unless another is named.</param>
    public string FolderFor(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return WorkingDirectory ?? Path.GetDirectoryName(document.Path) ?? Environment.CurrentDirectory;
    }
}

/// <summary>A code cell starts or has finished.</summary>
/// <param name="Number">The cell's place among the code cells, from 1.</param>
/// <param name="Count">How many code cells there are.</param>
/// <param name="FirstLine">The cell's first line that says something.</param>
/// <param name="Finished">What became of the cell; null when it starts.</param>
public sealed record CellProgress(int Number, int Count, string FirstLine, CellRun? Finished);
