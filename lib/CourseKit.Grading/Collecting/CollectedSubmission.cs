namespace CourseKit.Grading;

/// <summary>One student's entry in a collection. Its bytes are read when its turn comes.</summary>
public sealed record CollectedSubmission
{
    /// <summary>Who handed it in; the id is unique in the collection.</summary>
    public required Student Student { get; init; }

    /// <summary>A name for files about this submission: safe on every system, unique in the collection also where case does not count. Files from an earlier run keep theirs.</summary>
    public required string FileName { get; init; }

    /// <summary>Where it stands, for messages.</summary>
    public required string Path { get; init; }

    /// <summary>When it was handed in, as far as the collection tells.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>Why no notebook can be taken from it, in a sentence; null where one can.</summary>
    public string? Problem { get; init; }

    internal Collecting.SourceEntry? Entry { get; init; }
}
