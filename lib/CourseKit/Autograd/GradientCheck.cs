namespace CourseKit;

/// <summary>Compares a gradient from backpropagation with central differences, in double precision on the reference device.</summary>
public static class GradientCheck
{
    /// <summary>The step of the differences: near the cube root of the rounding error, where truncation and rounding balance.</summary>
    public const double Step = 1e-5;

    /// <summary>
    /// The largest relative difference |tape - differences| / max(1, |tape|, |differences|) over all numbers of all inputs,
    /// of the sum of the function's output weighted by fixed, uneven weights (so that errors cannot cancel).
    /// </summary>
    /// <param name="function">The function to check; it gets the inputs on the reference device.</param>
    /// <param name="inputs">Where to check. Keep away from kinks.</param>
    public static GradientCheckResult Compare(Func<IReadOnlyList<Tensor>, Tensor> function, params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        var points = inputs.Select(input => input.ToDoubleArray()).ToArray();
        var leaves = Leaves(requiresGrad: true);
        var output = function(leaves);
        output.Backward(Weights(output.Shape));
        var worst = new GradientCheckResult(0, 0, 0, 0, 0);
        for (var i = 0; i < points.Length; i++)
        {
            var tape = leaves[i].Grad?.ToDoubleArray() ?? new double[points[i].Length];
            for (var j = 0; j < tape.Length; j++)
            {
                var differences = (At(i, j, Step) - At(i, j, -Step)) / (2 * Step);
                var error = Math.Abs(tape[j] - differences) / Math.Max(1, Math.Max(Math.Abs(tape[j]), Math.Abs(differences)));
                if (error > worst.MaxError || double.IsNaN(error))
                    worst = new GradientCheckResult(double.IsNaN(error) ? double.PositiveInfinity : error, i, j, tape[j], differences);
            }
        }
        return worst;

        Tensor[] Leaves(bool requiresGrad) => [.. points.Select((values, i) =>
        {
            var leaf = Tensor.From((ReadOnlySpan<double>)values, inputs[i].Shape, Device.Reference);
            leaf.RequiresGrad = requiresGrad;
            return leaf;
        })];

        double At(int input, int index, double step)
        {
            var original = points[input][index];
            points[input][index] = original + step;
            var value = function(Leaves(requiresGrad: false));
            points[input][index] = original;
            return (value * Weights(value.Shape)).Sum().Item();
        }

        static Tensor Weights(Shape shape) => Tensor.From([.. Enumerable.Range(0, shape.ElementCount).Select(i => 1 + 0.37 * Math.Sin(1 + 2.3 * i))], shape, Device.Reference);
    }
}

/// <summary>The worst place of a gradient check.</summary>
/// <param name="MaxError">The largest relative difference.</param>
/// <param name="Input">Which input it is in.</param>
/// <param name="Index">Which number of that input.</param>
/// <param name="Tape">The gradient from backpropagation there.</param>
/// <param name="Differences">The gradient from central differences there.</param>
[TypeFormatterSource(typeof(TextFormatterSource))]
public readonly record struct GradientCheckResult(double MaxError, int Input, int Index, double Tape, double Differences)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"largest relative difference {MaxError:G3}, at number {Index} of input {Input}: backpropagation {Tape:G8}, differences {Differences:G8}");
}
