using CourseKit.Exercises;

namespace CourseKit.Grading.Feedback;

/// <summary>
/// A status for people: a sign and a word, so that it does not take colours to read it, and a sentence on what to do.
/// </summary>
/// <param name="Sign">One character.</param>
/// <param name="Word">A few words in lower case.</param>
/// <param name="Look">The class in feedback.css.</param>
internal sealed record StatusWords(string Sign, string Word, string Look)
{
    public static StatusWords Of(ScoreStatus status) => status switch
    {
        ScoreStatus.Passed => new("✓", "passed", "passed"),
        ScoreStatus.Partial => new("◐", "partly right", "partial"),
        ScoreStatus.Failed => new("✗", "not right yet", "failed"),
        ScoreStatus.NotAttempted => new("○", "not attempted", "open"),
        ScoreStatus.TimedOut => new("✗", "ran out of time", "failed"),
        ScoreStatus.Crashed => new("✗", "ended the session", "failed"),
        ScoreStatus.NotRun => new("○", "not run", "open"),
        ScoreStatus.NeedsManualGrade => new("✎", "to be graded by a person", "person"),
        _ => new("✗", "no result", "failed"),
    };

    public static StatusWords Of(PartStatus status) => status switch
    {
        PartStatus.Passed => new("✓", "passed", "passed"),
        PartStatus.NotAttempted => new("○", "not attempted", "open"),
        PartStatus.Error => new("✗", "threw an exception", "failed"),
        _ => new("✗", "not right yet", "failed"),
    };

    /// <summary>A graded exercise whose points a person gave: what its points say.</summary>
    public static StatusWords OfPoints(double points, double possible) =>
        points >= possible ? new("✓", "graded by a person", "passed")
        : points > 0 ? new("◐", "graded by a person", "partial")
        : new("✗", "graded by a person", "failed");

    /// <summary>What happened where no result came, and what usually causes it; empty for a status that says it all.</summary>
    public static string Explanation(ScoreStatus status) => status switch
    {
        ScoreStatus.NotAttempted => "There was no answer to test yet.",
        ScoreStatus.TimedOut => "The tests did not come to their end in time. Most often a loop never ends: look at what should make it stop, and try your function with a small input.",
        ScoreStatus.Crashed => "The program ended while the tests ran. Most often a function calls itself without an end, or far more memory is asked for than there is.",
        ScoreStatus.NotRun => "The tests of this exercise had no turn, because the program had ended or run out of time before. Look at the exercises and cells above it first.",
        ScoreStatus.Error => "The tests could not be compiled or run with your code. Most often a name, a parameter or a type differs from what the exercise asks for.",
        ScoreStatus.NoResult => "The tests gave no result.",
        _ => "",
    };

    /// <summary>As HTML.</summary>
    public string Html => $"<span class=\"state {Look}\"><span aria-hidden=\"true\">{Sign}</span> {Word}</span>";
}
