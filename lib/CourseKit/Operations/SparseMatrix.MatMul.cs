namespace CourseKit;

public sealed partial class SparseMatrix
{
    /// <summary>
    /// The product A x with a dense x: for one vector (columns), a matrix (columns x features), or a batch of matrices
    /// (... x columns x features), where the matrix acts on each. With G the gradient of the result, that of x is A^T G.
    /// </summary>
    /// <param name="x">The dense operand.</param>
    /// <param name="transposeLeft">Multiplies by the transpose of this matrix.</param>
    /// <exception cref="ShapeException">x has not as many rows as this matrix has columns.</exception>
    public Tensor MatMul(Tensor x, bool transposeLeft = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        var matrix = transposeLeft ? Transpose() : this;
        ShapeCheck.SparseMatMul(this, transposeLeft, x.Shape);
        return x.Apply(matrix, axis: Math.Max(0, x.Shape.Rank - 2));
    }

    /// <summary>
    /// The largest factor by which the product lengthens a vector (the largest singular value), by power iteration: what step
    /// sizes are chosen by. Gradient descent on |A x - y|^2 / 2 converges with steps below 2 / norm^2. Found from below, and
    /// the better the more iterations.
    /// </summary>
    public double SpectralNorm(int iterations = 100)
    {
        ArgumentCheck.AtLeast(1, nameof(SpectralNorm), nameof(iterations), iterations);
        var x = Tensor.Uniform([Columns], 0.5, 1.5, new Generator(0), Device.Cpu);
        var norm = 0.0;
        for (var i = 0; i < iterations; i++)
        {
            var length = x.Norm().Item();
            if (length == 0)
                return 0;
            var product = MatMul(x / length);
            norm = product.Norm().Item();
            x = MatMul(product, transposeLeft: true);
        }
        return norm;
    }
}

public sealed partial class Tensor
{
    /// <summary>
    /// The product x A of dense rows (rows of A, or N x rows of A) with a sparse matrix; with <paramref name="transposeRight"/>
    /// x A^T, which applies A to each row: the way to apply a linear operator to a batch of flattened images. With G the
    /// gradient of the result, that of x is G A^T (or G A).
    /// </summary>
    /// <param name="matrix">The sparse operand, a constant.</param>
    /// <param name="transposeRight">Multiplies by the transpose of the matrix.</param>
    /// <exception cref="ShapeException">The last axis has not as many numbers as the matrix has rows (columns, if transposed).</exception>
    public Tensor MatMul(SparseMatrix matrix, bool transposeRight = false)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ShapeCheck.MatMulSparse(Shape, matrix, transposeRight);
        return Apply(transposeRight ? matrix : matrix.Transpose(), axis: Shape.Rank - 1);
    }

    /// <summary>A along one axis: that axis goes from the columns of A to its rows, the others stay.</summary>
    internal Tensor Apply(SparseMatrix matrix, int axis)
    {
        var (outer, _, inner) = Shape.Around(axis);
        var lengths = Shape.AsSpan().ToArray();
        lengths[axis] = matrix.Rows;
        var y = Empty(Shape.Create(lengths), Device);
        Device.SparseMatMul(matrix, View, y.View, outer, inner, accumulate: false);
        return Records(this) ? RecordApply(matrix, y, outer, inner) : y;
    }

    private Tensor RecordApply(SparseMatrix matrix, Tensor y, int outer, int inner)
        => y.Record(result => Device.SparseMatMul(matrix.Transpose(), result.grad!.View, GradTarget(out var accumulate), outer, inner, accumulate), this);
}
