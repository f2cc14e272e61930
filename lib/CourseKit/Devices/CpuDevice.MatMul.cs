using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// The matrix product C = A B, after Goto and van de Geijn (2008): A and B are copied block by block into panels that are
/// read in a straight line, and a small kernel keeps a 12 x 32 tile of C in 24 registers while it walks the panels.
/// Each number of C is summed over k in the same order, whatever the number of threads: threads share out rows, never k.
/// </summary>
public sealed partial class CpuDevice
{
    // The tile that fits 32 vector registers: 12 x 2 sums, 2 vectors of B and one number of A at a time.
    private const int TileRows = 12, TileColumns = 2 * Lanes.Width;

    // A block of A (rows x depth, 180 KB) stays in the second-level cache, a panel of B (depth x 32) in the first.
    private const int BlockRows = 120, BlockDepth = 384, BlockColumns = 2048;

    // Below this many multiplications waking a second thread costs more than it brings.
    private const long MultiplicationsWorthThreads = 1 << 21;

    [ThreadStatic]
    private static float[]? packedA, packedB;

    /// <inheritdoc/>
    public override void MatMul(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int batch, int m, int n, int k, bool accumulate)
    {
        if (batch == 0 && !accumulate)
            Of(c).Clear();
        // A sum over the batch has an order; products that stand alone are shared out over threads.
        if (batch > 1 && Threads > 1 && c.Length > m * n && (long)batch * m * n * k >= MultiplicationsWorthThreads)
            MultiplyBatchInParallel(a, transposeA, b, transposeB, c, batch, m, n, k, accumulate);
        else
            for (var i = 0; i < batch; i++)
                Multiply(OfBatch(a, i, m * k), transposeA, OfBatch(b, i, k * n), transposeB, OfBatch(c, i, m * n), m, n, k, accumulate || (i > 0 && c.Length == m * n), Threads);
    }

    private void MultiplyBatchInParallel(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int batch, int m, int n, int k, bool accumulate)
        => Parallel.For(0, batch, new ParallelOptions { MaxDegreeOfParallelism = Threads },
            i => Multiply(OfBatch(a, i, m * k), transposeA, OfBatch(b, i, k * n), transposeB, OfBatch(c, i, m * n), m, n, k, accumulate, threads: 1));

    /// <summary>One matrix of a batch, or the one that the whole batch shares.</summary>
    private static StorageView OfBatch(StorageView view, int index, int size) => view.Length == size ? view : Part(view, index * size, size);

    private static void Multiply(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int m, int n, int k, bool accumulate, int threads)
    {
        if (!accumulate)
            Of(c).Clear();
        if (m == 0 || n == 0 || k == 0)
            return;
        var rowBlocks = (m + BlockRows - 1) / BlockRows;
        for (var column = 0; column < n; column += BlockColumns)
            for (var depth = 0; depth < k; depth += BlockDepth)
            {
                var columns = Math.Min(BlockColumns, n - column);
                var depths = Math.Min(BlockDepth, k - depth);
                var panels = (columns + TileColumns - 1) / TileColumns;
                if (packedB is null || packedB.Length < panels * TileColumns * depths)
                    packedB = GC.AllocateUninitializedArray<float>(panels * TileColumns * depths);
                PackB(Of(b), transposeB, n, k, column, columns, depth, depths, packedB);
                var block = new Block(a, transposeA, c, m, n, k, column, columns, depth, depths, packedB);
                if (threads > 1 && rowBlocks > 1 && (long)m * columns * depths >= MultiplicationsWorthThreads)
                    MultiplyRowsInParallel(block, rowBlocks, threads);
                else
                    for (var i = 0; i < rowBlocks; i++)
                        MultiplyRows(block, i);
            }
    }

    /// <summary>One block of the product: which part of the operands, and B's panels already packed.</summary>
    private readonly record struct Block(StorageView A, bool TransposeA, StorageView C, int M, int N, int K, int Column, int Columns, int Depth, int Depths, float[] PackedB);

    private static void MultiplyRowsInParallel(Block block, int rowBlocks, int threads)
        => Parallel.For(0, rowBlocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => MultiplyRows(block, i));

