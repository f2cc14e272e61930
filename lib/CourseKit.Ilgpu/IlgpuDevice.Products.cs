using System.Buffers;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace CourseKit;

public sealed partial class IlgpuDevice
{
    // Below this many multiplications a tile of 64 x 64 is mostly edge.
    private const long MultiplicationsWorthTiles = 1 << 15;

    // Below this many, calling NVIDIA's library costs as much as it saves; above, it is called for each matrix of a batch by itself.
    private const long MultiplicationsWorthBlas = 1 << 22;
    private const int MatricesForBlas = 16;

    // A tile that is not filled in one direction computes for nothing.
    private const int LeastSideForTiles = 8;

    /// <summary>Whether groups of threads may work together: on the simulator each of a tile's 256 threads costs more than the product, so only where a test asks for it.</summary>
    internal bool UsesGroups { get; set; }

    /// <summary>Whether NVIDIA's matrix product may be used where its library is found; otherwise the kit's own.</summary>
    internal bool UsesBlas { get; set; } = true;

    /// <summary>Whether NVIDIA's matrix product is found; opens the device.</summary>
    internal bool HasBlas => opened.Value.Blas is not null;

    private bool WorthTiles(long multiplications, int m, int n, int k)
        => UsesGroups && (Kind == AcceleratorType.CPU || multiplications >= MultiplicationsWorthTiles && Math.Min(m, Math.Min(n, k)) >= LeastSideForTiles);

    /// <inheritdoc/>
    public override void MatMul(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int batch, int m, int n, int k, bool accumulate)
    {
        if (c.Length == 0)
            return;
        if (batch == 0 || k == 0)
        {
            if (!accumulate)
                Fill(c, 0);
            return;
        }
        var sumsBatch = batch > 1 && c.Length == m * n;
        int nextA = a.Length == m * k ? 0 : m * k, nextB = b.Length == k * n ? 0 : k * n;
        var multiplications = (long)m * n * k;
        if (UsesBlas && multiplications >= MultiplicationsWorthBlas && batch <= MatricesForBlas && opened.Value.Blas is { } blas)
            MultiplyByBlas(blas, Of(a), nextA, transposeA, Of(b), nextB, transposeB, Of(c), sumsBatch, batch, m, n, k, accumulate);
        else if (WorthTiles(multiplications * batch, m, n, k))
            RunTiles(TileKernels.Product, new TileSizes(batch, m, n, k, sumsBatch),
                new MatrixOperand(Of(a), nextA, transposeA ? m : k, transposeA, isLeft: true), new MatrixOperand(Of(b), nextB, transposeB ? k : n, transposeB, isLeft: false), new MatrixResult(Of(c), m, n, accumulate));
        else
            Kernels.Run(MatMulKernels.Simple, c.Length, Of(a), Of(b), Of(c), new ProductSizes(batch, m, n, k, transposeA, transposeB, nextA, nextB, sumsBatch, accumulate));
    }

    /// <inheritdoc/>
    public override void Linear(StorageView x, StorageView weight, StorageView bias, StorageView y, int rows, int inputs, int outputs, bool rectified)
    {
        MatMul(x, false, weight, true, y, 1, rows, outputs, inputs, accumulate: false);
        Kernels.Run(ElementwiseKernels.AddBias, y.Length, Of(y), Of(bias), 1, rectified ? 1 : 0);
    }

    /// <inheritdoc/>
    public override void ConvolutionWithBias(StorageView x, StorageView weight, StorageView bias, StorageView y, in ConvolutionPlan plan, bool rectified)
    {
        Convolution(x, weight, y, plan, accumulate: false);
        Kernels.Run(ElementwiseKernels.AddBias, y.Length, Of(y), Of(bias), plan.OutputArea, rectified ? 1 : 0);
    }

    /// <inheritdoc/>
    public override void ConvolutionBackwardInputWithBias(StorageView dy, StorageView weight, StorageView bias, StorageView dx, in ConvolutionPlan plan)
    {
        ConvolutionBackwardInput(dy, weight, dx, plan, accumulate: false);
        Kernels.Run(ElementwiseKernels.AddBias, dx.Length, Of(dx), Of(bias), plan.InputArea, 0);
    }

