using MathNet.Numerics.LinearAlgebra;

namespace CourseKit;

/// <summary>
/// All second derivatives of a function of many numbers with one result, for small problems. Backpropagation gives the
/// gradient and is not itself differentiable, so these are central differences of gradients, (g(x + h e_i) - g(x - h e_i)) / 2h,
/// in double precision on the reference device, made symmetric by the mean with the transpose: about ten digits are right.
/// </summary>
public static class Hessian
{
    /// <summary>The largest number of inputs: the time is twice as many backward passes, the memory the square of it.</summary>
    public const int MaximumInputs = 2000;

    /// <summary>The Hessian of a function at a point: a matrix of inputs x inputs (flattened, last axis fastest).</summary>
    /// <param name="function">The function, with a single number as its result; it gets the input on the reference device.</param>
    /// <param name="x">Where the derivatives are taken. Keep away from kinks.</param>
    /// <exception cref="ShapeException">The result is not a single number.</exception>
    /// <exception cref="ArgumentException">There are more inputs than <see cref="MaximumInputs"/>.</exception>
    public static Tensor Of(Func<Tensor, Tensor> function, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        ThrowIfTooMany(x.Count);
        return FromGradients(x.ToDoubleArray(), GradientAt);

        double[] GradientAt(double[] point)
        {
            using var scope = new TensorScope();
            var leaf = Tensor.From(point, x.Shape, Device.Reference);
            leaf.RequiresGrad = true;
            var value = function(leaf);
            ShapeCheck.SingleNumber("Hessian", value.Shape);
            if (value.RequiresGrad)
                value.Backward();
            return leaf.Grad?.ToDoubleArray() ?? new double[point.Length];
        }
    }

    /// <summary>The Hessian of a loss by all parameters of a module where they stand, in the order of <see cref="ParameterVector"/>. The parameters are as before afterwards, and without gradients.</summary>
    /// <param name="module">A module whose parameters are on the reference device (<c>model.To(Device.Reference)</c>).</param>
    /// <param name="loss">Computes the loss, a single number, the same at every call.</param>
    /// <exception cref="ShapeException">The loss is not a single number.</exception>
    /// <exception cref="ArgumentException">There are more parameters than <see cref="MaximumInputs"/>, none, or one is on another device.</exception>
    public static Tensor Of(Module module, Func<Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        ThrowIfTooMany(module.ParameterCount);
        ParameterVector.ThrowIfNotDouble("Hessian", module);
        return FromGradients(ParameterVector.Of(module).ToDoubleArray(), point => ParameterVector.At(module, point, () => ParameterVector.GradientAt(module, loss)));
    }

    /// <summary>The eigenvalues of a symmetric matrix, ascending: all above 0 at a minimum, all below at a maximum, of both signs at a saddle.</summary>
    /// <exception cref="ShapeException">Not a square matrix.</exception>
    public static double[] Eigenvalues(Tensor hessian) => Eigen(hessian).Values;

    /// <summary>The eigenvalues of a symmetric matrix, ascending, and its eigenvectors: column i of the second belongs to value i.</summary>
    /// <exception cref="ShapeException">Not a square matrix.</exception>
    public static (double[] Values, Tensor Vectors) Eigen(Tensor hessian)
    {
        ArgumentNullException.ThrowIfNull(hessian);
        ShapeCheck.SquareMatrix("Eigen", hessian.Shape);
        if (hessian.Count == 0)
            return ([], hessian.Clone());
        var matrix = Matrix<double>.Build.DenseOfArray(hessian.ToMatrix());
        var decomposition = ((matrix + matrix.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        return ([.. decomposition.EigenValues.Select(value => value.Real)], Tensor.From(decomposition.EigenVectors.ToArray(), hessian.Device));
    }

    private static Tensor FromGradients(double[] x, Func<double[], double[]> gradient)
    {
        var n = x.Length;
        var hessian = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var original = x[i];
            var step = GradientCheck.Step * Math.Max(1, Math.Abs(original));
            var (after, before) = (At(original + step), At(original - step));
            for (var j = 0; j < n; j++)
            {
                // Half to the place and half to its mirror image: the mean of both.
                var half = (after[j] - before[j]) / (4 * step);
                hessian[i * n + j] += half;
                hessian[j * n + i] += half;
            }

            double[] At(double value)
            {
                var moved = x.ToArray();
                moved[i] = value;
                return gradient(moved);
            }
        }
        return Tensor.From(hessian, [n, n], Device.Reference);
    }

    private static void ThrowIfTooMany(long inputs)
    {
        if (inputs > MaximumInputs)
            throw new ArgumentException($"Hessian got {inputs} inputs, whose {inputs} x {inputs} second derivatives would take {2 * inputs} backward passes: its limit is {MaximumInputs}. Take a smaller network, or look along a few directions.");
    }
}
