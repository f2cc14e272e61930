namespace CourseKit.Grading;

/// <summary>
/// The latest grading of one submission, as its result file holds it: the result, what it was made from, and the gradings
/// before it. The gradebook can be made again from these files alone, but for what people entered by hand.
/// </summary>
public sealed record GradingRecord
{
    /// <summary>The version of this form.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version the file was written in.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>This grading's own name, so that it is taken into a gradebook once, however often it is read.</summary>
    public required Guid Id { get; init; }

    /// <summary>When grading ended.</summary>
    public required DateTimeOffset GradedAt { get; init; }

    /// <summary>Who handed it in.</summary>
    public required Student Student { get; init; }

    /// <summary>SHA-256 of the submitted bytes; empty where there were none to read.</summary>
    public required string SubmissionHash { get; init; }

    /// <summary>SHA-256 of all tests and of what they rest on.</summary>
    public required string ReferenceHash { get; init; }

    /// <summary>For each exercise in the result, the hash of the tests that it was graded with.</summary>
    public required IReadOnlyDictionary<string, string> ExerciseHashes { get; init; }

    /// <summary>The exercises that alone were graded again, the others' results being taken over; empty where all were.</summary>
    public IReadOnlyList<string> Regraded { get; init; } = [];

    /// <summary>What grading found.</summary>
    public required SubmissionResult Result { get; init; }

    /// <summary>The gradings before this one, oldest first.</summary>
    public IReadOnlyList<PastGrading> History { get; init; } = [];

    /// <summary>Points earned.</summary>
    public double Points => Math.Round(Result.Exercises.Sum(exercise => exercise.Points), 9);

    /// <summary>Points to be had.</summary>
    public double Possible => Math.Round(Result.Exercises.Sum(exercise => exercise.Possible), 9);

    /// <summary>What is kept of this grading when another takes its place.</summary>
    public PastGrading ToPast() => new()
    {
        Id = Id,
        GradedAt = GradedAt,
        SubmittedAt = Result.SubmittedAt,
        SubmissionHash = SubmissionHash,
        ReferenceHash = ReferenceHash,
        Regraded = Regraded,
        Failure = Result.Failure,
        Sandbox = Result.Sandbox,
        Seconds = Result.Duration.TotalSeconds,
        Flags = Result.Flags,
        Exercises = [.. Result.Exercises.Select(exercise => new PastScore(exercise.Id, exercise.Title, exercise.Points, exercise.Possible, exercise.Status, exercise.Message))],
    };
}

/// <summary>An earlier grading of a submission: its points, not its outputs.</summary>
public sealed record PastGrading
{
    /// <summary>The grading's own name.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset GradedAt { get; init; }

    /// <summary>When the graded file was handed in.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>SHA-256 of the submitted bytes.</summary>
    public required string SubmissionHash { get; init; }

    /// <summary>SHA-256 of all tests.</summary>
    public required string ReferenceHash { get; init; }

    /// <summary>The exercises that alone were graded again; empty where all were.</summary>
    public IReadOnlyList<string> Regraded { get; init; } = [];

    /// <summary>Why the submission could not be graded; empty where it was.</summary>
    public string Failure { get; init; } = "";

    /// <summary>How student code was kept apart.</summary>
    public string Sandbox { get; init; } = "";

    /// <summary>How long grading took.</summary>
    public double Seconds { get; init; }

    /// <summary>What was odd about the file.</summary>
    public IReadOnlyList<SubmissionFlag> Flags { get; init; } = [];

    /// <summary>The points of each exercise, in the reference's order.</summary>
    public IReadOnlyList<PastScore> Exercises { get; init; } = [];

    /// <summary>Points earned.</summary>
    public double Points => Math.Round(Exercises.Sum(exercise => exercise.Points), 9);

    /// <summary>Points to be had.</summary>
    public double Possible => Math.Round(Exercises.Sum(exercise => exercise.Possible), 9);
}

/// <summary>The points of one exercise in a grading.</summary>
/// <param name="Exercise">The graded cell's nbgrader id.</param>
/// <param name="Title">What to call it.</param>
/// <param name="Points">Points earned.</param>
/// <param name="Possible">Points it is worth.</param>
/// <param name="Status">How it went.</param>
/// <param name="Message">What happened where no result came.</param>
public sealed record PastScore(string Exercise, string Title, double Points, double Possible, ScoreStatus Status, string Message);
