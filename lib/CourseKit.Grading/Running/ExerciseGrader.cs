using System.Security.Cryptography;
using System.Text;
using CourseKit.Exercises;
using CourseKit.Grading.Restoring;
using CourseKit.Notebook;

namespace CourseKit.Grading.Running;

/// <summary>Makes an exercise's result from its two runs and what the reference showed its parts to be.</summary>
/// <param name="cell">The graded cell.</param>
/// <param name="reference">Its parts as the reference solution ran them, hidden ones included.</param>
/// <param name="submissionHash">What was handed in.</param>
internal sealed class ExerciseGrader(GradedCell cell, CellScore? reference, string submissionHash)
{
    private const double Tolerance = 1e-9;
    private const string HiddenFailed = "A hidden test of this part did not pass.";
    private const string NotConfirmed = "This part counts as not passed: the values that it compared were looked at again outside your program, and they do not say that it passed.";

    /// <summary>Whether a part said that it passed, and the values it compared say otherwise.</summary>
    public bool IsContradicted { get; private set; }

    /// <summary>A result before anything is known.</summary>
    public ExerciseResult Blank(ScoreStatus status, string message) => new()
    {
        Id = cell.Id,
        Title = Title,
        Possible = cell.Possible,
        Status = status,
        Message = message,
        InputHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{submissionHash}\n{cell.Possible:R}\n{cell.VisibleSource}\n{cell.FullSource}"))),
    };

    private string Title => reference is { Title: var title } && title != reference.Exercise ? title : cell.Heading;

    /// <summary>Whether the run with visible tests shows that there is nothing for hidden ones to find.</summary>
    public bool NeedsHiddenRun(CellRecord visible) => cell.HasHiddenTests && Believable(visible.Tests.GetValueOrDefault(cell.Id), hasAllTests: false) is { } parts
        && (parts.Count == 0 || parts.Any(part => part.Status != PartStatus.NotAttempted));

    /// <summary>The result.</summary>
    /// <param name="visible">The run whose outputs the student sees.</param>
    /// <param name="hidden">The run with all tests; null where it was not needed.</param>
    public ExerciseResult Grade(CellRecord visible, CellRecord? hidden)
    {
        var run = visible.Tests.GetValueOrDefault(cell.Id);
        if (run is null)
            return Blank(ScoreStatus.NotRun, $"The tests were not run, because the session had ended before. {visible.Ended}".TrimEnd());
        if (run.Status != CellStatus.Ok)
            return Blank(StatusOf(run.Status), run.Status == CellStatus.Error && visible.Stopped is { } stopped ? $"{run.Message} A cell before it, number {stopped.Number}, had run out of time: what it defines may be missing." : run.Message ?? "");
        if (Believable(run, hasAllTests: !cell.HasHiddenTests) is not { } parts)
            return Blank(ScoreStatus.NoResult, "The tests ran and gave no result that can be counted.");
        return cell.HasHiddenTests && reference is not null ? WithHidden(parts, hidden) : Finished(parts, [], "");
    }

    private ExerciseResult WithHidden(List<PartResult> visible, CellRecord? hidden)
    {
        var run = hidden?.Tests.GetValueOrDefault(cell.Id);
        var all = Complete(run);
        var isSeen = Match(visible);
        var (shown, kept) = (new List<PartResult>(), new List<PartResult>());
        var next = 0;
        for (var i = 0; i < reference!.Parts.Count; i++)
        {
            var part = reference.Parts[i];
            if (!isSeen[i])
            {
                var earned = all?[i].Points ?? 0;
                var status = all?[i].Status ?? (hidden is null ? PartStatus.NotAttempted : PartStatus.Failed);
                kept.Add(new PartResult(part.Name, earned, part.Possible, status, ""));
                continue;
            }

            var seen = visible[next++];
            shown.Add(seen.Status == PartStatus.Passed && all?[i].Status is not (null or PartStatus.Passed)
                ? seen with { Points = 0, Status = PartStatus.Failed, Message = HiddenFailed }
                : seen);
        }

        // The hidden tests are inside the parts that the student sees: without their run no part is known to hold.
        var isUnknown = kept.Count == 0 && all is null && hidden is not null;
        if (isUnknown)
            shown = [.. shown.Select(part => part.Status == PartStatus.Passed ? part with { Points = 0, Status = PartStatus.Failed, Message = HiddenFailed } : part)];
        return Finished(shown, kept, all is null && hidden is not null ? HiddenProblem(run) : "");
    }

