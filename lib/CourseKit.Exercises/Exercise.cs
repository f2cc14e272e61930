using System.Globalization;
using CourseKit.Exercises.Comparing;
using CourseKit.Exercises.Showing;

namespace CourseKit.Exercises;

/// <summary>
/// One exercise's parts and points. As the value of a cell it shows a panel; beside it stand the points as a plain
/// number, which nbgrader reads, and the whole result as JSON, which the kit reads.
/// </summary>
[TypeFormatterSource(
    typeof(ExerciseFormatterSource),
    PreferredMimeTypes = [MimeTypes.Html, MimeTypes.PlainText, MimeTypes.Check])]
public sealed class Exercise
{
    private readonly List<PartResult> parts = [];
    private readonly List<IReadOnlyList<Comparison>> comparisons = [];

    internal Exercise(string id, string? title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        Id = id;
        Title = string.IsNullOrWhiteSpace(title) ? id : title;
    }

    /// <summary>The MIME type of the JSON form.</summary>
    public const string MimeType = MimeTypes.Check;

    /// <summary>The exercise's name: that of its nbgrader cell.</summary>
    public string Id { get; }

    /// <summary>What the panel calls it.</summary>
    public string Title { get; }

    /// <summary>The parts, in the order they ran.</summary>
    public IReadOnlyList<PartResult> Parts => parts;

    /// <summary>What each part compared, where it compared plain values.</summary>
    public IReadOnlyList<IReadOnlyList<Comparison>> Comparisons => comparisons;

    /// <summary>Points earned.</summary>
    public double Points => Sum(part => part.Points);

    /// <summary>Points to be had from the parts that ran (a student's version has no hidden ones).</summary>
    public double Possible => Sum(part => part.Possible);

    /// <summary>How the exercise went.</summary>
    public ExerciseStatus Status
    {
        get
        {
            if (parts.Count > 0 && parts.TrueForAll(part => part.Status == PartStatus.Passed))
                return ExerciseStatus.Passed;
            if (Points > 0)
                return ExerciseStatus.Partial;
            return parts.Exists(part => part.Status is PartStatus.Failed or PartStatus.Error)
                ? ExerciseStatus.Failed
                : ExerciseStatus.NotAttempted;
        }
    }

    /// <summary>
    /// Runs one part now. Whatever the student's code throws becomes the part's result, and the next part runs.
    /// </summary>
    /// <param name="name">What it tests, in a few words.</param>
    /// <param name="points">What it is worth, 0 or more.</param>
    /// <param name="check">Calls the student's code and <see cref="Check"/>.</param>
    /// <exception cref="ArgumentException">The name is empty, or points are negative or not a number.</exception>
    public Exercise Part(string name, double points, Action check)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!double.IsFinite(points) || points < 0)
            throw new ArgumentOutOfRangeException(nameof(points), $"The part \"{name}\" needs points of 0 or more.");
        var ((status, message), compared) = ComparisonLog.During(() => Run(check));
        comparisons.Add(compared);
        parts.Add(new PartResult(name, status == PartStatus.Passed ? points : 0, points, status, message));
        return this;
    }

    /// <summary>Runs one part whose code awaits; see <see cref="Part(string, double, Action)"/>.</summary>
    public Exercise Part(string name, double points, Func<Task> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return Part(name, points, () => check().GetAwaiter().GetResult());
    }

    /// <summary>The points earned, as a number in invariant culture and nothing else.</summary>
    public override string ToString() => Points.ToString("R", CultureInfo.InvariantCulture);

    private static (PartStatus Status, string Message) Run(Action check)
    {
        try
        {
            check();
            return (PartStatus.Passed, "");
        }
        catch (Exception exception) when (!HostSignal.Is(exception))
        {
            var cause = ExceptionText.Unwrap(exception);
            return cause switch
            {
                CheckFailedException failed => (PartStatus.Failed, Text.Shorten(failed.Message)),
                NotImplementedException => (PartStatus.NotAttempted, "Nothing to test yet: your code is still to come."),
                _ => (PartStatus.Error, $"Your code threw {Text.EndSentence(ExceptionText.Of(cause))}"),
            };
        }
    }

    // Rounded, because ten parts of 0.1 must be 1 exactly: nbgrader refuses more points than a cell is worth.
    private double Sum(Func<PartResult, double> points) => Math.Round(parts.Sum(points), 9);
}