    private void MultiplyByBlas(CudaBlas blas, ArrayView<float> a, int nextA, bool transposeA, ArrayView<float> b, int nextB, bool transposeB, ArrayView<float> c, bool sumsBatch, int batch, int m, int n, int k, bool accumulate)
    {
        ThrowIfLost();
        try
        {
            for (var matrix = 0; matrix < batch; matrix++)
                blas.Multiply(a.SubView(matrix * nextA, m * k), transposeA, b.SubView(matrix * nextB, k * n), transposeB, c.SubView(sumsBatch ? 0 : matrix * m * n, m * n), m, n, k, accumulate || sumsBatch && matrix > 0);
        }
        catch (CudaException exception)
        {
            throw Lose(exception);
        }
        catch (CuBlasException exception)
        {
            throw Lose(new CudaException(exception.Message, exception));
        }
    }

    private void RunTiles<TLeft, TRight, TResult>(Action<TLeft, TRight, TResult, TileSizes> kernel, TileSizes of, TLeft left, TRight right, TResult result)
        where TLeft : struct where TRight : struct where TResult : struct
        => Kernels.RunGroups(kernel, new KernelConfig(of.Groups, Tiles.Threads), left, right, result, of);

    /// <inheritdoc/>
    public override void SparseMatMul(SparseMatrix a, StorageView x, StorageView y, int outer, int inner, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (y.Length == 0)
            return;
        if (x.Length == 0 || a.StoredCount == 0)
        {
            if (!accumulate)
                Fill(y, 0);
            return;
        }
        var copy = sparse.GetValue(a, CopyOf);
        Kernels.Run(IndexKernels.SparseMatMul, y.Length, copy.Views, Of(x), Of(y), inner, accumulate ? 1 : 0);
    }

    private SparseCopy CopyOf(SparseMatrix matrix) => new(
        Accelerator.Allocate1D(matrix.RowStarts.ToArray()), Accelerator.Allocate1D(matrix.ColumnIndices.ToArray()), Accelerator.Allocate1D(matrix.SingleValues.ToArray()), matrix.Rows, matrix.Columns);

    /// <summary>A sparse matrix on the device, kept as long as the matrix itself.</summary>
    private sealed class SparseCopy(MemoryBuffer1D<int, Stride1D.Dense> rowStarts, MemoryBuffer1D<int, Stride1D.Dense> columnOf, MemoryBuffer1D<float, Stride1D.Dense> values, int rows, int columns)
    {
        public SparseViews Views => new(rowStarts.View, columnOf.View, values.View, rows, columns);
    }

    /// <inheritdoc/>
    public override void Gather(StorageView x, ReadOnlySpan<int> indices, StorageView y, int width)
    {
        if (indices.Length * width > 0)
            Kernels.Run(IndexKernels.Gather, indices.Length * width, Of(x), Upload(indices), Of(y), width);
    }

    /// <inheritdoc/>
    public override void ScatterAdd(StorageView y, ReadOnlySpan<int> indices, StorageView x, int width)
    {
        if (indices.Length * width == 0)
            return;
        // So it is where a loss picked one number of each row: then there is no order to keep, and the host has no sorting to do at every step.
        if (AllDifferent(indices, x.Length / width))
        {
            Kernels.Run(IndexKernels.ScatterAddOnce, indices.Length * width, Of(y), Upload(indices), Of(x), width);
            return;
        }
        // Grouped by where they go, each group in its order: no two threads add to the same number, and the order of a sum is always the same.
        var places = Enumerable.Range(0, indices.Length).ToArray();
        var keys = indices.ToArray();
        Array.Sort(keys, places, Comparer<int>.Default);
        var targets = new List<int>();
        var starts = new List<int>();
        for (var i = 0; i < keys.Length; i++)
        {
            if (i > 0 && keys[i] == keys[i - 1])
                continue;
            targets.Add(keys[i]);
            starts.Add(i);
        }
        starts.Add(keys.Length);
        for (var run = 0; run < targets.Count; run++) // the sort may have exchanged equal keys
            Array.Sort(places, starts[run], starts[run + 1] - starts[run]);
        Kernels.Run(IndexKernels.ScatterAdd, targets.Count * width, Of(y), Upload(targets.ToArray()), Upload(starts.ToArray()), Upload(places), Of(x), width);
    }

    private static bool AllDifferent(ReadOnlySpan<int> indices, int range)
    {
        var rising = true;
        for (var i = 1; i < indices.Length && rising; i++)
            rising = indices[i - 1] < indices[i];
        if (rising || indices.Length > range)
            return rising;
        var seen = ArrayPool<ulong>.Shared.Rent(range / 64 + 1);
        seen.AsSpan(0, range / 64 + 1).Clear();
        var different = true;
        for (var i = 0; i < indices.Length && different; i++)
        {
            ref var word = ref seen[indices[i] / 64];
            different = (word & 1UL << indices[i]) == 0; // a shift counts modulo 64
            word |= 1UL << indices[i];
        }
        ArrayPool<ulong>.Shared.Return(seen);
        return different;
    }

