namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product: (m x k) times (k x n) is (m x n). Further axes in front count a batch of matrices, which are
    /// multiplied one by one; they must be equal, or one operand is a single matrix that the whole batch shares. A flag
    /// multiplies by the transpose without copying it.
    /// With C = A B and G the gradient of C, the gradient of A is G B^T and that of B is A^T G.
    /// </summary>
    /// <exception cref="ShapeException">An operand has fewer than two axes, the inner lengths differ, or the batches do.</exception>
    public Tensor MatMul(Tensor other, bool transposeLeft = false, bool transposeRight = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        SameDevice("MatMul", this, other);
        ShapeCheck.MatMul(Shape, transposeLeft, other.Shape, transposeRight);
        if (Shape.Rank > 2 && other.Shape.Rank == 2 && !transposeLeft)
            return RowsTimes(other, transposeRight);
        var product = new Product(this, transposeLeft, other, transposeRight);
        var c = Empty(product.Shape, Device);
        Device.MatMul(View, transposeLeft, other.View, transposeRight, c.View, product.Batch, product.M, product.N, product.K, accumulate: false);
        return Records(this, other) ? RecordMatMul(this, transposeLeft, other, transposeRight, c, product) : c;
    }

    /// <summary>
    /// A layer's neurons in one step: x W^T + b for rows x (N x inputs), W (outputs x inputs) and b (outputs). With G the gradient of the result, that of x is G W, of W G^T x, of b the sum of G's rows.
    /// </summary>
    /// <param name="x">Rows.</param>
    /// <param name="weight">W.</param>
    /// <param name="bias">b.</param>
    /// <param name="rectified">Whether ReLU follows, in the same memory: for a network in which nobody sees what is between.</param>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor bias, bool rectified = false)
    {
        SameDevice("Linear", x, weight);
        SameDevice("Linear", x, bias);
        var (rows, inputs, outputs) = (x.Shape[0], weight.Shape[1], weight.Shape[0]);
        var y = Empty([rows, outputs], x.Device);
        y.Device.Linear(x.View, weight.View, bias.View, y.View, rows, inputs, outputs, rectified);
        return Records(x, weight, bias) ? RecordLinear(x, weight, bias, y, rectified) : y;
    }

    private static Tensor RecordLinear(Tensor x, Tensor weight, Tensor bias, Tensor y, bool rectified)
        => y.Record(result =>
        {
            var device = result.Device;
            if (rectified) // in place: the gradient of a result is given back as soon as it has been handed on
                device.MapBackward(new RectifiedLinear(), result.View, result.View, result.grad!.View, result.grad!.View, accumulate: false);
            var (rows, inputs, outputs) = (x.Shape[0], weight.Shape[1], weight.Shape[0]);
            var g = result.grad!.View; // rows x outputs
            if (x.requiresGrad)
                device.MatMul(g, false, weight.View, false, x.GradTarget(out var accumulate), 1, rows, inputs, outputs, accumulate);
            if (weight.requiresGrad)
                device.MatMul(g, true, x.View, false, weight.GradTarget(out var accumulate), 1, outputs, inputs, rows, accumulate);
            if (bias.requiresGrad)
                device.Sum(g, bias.GradTarget(out var accumulate), 1, rows, outputs, 1, accumulate);
        }, x, weight, bias);

    /// <summary>A batch of matrices times one matrix is one tall matrix times it.</summary>
    private Tensor RowsTimes(Tensor matrix, bool transpose)
    {
        var height = 1;
        for (var axis = 0; axis < Shape.Rank - 1; axis++)
            height *= Shape[axis];
        var rows = Reshape(height, Shape[-1]).MatMul(matrix, transposeRight: transpose);
        return rows.Reshape([.. Shape.Take(Shape.Rank - 1), rows.Shape[1]]);
    }

    /// <summary>
    /// softmax(q k^T) along the last axis, one matrix of scores for each of a batch, in one step of the tape: the scores themselves are seen by nobody,
    /// so the probabilities take their place, and their gradient that of the probabilities.
    /// </summary>
    private static Tensor SoftmaxOfScores(Tensor q, Tensor k)
    {
        var product = new Product(q, false, k, true);
        var y = Empty(product.Shape, q.Device);
        y.Device.MatMul(q.View, false, k.View, true, y.View, product.Batch, product.M, product.N, product.K, accumulate: false);
        if (y.Count > 0)
            y.Device.Softmax(y.View, y.View, product.Batch * product.M, product.N, 1, logarithm: false);
        return Records(q, k) ? RecordSoftmaxOfScores(q, k, y, product) : y;
    }

    private static Tensor RecordSoftmaxOfScores(Tensor q, Tensor k, Tensor y, Product product)
        => y.Record(result =>
        {
            var device = result.Device;
            var (batch, m, n, width) = (product.Batch, product.M, product.N, product.K);
            var g = result.grad!.View; // m x n
            if (result.Count > 0)
                device.SoftmaxBackward(result.View, g, g, batch * m, n, 1, logarithm: false, accumulate: false);
            if (q.requiresGrad)
                device.MatMul(g, false, k.View, false, q.GradTarget(out var accumulate), batch, m, width, n, accumulate);
            if (k.requiresGrad)
                device.MatMul(g, true, q.View, false, k.GradTarget(out var accumulate), batch, n, width, m, accumulate);
        }, q, k);

    /// <summary>The lengths of a product of two (batches of) matrices.</summary>
    private readonly struct Product
    {
        public Product(Tensor a, bool transposeA, Tensor b, bool transposeB)
        {
            M = a.Shape[transposeA ? -1 : -2];
            K = a.Shape[transposeA ? -2 : -1];
            N = b.Shape[transposeB ? -2 : -1];
            var batch = (a.Shape.Rank >= b.Shape.Rank ? a : b).Shape;
            Batch = 1;
            for (var axis = 0; axis < batch.Rank - 2; axis++)
                Batch *= batch[axis];
            Shape = batch.Rank == 2 ? Shape.Create(M, N) : Shape.Create([.. batch.Take(batch.Rank - 2), M, N]);
        }

        public int Batch { get; }
        public int M { get; }
        public int N { get; }
        public int K { get; }
        public Shape Shape { get; }
    }

    private static Tensor RecordMatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor c, Product product)
        => c.Record(result =>
        {
            var device = result.Device;
            var (batch, m, n, k) = (product.Batch, product.M, product.N, product.K);
            var g = result.grad!.View; // m x n
            if (a.requiresGrad)
            {
                var target = a.GradTarget(out var accumulate);
                if (transposeA) // a is k x m: B G^T
                    device.MatMul(b.View, transposeB, g, true, target, batch, k, m, n, accumulate);
                else // a is m x k: G B^T
                    device.MatMul(g, false, b.View, !transposeB, target, batch, m, k, n, accumulate);
            }
            if (b.requiresGrad)
            {
                var target = b.GradTarget(out var accumulate);
                if (transposeB) // b is n x k: G^T A
                    device.MatMul(g, true, a.View, transposeA, target, batch, n, k, m, accumulate);
                else // b is k x n: A^T G
                    device.MatMul(a.View, !transposeA, g, false, target, batch, k, n, m, accumulate);
            }
        }, a, b);
}
