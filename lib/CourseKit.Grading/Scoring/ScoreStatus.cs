namespace CourseKit.Grading;

/// <summary>How an exercise of a notebook went.</summary>
public enum ScoreStatus
{
    /// <summary>Every part of its test cell passed.</summary>
    Passed,

    /// <summary>Some points, not all.</summary>
    Partial,

    /// <summary>Tried, no points.</summary>
    Failed,

    /// <summary>The student has not begun.</summary>
    NotAttempted,

    /// <summary>The test cell itself did not compile or threw.</summary>
    Error,

    /// <summary>The test cell ran into its time limit.</summary>
    TimedOut,

    /// <summary>The session ended while the test cell ran.</summary>
    Crashed,

    /// <summary>The test cell never had its turn.</summary>
    NotRun,

    /// <summary>The test cell ran but its value is not that of a <c>Check.Exercise</c>.</summary>
    NoResult,

    /// <summary>A person must grade it.</summary>
    NeedsManualGrade,
}

/// <summary>The statuses as they are printed.</summary>
public static class ScoreStatusNames
{
    /// <summary>In lower-case words: <c>not attempted</c>.</summary>
    public static string Name(this ScoreStatus status) => status switch
    {
        ScoreStatus.Passed => "passed",
        ScoreStatus.Partial => "partial",
        ScoreStatus.Failed => "failed",
        ScoreStatus.NotAttempted => "not attempted",
        ScoreStatus.Error => "error",
        ScoreStatus.TimedOut => "timeout",
        ScoreStatus.Crashed => "crashed",
        ScoreStatus.NotRun => "not run",
        ScoreStatus.NoResult => "no result",
        _ => "needs manual grade",
    };
}
