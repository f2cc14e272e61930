namespace CourseKit.Grading;

/// <summary>How it stands with one student's assignment.</summary>
public enum SubmissionStatus
{
    /// <summary>All of it has points.</summary>
    Graded,

    /// <summary>Exercises wait for a person.</summary>
    NeedsManualGrade,

    /// <summary>Something was handed in that could not be graded.</summary>
    NotReadable,

    /// <summary>The student is on the roster and handed in nothing.</summary>
    NoSubmission,
}

/// <summary>The statuses as they are printed.</summary>
public static class SubmissionStatusNames
{
    /// <summary>In lower-case words: <c>no submission</c>.</summary>
    public static string Name(this SubmissionStatus status) => status switch
    {
        SubmissionStatus.Graded => "graded",
        SubmissionStatus.NeedsManualGrade => "needs manual grade",
        SubmissionStatus.NotReadable => "not readable",
        _ => "no submission",
    };
}