    private static void MultiplyRows(in Block block, int rowBlock)
    {
        var row = rowBlock * BlockRows;
        var rows = Math.Min(BlockRows, block.M - row);
        packedA ??= GC.AllocateUninitializedArray<float>(BlockRows * BlockDepth);
        PackA(Of(block.A), block.TransposeA, block.M, block.K, row, rows, block.Depth, block.Depths, packedA);
        ref var aPanels = ref MemoryMarshal.GetArrayDataReference(packedA);
        ref var bPanels = ref MemoryMarshal.GetArrayDataReference(block.PackedB);
        ref var c = ref First(block.C);
        Span<float> edge = stackalloc float[TileRows * TileColumns];
        for (var j = 0; j < block.Columns; j += TileColumns)
        {
            ref var bPanel = ref Unsafe.Add(ref bPanels, j * block.Depths);
            var tileColumns = Math.Min(TileColumns, block.Columns - j);
            for (var i = 0; i < rows; i += TileRows)
            {
                ref var aPanel = ref Unsafe.Add(ref aPanels, i * block.Depths);
                var tileRows = Math.Min(TileRows, rows - i);
                ref var tile = ref Unsafe.Add(ref c, (nint)(row + i) * block.N + block.Column + j);
                if (tileRows == TileRows && tileColumns == TileColumns)
                {
                    MultiplyTile(ref aPanel, ref bPanel, block.Depths, ref tile, block.N);
                    continue;
                }
                // At the edge the tile goes through a full one of its own: the panels are padded with zeros.
                edge.Clear();
                for (var y = 0; y < tileRows; y++)
                    for (var x = 0; x < tileColumns; x++)
                        edge[y * TileColumns + x] = Unsafe.Add(ref tile, (nint)y * block.N + x);
                MultiplyTile(ref aPanel, ref bPanel, block.Depths, ref MemoryMarshal.GetReference(edge), TileColumns);
                for (var y = 0; y < tileRows; y++)
                    for (var x = 0; x < tileColumns; x++)
                        Unsafe.Add(ref tile, (nint)y * block.N + x) = edge[y * TileColumns + x];
            }
        }
    }

    /// <summary>Copies columns of B into panels of 32: for each k, 32 neighbours. Missing columns are zeros.</summary>
    private static void PackB(ReadOnlySpan<float> b, bool transpose, int n, int k, int column, int columns, int depth, int depths, Span<float> packed)
    {
        for (var j = 0; j < columns; j += TileColumns)
        {
            var width = Math.Min(TileColumns, columns - j);
            var panel = packed.Slice(j * depths, TileColumns * depths);
            if (width < TileColumns)
                panel.Clear();
            if (transpose)
                TransposeInto(b, (column + j) * k + depth, k, width, depths, panel, TileColumns);
            else
                for (var p = 0; p < depths; p++)
                    b.Slice((depth + p) * n + column + j, width).CopyTo(panel[(p * TileColumns)..]);
        }
    }

    /// <summary>Copies rows of A into panels of 12: for each k, 12 neighbours. Missing rows are zeros.</summary>
    private static void PackA(ReadOnlySpan<float> a, bool transpose, int m, int k, int row, int rows, int depth, int depths, Span<float> packed)
    {
        for (var i = 0; i < rows; i += TileRows)
        {
            var height = Math.Min(TileRows, rows - i);
            var panel = packed.Slice(i * depths, TileRows * depths);
            if (height < TileRows)
                panel.Clear();
            if (!transpose)
                TransposeInto(a, (row + i) * k + depth, k, height, depths, panel, TileRows);
            else
                for (var p = 0; p < depths; p++)
                    a.Slice((depth + p) * m + row + i, height).CopyTo(panel[(p * TileRows)..]);
        }
    }

    /// <summary>panel[p, r] = source[r, p] for r below <paramref name="count"/>.</summary>
    private static void TransposeInto(ReadOnlySpan<float> source, int start, int stride, int count, int depths, Span<float> panel, int panelWidth)
    {
        for (var r = 0; r < count; r++)
        {
            var line = source.Slice(start + r * stride, depths);
            for (var p = 0; p < line.Length; p++)
                panel[p * panelWidth + r] = line[p];
        }
    }

