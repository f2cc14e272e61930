using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// The product with a sparse matrix. Each number of the result is summed in double along its row of the matrix, in the order
/// of the columns; threads share out rows, cut where equal numbers of kept numbers lie between the cuts.
/// </summary>
public sealed partial class CpuDevice
{
    // How many vectors are multiplied at once: the matrix is far larger than they are, and is then read once for all of them.
    private const int VectorsAtOnce = 4;

    /// <inheritdoc/>
    public override void SparseMatMul(SparseMatrix a, StorageView x, StorageView y, int outer, int inner, bool accumulate)
    {
        if (y.Length == 0)
            return;
        var product = new SparseProduct(a, x, y, outer, inner, accumulate);
        var pieces = (long)a.StoredCount * Math.Min(outer, VectorsAtOnce) * inner / ElementsPerChunk;
        var cuts = (int)Math.Clamp(pieces, 1, a.Rows);
        var groups = inner == 1 ? (outer + VectorsAtOnce - 1) / VectorsAtOnce : outer;
        if (Threads > 1 && (long)cuts * groups > 1 && (long)a.StoredCount * outer * inner >= 2 * ElementsPerChunk)
            MultiplySparseInParallel(product, groups, cuts);
        else
            for (var group = 0; group < groups; group++)
                MultiplySparse(product, group, 0, a.Rows);
    }

    private readonly record struct SparseProduct(SparseMatrix A, StorageView X, StorageView Y, int Outer, int Inner, bool Accumulate);

    private void MultiplySparseInParallel(SparseProduct product, int groups, int cuts)
        => WorkerPool.For(groups * cuts, Threads, piece =>
        {
            var (group, cut) = Math.DivRem(piece, cuts);
            MultiplySparse(product, group, Cut(product.A, cut, cuts), Cut(product.A, cut + 1, cuts));
        });

    /// <summary>The row at which about <paramref name="cut"/> of <paramref name="cuts"/> equal parts of the kept numbers end.</summary>
    private static int Cut(SparseMatrix a, int cut, int cuts)
    {
        if (cut == 0 || cut == cuts)
            return cut == 0 ? 0 : a.Rows;
        var row = a.RowStarts.BinarySearch((int)((long)a.StoredCount * cut / cuts));
        return Math.Min(a.Rows, row < 0 ? ~row : row);
    }

    private static void MultiplySparse(in SparseProduct product, int group, int firstRow, int endRow)
    {
        if (product.Inner > 1)
            MultiplySparseMatrix(product, group, firstRow, endRow);
        else if ((group + 1) * VectorsAtOnce <= product.Outer)
            MultiplySparseVectors(product, group * VectorsAtOnce, firstRow, endRow);
        else
            for (var vector = group * VectorsAtOnce; vector < product.Outer; vector++)
                MultiplySparseVector(product, vector, firstRow, endRow);
    }

    /// <summary>One matrix (columns x inner): 16 of its columns at a time.</summary>
    private static void MultiplySparseMatrix(in SparseProduct product, int outer, int firstRow, int endRow)
    {
        var (a, inner) = (product.A, product.Inner);
        var starts = a.RowStarts;
        var columns = a.ColumnIndices;
        var values = a.SingleValues;
        ref var xs = ref First(Part(product.X, outer * a.Columns * inner, a.Columns * inner));
        ref var ys = ref First(Part(product.Y, outer * a.Rows * inner, a.Rows * inner));
        for (var row = firstRow; row < endRow; row++)
        {
            ref var result = ref Unsafe.Add(ref ys, row * inner);
            for (var i = 0; i < inner; i += Lanes.Width)
            {
                Vector512<double> low = default, high = default;
                for (var k = starts[row]; k < starts[row + 1]; k++)
                {
                    var (lower, upper) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref xs, columns[k] * inner), i, inner));
                    var value = Vector512.Create((double)values[k]);
                    low += lower * value; // the product of two float32 is exact in double, so fused or not is the same
                    high += upper * value;
                }
                var sum = Vector512.Narrow(low, high);
                if (product.Accumulate)
                    sum += Lanes.Load(ref result, i, inner);
                Lanes.Store(sum, ref result, i, inner);
            }
        }
    }

    /// <summary>One vector.</summary>
    private static void MultiplySparseVector(in SparseProduct product, int vector, int firstRow, int endRow)
    {
        var a = product.A;
        var starts = a.RowStarts;
        var columns = a.ColumnIndices;
        var values = a.SingleValues;
        ref var x = ref First(Part(product.X, vector * a.Columns, a.Columns));
        ref var y = ref First(Part(product.Y, vector * a.Rows, a.Rows));
        for (var row = firstRow; row < endRow; row++)
        {
            var sum = 0.0;
            for (var k = starts[row]; k < starts[row + 1]; k++)
                sum += (double)values[k] * Unsafe.Add(ref x, columns[k]);
            SetOrAdd(ref Unsafe.Add(ref y, row), sum, product.Accumulate);
        }
    }

    /// <summary>Four vectors in one pass over the matrix, each summed as one alone would be.</summary>
    private static void MultiplySparseVectors(in SparseProduct product, int first, int firstRow, int endRow)
    {
        var a = product.A;
        var starts = a.RowStarts;
        var columns = a.ColumnIndices;
        var values = a.SingleValues;
        ref var x0 = ref First(Part(product.X, first * a.Columns, VectorsAtOnce * a.Columns));
        ref var x1 = ref Unsafe.Add(ref x0, a.Columns);
        ref var x2 = ref Unsafe.Add(ref x1, a.Columns);
        ref var x3 = ref Unsafe.Add(ref x2, a.Columns);
        ref var y = ref First(Part(product.Y, first * a.Rows, VectorsAtOnce * a.Rows));
        for (var row = firstRow; row < endRow; row++)
        {
            double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
            for (var k = starts[row]; k < starts[row + 1]; k++)
            {
                var (value, column) = ((double)values[k], columns[k]);
                sum0 += value * Unsafe.Add(ref x0, column);
                sum1 += value * Unsafe.Add(ref x1, column);
                sum2 += value * Unsafe.Add(ref x2, column);
                sum3 += value * Unsafe.Add(ref x3, column);
            }
            SetOrAdd(ref Unsafe.Add(ref y, row), sum0, product.Accumulate);
            SetOrAdd(ref Unsafe.Add(ref y, row + a.Rows), sum1, product.Accumulate);
            SetOrAdd(ref Unsafe.Add(ref y, row + 2 * a.Rows), sum2, product.Accumulate);
            SetOrAdd(ref Unsafe.Add(ref y, row + 3 * a.Rows), sum3, product.Accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetOrAdd(ref float target, double sum, bool accumulate) => target = accumulate ? target + (float)sum : (float)sum;
}
