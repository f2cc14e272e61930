using ILGPU;

namespace CourseKit;

/// <summary>A tensor seen as outer x length x inner; a reduction is over the middle axis.</summary>
internal readonly struct MiddleAxis(int length, int inner)
{
    public readonly int Length = length, Inner = inner;

    /// <summary>Where the run of a reduced place begins; its numbers are Inner apart.</summary>
    public int Start(int place) => place / Inner * Length * Inner + place % Inner;
}

// One thread for each result: it walks its run from the first number to the last, in doubles. A long run is cut into parts, by its length alone, so that
// few results have work for many threads; the parts are added in order.
internal static class ReductionKernels
{
    public static void Sum(Index1D i, ArrayView<float> x, ArrayView<float> y, MiddleAxis axis, double scale, int accumulate)
    {
        var start = axis.Start(i);
        var sum = 0.0;
        for (var l = 0; l < axis.Length; l++)
            sum += x[start + l * axis.Inner];
        y[i] = (float)(sum * scale + (accumulate != 0 ? y[i] : 0));
    }

    /// <summary>Part p of P of a run takes its numbers p, p + P, p + 2P and so on: neighbouring threads read neighbouring numbers.</summary>
    public static void SumParts(Index1D i, ArrayView<float> x, ArrayView<double> sums, MiddleAxis axis, int parts)
    {
        int part = i / axis.Inner % parts, outer = i / (axis.Inner * parts);
        var start = outer * axis.Length * axis.Inner + i % axis.Inner;
        var sum = 0.0;
        for (var l = part; l < axis.Length; l += parts)
            sum += x[start + l * axis.Inner];
        sums[i] = sum;
    }

    public static void SumOfParts(Index1D i, ArrayView<double> sums, ArrayView<float> y, MiddleAxis parts, double scale, int accumulate)
    {
        var start = parts.Start(i);
        var sum = 0.0;
        for (var p = 0; p < parts.Length; p++)
            sum += sums[start + p * parts.Inner];
        y[i] = (float)(sum * scale + (accumulate != 0 ? y[i] : 0));
    }

    public static void Spread(Index1D i, ArrayView<float> x, ArrayView<float> y, MiddleAxis axis, double scale, int accumulate)
    {
        var value = (float)(x[i / (axis.Length * axis.Inner) * axis.Inner + i % axis.Inner] * scale);
        y[i] = accumulate != 0 ? y[i] + value : value;
    }

    public static void Maximum(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<int> positions, MiddleAxis axis)
    {
        var start = axis.Start(i);
        var best = 0;
        var most = x[start];
        for (var l = 1; l < axis.Length; l++)
        {
            var value = x[start + l * axis.Inner];
            if (Largest.IsLess(most, value))
                (best, most) = (l, value);
        }
        y[i] = most;
        positions[i] = best;
    }

    public static void CumulativeSum(Index1D i, ArrayView<float> x, ArrayView<float> y, MiddleAxis axis, int reverse, int accumulate)
    {
        var start = axis.Start(i);
        var sum = 0.0;
        for (var step = 0; step < axis.Length; step++)
        {
            var at = start + (reverse != 0 ? axis.Length - 1 - step : step) * axis.Inner;
            sum += x[at];
            y[at] = (float)(sum + (accumulate != 0 ? y[at] : 0));
        }
    }
}
