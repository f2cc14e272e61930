namespace CourseKit.Grading;

/// <summary>What a class report says beside the results.</summary>
public sealed record ClassReportOptions
{
    /// <summary>What a person adds to a result; null where nobody did.</summary>
    public Func<SubmissionResult, FeedbackOptions>? FeedbackOf { get; init; }

    /// <summary>The address of a student's page, relative to the report; null writes names without links.</summary>
    public Func<SubmissionResult, string?>? PageOf { get; init; }

    /// <summary>Who is on the roster and handed in nothing: listed with 0 points, and counted nowhere else.</summary>
    public IReadOnlyList<Student> Missing { get; init; } = [];
}
