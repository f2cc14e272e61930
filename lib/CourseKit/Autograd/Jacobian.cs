namespace CourseKit;

/// <summary>All first derivatives of a function of many numbers with many results.</summary>
public static class Jacobian
{
    /// <summary>
    /// The matrix of outputs x inputs (both flattened, last axis fastest) whose row i holds the derivatives of output i by
    /// each input. Exact: the function is computed again and backpropagated once for each output.
    /// </summary>
    /// <param name="function">The function; it gets the input on the device named.</param>
    /// <param name="x">Where the derivatives are taken.</param>
    /// <param name="device">Where it is computed: by default the reference device, in double precision.</param>
    /// <exception cref="ShapeException">The matrix would hold more numbers than a tensor can.</exception>
    /// <example><code>var j = Jacobian.Of(z => z.Softmax(), Tensor.From([1.0, 2, 3]));  // diag(p) - p p^T</code></example>
    public static Tensor Of(Func<Tensor, Tensor> function, Tensor x, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        device ??= Device.Reference;
        var point = x.ToDoubleArray();
        double[]? rows = null;
        var outputs = 0;
        for (var i = 0; i == 0 || i < outputs; i++)
        {
            using var scope = new TensorScope();
            var leaf = Tensor.From(point, x.Shape, device);
            leaf.RequiresGrad = true;
            var output = function(leaf);
            outputs = output.Count;
            rows ??= new double[Shape.Create(outputs, point.Length).ElementCount];
            if (outputs == 0 || !output.RequiresGrad)
                break; // nothing there, or it does not depend on the input: zeros
            var pick = new double[outputs];
            pick[i] = 1;
            output.Backward(Tensor.From(pick, output.Shape, output.Device));
            leaf.Grad?.ToDoubleArray().CopyTo(rows, i * point.Length);
        }
        return Tensor.From(rows!, [outputs, point.Length], device);
    }
}
