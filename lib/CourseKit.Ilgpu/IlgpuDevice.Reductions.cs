using ILGPU;

namespace CourseKit;

public sealed partial class IlgpuDevice
{
    /// <inheritdoc/>
    public override void Sum(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
        => Kernels.Run(ReductionKernels.Sum, outer * inner, Of(x), Of(y), new MiddleAxis(length, inner), scale, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void Spread(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
        => Kernels.Run(ReductionKernels.Spread, outer * length * inner, Of(x), Of(y), new MiddleAxis(length, inner), scale, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void Maximum(StorageView x, StorageView y, Span<int> positions, int outer, int length, int inner)
    {
        var count = outer * inner;
        if (count == 0)
            return;
        var places = Indices.Rent(count);
        Kernels.Run(ReductionKernels.Maximum, count, Of(x), Of(y), (ArrayView<int>)places.View.SubView(0, count), new MiddleAxis(length, inner));
        Indices.Read(places, positions[..count]);
    }

    /// <inheritdoc/>
    public override void CumulativeSum(StorageView x, StorageView y, int outer, int length, int inner, bool reverse, bool accumulate)
        => Kernels.Run(ReductionKernels.CumulativeSum, length == 0 ? 0 : outer * inner, Of(x), Of(y), new MiddleAxis(length, inner), reverse ? 1 : 0, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void Sort(StorageView x, Span<int> positions, int outer, int length, int inner, bool descending)
    {
        // The places are wanted on the host, and sorting is no work for a thread per number: the host sorts.
        var numbers = new float[x.Length];
        Read(x, numbers);
        var copy = Cpu.Rent(numbers.Length);
        var view = new StorageView(copy, 0, numbers.Length);
        Cpu.Write(numbers, view);
        Cpu.Sort(view, positions, outer, length, inner, descending);
        Cpu.Return(copy);
    }

    /// <inheritdoc/>
    public override void Softmax(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm)
        => Kernels.Run(ReductionKernels.Softmax, length == 0 ? 0 : outer * inner, Of(x), Of(y), new MiddleAxis(length, inner), logarithm ? 1 : 0);

    /// <inheritdoc/>
    public override void SoftmaxBackward(StorageView y, StorageView dy, StorageView dx, int outer, int length, int inner, bool logarithm, bool accumulate)
        => Kernels.Run(ReductionKernels.SoftmaxBackward, length == 0 ? 0 : outer * inner, Of(y), Of(dy), Of(dx), new MiddleAxis(length, inner), logarithm ? 1 : 0, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void Standardize(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, double epsilon)
    {
        var groups = new NormalizedGroups(outer, length, inner, epsilon);
        Kernels.Run(NormalizationKernels.Moments, length, Of(x), Of(mean), Of(variance), groups);
        Kernels.Run(NormalizationKernels.Standardize, outer * length * inner, Of(x), Of(y), Of(mean), Of(variance), groups);
    }

    /// <inheritdoc/>
    public override void StandardizeBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, double epsilon, bool accumulate)
    {
        if (length == 0)
            return;
        var groups = new NormalizedGroups(outer, length, inner, epsilon);
        using var sums = Accelerator.Allocate1D<double>(2 * length);
        Kernels.Run(NormalizationKernels.GradientSums, length, Of(y), Of(dy), (ArrayView<double>)sums.View, groups);
        Kernels.Run(NormalizationKernels.Gradient, outer * length * inner, new StandardizedViews(Of(y), Of(dy), Of(variance)), (ArrayView<double>)sums.View, Of(dx), groups, accumulate ? 1 : 0);
    }

    /// <inheritdoc/>
    public override void Draw(Distribution distribution, StorageView target, ulong seed, ulong position, double a, double b)
        => Kernels.Run(distribution == Distribution.Uniform ? DrawKernels.Uniform : DrawKernels.Normal, target.Length, Of(target), new DrawPlan(seed, position, a, b));
}
