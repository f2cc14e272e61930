namespace CourseKit.Grading;

/// <summary>One student's assignment as the gradebook has it now: the newest grading, with what people entered on top.</summary>
public sealed record GradebookRow
{
    /// <summary>Who.</summary>
    public required Student Student { get; init; }

    /// <summary>The assignment.</summary>
    public required string Assignment { get; init; }

    /// <summary>When it was due, where that is known.</summary>
    public DateTimeOffset? DueDate { get; init; }

    /// <summary>When it was handed in, where that is known.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When it was graded last; null where nothing was handed in.</summary>
    public required DateTimeOffset? GradedAt { get; init; }

    /// <summary>How often it was graded.</summary>
    public required int Gradings { get; init; }

    /// <summary>The exercises, in the reference's order.</summary>
    public required IReadOnlyList<GradebookScore> Exercises { get; init; }

    /// <summary>What was odd about the file.</summary>
    public IReadOnlyList<SubmissionFlag> Flags { get; init; } = [];

    /// <summary>Why the whole submission could not be graded; empty where it was.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Points taken off for lateness.</summary>
    public double LatePenalty { get; init; }

    /// <summary>What teachers wrote, oldest first.</summary>
    public IReadOnlyList<GradebookComment> Comments { get; init; } = [];

    /// <summary>SHA-256 of the graded file.</summary>
    public string SubmissionHash { get; init; } = "";

    /// <summary>Whether anything was handed in; not by those who are on the roster alone.</summary>
    public bool HasSubmission { get; init; } = true;

    /// <summary>Whether the student is on the assignment's roster; null where the gradebook has none.</summary>
    public bool? IsOnRoster { get; init; }

    /// <summary>How it stands.</summary>
    public SubmissionStatus Status => !HasSubmission ? SubmissionStatus.NoSubmission
        : Failure.Length > 0 ? SubmissionStatus.NotReadable
        : NeedsManualGrade ? SubmissionStatus.NeedsManualGrade : SubmissionStatus.Graded;

    /// <summary>Points before the penalty.</summary>
    public double RawScore => Math.Round(Exercises.Sum(exercise => exercise.Points), 9);

    /// <summary>Points after the penalty, never below 0.</summary>
    public double Score => Math.Round(Math.Max(0, RawScore - LatePenalty), 9);

    /// <summary>Points to be had.</summary>
    public double MaxScore => Math.Round(Exercises.Sum(exercise => exercise.Possible), 9);

    /// <summary>Whether exercises wait for a person.</summary>
    public bool NeedsManualGrade => Exercises.Any(exercise => exercise.NeedsManualGrade);
}

/// <summary>One exercise in a row of the gradebook.</summary>
/// <param name="Id">The graded cell's nbgrader id.</param>
/// <param name="Title">What to call it.</param>
/// <param name="AutoPoints">Points from tests.</param>
/// <param name="ManualPoints">Points a person gave, which count instead; null where nobody did.</param>
/// <param name="Possible">Points it is worth.</param>
/// <param name="Status">How the tests went.</param>
/// <param name="Message">What happened where no result came.</param>
/// <param name="IsManualOutdated">A person graded an earlier file than the one that is graded now.</param>
public sealed record GradebookScore(
    string Id, string Title, double AutoPoints, double? ManualPoints, double Possible, ScoreStatus Status, string Message, bool IsManualOutdated)
{
    /// <summary>The points that count.</summary>
    public double Points => ManualPoints ?? AutoPoints;

    /// <summary>It waits for a person.</summary>
    public bool NeedsManualGrade => Status == ScoreStatus.NeedsManualGrade && (ManualPoints is null || IsManualOutdated);
}

/// <summary>What a teacher wrote about a submission.</summary>
/// <param name="Exercise">The exercise it is about; empty for the whole.</param>
/// <param name="Text">The words.</param>
/// <param name="WrittenAt">When.</param>
public sealed record GradebookComment(string Exercise, string Text, DateTimeOffset WrittenAt);

/// <summary>One event in the history of a student's assignment.</summary>
/// <param name="At">When it happened.</param>
/// <param name="What">What it was, in words.</param>
/// <param name="Points">The points it gave, where it gave any.</param>
/// <param name="Possible">Of how many.</param>
/// <param name="ReferenceHash">SHA-256 of the tests, for a grading.</param>
/// <param name="SubmissionHash">SHA-256 of the file, for a grading.</param>
public sealed record GradebookEvent(DateTimeOffset At, string What, double? Points, double? Possible, string ReferenceHash, string SubmissionHash);
