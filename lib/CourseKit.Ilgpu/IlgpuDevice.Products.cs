using ILGPU;
using ILGPU.Runtime;

namespace CourseKit;

public sealed partial class IlgpuDevice
{
    // Below this many multiplications a tile of 64 x 64 is mostly edge.
    private const long MultiplicationsWorthTiles = 1 << 15;

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
        var sizes = new ProductSizes(batch, m, n, k, transposeA, transposeB, a.Length == m * k ? 0 : m * k, b.Length == k * n ? 0 : k * n, sumsBatch, accumulate);
        // The processor that plays a graphics processor has groups of 16 threads, each of which costs more than the product.
        if (Accelerator.AcceleratorType == AcceleratorType.CPU || (long)m * n * k < MultiplicationsWorthTiles)
        {
            Kernels.Run(MatMulKernels.Simple, c.Length, Of(a), Of(b), Of(c), sizes);
            return;
        }
        var tiles = ((m + MatMulKernels.Tile - 1) / MatMulKernels.Tile) * ((n + MatMulKernels.Tile - 1) / MatMulKernels.Tile) * (sumsBatch ? 1 : batch);
        Kernels.RunGroups(MatMulKernels.Tiled, new KernelConfig(tiles, MatMulKernels.Threads), Of(a), Of(b), Of(c), sizes);
    }

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
            Kernels.Run(IndexKernels.Gather, indices.Length * width, Of(x), Indices.Write(indices), Of(y), width);
    }

    /// <inheritdoc/>
    public override void ScatterAdd(StorageView y, ReadOnlySpan<int> indices, StorageView x, int width)
    {
        if (indices.Length * width == 0)
            return;
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
        Kernels.Run(IndexKernels.ScatterAdd, targets.Count * width, Of(y), Indices.Write(targets.ToArray()), Indices.Write(starts.ToArray()), Indices.Write(places), Of(x), width);
    }

    /// <inheritdoc/>
    public override void Convolution(StorageView x, StorageView weight, StorageView y, in ConvolutionPlan plan, bool accumulate)
        => Kernels.Run(ConvolutionKernels.Forward, y.Length, Of(x), Of(weight), Of(y), plan, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void ConvolutionBackwardInput(StorageView dy, StorageView weight, StorageView dx, in ConvolutionPlan plan, bool accumulate)
        => Kernels.Run(ConvolutionKernels.BackwardInput, dx.Length, Of(dy), Of(weight), Of(dx), plan, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void ConvolutionBackwardWeight(StorageView x, StorageView dy, StorageView dw, in ConvolutionPlan plan, bool accumulate)
        => Kernels.Run(ConvolutionKernels.BackwardWeight, dw.Length, Of(x), Of(dy), Of(dw), plan, accumulate ? 1 : 0);

    /// <inheritdoc/>
    public override void MaxPool(StorageView x, StorageView y, Memory<int> positions, in PoolingPlan plan)
    {
        if (y.Length == 0)
            return;
        var places = Indices.Rent(y.Length);
        Kernels.Run(ConvolutionKernels.MaxPool, y.Length, Of(x), Of(y), (ArrayView<int>)places.View.SubView(0, y.Length), plan);
        Indices.Read(places, positions.Span[..y.Length]);
    }
}
