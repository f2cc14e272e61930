using ILGPU;

namespace CourseKit;

/// <summary>A tensor seen as outer x length x inner, of which each of the middle axis's groups is normalized.</summary>
internal readonly struct NormalizedGroups(int outer, int length, int inner, double epsilon)
{
    public readonly int Outer = outer, Length = length, Inner = inner;
    public readonly double Epsilon = epsilon;

    public int At(int o, int group, int i) => (o * Length + group) * Inner + i;
}

// Two passes: one thread for each group finds its sums, then one for each number applies them.
internal static class NormalizationKernels
{
    public static void Moments(Index1D group, ArrayView<float> x, ArrayView<float> mean, ArrayView<float> variance, NormalizedGroups of)
    {
        var count = (double)of.Outer * of.Inner;
        var sum = 0.0;
        for (var o = 0; o < of.Outer; o++)
            for (var i = 0; i < of.Inner; i++)
                sum += x[of.At(o, group, i)];
        var average = sum / count;
        var squares = 0.0;
        for (var o = 0; o < of.Outer; o++)
            for (var i = 0; i < of.Inner; i++)
            {
                var deviation = x[of.At(o, group, i)] - average;
                squares += deviation * deviation;
            }
        mean[group] = (float)average;
        variance[group] = (float)(squares / count);
    }

    public static void Standardize(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<float> mean, ArrayView<float> variance, NormalizedGroups of)
    {
        var group = i / of.Inner % of.Length;
        y[i] = (float)((x[i] - (double)mean[group]) / Math.Sqrt(variance[group] + of.Epsilon));
    }

    /// <summary>The sums of dy and of dy y of each group, one after the other.</summary>
    public static void GradientSums(Index1D group, ArrayView<float> y, ArrayView<float> dy, ArrayView<double> sums, NormalizedGroups of)
    {
        double sum = 0, withY = 0;
        for (var o = 0; o < of.Outer; o++)
            for (var i = 0; i < of.Inner; i++)
            {
                var at = of.At(o, group, i);
                sum += dy[at];
                withY += (double)dy[at] * y[at];
            }
        sums[2 * group] = sum;
        sums[2 * group + 1] = withY;
    }

    public static void Gradient(Index1D i, StandardizedViews from, ArrayView<double> sums, ArrayView<float> dx, NormalizedGroups of, int accumulate)
    {
        var group = i / of.Inner % of.Length;
        var count = (double)of.Outer * of.Inner;
        var gradient = (float)((from.Dy[i] - sums[2 * group] / count - from.Y[i] * sums[2 * group + 1] / count) / Math.Sqrt(from.Variance[group] + of.Epsilon));
        dx[i] = accumulate != 0 ? dx[i] + gradient : gradient;
    }
}

/// <summary>What the derivative of a standardization is computed from.</summary>
internal readonly struct StandardizedViews(ArrayView<float> y, ArrayView<float> dy, ArrayView<float> variance)
{
    public readonly ArrayView<float> Y = y, Dy = dy, Variance = variance;
}
