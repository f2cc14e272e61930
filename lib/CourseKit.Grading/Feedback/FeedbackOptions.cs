namespace CourseKit.Grading;

/// <summary>What a person adds to the result that the tests gave, and what stands around it.</summary>
public sealed record FeedbackOptions
{
    /// <summary>Grades and comments that a person gave, by the exercise's id.</summary>
    public IReadOnlyDictionary<string, ManualFeedback> Manual { get; init; } = new Dictionary<string, ManualFeedback>();

    /// <summary>A person's comment on the whole submission.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Points taken off because it was handed in late.</summary>
    public double LatePenalty { get; init; }

    /// <summary>The address of the chapter's page, to which the sections' names are added; null where there is none.</summary>
    public Uri? ChapterPage { get; init; }

    /// <summary>Whether the student's code, with what it showed, stands at the page's end.</summary>
    public bool IncludesNotebook { get; init; } = true;
}

/// <summary>What a person says about one exercise.</summary>
/// <param name="Points">The points given, which replace those of the tests; null leaves these as they are.</param>
/// <param name="Comment">What the student shall read; may be empty.</param>
public sealed record ManualFeedback(double? Points, string Comment);
