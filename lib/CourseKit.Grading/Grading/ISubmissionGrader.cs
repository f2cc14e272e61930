namespace CourseKit.Grading;

/// <summary>Grades submissions of one assignment; several at once, each apart from the others.</summary>
public interface ISubmissionGrader : IAsyncDisposable
{
    /// <summary>
    /// Grades one submission. A file that cannot be read, crashes or overruns its limits is a result that says so, not an exception.
    /// </summary>
    /// <exception cref="OperationCanceledException">The teacher stopped; nothing is known about this submission.</exception>
    /// <exception cref="TimeoutException">
    /// The machine was too busy: a worker did not start, or did not get through the author's own first cells, and a second did
    /// not either. Nothing is known about this submission.
    /// </exception>
    Task<GradedSubmission> GradeAsync(Submission submission, CancellationToken cancellationToken);
}
