namespace CourseKit;

/// <summary>The examples whose predicted probability falls into one bin.</summary>
/// <param name="MeanPredicted">Their mean predicted probability (of the positive class, or of the class that was chosen).</param>
/// <param name="Fraction">The share of them that is positive (or whose chosen class is right).</param>
/// <param name="Count">How many they are.</param>
public readonly record struct CalibrationBin(double MeanPredicted, double Fraction, int Count);

public static partial class Metrics
{
    /// <summary>
    /// The mean of -ln of the probability given to what is true, in nats. Probabilities are kept one rounding of their
    /// device's numbers away from 0 and 1 (2^-23 in float32, 2^-52 in double, as in scikit-learn), so that one certain
    /// mistake costs much and not infinity.
    /// </summary>
    /// <param name="probabilities">The probability of class 1 of each example.</param>
    /// <param name="targets">0 or 1 for each example, in the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example, a probability is not between 0 and 1, or a target is not 0 or 1.</exception>
    public static double LogLoss(Tensor probabilities, Tensor targets)
        => LogLoss(MetricCheck.Binary("LogLoss", probabilities, targets), probabilities);

    /// <inheritdoc cref="LogLoss(Tensor, Tensor)"/>
    /// <param name="probabilities">The probability of class 1 of each example (N or N x 1), or of each class (N x classes, each row summing to 1).</param>
    /// <param name="actual">The class of each example, N.</param>
    public static double LogLoss(Tensor probabilities, IntTensor actual)
    {
        if (!IsOfSeveralClasses(probabilities))
            return LogLoss(MetricCheck.Binary("LogLoss", probabilities, actual), probabilities);
        var (rows, classes) = MetricCheck.ScoresOfClasses("LogLoss", probabilities, actual);
        MetricCheck.RowsSumToOne("LogLoss", rows, classes);
        var rounding = Rounding(probabilities);
        return Enumerable.Range(0, actual.Count).Average(row => -Math.Log(Math.Clamp(rows[row * classes + actual[row]], rounding, 1 - rounding)));
    }

    /// <summary>The mean squared distance of the probability of class 1 from what happened, 0 or 1 (Brier 1950). 0 is perfect; always saying 0.5 gives 0.25.</summary>
    /// <param name="probabilities">The probability of class 1 of each example.</param>
    /// <param name="targets">0 or 1 for each example, in the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example, a probability is not between 0 and 1, or a target is not 0 or 1.</exception>
    public static double BrierScore(Tensor probabilities, Tensor targets) => BrierScore(MetricCheck.Binary("BrierScore", probabilities, targets));

    /// <inheritdoc cref="BrierScore(Tensor, Tensor)"/>
    public static double BrierScore(Tensor probabilities, IntTensor targets) => BrierScore(MetricCheck.Binary("BrierScore", probabilities, targets));

    /// <summary>
    /// Predicted probability against what happened, in bins of equal width; each bin holds its upper edge, the first one 0
    /// too, and empty bins are left out. Of a calibrated model both numbers of a bin are equal, within chance.
    /// </summary>
    /// <param name="probabilities">The probability of class 1 of each example.</param>
    /// <param name="targets">0 or 1 for each example, in the same shape.</param>
    /// <param name="bins">Bins between 0 and 1.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example, a probability is not between 0 and 1, a target is not 0 or 1, or there is no bin.</exception>
    public static IReadOnlyList<CalibrationBin> CalibrationCurve(Tensor probabilities, Tensor targets, int bins = 10)
        => Binned("CalibrationCurve", MetricCheck.Binary("CalibrationCurve", probabilities, targets), bins);

    /// <inheritdoc cref="CalibrationCurve(Tensor, Tensor, int)"/>
    /// <param name="probabilities">
    /// The probability of class 1 of each example (N or N x 1), or of each class (N x classes): then a bin tells how often
    /// the class with the highest probability is right.
    /// </param>
    /// <param name="actual">The class of each example, N.</param>
    /// <param name="bins">Bins between 0 and 1.</param>
    public static IReadOnlyList<CalibrationBin> CalibrationCurve(Tensor probabilities, IntTensor actual, int bins = 10)
        => Binned("CalibrationCurve", Confidences("CalibrationCurve", probabilities, actual), bins);

