using CourseKit.Exercises;
using CourseKit.Grading.Scoring;

namespace CourseKit.Grading.Feedback;

/// <summary>How a class did: counted, not drawn.</summary>
internal sealed class ClassStatistics
{
    // A class of thousands fails in thousands of ways; what one student alone did is on the student's own page.
    private const int MostMessages = 8;

    public ClassStatistics(IReadOnlyList<SubmissionResult> results, ClassReportOptions options)
    {
        Submissions = [.. results.Select(result => new GradedStudent(result, SubmissionTotal.Of(result, options.FeedbackOf?.Invoke(result) ?? NoOptions)))];
        Exercises = [.. results.SelectMany(result => result.Exercises.Select(exercise => (result, exercise)))
            .GroupBy(pair => pair.exercise.Id, StringComparer.Ordinal)
            .Select(group => new ExerciseStatistics(group.Key, [.. group.Select(pair => pair.exercise)], [.. group.Select(pair => SubmissionTotal.PointsOf(pair.exercise, options.FeedbackOf?.Invoke(pair.result) ?? NoOptions))]))];
        HardestParts = [.. Exercises.SelectMany(exercise => exercise.Parts).Where(part => part.Tried > 0 && part.Passed < part.Tried)
            .OrderBy(part => part.Share).ThenByDescending(part => part.Tried).Take(5)];
        Messages = [.. Exercises.SelectMany(exercise => exercise.Messages)
            .OrderByDescending(message => message.Count).Take(MostMessages * 2)];
    }

    private static FeedbackOptions NoOptions { get; } = new();

    public IReadOnlyList<GradedStudent> Submissions { get; }

    /// <summary>In the order of the assignment.</summary>
    public IReadOnlyList<ExerciseStatistics> Exercises { get; }

    /// <summary>The parts that fewest of those who tried them got right, the hardest first.</summary>
    public IReadOnlyList<PartStatistics> HardestParts { get; }

    /// <summary>What tests said most often.</summary>
    public IReadOnlyList<MessageGroup> Messages { get; }

    /// <summary>The value below which a share of the sorted values lies, between two neighbours where it falls between them.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        if (sorted.Count == 0)
            return 0;
        var place = share * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}

/// <summary>One submission with a person's grades taken in.</summary>
internal sealed record GradedStudent(SubmissionResult Result, SubmissionTotal Total);

/// <summary>One exercise over all submissions.</summary>
internal sealed class ExerciseStatistics
{
    public ExerciseStatistics(string id, IReadOnlyList<ExerciseResult> results, IReadOnlyList<double> points)
    {
        Id = id;
        // Where a title is taken from the student's file, most have the right one.
        Title = results.GroupBy(result => result.Title, StringComparer.Ordinal).MaxBy(group => group.Count())!.Key;
        Possible = results.Max(result => result.Possible);
        Points = points;
        Statuses = [.. results.GroupBy(result => result.Status).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()))];
        Parts = [.. PartsOf(results, result => result.VisibleParts, isHidden: false), .. PartsOf(results, result => result.HiddenParts, isHidden: true)];
        Messages = MessagesOf(results);
    }

    public string Id { get; }

    public string Title { get; }

    public double Possible { get; }

    /// <summary>The points of each submission, a person's grades included.</summary>
    public IReadOnlyList<double> Points { get; }

    /// <summary>How many have which status; only those that occur.</summary>
    public IReadOnlyList<(ScoreStatus Status, int Count)> Statuses { get; }

    public IReadOnlyList<PartStatistics> Parts { get; }

    public IReadOnlyList<MessageGroup> Messages { get; }

    public double MeanPoints => Points.Count == 0 ? 0 : Points.Average();

    private IEnumerable<PartStatistics> PartsOf(IReadOnlyList<ExerciseResult> results, Func<ExerciseResult, IReadOnlyList<PartResult>> parts, bool isHidden) =>
        results.SelectMany(parts).GroupBy(part => part.Name, StringComparer.Ordinal).Select(group => new PartStatistics(
            this, group.Key, isHidden,
            Tried: group.Count(part => part.Status != PartStatus.NotAttempted),
            Passed: group.Count(part => part.Status == PartStatus.Passed)));

    private List<MessageGroup> MessagesOf(IReadOnlyList<ExerciseResult> results)
    {
        var ofParts = results.SelectMany(result => result.VisibleParts)
            .Where(part => part.Status is PartStatus.Failed or PartStatus.Error && part.Message.Length > 0)
            .Select(part => (Part: part.Name, part.Message));
        var ofExercises = results.Where(result => result.Message.Length > 0 && result.Status != ScoreStatus.NeedsManualGrade)
            .Select(result => (Part: "", result.Message));
        return [.. ofParts.Concat(ofExercises)
            .GroupBy(said => (said.Part, Shape: MessageShape.Of(said.Message)))
            .Select(group => new MessageGroup(this, group.Key.Part, group.First().Message, group.Count()))];
    }
}

/// <summary>One part of an exercise over all submissions.</summary>
internal sealed record PartStatistics(ExerciseStatistics Exercise, string Name, bool IsHidden, int Tried, int Passed)
{
    /// <summary>The share of those who tried that got it right.</summary>
    public double Share => Tried == 0 ? 0 : (double)Passed / Tried;
}

/// <summary>A message that several got, alike but for its numbers; the part is empty where it is the whole exercise's.</summary>
internal sealed record MessageGroup(ExerciseStatistics Exercise, string Part, string Example, int Count);
