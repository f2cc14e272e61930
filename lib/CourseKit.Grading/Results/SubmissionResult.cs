using CourseKit.Exercises;

namespace CourseKit.Grading;

/// <summary>What grading one submission found. Nothing in it comes from a hidden test's code.</summary>
public sealed record SubmissionResult
{
    /// <summary>Who handed it in: the file's or folder's name.</summary>
    public required string Student { get; init; }

    /// <summary>The assignment: the reference notebook's name without its ending.</summary>
    public required string Assignment { get; init; }

    /// <summary>When it was handed in, as far as the collection tells.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>SHA-256 of the submitted file, in hexadecimal: the same bytes need no second grading.</summary>
    public required string SubmissionHash { get; init; }

    /// <summary>The graded cells of the reference, in its order.</summary>
    public required IReadOnlyList<ExerciseResult> Exercises { get; init; }

    /// <summary>What was odd about the file: cells changed, missing, given twice.</summary>
    public IReadOnlyList<SubmissionFlag> Flags { get; init; } = [];

    /// <summary>Why the whole submission could not be graded, for people; empty where it was.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Wall time of grading.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How student code was kept apart: <c>bubblewrap</c>, <c>docker</c> or <c>process</c>.</summary>
    public required string Sandbox { get; init; }

    /// <summary>What to know about where that is weak; empty where there is nothing.</summary>
    public string SandboxWarning { get; init; } = "";
}

/// <summary>One exercise of one submission.</summary>
public sealed record ExerciseResult
{
    /// <summary>The graded cell's nbgrader id.</summary>
    public required string Id { get; init; }

    /// <summary>What to call it.</summary>
    public required string Title { get; init; }

    /// <summary>Points earned, hidden tests included.</summary>
    public double Points { get; init; }

    /// <summary>Points it is worth.</summary>
    public double Possible { get; init; }

    /// <summary>How it went.</summary>
    public required ScoreStatus Status { get; init; }

    /// <summary>What happened where no result came, for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>The parts the student could run, with their messages.</summary>
    public IReadOnlyList<PartResult> VisibleParts { get; init; } = [];

    /// <summary>The hidden parts: the author's public name of each, its points, and no message that student code could have shaped.</summary>
    public IReadOnlyList<PartResult> HiddenParts { get; init; } = [];

    /// <summary>
    /// SHA-256 of all this exercise's result depends on: the tests' source and the submission. A regrade runs again what changed.
    /// </summary>
    public string InputHash { get; init; } = "";
}

/// <summary>One oddity of a submitted file.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="CellId">The nbgrader id of the cell concerned; empty where it is the whole file.</param>
/// <param name="Detail">One sentence for the teacher.</param>
public sealed record SubmissionFlag(SubmissionFlagKind Kind, string CellId, string Detail);

/// <summary>Kinds of oddities.</summary>
public enum SubmissionFlagKind
{
    /// <summary>A locked cell was changed; the reference's was used.</summary>
    Tampered,

    /// <summary>An id came more than once; the stated rule chose one.</summary>
    Duplicated,

    /// <summary>A cell was not there; the reference's was put back.</summary>
    Missing,

    /// <summary>Points in the metadata were changed; the reference's count.</summary>
    PointsChanged,

    /// <summary>Code uses what answers do not need: reflection, processes, unsafe memory.</summary>
    Suspicious,

    /// <summary>The file could not be read as this assignment.</summary>
    Unreadable,
}