    /// <inheritdoc/>
    public override void Convolution(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, bool accumulate)
    {
        var places = plan.Batch * plan.OutputArea;
        if (y.Length > 0 && x.Length > 0 && WorthTiles(plan.Multiplications, plan.OutputsPerGroup, places, plan.Terms))
            RunTiles(TileKernels.Convolution, new TileSizes(plan.Groups, plan.OutputsPerGroup, places, plan.Terms),
                new MatrixOperand(Of(weight), plan.OutputsPerGroup * plan.Terms, plan.Terms, false, isLeft: true), new WindowsOperand(Of(x), plan, 1, 0, placesAreSummed: false),
                new ImagesResult(Of(y), plan.OutputChannels, plan.OutputsPerGroup, plan.OutputArea, accumulate));
        else
            Kernels.Run(ConvolutionKernels.Forward, y.Length, Of(x), Of(weight), Of(y), plan, accumulate ? 1 : 0);
    }

    /// <inheritdoc/>
    public override void ConvolutionBackwardInput(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, bool accumulate)
    {
        var places = plan.Batch * plan.InputArea;
        var terms = plan.OutputsPerGroup * plan.KernelArea;
        if (dx.Length > 0 && dy.Length > 0 && WorthTiles(plan.Multiplications, plan.InputsPerGroup, places, terms))
            RunTiles(TileKernels.ConvolutionBackwardInput, new TileSizes(plan.Groups, plan.InputsPerGroup, places, terms),
                new WeightByInputOperand(Of(weight), plan), new ReachedOperand(Of(dy), plan), new ImagesResult(Of(dx), plan.InputChannels, plan.InputsPerGroup, plan.InputArea, accumulate));
        else
            Kernels.Run(ConvolutionKernels.BackwardInput, dx.Length, Of(dy), Of(weight), Of(dx), plan, accumulate ? 1 : 0);
    }

    // A weight's gradient is a sum over all places of all images, of which there are many, while weights are few: the places are cut into parts,
    // by size alone, so that there is work for all of the device, and the parts are added in order.
    private const int PlacesOfPart = 1024, MostParts = 128;

    /// <inheritdoc/>
    public override void ConvolutionBackwardWeight(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, bool accumulate)
    {
        var places = plan.Batch * plan.OutputArea;
        if (dw.Length == 0 || dy.Length == 0 || x.Length == 0 || !WorthTiles(plan.Multiplications, plan.OutputsPerGroup, plan.Terms, places))
        {
            Kernels.Run(ConvolutionKernels.BackwardWeight, dw.Length, Of(x), Of(dy), Of(dw), plan, accumulate ? 1 : 0);
            return;
        }
        var parts = Math.Min(MostParts, (places + PlacesOfPart - 1) / PlacesOfPart);
        var placesOfPart = (places + parts - 1) / parts;
        var each = plan.OutputsPerGroup * plan.Terms;
        var sums = Rent(plan.Groups * parts * each);
        var view = new StorageView(sums, 0, plan.Groups * parts * each);
        RunTiles(TileKernels.ConvolutionBackwardWeight, new TileSizes(plan.Groups * parts, plan.OutputsPerGroup, plan.Terms, placesOfPart),
            new OutputGradientOperand(Of(dy), plan, parts, placesOfPart), new WindowsOperand(Of(x), plan, parts, placesOfPart, placesAreSummed: true), new MatrixResult(Of(view), plan.OutputsPerGroup, plan.Terms, accumulate: false));
        Sum(view, dw, plan.Groups, parts, each, 1, accumulate);
        Return(sums);
    }

    /// <inheritdoc/>
    public override void MaxPool(StorageView x, StorageView y, StorageView places, in PoolingPlan plan)
        => Kernels.Run(ConvolutionKernels.MaxPool, y.Length, Of(x), Of(y), Of(places).Cast<int>(), plan);

    /// <inheritdoc/>
    public override void MaxPoolBackward(StorageView dy, StorageView places, StorageView dx, in PoolingPlan plan)
        => Kernels.Run(ConvolutionKernels.MaxPoolBackward, dx.Length, Of(dy), Of(places).Cast<int>(), Of(dx), plan);
}
