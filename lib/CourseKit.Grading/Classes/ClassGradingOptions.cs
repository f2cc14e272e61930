namespace CourseKit.Grading;

/// <summary>Which submissions of a class are graded, and what is told meanwhile.</summary>
public sealed record ClassGradingOptions
{
    /// <summary>How many at once.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>The part of the class to grade.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Grade again only these exercises, by grade_id, where their tests have changed; empty grades what has no result yet.</summary>
    public IReadOnlySet<string> Regrade { get; init; } = new HashSet<string>();

    /// <summary>Grade again also what has a result from the same file and the same tests.</summary>
    public bool Force { get; init; }

    /// <summary>Called for every submission when it is done with; never twice at the same time.</summary>
    public Action<SubmissionProgress>? OnProgress { get; init; }
}

/// <summary>A submission is done with.</summary>
/// <param name="Done">How many are, this one included.</param>
/// <param name="Count">Of how many.</param>
/// <param name="Submission">Which.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Record">Its result, where it has one.</param>
/// <param name="Problem">Why it could not be graded; empty where it was.</param>
public sealed record SubmissionProgress(int Done, int Count, CollectedSubmission Submission, SubmissionOutcome Outcome, GradingRecord? Record, string Problem);

/// <summary>What became of a submission in one run.</summary>
public enum SubmissionOutcome
{
    /// <summary>It was graded now.</summary>
    Graded,

    /// <summary>It had a result of the same file and the same tests.</summary>
    UpToDate,

    /// <summary>Only some exercises were to be graded again, and it has no result to put them into: grade it in full.</summary>
    NotGradedBefore,

    /// <summary>Another grader is at work on it.</summary>
    InUse,

    /// <summary>It could not be graded, through no fault of the student's.</summary>
    Failed,
}

/// <summary>A run over a class, counted.</summary>
public sealed record ClassGradingReport
{
    /// <summary>Submissions in this run's part of the class.</summary>
    public required int Count { get; init; }

    /// <summary>How many had each outcome.</summary>
    public required IReadOnlyDictionary<SubmissionOutcome, int> Outcomes { get; init; }

    /// <summary>What went wrong, in sentences.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The run was stopped before its end.</summary>
    public required bool IsStopped { get; init; }

    /// <summary>Wall time.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How many had this outcome.</summary>
    public int Of(SubmissionOutcome outcome) => Outcomes.GetValueOrDefault(outcome);
}
