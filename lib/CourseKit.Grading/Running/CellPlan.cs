using CourseKit.Notebook;

namespace CourseKit.Grading.Running;

/// <summary>One cell as it is to be run.</summary>
/// <param name="Id">The grade_id; empty for a cell that is not the assignment's.</param>
/// <param name="Source">The code.</param>
/// <param name="IsTrusted">The author's, word for word.</param>
/// <param name="WantsScore">Its value is an exercise's result.</param>
/// <param name="Keeps">The cell that keeps the outputs; null where they are thrown away.</param>
internal sealed record CellPlan(string Id, string Source, bool IsTrusted, bool WantsScore, NotebookCell? Keeps);

/// <summary>How a run of cells went.</summary>
internal sealed class CellRecord
{
    private readonly Dictionary<string, CellResult> _tests = new(StringComparer.Ordinal);

    /// <summary>Of test cells, by grade_id; one that had no turn is not there.</summary>
    public IReadOnlyDictionary<string, CellResult> Tests => _tests;

    /// <summary>What the guard found, with the cell's grade_id.</summary>
    public List<(string Id, CellSuspicion Suspicion)> Suspicions { get; } = [];

    /// <summary>Of all cells that had a turn, in the order of the plan.</summary>
    public List<CellResult> Results { get; } = [];

    /// <summary>Why the run ended before its last cell; null where it did not.</summary>
    public string? Ended { get; set; }

    /// <summary>
    /// What became of a cell of the author's before any of the student's, where it did not come to its end: the session was
    /// never ready, and nothing that ran in it says anything about the student. Null where it was.
    /// </summary>
    public string? NotReady { get; set; }

    /// <summary>The first cell that was stopped for time, and its sentence: what it was to define is not there for those after it.</summary>
    public (int Number, string Sentence)? Stopped { get; private set; }

    public void Add(CellPlan cell, CellResult result)
    {
        Results.Add(result);
        if (result.Status == CellStatus.TimedOut)
            Stopped ??= (Results.Count, result.Message ?? "");
        if (cell.WantsScore)
            _tests[cell.Id] = result;
        Suspicions.AddRange(result.Suspicions.Select(suspicion => (cell.Id, suspicion)));
    }
}
