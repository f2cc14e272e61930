using MathNet.Numerics.Distributions;

namespace CourseKit;

/// <summary>An estimate and the range that holds the truth in a given share of repetitions of the whole experiment.</summary>
/// <param name="Estimate">What was measured.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Confidence">The share, for example 0.95.</param>
[TypeFormatterSource(typeof(TextFormatterSource))]
public readonly record struct ConfidenceInterval(double Estimate, double Low, double High, double Confidence)
{
    /// <summary>
    /// The interval of a proportion, such as an accuracy on a test part (Wilson 1927, without continuity correction). It
    /// stays between 0 and 1 and is right for few examples and for proportions near 0 and 1, where the usual
    /// plus-or-minus interval is not.
    /// </summary>
    /// <param name="successes">How often it came out, for example right answers.</param>
    /// <param name="trials">How often it was tried.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <exception cref="ArgumentException">No trial, more successes than trials, or a confidence outside 0 to 1.</exception>
    public static ConfidenceInterval Wilson(int successes, int trials, double confidence = 0.95)
    {
        MetricCheck.Proportion(successes, trials);
        MetricCheck.Confidence(confidence);
        var z = Normal.InvCDF(0, 1, 0.5 + confidence / 2);
        double n = trials, share = successes / n;
        var middle = (share + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        // At the ends rounding alone would leave 1e-17.
        return new ConfidenceInterval(share, successes == 0 ? 0 : middle - half, successes == trials ? 1 : middle + half, confidence);
    }

    /// <summary>
    /// The interval of a mean by the percentile bootstrap (Efron 1979): the mean is taken of many resamples with replacement,
    /// and the interval is where the middle share of these means lies. It wants no formula and some 20 values or more.
    /// </summary>
    /// <param name="values">What was measured, one for each example (or repetition).</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="resamples">How many resamples are drawn.</param>
    /// <param name="generator">Where they come from; the shared one by default.</param>
    /// <exception cref="ArgumentException">There is no value or no resample, a value is NaN, or a confidence outside 0 to 1.</exception>
    public static ConfidenceInterval BootstrapMean(IReadOnlyList<double> values, double confidence = 0.95, int resamples = 10_000, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        MetricCheck.BootstrapSample(values, resamples);
        MetricCheck.Confidence(confidence);
        generator ??= Generator.Default;
        var means = new double[resamples];
        for (var resample = 0; resample < resamples; resample++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
                sum += values[generator.NextInt(values.Count)];
            means[resample] = sum / values.Count;
        }
        Array.Sort(means);
        return new ConfidenceInterval(values.Average(), Percentile(means, (1 - confidence) / 2), Percentile(means, (1 + confidence) / 2), confidence);
    }

    /// <summary>The estimate with its interval.</summary>
    public override string ToString() => FormattableString.Invariant($"{Estimate:G4} ({Confidence:P0} interval {Low:G4} to {High:G4})");

    /// <summary>Between two sorted values in proportion, as NumPy does.</summary>
    private static double Percentile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}
