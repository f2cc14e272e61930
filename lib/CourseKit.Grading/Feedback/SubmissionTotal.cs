namespace CourseKit.Grading.Feedback;

/// <summary>The points of a whole submission, a person's grades included.</summary>
/// <param name="Earned">After what was taken off for being late; never below 0.</param>
/// <param name="Possible">All exercises together, those to be graded by a person too.</param>
/// <param name="Open">Points that a person has yet to give.</param>
internal readonly record struct SubmissionTotal(double Earned, double Possible, double Open)
{
    public static SubmissionTotal Of(SubmissionResult result, FeedbackOptions options)
    {
        var earned = result.Exercises.Sum(exercise => PointsOf(exercise, options));
        return new SubmissionTotal(
            Round(Math.Max(0, earned - options.LatePenalty)),
            Round(result.Exercises.Sum(exercise => exercise.Possible)),
            Round(result.Exercises.Where(exercise => IsOpen(exercise, options)).Sum(exercise => exercise.Possible)));
    }

    public static double PointsOf(ExerciseResult exercise, FeedbackOptions options) =>
        options.Manual.GetValueOrDefault(exercise.Id)?.Points ?? exercise.Points;

    /// <summary>Whether a person still has to look at it.</summary>
    public static bool IsOpen(ExerciseResult exercise, FeedbackOptions options) =>
        exercise.Status == ScoreStatus.NeedsManualGrade && options.Manual.GetValueOrDefault(exercise.Id)?.Points is null;

    // Rounded, because ten times 0.1 is 1 to everybody but a computer.
    private static double Round(double points) => Math.Round(points, 9);
}
