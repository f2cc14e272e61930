namespace CourseKit;

public static partial class Metrics
{
    /// <summary>The mean distance of predictions from targets, in the targets' unit.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example, or a number is NaN.</exception>
    public static double MeanAbsoluteError(Tensor predicted, Tensor actual)
    {
        var (p, a) = MetricCheck.Pairs("MeanAbsoluteError", predicted, actual);
        return p.Zip(a, (x, y) => Math.Abs(x - y)).Average();
    }

    /// <summary>The root of the mean squared distance of predictions from targets, in the targets' unit; large mistakes count more than in <see cref="MeanAbsoluteError"/>.</summary>
    /// <inheritdoc cref="MeanAbsoluteError"/>
    public static double RootMeanSquaredError(Tensor predicted, Tensor actual)
    {
        var (p, a) = MetricCheck.Pairs("RootMeanSquaredError", predicted, actual);
        return Math.Sqrt(MeanSquare(p, a));
    }

    /// <summary>
    /// The share of the targets' variance that the predictions explain, 1 - sum (y - p)^2 / sum (y - mean y)^2: 1 is
    /// perfect, 0 is no better than always saying the mean, below 0 is worse. For targets that do not vary it is 1 if the
    /// predictions are exact, else 0 (as in scikit-learn).
    /// </summary>
    /// <inheritdoc cref="MeanAbsoluteError"/>
    public static double R2(Tensor predicted, Tensor actual)
    {
        var (p, a) = MetricCheck.Pairs("R2", predicted, actual);
        var mean = a.Average();
        var around = a.Sum(y => (y - mean) * (y - mean));
        var missed = MeanSquare(p, a) * a.Length;
        return around > 0 ? 1 - missed / around : missed == 0 ? 1 : 0;
    }

    private static double MeanSquare(double[] predicted, double[] actual) => predicted.Zip(actual, (x, y) => (x - y) * (x - y)).Average();
}
