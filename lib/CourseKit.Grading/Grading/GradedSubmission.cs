using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>A submission after grading.</summary>
/// <param name="Result">Points, statuses and flags.</param>
/// <param name="Executed">The notebook as it ran with the visible tests only; null where the file could not be read.</param>
public sealed record GradedSubmission(SubmissionResult Result, NotebookDocument? Executed);
