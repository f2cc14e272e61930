using ILGPU;

namespace CourseKit;

/// <summary>A tensor seen as outer x length x inner, of which each of the middle axis's groups is normalized.</summary>
internal readonly struct NormalizedGroups(int outer, int length, int inner, double epsilon)
{
    public readonly int Outer = outer, Length = length, Inner = inner;
    public readonly double Epsilon = epsilon;

    public int At(int o, int group, int i) => (o * Length + group) * Inner + i;
}

// The sums of a group are cut into parts as those of a reduction are; then one thread for each number applies them.
internal static class NormalizationKernels
{
    public static void SumParts(Index1D i, ArrayView<float> x, ArrayView<double> sums, NormalizedGroups of, int parts)
    {
        var sum = 0.0;
        for (var k = i % parts; k < of.Outer * of.Inner; k += parts)
            sum += x[of.At(k / of.Inner, i / parts, k % of.Inner)];
        sums[i] = sum;
    }

    /// <summary>Squared distances from the mean, which as a single is off by its last digit at most: the variance is then off by the square of that.</summary>
    public static void SquareParts(Index1D i, ArrayView<float> x, ArrayView<float> mean, ArrayView<double> sums, NormalizedGroups of, int parts)
    {
        double average = mean[i / parts], sum = 0;
        for (var k = i % parts; k < of.Outer * of.Inner; k += parts)
        {
            var deviation = x[of.At(k / of.Inner, i / parts, k % of.Inner)] - average;
            sum += deviation * deviation;
        }
        sums[i] = sum;
    }

    public static void MeanOfParts(Index1D group, ArrayView<double> sums, ArrayView<float> mean, NormalizedGroups of, int parts)
    {
        var sum = 0.0;
        for (var p = 0; p < parts; p++)
            sum += sums[group * parts + p];
        mean[group] = (float)(sum / ((double)of.Outer * of.Inner));
    }

    public static void Standardize(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<float> mean, ArrayView<float> variance, NormalizedGroups of)
    {
        var group = i / of.Inner % of.Length;
        y[i] = (float)((x[i] - (double)mean[group]) / Math.Sqrt(variance[group] + of.Epsilon));
    }

    /// <summary>The sums of dy and of dy y of each part of each group, one after the other.</summary>
    public static void GradientParts(Index1D i, ArrayView<float> y, ArrayView<float> dy, ArrayView<double> sums, NormalizedGroups of, int parts)
    {
        double sum = 0, withY = 0;
        for (var k = i % parts; k < of.Outer * of.Inner; k += parts)
        {
            var at = of.At(k / of.Inner, i / parts, k % of.Inner);
            sum += dy[at];
            withY += (double)dy[at] * y[at];
        }
        sums[2 * i] = sum;
        sums[2 * i + 1] = withY;
    }

    public static void GradientSums(Index1D group, ArrayView<double> sumsOfParts, ArrayView<double> sums, int parts)
    {
        double sum = 0, withY = 0;
        for (var p = 0; p < parts; p++)
        {
            sum += sumsOfParts[2 * (group * parts + p)];
            withY += sumsOfParts[2 * (group * parts + p) + 1];
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
