namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product: (m x k) times (k x n) is (m x n). A flag multiplies by the transpose without copying it.
    /// With C = A B and G the gradient of C, the gradient of A is G B^T and that of B is A^T G.
    /// </summary>
    /// <exception cref="ShapeException">Not two matrices, or their inner lengths differ.</exception>
    public Tensor MatMul(Tensor other, bool transposeLeft = false, bool transposeRight = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        SameDevice("MatMul", this, other);
        ShapeCheck.MatMul(Shape, transposeLeft, other.Shape, transposeRight);
        var m = Shape[transposeLeft ? 1 : 0];
        var k = Shape[transposeLeft ? 0 : 1];
        var n = other.Shape[transposeRight ? 0 : 1];
        var c = Empty([m, n], Device);
        Device.MatMul(View, transposeLeft, other.View, transposeRight, c.View, m, n, k, accumulate: false);
        return Records(this, other) ? RecordMatMul(this, transposeLeft, other, transposeRight, c, m, n, k) : c;
    }

    private static Tensor RecordMatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor c, int m, int n, int k)
        => c.Record(result =>
        {
            var device = result.Device;
            var g = result.grad!.View; // m x n
            if (a.requiresGrad)
            {
                var target = a.GradTarget(out var accumulate);
                if (transposeA) // a is k x m: B G^T
                    device.MatMul(b.View, transposeB, g, true, target, k, m, n, accumulate);
                else // a is m x k: G B^T
                    device.MatMul(g, false, b.View, !transposeB, target, m, k, n, accumulate);
            }
            if (b.requiresGrad)
            {
                var target = b.GradTarget(out var accumulate);
                if (transposeB) // b is n x k: G^T A
                    device.MatMul(g, true, a.View, transposeA, target, n, k, m, accumulate);
                else // b is k x n: A^T G
                    device.MatMul(a.View, !transposeA, g, false, target, k, n, m, accumulate);
            }
        }, a, b);
}
