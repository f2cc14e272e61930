namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void SparseLengths(int rows, int columns)
    {
        if (rows < 0 || columns < 0)
            throw new ArgumentOutOfRangeException(null, $"A sparse matrix of {rows} rows and {columns} columns was asked for: neither can be negative.");
    }

    public static void SparsePlace(int row, int column, double value, int rows, int columns)
    {
        if (row < 0 || row >= rows || column < 0 || column >= columns)
            throw new ArgumentOutOfRangeException(null, $"Row {row}, column {column} is outside a sparse matrix of {rows} rows and {columns} columns: both are counted from 0.");
        if (!double.IsFinite(value))
            throw new ArgumentException(FormattableString.Invariant($"A sparse matrix got {value} in row {row}, column {column}: every number must be finite."));
    }

    public static void SparseToDense(int rows, int columns, int limit)
    {
        if ((long)rows * columns > limit)
            throw new InvalidOperationException($"ToDense would make {rows} x {columns} = {(long)rows * columns} numbers of a sparse matrix, and its limit is {limit}: multiply by it with MatMul, or read Entries().");
    }

    public static void SparseMatMul(SparseMatrix matrix, bool transpose, Shape x)
    {
        var columns = transpose ? matrix.Rows : matrix.Columns;
        var rows = x.Rank == 0 ? -1 : x[Math.Max(0, x.Rank - 2)];
        if (rows == columns)
            return;
        var advice = x.Rank >= 1 && x[-1] == columns
            ? "its last axis has that many, so apply the matrix to each row with x.MatMul(matrix, transposeRight: true)"
            : $"each column of the dense one must hold {columns} numbers";
        throw new ShapeException($"MatMul got a sparse matrix of shape {Name(matrix, transpose)} and a dense one of shape {x}: the sparse one has {columns} columns and the dense one {(rows < 0 ? "no" : rows)} rows; {advice}.");
    }

    public static void MatMulSparse(Shape x, SparseMatrix matrix, bool transpose)
    {
        var rows = transpose ? matrix.Columns : matrix.Rows;
        var columns = x.Rank == 0 ? -1 : x[-1];
        if (rows == columns)
            return;
        var advice = columns == (transpose ? matrix.Rows : matrix.Columns) ? "the other setting of transposeRight fits"
            : x.Rank >= 2 && x[-1] * (long)x[-2] == rows ? "flatten the images first, x.Reshape(x.Shape[0], -1)"
            : $"each row of the dense one must hold {rows} numbers";
        throw new ShapeException($"MatMul got a dense matrix of shape {x} and a sparse one of shape {Name(matrix, transpose)}: the dense one has {(columns < 0 ? "no" : columns)} columns and the sparse one {rows} rows; {advice}.");
    }

    private static string Name(SparseMatrix matrix, bool transpose) => $"{matrix.Rows}x{matrix.Columns}{(transpose ? " transposed" : "")}";

    public static void IndexAdd(Shape target, int axis, Shape source, int indices)
    {
        if (source.Rank != target.Rank || !source.With(axis, target[axis]).Equals(target))
            throw new ShapeException($"IndexAdd got slices of shape {source} for a tensor of shape {target}: apart from axis {axis}, which counts the slices, both must have the same shape.");
        if (indices != source[axis])
            throw new ShapeException($"IndexAdd got {indices} indices for the {source[axis]} slices of a source of shape {source}: each slice wants one index, the place it is added to.");
    }
}
