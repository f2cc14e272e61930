using CourseKit.Exercises;

namespace CourseKit.Grading;

/// <summary>One graded cell of a notebook, scored.</summary>
public sealed record ExerciseScore
{
    /// <summary>The cell's nbgrader id.</summary>
    public required string Id { get; init; }

    /// <summary>What to call it: the title given to <c>Check.Exercise</c>, else the heading it stands under, else the id.</summary>
    public required string Title { get; init; }

    /// <summary>Points earned, never more than <see cref="Possible"/>.</summary>
    public double Points { get; init; }

    /// <summary>Points the cell is worth by its metadata.</summary>
    public double Possible { get; init; }

    /// <summary>
    /// Points of the parts that ran: in a student's notebook less than <see cref="Possible"/> where tests are hidden.
    /// Null without a result.
    /// </summary>
    public double? Tested { get; init; }

    /// <summary>How it went.</summary>
    public required ScoreStatus Status { get; init; }

    /// <summary>Why there is no result, for people; empty when there is one.</summary>
    public string Message { get; init; } = "";

    /// <summary>The parts that ran.</summary>
    public IReadOnlyList<PartResult> Parts { get; init; } = [];

    /// <summary>The cell is not the one that was released: its checksum differs. False where it has none.</summary>
    public bool IsChanged { get; init; }

    /// <summary>The cell wrote to standard error, which nbgrader punishes with 0 points.</summary>
    public bool WritesToStandardError { get; init; }
}