    // Written by the grader alone: a sentence from the worker could carry what the hidden tests asked.
    private static string HiddenProblem(CellResult? run) => run?.Status switch
    {
        null => "The hidden tests were not run, because the session had ended before.",
        CellStatus.TimedOut or CellStatus.Cancelled => "The hidden tests ran out of time.",
        CellStatus.Crashed => "The session ended while the hidden tests ran.",
        CellStatus.Error => "The hidden tests ended with an error.",
        _ => "The hidden tests gave no result that can be counted.",
    };

    private ExerciseResult Finished(List<PartResult> visible, List<PartResult> hidden, string message)
    {
        PartResult[] all = [.. visible, .. hidden];
        var points = Math.Clamp(Math.Round(all.Sum(part => part.Points), 9), 0, cell.Possible);
        return Blank(StatusOf(all, points), message) with { Points = points, VisibleParts = visible, HiddenParts = hidden };
    }

    private ScoreStatus StatusOf(PartResult[] parts, double points) =>
        parts.Length > 0 && Array.TrueForAll(parts, part => part.Status == PartStatus.Passed) && points >= cell.Possible - Tolerance ? ScoreStatus.Passed
        : points > 0 ? ScoreStatus.Partial
        : Array.Exists(parts, part => part.Status is PartStatus.Failed or PartStatus.Error) ? ScoreStatus.Failed
        : ScoreStatus.NotAttempted;

    /// <summary>Which of the reference's parts the student sees: those of the same name and points, in order.</summary>
    private bool[] Match(List<PartResult> visible)
    {
        var isSeen = new bool[reference!.Parts.Count];
        var next = 0;
        for (var i = 0; i < isSeen.Length && next < visible.Count; i++)
        {
            if (reference.Parts[i].Name == visible[next].Name && Same(reference.Parts[i].Possible, visible[next].Possible))
                (isSeen[i], next) = (true, next + 1);
        }

        // Names that hold a number of the student's differ: then the first parts are the visible ones.
        if (next < visible.Count)
        {
            Array.Fill(isSeen, false);
            Array.Fill(isSeen, true, 0, Math.Min(visible.Count, isSeen.Length));
        }

        return isSeen;
    }

    /// <summary>The parts of a run with all tests, if they are those of the reference.</summary>
    private List<PartResult>? Complete(CellResult? run) =>
        Believable(run, hasAllTests: true) is { } parts && parts.Count == reference!.Parts.Count && parts.Zip(reference.Parts).All(pair => Same(pair.First.Possible, pair.Second.Possible))
            ? parts
            : null;

    /// <summary>The parts of a score, if they are such as the kit's exercise makes and give no more points than the cell has.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hasAllTests">Whether it ran the very tests that the reference ran.</param>
    private List<PartResult>? Believable(CellResult? run, bool hasAllTests)
    {
        if (run is not { Status: CellStatus.Ok, Score: { } score } || score.Parts.Sum(part => part.Possible) > cell.Possible + Tolerance)
            return null;
        if (reference is not null && (score.Parts.Count > reference.Parts.Count || score.Exercise != reference.Exercise))
            return null;
        var parts = new List<PartResult>();
        foreach (var part in score.Parts)
        {
            if (!Enum.TryParse<PartStatus>(part.Status, out var status) || !Same(part.Points, status == PartStatus.Passed ? part.Possible : 0) || !(part.Possible >= 0))
                return null;
            var known = hasAllTests && score.Parts.Count == reference?.Parts.Count ? reference.Parts[parts.Count] : null;
            var isContradicted = status == PartStatus.Passed && !IsConfirmed(part, known);
            IsContradicted |= isContradicted;
            parts.Add(isContradicted
                ? new PartResult(part.Name, 0, part.Possible, PartStatus.Failed, NotConfirmed)
                : new PartResult(part.Name, part.Points, part.Possible, status, part.Message));
        }

        return parts;
    }

    /// <summary>
    /// Decides by the values themselves, here, where no code of the student runs: all of them must be right, and there
    /// must be some where the reference had some.
    /// </summary>
    private static bool IsConfirmed(CellScorePart part, CellScorePart? known) =>
        part.Comparisons.All(comparison => Comparison.TryParse(comparison) is { Holds: true })
        && (part.Comparisons.Count > 0 || known is not { Comparisons.Count: > 0 });

    private static bool Same(double one, double other) => Math.Abs(one - other) <= Tolerance;

    private static ScoreStatus StatusOf(CellStatus status) => status switch
    {
        CellStatus.TimedOut => ScoreStatus.TimedOut,
        CellStatus.Crashed => ScoreStatus.Crashed,
        CellStatus.Cancelled => ScoreStatus.NotRun,
        _ => ScoreStatus.Error,
    };
}
