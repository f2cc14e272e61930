using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

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

    // A block of A (rows x depth, 370 KB) stays in the second-level cache; the longer the depth, the fewer times C is read and written.
    private const int BlockRows = 120, BlockDepth = 768, BlockColumns = 2048;

    // Below this many multiplications waking a second thread costs more than it brings.
    private const long MultiplicationsWorthThreads = 1 << 21;

    // Up to this many rows (columns) the other operand is read where it lies: a copy would not be read often enough to pay.
    private const int RowsWithoutPacking = 96, ColumnsWithoutPacking = 128;

    // Up to this many rows a transposed B is not packed at all.
    private const int RowsOfDotProducts = 3;

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
                Multiply(OfBatch(a, i, m * k), transposeA, OfBatch(b, i, k * n), transposeB, OfBatch(c, i, m * n), m, n, k, accumulate || (i > 0 && c.Length == m * n), Threads, default);
    }

    /// <inheritdoc/>
    public override void Linear(StorageView x, StorageView weight, StorageView bias, StorageView y, int rows, int inputs, int outputs, bool rectified)
    {
        if (inputs == 0)
            base.Linear(x, weight, bias, y, rows, inputs, outputs, rectified);
        else
            Multiply(x, false, weight, true, y, rows, outputs, inputs, accumulate: false, Threads, new RowEnding(bias, rectified));
    }

    /// <summary>What becomes of rows of C once they are summed, while they are still in the cache: a bias is added, and if asked nothing stays below 0. Without a bias, nothing.</summary>
    private readonly record struct RowEnding(StorageView Bias, bool Rectified)
    {
        public void Apply(ref float row, int rows, int stride, int column, int columns)
        {
            if (Bias.Storage is null)
                return;
            ref var bias = ref Unsafe.Add(ref First(Bias), column);
            var relu = default(RectifiedLinear);
            for (var r = 0; r < rows; r++, row = ref Unsafe.Add(ref row, stride))
            {
                var i = 0;
                for (; i + Lanes.Width <= columns; i += Lanes.Width)
                {
                    var y = Vector512.LoadUnsafe(ref row, (nuint)i) + Vector512.LoadUnsafe(ref bias, (nuint)i);
                    (Rectified ? relu.Forward(y) : y).StoreUnsafe(ref row, (nuint)i);
                }
                for (; i < columns; i++) // a sum of two has the same bits in a lane and alone
                {
                    var y = Unsafe.Add(ref row, i) + Unsafe.Add(ref bias, i);
                    Unsafe.Add(ref row, i) = Rectified ? (float)relu.Forward(y) : y;
                }
            }
        }
    }

    private void MultiplyBatchInParallel(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int batch, int m, int n, int k, bool accumulate)
        => WorkerPool.For(batch, Threads, i => Multiply(OfBatch(a, i, m * k), transposeA, OfBatch(b, i, k * n), transposeB, OfBatch(c, i, m * n), m, n, k, accumulate, threads: 1, default));

    /// <summary>One matrix of a batch, or the one that the whole batch shares.</summary>
    private static StorageView OfBatch(StorageView view, int index, int size) => view.Length == size ? view : Part(view, index * size, size);

    private static void Multiply(StorageView a, bool transposeA, StorageView b, bool transposeB, StorageView c, int m, int n, int k, bool accumulate, int threads, RowEnding ending)
    {
        if (m == 0 || n == 0)
            return;
        if (k == 0)
        {
            if (!accumulate)
                Of(c).Clear();
            return;
        }
        if (transposeB && !transposeA && m <= RowsOfDotProducts)
        {
            MultiplyByDotProducts(Of(a), Of(b), Of(c), m, n, k, accumulate);
            ending.Apply(ref First(c), m, n, 0, n);
            return;
        }
        var rowBlocks = (m + BlockRows - 1) / BlockRows;
        var packsB = transposeB || m > RowsWithoutPacking || n < Lanes.Width;
        for (var column = 0; column < n; column += BlockColumns)
            for (var depth = 0; depth < k; depth += BlockDepth)
            {
                var columns = Math.Min(BlockColumns, n - column);
                var depths = Math.Min(BlockDepth, k - depth);
                // The last panel is packed where it fills neither a tile nor a narrow one.
                var packedFrom = packsB ? 0 : columns % TileColumns == Lanes.Width ? columns : columns / TileColumns * TileColumns;
                var panels = (columns - packedFrom + TileColumns - 1) / TileColumns;
                if (packedB is null || packedB.Length < panels * TileColumns * depths)
                    packedB = GC.AllocateUninitializedArray<float>(panels * TileColumns * depths);
                PackB(Of(b), transposeB, n, k, column + packedFrom, columns - packedFrom, depth, depths, packedB);
                var block = new Block(a, transposeA, b, c, m, n, k, column, columns, depth, depths, packedB, packedFrom, Adds: accumulate || depth > 0, depth + depths == k ? ending : default);
                if (threads > 1 && rowBlocks > 1 && (long)m * columns * depths >= MultiplicationsWorthThreads)
                    MultiplyRowsInParallel(block, rowBlocks, threads);
                else
                    for (var i = 0; i < rowBlocks; i++)
                        MultiplyRows(block, i);
            }
    }

    /// <summary>A few rows times a transposed matrix, as in a layer asked about one example: each number is the dot product of two rows, and B is read once, where it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyByDotProducts(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, bool accumulate)
    {
        if (!accumulate)
            c.Clear();
        for (var row = 0; row < m; row++)
        {
            ref var x = ref Unsafe.AsRef(in a[row * k]);
            var column = 0;
            for (; column + 4 <= n; column += 4)
                MultiplyByFourRows(ref x, ref Unsafe.AsRef(in b[column * k]), k, ref c[row * n + column]);
            for (; column < n; column++)
            {
                ref var other = ref Unsafe.AsRef(in b[column * k]);
                Vector512<float> sum = default;
                for (var p = 0; p < k; p += Lanes.Width)
                    sum = Vector512.FusedMultiplyAdd(Lanes.Load(ref x, p, k), Lanes.Load(ref other, p, k), sum);
                c[row * n + column] += Lanes.Sum(sum);
            }
        }
    }

    /// <summary>y[0..4] += the dot products of x with four rows of b. Even and odd vectors have sums of their own: eight chains keep the multipliers busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyByFourRows(ref float x, ref float b, int k, ref float y)
    {
        ref var b1 = ref Unsafe.Add(ref b, k);
        ref var b2 = ref Unsafe.Add(ref b1, k);
        ref var b3 = ref Unsafe.Add(ref b2, k);
        Vector512<float> even0 = default, even1 = default, even2 = default, even3 = default, odd0 = default, odd1 = default, odd2 = default, odd3 = default;
        var p = 0;
        for (; p + 2 * Lanes.Width <= k; p += 2 * Lanes.Width)
        {
            var (low, high) = ((nuint)p, (nuint)(p + Lanes.Width));
            var xs = Vector512.LoadUnsafe(ref x, low);
            even0 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b, low), even0);
            even1 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b1, low), even1);
            even2 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b2, low), even2);
            even3 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b3, low), even3);
            xs = Vector512.LoadUnsafe(ref x, high);
            odd0 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b, high), odd0);
            odd1 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b1, high), odd1);
            odd2 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b2, high), odd2);
            odd3 = Vector512.FusedMultiplyAdd(xs, Vector512.LoadUnsafe(ref b3, high), odd3);
        }
        for (; p < k; p += Lanes.Width)
        {
            var xs = Lanes.Load(ref x, p, k);
            even0 = Vector512.FusedMultiplyAdd(xs, Lanes.Load(ref b, p, k), even0);
            even1 = Vector512.FusedMultiplyAdd(xs, Lanes.Load(ref b1, p, k), even1);
            even2 = Vector512.FusedMultiplyAdd(xs, Lanes.Load(ref b2, p, k), even2);
            even3 = Vector512.FusedMultiplyAdd(xs, Lanes.Load(ref b3, p, k), even3);
        }
        y += Lanes.Sum(even0 + odd0);
        Unsafe.Add(ref y, 1) += Lanes.Sum(even1 + odd1);
        Unsafe.Add(ref y, 2) += Lanes.Sum(even2 + odd2);
        Unsafe.Add(ref y, 3) += Lanes.Sum(even3 + odd3);
    }

    /// <summary>One block of the product: which part of the operands, and B's panels from column PackedFrom on already packed. Adds to C, or overwrites it.</summary>
    private readonly record struct Block(StorageView A, bool TransposeA, StorageView B, StorageView C, int M, int N, int K, int Column, int Columns, int Depth, int Depths, float[] PackedB, int PackedFrom, bool Adds, RowEnding Ending);

    private static void MultiplyRowsInParallel(Block block, int rowBlocks, int threads)
        => WorkerPool.For(rowBlocks, threads, i => MultiplyRows(block, i));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRows(in Block block, int rowBlock)
    {
        var row = rowBlock * BlockRows;
        var rows = Math.Min(BlockRows, block.M - row);
        packedA ??= GC.AllocateUninitializedArray<float>(BlockRows * BlockDepth);
        // Rows of A are worth packing where many columns read them.
        var packsA = block.Columns > ColumnsWithoutPacking;
        var packedFrom = packsA ? 0 : rows / 4 * 4; // fewer than 4 rows are padded
        if (packedFrom < rows)
            PackA(Of(block.A), block.TransposeA, block.M, block.K, row + packedFrom, rows - packedFrom, block.Depth, block.Depths, packedA);
        ref var aPanels = ref MemoryMarshal.GetArrayDataReference(packedA);
        ref var aStart = ref Unsafe.Add(ref First(block.A), block.TransposeA ? (nint)block.Depth * block.M + row : (nint)row * block.K + block.Depth);
        var (aRow, aStep) = block.TransposeA ? ((nint)1, (nint)block.M) : (block.K, 1);
        ref var bPanels = ref MemoryMarshal.GetArrayDataReference(block.PackedB);
        ref var bStart = ref Unsafe.Add(ref First(block.B), (nint)block.Depth * block.N + block.Column);
        ref var c = ref First(block.C);
        Span<float> edge = stackalloc float[TileRows * TileColumns];
        for (var j = 0; j < block.Columns; j += TileColumns)
        {
            var packedColumns = j >= block.PackedFrom;
            ref var bPanel = ref packedColumns ? ref Unsafe.Add(ref bPanels, (j - block.PackedFrom) * block.Depths) : ref Unsafe.Add(ref bStart, j);
            var bStep = packedColumns ? TileColumns : (nint)block.N;
            var tileColumns = Math.Min(TileColumns, block.Columns - j);
            for (var i = 0; i < rows;)
            {
                var packedRows = i >= packedFrom;
                // A packed panel has 12 rows; of those in place, what twelve leave over goes by four.
                var panelRows = packedRows || i + TileRows <= packedFrom ? TileRows : 4;
                ref var aPanel = ref packedRows ? ref Unsafe.Add(ref aPanels, (i - packedFrom) * block.Depths) : ref Unsafe.Add(ref aStart, i * aRow);
                var (rowStep, step) = packedRows ? ((nint)1, (nint)TileRows) : (aRow, aStep);
                var tileRows = Math.Min(panelRows, rows - i);
                if (packedRows && tileRows <= 4)
                    panelRows = 4;
                // Sixteen columns or fewer do with half a tile.
                var panelColumns = tileColumns > Lanes.Width ? TileColumns : Lanes.Width;
                ref var tile = ref Unsafe.Add(ref c, (nint)(row + i) * block.N + block.Column + j);
                if (tileRows == panelRows && tileColumns == panelColumns)
                    MultiplyTileOf(panelRows, panelColumns, ref aPanel, rowStep, step, ref bPanel, bStep, block.Depths, ref tile, block.N, block.Adds);
                else
                {
                    // At the edge the tile goes through a full one of its own: the panels are padded with zeros.
                    edge.Clear();
                    for (var y = 0; y < tileRows && block.Adds; y++)
                        for (var x = 0; x < tileColumns; x++)
                            edge[y * TileColumns + x] = Unsafe.Add(ref tile, (nint)y * block.N + x);
                    MultiplyTileOf(panelRows, panelColumns, ref aPanel, rowStep, step, ref bPanel, bStep, block.Depths, ref MemoryMarshal.GetReference(edge), TileColumns, block.Adds);
                    for (var y = 0; y < tileRows; y++)
                        for (var x = 0; x < tileColumns; x++)
                            Unsafe.Add(ref tile, (nint)y * block.N + x) = edge[y * TileColumns + x];
                }
                i += tileRows;
            }
        }
        block.Ending.Apply(ref Unsafe.Add(ref c, (nint)row * block.N + block.Column), rows, block.N, block.Column, block.Columns);
    }

    private static void MultiplyTileOf(int rows, int columns, ref float a, nint rowStep, nint aStep, ref float b, nint bStep, int depth, ref float c, nint stride, bool adds)
    {
        if (columns == Lanes.Width)
        {
            if (rows == TileRows)
                MultiplyNarrowTile(ref a, rowStep, aStep, ref b, bStep, depth, ref c, stride, adds);
            else
                MultiplyNarrowLowTile(ref a, rowStep, aStep, ref b, bStep, depth, ref c, stride, adds);
        }
        else if (rows == TileRows)
            MultiplyTile(ref a, rowStep, aStep, ref b, bStep, depth, ref c, stride, adds);
        else
            MultiplyLowTile(ref a, rowStep, aStep, ref b, bStep, depth, ref c, stride, adds);
    }

    /// <summary>Copies columns of B into panels of 32: for each k, 32 neighbours. Missing columns are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
                PackColumns(a[(depth * m + row + i)..], m, height, depths, panel);
        }
    }

    /// <summary>panel[p, r] = source[p, r] for r below <paramref name="count"/>: neighbours that only move together, 12 at a time as a rule.</summary>
    private static void PackColumns(ReadOnlySpan<float> source, int stride, int count, int depths, Span<float> panel)
    {
        if (count < TileRows)
        {
            for (var p = 0; p < depths; p++)
                source.Slice(p * stride, count).CopyTo(panel[(p * TileRows)..]);
            return;
        }
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(panel);
        for (var p = 0; p < depths; p++)
        {
            Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
            Vector128.LoadUnsafe(ref from, 8).StoreUnsafe(ref to, 8);
            from = ref Unsafe.Add(ref from, stride);
            to = ref Unsafe.Add(ref to, TileRows);
        }
    }

    /// <summary>panel[p, r] = source[r, p] for r below <paramref name="count"/>, in squares of 4 x 4 where they fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeInto(ReadOnlySpan<float> source, int start, int stride, int count, int depths, Span<float> panel, int panelWidth)
    {
        var r = 0;
        for (; r + 4 <= count; r += 4)
        {
            ref var from = ref Unsafe.AsRef(in source[start + r * stride]);
            ref var to = ref panel[r];
            var p = 0;
            for (; p + 4 <= depths; p += 4)
                TransposeSquare(ref Unsafe.Add(ref from, p), stride, ref Unsafe.Add(ref to, (nint)p * panelWidth), panelWidth);
            for (; p < depths; p++)
                for (var i = 0; i < 4; i++)
                    Unsafe.Add(ref to, (nint)p * panelWidth + i) = Unsafe.Add(ref from, (nint)i * stride + p);
        }
        for (; r < count; r++)
        {
            var line = source.Slice(start + r * stride, depths);
            for (var p = 0; p < line.Length; p++)
                panel[p * panelWidth + r] = line[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeSquare(ref float from, nint stride, ref float to, nint toStride)
    {
        var (r0, r1) = (Vector128.LoadUnsafe(ref from), Vector128.LoadUnsafe(ref Unsafe.Add(ref from, stride)));
        var (r2, r3) = (Vector128.LoadUnsafe(ref Unsafe.Add(ref from, 2 * stride)), Vector128.LoadUnsafe(ref Unsafe.Add(ref from, 3 * stride)));
        // Rows are interleaved in pairs (a0 b0 a1 b1), and the pairs' halves, seen as doubles, once more (a0 b0 c0 d0).
        var (low01, high01) = (Lanes.InterleaveLow(r0, r1).AsDouble(), Lanes.InterleaveHigh(r0, r1).AsDouble());
        var (low23, high23) = (Lanes.InterleaveLow(r2, r3).AsDouble(), Lanes.InterleaveHigh(r2, r3).AsDouble());
        Lanes.InterleaveLow(low01, low23).AsSingle().StoreUnsafe(ref to);
        Lanes.InterleaveHigh(low01, low23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref to, toStride));
        Lanes.InterleaveLow(high01, high23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
        Lanes.InterleaveHigh(high01, high23).AsSingle().StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
    }

    /// <summary>
    /// c (12 x 32) = or += a (12 x depth) times b (depth x 32). Number (r, p) of a stands at r rowStep + p aStep, row p of b at p bStep:
    /// packed panels and operands where they lie are read alike. The sums are named one by one so that each is a register.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(ref float a, nint rowStep, nint aStep, ref float b, nint bStep, int depth, ref float c, nint stride, bool adds)
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
        // Three starting points and three distances name twelve rows.
        ref var a4 = ref Unsafe.Add(ref a, 4 * rowStep);
        ref var a8 = ref Unsafe.Add(ref a, 8 * rowStep);
        nint row = rowStep * sizeof(float), row2 = 2 * row, row3 = 3 * row;
        for (var p = 0; p < depth; p++)
        {
            var low = Vector512.LoadUnsafe(ref b);
            var high = Vector512.LoadUnsafe(ref b, Lanes.Width);
            Vector512<float> x;
            x = Vector512.Create(a); s0l = Vector512.FusedMultiplyAdd(x, low, s0l); s0h = Vector512.FusedMultiplyAdd(x, high, s0h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a, row)); s1l = Vector512.FusedMultiplyAdd(x, low, s1l); s1h = Vector512.FusedMultiplyAdd(x, high, s1h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a, row2)); s2l = Vector512.FusedMultiplyAdd(x, low, s2l); s2h = Vector512.FusedMultiplyAdd(x, high, s2h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a, row3)); s3l = Vector512.FusedMultiplyAdd(x, low, s3l); s3h = Vector512.FusedMultiplyAdd(x, high, s3h);
            x = Vector512.Create(a4); s4l = Vector512.FusedMultiplyAdd(x, low, s4l); s4h = Vector512.FusedMultiplyAdd(x, high, s4h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a4, row)); s5l = Vector512.FusedMultiplyAdd(x, low, s5l); s5h = Vector512.FusedMultiplyAdd(x, high, s5h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a4, row2)); s6l = Vector512.FusedMultiplyAdd(x, low, s6l); s6h = Vector512.FusedMultiplyAdd(x, high, s6h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a4, row3)); s7l = Vector512.FusedMultiplyAdd(x, low, s7l); s7h = Vector512.FusedMultiplyAdd(x, high, s7h);
            x = Vector512.Create(a8); s8l = Vector512.FusedMultiplyAdd(x, low, s8l); s8h = Vector512.FusedMultiplyAdd(x, high, s8h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a8, row)); s9l = Vector512.FusedMultiplyAdd(x, low, s9l); s9h = Vector512.FusedMultiplyAdd(x, high, s9h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a8, row2)); s10l = Vector512.FusedMultiplyAdd(x, low, s10l); s10h = Vector512.FusedMultiplyAdd(x, high, s10h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a8, row3)); s11l = Vector512.FusedMultiplyAdd(x, low, s11l); s11h = Vector512.FusedMultiplyAdd(x, high, s11h);
            a = ref Unsafe.Add(ref a, aStep);
            a4 = ref Unsafe.Add(ref a4, aStep);
            a8 = ref Unsafe.Add(ref a8, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }
        Put(ref c, s0l, s0h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s1l, s1h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s2l, s2h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s3l, s3h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s4l, s4h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s5l, s5h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s6l, s6h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s7l, s7h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s8l, s8h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s9l, s9h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s10l, s10h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s11l, s11h, adds);
    }

    /// <summary>c (4 x 32) = or += a (4 x depth) times b (depth x 32): what twelve rows leave over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyLowTile(ref float a, nint rowStep, nint aStep, ref float b, nint bStep, int depth, ref float c, nint stride, bool adds)
    {
        var s0l = Vector512<float>.Zero; var s0h = Vector512<float>.Zero;
        var s1l = Vector512<float>.Zero; var s1h = Vector512<float>.Zero;
        var s2l = Vector512<float>.Zero; var s2h = Vector512<float>.Zero;
        var s3l = Vector512<float>.Zero; var s3h = Vector512<float>.Zero;
        nint row = rowStep * sizeof(float), row2 = 2 * row, row3 = 3 * row;
        for (var p = 0; p < depth; p++)
        {
            var low = Vector512.LoadUnsafe(ref b);
            var high = Vector512.LoadUnsafe(ref b, Lanes.Width);
            Vector512<float> x;
            x = Vector512.Create(a); s0l = Vector512.FusedMultiplyAdd(x, low, s0l); s0h = Vector512.FusedMultiplyAdd(x, high, s0h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a, row)); s1l = Vector512.FusedMultiplyAdd(x, low, s1l); s1h = Vector512.FusedMultiplyAdd(x, high, s1h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a, row2)); s2l = Vector512.FusedMultiplyAdd(x, low, s2l); s2h = Vector512.FusedMultiplyAdd(x, high, s2h);
            x = Vector512.Create(Unsafe.AddByteOffset(ref a, row3)); s3l = Vector512.FusedMultiplyAdd(x, low, s3l); s3h = Vector512.FusedMultiplyAdd(x, high, s3h);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }
        Put(ref c, s0l, s0h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s1l, s1h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s2l, s2h, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s3l, s3h, adds);
    }

    /// <summary>c (12 x 16) = or += a (12 x depth) times b (depth x 16).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyNarrowTile(ref float a, nint rowStep, nint aStep, ref float b, nint bStep, int depth, ref float c, nint stride, bool adds)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        ref var a4 = ref Unsafe.Add(ref a, 4 * rowStep);
        ref var a8 = ref Unsafe.Add(ref a, 8 * rowStep);
        nint row = rowStep * sizeof(float), row2 = 2 * row, row3 = 3 * row;
        for (var p = 0; p < depth; p++)
        {
            var x = Vector512.LoadUnsafe(ref b);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(a), x, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a, row)), x, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a, row2)), x, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a, row3)), x, s3);
            s4 = Vector512.FusedMultiplyAdd(Vector512.Create(a4), x, s4);
            s5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a4, row)), x, s5);
            s6 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a4, row2)), x, s6);
            s7 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a4, row3)), x, s7);
            s8 = Vector512.FusedMultiplyAdd(Vector512.Create(a8), x, s8);
            s9 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a8, row)), x, s9);
            s10 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a8, row2)), x, s10);
            s11 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a8, row3)), x, s11);
            a = ref Unsafe.Add(ref a, aStep);
            a4 = ref Unsafe.Add(ref a4, aStep);
            a8 = ref Unsafe.Add(ref a8, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }
        Put(ref c, s0, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s1, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s2, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s3, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s4, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s5, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s6, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s7, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s8, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s9, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s10, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s11, adds);
    }

    /// <summary>c (4 x 16) = or += a (4 x depth) times b (depth x 16).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyNarrowLowTile(ref float a, nint rowStep, nint aStep, ref float b, nint bStep, int depth, ref float c, nint stride, bool adds)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nint row = rowStep * sizeof(float), row2 = 2 * row, row3 = 3 * row;
        for (var p = 0; p < depth; p++)
        {
            var x = Vector512.LoadUnsafe(ref b);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(a), x, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a, row)), x, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a, row2)), x, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.AddByteOffset(ref a, row3)), x, s3);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }
        Put(ref c, s0, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s1, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s2, adds); c = ref Unsafe.Add(ref c, stride);
        Put(ref c, s3, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref float row, Vector512<float> sums, bool adds)
        => (adds ? sums + Vector512.LoadUnsafe(ref row) : sums).StoreUnsafe(ref row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref float row, Vector512<float> low, Vector512<float> high, bool adds)
    {
        if (adds)
        {
            low += Vector512.LoadUnsafe(ref row);
            high += Vector512.LoadUnsafe(ref row, Lanes.Width);
        }
        low.StoreUnsafe(ref row);
        high.StoreUnsafe(ref row, Lanes.Width);
    }
}
