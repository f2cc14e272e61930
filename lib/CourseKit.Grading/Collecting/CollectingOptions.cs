namespace CourseKit.Grading;

/// <summary>Bounds on what a collection may make the grader read.</summary>
public sealed record CollectingOptions
{
    /// <summary>The largest notebook, in bytes after unpacking. A larger one is a submission that cannot be graded.</summary>
    public long MaximumFileSize { get; init; } = 100L << 20;

    /// <summary>The most files and folders that are looked at.</summary>
    public int MaximumEntries { get; init; } = 1_000_000;
}