    /// <summary>c (12 x 32) += a panel (depth x 12, transposed) times b panel (depth x 32). The sums are named one by one so that each is a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(ref float a, ref float b, int depth, ref float c, int stride)
    {
        var s0l = Vector512<float>.Zero; var s0h = Vector512<float>.Zero;
        var s1l = Vector512<float>.Zero; var s1h = Vector512<float>.Zero;
        var s2l = Vector512<float>.Zero; var s2h = Vector512<float>.Zero;
        var s3l = Vector512<float>.Zero; var s3h = Vector512<float>.Zero;
        var s4l = Vector512<float>.Zero; var s4h = Vector512<float>.Zero;
        var s5l = Vector512<float>.Zero; var s5h = Vector512<float>.Zero;
        var s6l = Vector512<float>.Zero; var s6h = Vector512<float>.Zero;
        var s7l = Vector512<float>.Zero; var s7h = Vector512<float>.Zero;
        var s8l = Vector512<float>.Zero; var s8h = Vector512<float>.Zero;
        var s9l = Vector512<float>.Zero; var s9h = Vector512<float>.Zero;
        var s10l = Vector512<float>.Zero; var s10h = Vector512<float>.Zero;
        var s11l = Vector512<float>.Zero; var s11h = Vector512<float>.Zero;
        for (var p = 0; p < depth; p++)
        {
            var low = Vector512.LoadUnsafe(ref b);
            var high = Vector512.LoadUnsafe(ref b, Lanes.Width);
            Vector512<float> x;
            x = Vector512.Create(a); s0l = Vector512.FusedMultiplyAdd(x, low, s0l); s0h = Vector512.FusedMultiplyAdd(x, high, s0h);
            x = Vector512.Create(Unsafe.Add(ref a, 1)); s1l = Vector512.FusedMultiplyAdd(x, low, s1l); s1h = Vector512.FusedMultiplyAdd(x, high, s1h);
            x = Vector512.Create(Unsafe.Add(ref a, 2)); s2l = Vector512.FusedMultiplyAdd(x, low, s2l); s2h = Vector512.FusedMultiplyAdd(x, high, s2h);
            x = Vector512.Create(Unsafe.Add(ref a, 3)); s3l = Vector512.FusedMultiplyAdd(x, low, s3l); s3h = Vector512.FusedMultiplyAdd(x, high, s3h);
            x = Vector512.Create(Unsafe.Add(ref a, 4)); s4l = Vector512.FusedMultiplyAdd(x, low, s4l); s4h = Vector512.FusedMultiplyAdd(x, high, s4h);
            x = Vector512.Create(Unsafe.Add(ref a, 5)); s5l = Vector512.FusedMultiplyAdd(x, low, s5l); s5h = Vector512.FusedMultiplyAdd(x, high, s5h);
            x = Vector512.Create(Unsafe.Add(ref a, 6)); s6l = Vector512.FusedMultiplyAdd(x, low, s6l); s6h = Vector512.FusedMultiplyAdd(x, high, s6h);
            x = Vector512.Create(Unsafe.Add(ref a, 7)); s7l = Vector512.FusedMultiplyAdd(x, low, s7l); s7h = Vector512.FusedMultiplyAdd(x, high, s7h);
            x = Vector512.Create(Unsafe.Add(ref a, 8)); s8l = Vector512.FusedMultiplyAdd(x, low, s8l); s8h = Vector512.FusedMultiplyAdd(x, high, s8h);
            x = Vector512.Create(Unsafe.Add(ref a, 9)); s9l = Vector512.FusedMultiplyAdd(x, low, s9l); s9h = Vector512.FusedMultiplyAdd(x, high, s9h);
            x = Vector512.Create(Unsafe.Add(ref a, 10)); s10l = Vector512.FusedMultiplyAdd(x, low, s10l); s10h = Vector512.FusedMultiplyAdd(x, high, s10h);
            x = Vector512.Create(Unsafe.Add(ref a, 11)); s11l = Vector512.FusedMultiplyAdd(x, low, s11l); s11h = Vector512.FusedMultiplyAdd(x, high, s11h);
            a = ref Unsafe.Add(ref a, TileRows);
            b = ref Unsafe.Add(ref b, TileColumns);
        }
        Add(ref c, s0l, s0h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s1l, s1h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s2l, s2h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s3l, s3h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s4l, s4h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s5l, s5h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s6l, s6h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s7l, s7h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s8l, s8h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s9l, s9h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s10l, s10h); c = ref Unsafe.Add(ref c, stride);
        Add(ref c, s11l, s11h);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(ref float row, Vector512<float> low, Vector512<float> high)
        {
            (Vector512.LoadUnsafe(ref row) + low).StoreUnsafe(ref row);
            (Vector512.LoadUnsafe(ref row, Lanes.Width) + high).StoreUnsafe(ref row, Lanes.Width);
        }
    }
}
