namespace CourseKit.Notebook;

/// <summary>What became of one code cell in a headless run.</summary>
public sealed record CellRun
{
    /// <summary>The cell's place in <see cref="NotebookDocument.Cells"/>, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The cell's place among the code cells, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The cell's id, where the notebook has ids.</summary>
    public string? Id { get; init; }

    /// <summary>The cell's first line that says something.</summary>
    public string FirstLine { get; init; } = "";

    /// <summary>How the cell ended.</summary>
    public required CellRunStatus Status { get; init; }

    /// <summary>How long the cell ran.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>One sentence on what went wrong; null where nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the cell counts as a failure of the notebook.</summary>
    public bool IsFailure => Status is CellRunStatus.Error or CellRunStatus.TimedOut or CellRunStatus.Crashed or CellRunStatus.Cancelled;
}
