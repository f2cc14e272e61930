using ILGPU;

namespace CourseKit;

public sealed partial class IlgpuDevice
{
    /// <inheritdoc/>
    public override void Sum(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
    {
        var results = outer * inner;
        var parts = PartsOf(length, results);
        if (parts == 1)
        {
            Kernels.Run(ReductionKernels.Sum, results, Of(x), Of(y), new MiddleAxis(length, inner), scale, accumulate ? 1 : 0);
            return;
        }
        var rented = RentDoubles(results * parts, out var sums);
        Kernels.Run(ReductionKernels.SumParts, results * parts, Of(x), sums, new MiddleAxis(length, inner), parts);
        Kernels.Run(ReductionKernels.SumOfParts, results, sums, Of(y), new MiddleAxis(parts, inner), scale, accumulate ? 1 : 0);
        Return(rented);
    }

    // Enough threads to fill a device, and enough numbers for each to be worth one.
    private const int ThreadsWanted = 1 << 15, NumbersOfPart = 64;

    /// <summary>Into how many parts the sums of runs are cut: a matter of their length and number alone, so that the order of a sum is always the same.</summary>
    private static int PartsOf(int length, int runs) => runs == 0 ? 1 : Math.Clamp(Math.Min(length / NumbersOfPart, ThreadsWanted / runs), 1, 1024);

    // Two singles hold a double.
    private Storage RentDoubles(int count, out ArrayView<double> view)
    {
        var storage = Rent(2 * count);
        view = Of(new StorageView(storage, 0, 2 * count)).Cast<double>();
        return storage;
    }

    /// <inheritdoc/>
    public override void Spread(StorageView x, StorageView y, int outer, int length, int inner, double scale, bool accumulate)
        => Kernels.Run(ReductionKernels.Spread, outer * length * inner, Of(x), Of(y), new MiddleAxis(length, inner), scale, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void Maximum(StorageView x, StorageView y, Span<int> positions, int outer, int length, int inner)
    {
        var count = outer * inner;
        if (count == 0)
            return;
        ArrayView<int> places = Indices.Rent(count).View.SubView(0, count);
        Kernels.Run(ReductionKernels.Maximum, count, Of(x), Of(y), places, new MiddleAxis(length, inner));
        Download(places, positions[..count]);
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

    // Shorter rows leave most threads of a group without work. Runs that are not rows lie side by side, and neighbouring threads walk neighbouring ones.
    private const int LeastLengthForGroups = 32;

    private bool WorthGroups(int outer, int length, int inner) => UsesGroups && outer > 0 && inner == 1 && length >= LeastLengthForGroups;

    /// <inheritdoc/>
    public override void Softmax(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm)
    {
        if (WorthGroups(outer, length, inner))
            Kernels.RunGroups(SoftmaxKernels.ForwardByGroups, new KernelConfig(outer, Groups.Threads), Of(x), Of(y), length, logarithm ? 1 : 0);
        else
            Kernels.Run(SoftmaxKernels.Forward, length == 0 ? 0 : outer * inner, Of(x), Of(y), new MiddleAxis(length, inner), logarithm ? 1 : 0);
    }

    /// <inheritdoc/>
    public override void SoftmaxBackward(StorageView y, StorageView dy, StorageView dx, int outer, int length, int inner, bool logarithm, bool accumulate)
    {
        if (WorthGroups(outer, length, inner))
            Kernels.RunGroups(SoftmaxKernels.BackwardByGroups, new KernelConfig(outer, Groups.Threads), new SoftmaxGradient(Of(y), Of(dy), Of(dx)), length, logarithm ? 1 : 0, accumulate ? 1 : 0);
        else
            Kernels.Run(SoftmaxKernels.Backward, length == 0 ? 0 : outer * inner, Of(y), Of(dy), Of(dx), new MiddleAxis(length, inner), logarithm ? 1 : 0, accumulate ? 1 : 0);
    }

    /// <inheritdoc/>
    public override void Standardize(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, double epsilon)
    {
        var groups = new NormalizedGroups(outer, length, inner, epsilon);
        var parts = PartsOf(outer * inner, length);
        if (length == 0 || outer * inner == 0)
        {
            Fill(mean, double.NaN); // 0 divided by 0
            Fill(variance, double.NaN);
            return;
        }
        var rented = RentDoubles(length * parts, out var sums);
        Kernels.Run(NormalizationKernels.SumParts, length * parts, Of(x), sums, groups, parts);
        Kernels.Run(NormalizationKernels.MeanOfParts, length, sums, Of(mean), groups, parts);
        Kernels.Run(NormalizationKernels.SquareParts, length * parts, Of(x), Of(mean), sums, groups, parts);
        Kernels.Run(NormalizationKernels.MeanOfParts, length, sums, Of(variance), groups, parts);
        Return(rented);
        Kernels.Run(NormalizationKernels.Standardize, outer * length * inner, Of(x), Of(y), Of(mean), Of(variance), groups);
    }

    /// <inheritdoc/>
    public override void StandardizeBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, double epsilon, bool accumulate)
    {
        if (outer * length * inner == 0)
            return;
        var groups = new NormalizedGroups(outer, length, inner, epsilon);
        var parts = PartsOf(outer * inner, length);
        var rentedSums = RentDoubles(2 * length, out var sums);
        var rentedParts = RentDoubles(2 * length * parts, out var sumsOfParts);
        Kernels.Run(NormalizationKernels.GradientParts, length * parts, Of(y), Of(dy), sumsOfParts, groups, parts);
        Kernels.Run(NormalizationKernels.GradientSums, length, sumsOfParts, sums, parts);
        Kernels.Run(NormalizationKernels.Gradient, outer * length * inner, new StandardizedViews(Of(y), Of(dy), Of(variance)), sums, Of(dx), groups, accumulate ? 1 : 0);
        Return(rentedParts);
        Return(rentedSums);
    }

    /// <inheritdoc/>
    public override void Draw(Distribution distribution, StorageView target, ulong seed, ulong position, double a, double b)
        => Kernels.Run(distribution == Distribution.Uniform ? DrawKernels.Uniform : DrawKernels.Normal, target.Length, Of(target), new DrawPlan(seed, position, a, b));
}
