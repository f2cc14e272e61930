namespace CourseKit;

/// <summary>How false alarms are traded against hits when the threshold falls.</summary>
/// <param name="FalsePositiveRate">The share of negatives at or above each threshold, 0 to 1, rising.</param>
/// <param name="TruePositiveRate">The share of positives at or above each threshold, 0 to 1, rising.</param>
/// <param name="Thresholds">The thresholds, falling: infinity, where nothing is called positive, and every score there is.</param>
public sealed record RocCurve(IReadOnlyList<double> FalsePositiveRate, IReadOnlyList<double> TruePositiveRate, IReadOnlyList<double> Thresholds);

/// <summary>How precision is traded against recall when the threshold rises.</summary>
/// <param name="Precision">Of those at or above each threshold, the share that is positive; the last point, without a threshold, is 1.</param>
/// <param name="Recall">Of the positives, the share at or above each threshold, falling; the last point, without a threshold, is 0.</param>
/// <param name="Thresholds">The thresholds, rising: every score there is; one less than points.</param>
public sealed record PrecisionRecallCurve(IReadOnlyList<double> Precision, IReadOnlyList<double> Recall, IReadOnlyList<double> Thresholds);

public static partial class Metrics
{
    /// <summary>The receiver operating characteristic. Equal scores are one point, so that their order in the data does not matter; no point is left out.</summary>
    /// <param name="scores">The score (or probability) of the positive class of each example; only their order matters.</param>
    /// <param name="targets">0 or 1 for each example, in the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example, a score is NaN, a target is not 0 or 1, or all targets are the same.</exception>
    public static RocCurve RocCurve(Tensor scores, Tensor targets) => RocCurve(MetricCheck.Binary("RocCurve", scores, targets));

    /// <inheritdoc cref="RocCurve(Tensor, Tensor)"/>
    public static RocCurve RocCurve(Tensor scores, IntTensor targets) => RocCurve(MetricCheck.Binary("RocCurve", scores, targets));

    /// <summary>
    /// The area under the ROC curve: the probability that a positive example has a higher score than a negative one, equal
    /// scores counting half (Hanley and McNeil 1982). 0.5 is guessing, 1 is perfect order.
    /// </summary>
    /// <inheritdoc cref="RocCurve(Tensor, Tensor)"/>
    public static double RocAuc(Tensor scores, Tensor targets) => RocAuc(MetricCheck.Binary("RocAuc", scores, targets));

    /// <inheritdoc cref="RocAuc(Tensor, Tensor)"/>
    public static double RocAuc(Tensor scores, IntTensor targets) => RocAuc(MetricCheck.Binary("RocAuc", scores, targets));

    /// <summary>Precision and recall at every threshold. For rare positives it says more than the ROC curve.</summary>
    /// <param name="scores">The score (or probability) of the positive class of each example; only their order matters.</param>
    /// <param name="targets">0 or 1 for each example, in the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example, a score is NaN, a target is not 0 or 1, or none is 1.</exception>
    public static PrecisionRecallCurve PrecisionRecallCurve(Tensor scores, Tensor targets) => PrecisionRecallCurve(MetricCheck.Binary("PrecisionRecallCurve", scores, targets));

    /// <inheritdoc cref="PrecisionRecallCurve(Tensor, Tensor)"/>
    public static PrecisionRecallCurve PrecisionRecallCurve(Tensor scores, IntTensor targets) => PrecisionRecallCurve(MetricCheck.Binary("PrecisionRecallCurve", scores, targets));

    /// <summary>The mean of the precision over the steps in recall, sum of (R_n - R_(n-1)) P_n: the area under the precision-recall curve without interpolation, which would flatter.</summary>
    /// <inheritdoc cref="PrecisionRecallCurve(Tensor, Tensor)"/>
    public static double AveragePrecision(Tensor scores, Tensor targets) => AveragePrecision(MetricCheck.Binary("AveragePrecision", scores, targets));

    /// <inheritdoc cref="AveragePrecision(Tensor, Tensor)"/>
    public static double AveragePrecision(Tensor scores, IntTensor targets) => AveragePrecision(MetricCheck.Binary("AveragePrecision", scores, targets));

    private static RocCurve RocCurve((double[] Scores, int[] Actual) examples)
    {
        var steps = Steps(examples);
        var (positives, negatives) = (steps[^1].Hits, steps[^1].Alarms);
        MetricCheck.BothClasses("A ROC curve", positives, examples.Actual.Length);
        return new RocCurve(
            [0, .. steps.Select(step => (double)step.Alarms / negatives)],
            [0, .. steps.Select(step => (double)step.Hits / positives)],
            [double.PositiveInfinity, .. steps.Select(step => step.Threshold)]);
    }

    private static double RocAuc((double[] Scores, int[] Actual) examples)
    {
        var curve = RocCurve(examples);
        var area = 0.0;
        for (var i = 1; i < curve.Thresholds.Count; i++)
            area += (curve.FalsePositiveRate[i] - curve.FalsePositiveRate[i - 1]) * (curve.TruePositiveRate[i] + curve.TruePositiveRate[i - 1]) / 2;
        return area;
    }

    private static PrecisionRecallCurve PrecisionRecallCurve((double[] Scores, int[] Actual) examples)
    {
        var steps = Steps(examples);
        var positives = steps[^1].Hits;
        MetricCheck.SomePositive("A precision-recall curve", positives, examples.Actual.Length);
        steps.Reverse();
        return new PrecisionRecallCurve(
            [.. steps.Select(step => (double)step.Hits / (step.Hits + step.Alarms)), 1],
            [.. steps.Select(step => (double)step.Hits / positives), 0],
            [.. steps.Select(step => step.Threshold)]);
    }

    private static double AveragePrecision((double[] Scores, int[] Actual) examples)
    {
        var curve = PrecisionRecallCurve(examples);
        return curve.Thresholds.Select((_, i) => (curve.Recall[i] - curve.Recall[i + 1]) * curve.Precision[i]).Sum();
    }

    /// <summary>For each distinct score, highest first: how many positives and how many negatives are at or above it.</summary>
    private static List<(double Threshold, int Hits, int Alarms)> Steps((double[] Scores, int[] Actual) examples)
    {
        var order = Enumerable.Range(0, examples.Scores.Length).OrderByDescending(i => examples.Scores[i]).ToArray();
        var steps = new List<(double, int, int)>();
        int hits = 0, alarms = 0;
        for (var place = 0; place < order.Length; place++)
        {
            var score = examples.Scores[order[place]];
            if (examples.Actual[order[place]] == 1)
                hits++;
            else
                alarms++;
            if (place + 1 == order.Length || examples.Scores[order[place + 1]] != score)
                steps.Add((score, hits, alarms));
        }
        return steps;
    }
}