    /// <summary>
    /// The mean distance between predicted probability and what happened over the bins of <see cref="CalibrationCurve(Tensor, Tensor, int)"/>,
    /// each weighted by its examples (Naeini, Cooper, Hauskrecht 2015; for several classes Guo, Pleiss, Sun, Weinberger 2017). 0 to 1.
    /// </summary>
    /// <inheritdoc cref="CalibrationCurve(Tensor, Tensor, int)"/>
    public static double ExpectedCalibrationError(Tensor probabilities, Tensor targets, int bins = 10)
        => Error(Binned("ExpectedCalibrationError", MetricCheck.Binary("ExpectedCalibrationError", probabilities, targets), bins));

    /// <inheritdoc cref="ExpectedCalibrationError(Tensor, Tensor, int)"/>
    /// <param name="probabilities">The probability of class 1 of each example (N or N x 1), or of each class (N x classes).</param>
    /// <param name="actual">The class of each example, N.</param>
    /// <param name="bins">Bins between 0 and 1.</param>
    public static double ExpectedCalibrationError(Tensor probabilities, IntTensor actual, int bins = 10)
        => Error(Binned("ExpectedCalibrationError", Confidences("ExpectedCalibrationError", probabilities, actual), bins));

    private static double LogLoss((double[] Probabilities, int[] Actual) examples, Tensor of)
    {
        MetricCheck.Probabilities("LogLoss", examples.Probabilities);
        var rounding = Rounding(of);
        return examples.Probabilities.Zip(examples.Actual, (p, actual) =>
        {
            var kept = Math.Clamp(p, rounding, 1 - rounding);
            return -Math.Log(actual == 1 ? kept : 1 - kept);
        }).Average();
    }

    private static double BrierScore((double[] Probabilities, int[] Actual) examples)
    {
        MetricCheck.Probabilities("BrierScore", examples.Probabilities);
        return examples.Probabilities.Zip(examples.Actual, (p, actual) => (p - actual) * (p - actual)).Average();
    }

    private static double Rounding(Tensor of) => of.Device.Precision == 64 ? Math.Pow(2, -52) : Math.Pow(2, -23);

    private static bool IsOfSeveralClasses(Tensor probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return probabilities.Shape.Rank == 2 && probabilities.Shape[1] != 1;
    }

    /// <summary>The probability that something is so, and whether it is: class 1, or the class with the highest probability.</summary>
    private static (double[] Probabilities, int[] Happened) Confidences(string metric, Tensor probabilities, IntTensor actual)
    {
        if (!IsOfSeveralClasses(probabilities))
            return MetricCheck.Binary(metric, probabilities, actual);
        var (rows, classes) = MetricCheck.ScoresOfClasses(metric, probabilities, actual);
        MetricCheck.RowsSumToOne(metric, rows, classes);
        var chosen = probabilities.ArgMax(1);
        return ([.. Enumerable.Range(0, actual.Count).Select(row => rows[row * classes + chosen[row]])],
            [.. Enumerable.Range(0, actual.Count).Select(row => chosen[row] == actual[row] ? 1 : 0)]);
    }

    private static CalibrationBin[] Binned(string metric, (double[] Probabilities, int[] Happened) examples, int bins)
    {
        MetricCheck.Bins(bins);
        MetricCheck.Probabilities(metric, examples.Probabilities);
        var sums = new (double Predicted, int Happened, int Count)[bins];
        for (var i = 0; i < examples.Probabilities.Length; i++)
        {
            ref var bin = ref sums[Math.Max(0, (int)Math.Ceiling(examples.Probabilities[i] * bins) - 1)];
            bin = (bin.Predicted + examples.Probabilities[i], bin.Happened + examples.Happened[i], bin.Count + 1);
        }
        return [.. sums.Where(bin => bin.Count > 0).Select(bin => new CalibrationBin(bin.Predicted / bin.Count, (double)bin.Happened / bin.Count, bin.Count))];
    }

    private static double Error(CalibrationBin[] bins)
        => bins.Sum(bin => bin.Count * Math.Abs(bin.MeanPredicted - bin.Fraction)) / bins.Sum(bin => bin.Count);
}
