namespace CourseKit.Exercises;

/// <summary>How one part of an exercise went.</summary>
public enum PartStatus
{
    /// <summary>The check held; full points.</summary>
    Passed,

    /// <summary>The answer is there and wrong.</summary>
    Failed,

    /// <summary>The student's code still throws <see cref="NotImplementedException"/>, or the answer is null.</summary>
    NotAttempted,

    /// <summary>The student's code threw an exception.</summary>
    Error,
}

/// <summary>How a whole exercise went.</summary>
public enum ExerciseStatus
{
    /// <summary>Every part passed.</summary>
    Passed,

    /// <summary>Some points, not all.</summary>
    Partial,

    /// <summary>Tried, no points.</summary>
    Failed,

    /// <summary>Nothing was tried.</summary>
    NotAttempted,
}

/// <summary>The statuses as the result bundle spells them.</summary>
public static class StatusNames
{
    /// <summary><c>passed</c>, <c>failed</c>, <c>not attempted</c> or <c>error</c>.</summary>
    public static string Name(this PartStatus status) => status switch
    {
        PartStatus.Passed => "passed",
        PartStatus.Failed => "failed",
        PartStatus.NotAttempted => "not attempted",
        _ => "error",
    };

    /// <summary><c>passed</c>, <c>partial</c>, <c>failed</c> or <c>not attempted</c>.</summary>
    public static string Name(this ExerciseStatus status) => status switch
    {
        ExerciseStatus.Passed => "passed",
        ExerciseStatus.Partial => "partial",
        ExerciseStatus.Failed => "failed",
        _ => "not attempted",
    };
}
