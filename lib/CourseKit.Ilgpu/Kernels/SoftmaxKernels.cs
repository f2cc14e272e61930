using ILGPU;

namespace CourseKit;

// One thread for each run, or, for rows that are long enough to share, one group of threads: each thread takes every 128th number, so that neighbouring
// threads read neighbouring numbers. All is shifted by the largest number and summed in doubles, in a fixed order.
internal static class SoftmaxKernels
{
    public static void Forward(Index1D i, ArrayView<float> x, ArrayView<float> y, MiddleAxis axis, int logarithm)
    {
        var start = axis.Start(i);
        double most = float.NegativeInfinity;
        for (var l = 0; l < axis.Length; l++)
        {
            double value = x[start + l * axis.Inner];
            if (Largest.IsLess(most, value))
                most = value;
        }
        var sum = 0.0;
        for (var l = 0; l < axis.Length; l++)
            sum += Math.Exp(x[start + l * axis.Inner] - most);
        var logSum = Math.Log(sum);
        for (var l = 0; l < axis.Length; l++)
        {
            var shifted = x[start + l * axis.Inner] - most;
            y[start + l * axis.Inner] = (float)(logarithm != 0 ? shifted - logSum : Math.Exp(shifted) / sum);
        }
    }

    public static void Backward(Index1D i, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, MiddleAxis axis, int logarithm, int accumulate)
    {
        var start = axis.Start(i);
        var sum = 0.0;
        for (var l = 0; l < axis.Length; l++)
        {
            var at = start + l * axis.Inner;
            sum += dy[at] * (logarithm != 0 ? 1.0 : y[at]);
        }
        for (var l = 0; l < axis.Length; l++)
        {
            var at = start + l * axis.Inner;
            var gradient = (float)(logarithm != 0 ? dy[at] - Math.Exp(y[at]) * sum : y[at] * (dy[at] - sum));
            dx[at] = accumulate != 0 ? dx[at] + gradient : gradient;
        }
    }

    public static void ForwardByGroups(ArrayView<float> x, ArrayView<float> y, int length, int logarithm)
    {
        var shared = SharedMemory.Allocate<double>(Groups.Threads);
        int first = Grid.IdxX * length + Group.IdxX, end = (Grid.IdxX + 1) * length;
        double most = float.NegativeInfinity;
        for (var at = first; at < end; at += Groups.Threads)
        {
            double value = x[at];
            if (Largest.IsLess(most, value))
                most = value;
        }
        most = Groups.Reduce<LargestOfTwo>(shared, most);
        var sum = 0.0;
        for (var at = first; at < end; at += Groups.Threads)
            sum += Math.Exp(x[at] - most);
        sum = Groups.Reduce<SumOfTwo>(shared, sum);
        var logSum = Math.Log(sum);
        for (var at = first; at < end; at += Groups.Threads)
        {
            var shifted = x[at] - most;
            y[at] = (float)(logarithm != 0 ? shifted - logSum : Math.Exp(shifted) / sum);
        }
    }

    public static void BackwardByGroups(SoftmaxGradient of, int length, int logarithm, int accumulate)
    {
        var shared = SharedMemory.Allocate<double>(Groups.Threads);
        int first = Grid.IdxX * length + Group.IdxX, end = (Grid.IdxX + 1) * length;
        var sum = 0.0;
        for (var at = first; at < end; at += Groups.Threads)
            sum += of.Dy[at] * (logarithm != 0 ? 1.0 : of.Y[at]);
        sum = Groups.Reduce<SumOfTwo>(shared, sum);
        for (var at = first; at < end; at += Groups.Threads)
        {
            var gradient = (float)(logarithm != 0 ? of.Dy[at] - Math.Exp(of.Y[at]) * sum : of.Y[at] * (of.Dy[at] - sum));
            of.Dx[at] = accumulate != 0 ? of.Dx[at] + gradient : gradient;
        }
    }
}

/// <summary>What the derivative of a softmax is computed from, and where it goes.</summary>
internal readonly struct SoftmaxGradient(ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx)
{
    public readonly ArrayView<float> Y = y, Dy = dy, Dx = dx;
}
