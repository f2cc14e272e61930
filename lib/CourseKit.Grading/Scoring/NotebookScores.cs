using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>The points of one executed notebook.</summary>
/// <param name="Notebook">The notebook's name.</param>
/// <param name="Exercises">Its graded cells, in order; those for a person to grade among them.</param>
public sealed record NotebookScores(string Notebook, IReadOnlyList<ExerciseScore> Exercises)
{
    /// <summary>The exercises that tests grade.</summary>
    public IEnumerable<ExerciseScore> Automatic =>
        Exercises.Where(exercise => exercise.Status != ScoreStatus.NeedsManualGrade);

    /// <summary>Points earned from tests.</summary>
    public double Points => Total(Automatic, exercise => exercise.Points);

    /// <summary>Points to be had from tests.</summary>
    public double Possible => Total(Automatic, exercise => exercise.Possible);

    /// <summary>Points that a person has yet to give.</summary>
    public double ManualPoints =>
        Total(Exercises.Where(exercise => exercise.Status == ScoreStatus.NeedsManualGrade), exercise => exercise.Possible);

    /// <summary>What became of each code cell; empty when the notebook came executed.</summary>
    public IReadOnlyList<CellRun> Cells { get; init; } = [];

    /// <summary>The executed notebook.</summary>
    public required NotebookDocument Executed { get; init; }

    /// <summary>Reads the results out of a notebook's outputs. Nothing is run.</summary>
    public static NotebookScores From(NotebookDocument executed)
    {
        ArgumentNullException.ThrowIfNull(executed);
        return new NotebookScores(executed.Name, Scoring.ScoreReader.Read(executed, [])) { Executed = executed };
    }

    /// <summary>Reads the results of a run, which also tells why a cell has none.</summary>
    public static NotebookScores From(NotebookRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new NotebookScores(run.Executed.Name, Scoring.ScoreReader.Read(run.Executed, run.Cells))
        {
            Executed = run.Executed,
            Cells = run.Cells,
        };
    }

    // Rounded, because ten times 0.1 is 1 to everybody but a computer.
    private static double Total(IEnumerable<ExerciseScore> exercises, Func<ExerciseScore, double> points) =>
        Math.Round(exercises.Sum(points), 9);
}
