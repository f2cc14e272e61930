using ILGPU;

namespace CourseKit;

internal static class IndexKernels
{
    public static void Gather(Index1D i, ArrayView<float> x, ArrayView<int> indices, ArrayView<float> y, int width)
        => y[i] = x[indices[i / width] * width + i % width];

    /// <summary>One thread for each number that is added; no two have the same target.</summary>
    public static void ScatterAddOnce(Index1D i, ArrayView<float> y, ArrayView<int> indices, ArrayView<float> x, int width)
        => x[indices[i / width] * width + i % width] += y[i];

    /// <summary>One thread for each number that is added to: places[starts[r]] to places[starts[r + 1] - 1] are the runs that go to targets[r], in their order.</summary>
    public static void ScatterAdd(Index1D i, ArrayView<float> y, ArrayView<int> targets, ArrayView<int> starts, ArrayView<int> places, ArrayView<float> x, int width)
    {
        int run = i / width, column = i % width;
        var at = targets[run] * width + column;
        var sum = x[at];
        for (var p = starts[run]; p < starts[run + 1]; p++)
            sum += y[places[p] * width + column];
        x[at] = sum;
    }

    public static void SparseMatMul(Index1D i, SparseViews a, ArrayView<float> x, ArrayView<float> y, int inner, int accumulate)
    {
        int column = i % inner, row = i / inner % a.Rows, outer = i / (inner * a.Rows);
        var sum = 0.0;
        for (var k = a.RowStarts[row]; k < a.RowStarts[row + 1]; k++)
            sum += (double)a.Values[k] * x[(outer * a.Columns + a.ColumnOf[k]) * inner + column];
        y[i] = (float)(sum + (accumulate != 0 ? y[i] : 0));
    }
}

/// <summary>A sparse matrix on the device.</summary>
internal readonly struct SparseViews(ArrayView<int> rowStarts, ArrayView<int> columnOf, ArrayView<float> values, int rows, int columns)
{
    public readonly ArrayView<int> RowStarts = rowStarts, ColumnOf = columnOf;
    public readonly ArrayView<float> Values = values;
    public readonly int Rows = rows, Columns = columns;
}
