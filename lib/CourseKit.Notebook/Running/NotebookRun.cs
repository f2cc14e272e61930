namespace CourseKit.Notebook;

/// <summary>The record of a headless run: the executed copy of a notebook, and what became of each code cell.</summary>
/// <param name="Executed">A copy of the notebook with the run's outputs; the notebook itself is as it was.</param>
/// <param name="Cells">One entry for each code cell, in order.</param>
/// <param name="Elapsed">How long the whole run took, starting the worker included.</param>
public sealed record NotebookRun(NotebookDocument Executed, IReadOnlyList<CellRun> Cells, TimeSpan Elapsed)
{
    /// <summary>Whether every cell that had to run did so to its end.</summary>
    public bool Succeeded => Failures == 0 && NotRun == 0;

    /// <summary>How many cells failed.</summary>
    public int Failures => Cells.Count(cell => cell.IsFailure);

    /// <summary>How many cells never had their turn.</summary>
    public int NotRun => Cells.Count(cell => cell.Status == CellRunStatus.NotRun);

    /// <summary>The first cell that failed, if any did.</summary>
    public CellRun? FirstFailure => Cells.FirstOrDefault(cell => cell.IsFailure);
}
