using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>How a cell ended.</summary>
public enum CellStatus
{
    /// <summary>The cell ran to its end.</summary>
    Ok,

    /// <summary>The cell did not compile, or threw.</summary>
    Error,

    /// <summary>The cell ran longer than <see cref="SessionOptions.CellTimeout"/> and was stopped.</summary>
    TimedOut,

    /// <summary>The worker ended while the cell ran: a stack overflow, <c>Environment.Exit</c>, a crash.</summary>
    Crashed,

    /// <summary>The caller cancelled the cell.</summary>
    Cancelled,
}

/// <summary>What a cell left behind.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Outputs">
/// Its outputs in the form of nbformat 4.5: consecutive pieces of one stream are joined, and an update of a display
/// is applied to the output it names. <c>execution_count</c> is null: the caller numbers its cells.
/// </param>
/// <param name="Elapsed">How long it ran.</param>
public sealed record CellResult(CellStatus Status, IReadOnlyList<JsonObject> Outputs, TimeSpan Elapsed)
{
    /// <summary>One sentence on what happened, where <see cref="Status"/> is not <see cref="CellStatus.Ok"/>.</summary>
    public string? Message { get; init; }

    /// <summary>What the compiler remarked about the cell, one sentence each; never part of <see cref="Outputs"/>.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What a guarded session found in the cell.</summary>
    public IReadOnlyList<CellSuspicion> Suspicions { get; init; } = [];

    /// <summary>The score of a cell of a guarded session that was asked for one; null where there is none that can be believed.</summary>
    public CellScore? Score { get; init; }

    /// <summary>Puts the outputs into a notebook's cell, in the form that Jupyter keeps on disk.</summary>
    /// <param name="cell">A code cell; outputs that it has stay in front.</param>
    /// <param name="executionCount">The number of the run.</param>
    public void WriteTo(NotebookCell cell, int executionCount)
    {
        ArgumentNullException.ThrowIfNull(cell);
        cell.ExecutionCount = executionCount;
        foreach (var output in Outputs)
            cell.Outputs.Add((JsonNode)OutputJson.ForDisk(output, executionCount));
        if (Status != CellStatus.Ok && !Outputs.Any(OutputJson.IsError))
            cell.Outputs.Add((JsonNode)OutputJson.Error(Status.ToString(), Sentence!));
    }

    /// <summary>What went wrong; null where nothing did.</summary>
    internal string? Sentence => Status == CellStatus.Ok ? null : Message
        ?? (Outputs.FirstOrDefault(OutputJson.IsError) is { } error ? $"{error["ename"]}: {error["evalue"]}" : Status.ToString());
}
