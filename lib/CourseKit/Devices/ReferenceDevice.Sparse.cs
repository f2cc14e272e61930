namespace CourseKit;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    public override void SparseMatMul(SparseMatrix a, StorageView x, StorageView y, int outer, int inner, bool accumulate)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var o = 0; o < outer; o++)
            for (var row = 0; row < a.Rows; row++)
                for (var i = 0; i < inner; i++)
                {
                    var sum = 0.0;
                    for (var k = a.RowStarts[row]; k < a.RowStarts[row + 1]; k++)
                        sum += a.Value(k) * xs[(o * a.Columns + a.ColumnIndices[k]) * inner + i];
                    var at = (o * a.Rows + row) * inner + i;
                    ys[at] = sum + (accumulate ? ys[at] : 0);
                }
    }
}
