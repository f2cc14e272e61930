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
                worst = worst.OrWorse(i, j, tape[j], (At(i, j, Step) - At(i, j, -Step)) / (2 * Step), parameter: null);
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

    /// <summary>The check of a function of one tensor.</summary>
    /// <param name="function">The function to check; it gets the input on the reference device.</param>
    /// <param name="input">Where to check. Keep away from kinks.</param>
    public static GradientCheckResult Compare(Func<Tensor, Tensor> function, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(input);
        return Compare(inputs => function(inputs[0]), [input]);
    }

    /// <summary>The check of every parameter of a module, in a loss that is computed from it. The parameters are as before afterwards, and without gradients.</summary>
    /// <param name="module">A module whose parameters are on the reference device (<c>model.To(Device.Reference)</c>).</param>
    /// <param name="loss">Computes the loss, a single number, the same at every call.</param>
    /// <exception cref="ArgumentException">A parameter is on another device, or there is none.</exception>
    /// <exception cref="ShapeException">The loss is not a single number.</exception>
    /// <example><code>GradientCheck.Compare(model, () => new MSELoss().Forward(model.Forward(x), y))</code></example>
    public static GradientCheckResult Compare(Module module, Func<Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        ParameterVector.ThrowIfNotDouble("GradientCheck", module);
        var tape = ParameterVector.GradientAt(module, loss);
        var point = ParameterVector.Of(module).ToDoubleArray();
        var worst = new GradientCheckResult(0, 0, 0, 0, 0);
        var at = 0;
        var input = 0;
        foreach (var (name, parameter) in module.NamedParameters())
        {
            for (var i = 0; i < parameter.Count; i++, at++)
            {
                var differences = (LossAt(at, Step) - LossAt(at, -Step)) / (2 * Step);
                worst = worst.OrWorse(input, i, tape[at], differences, name);
            }
            input++;
        }
        return worst;

        double LossAt(int index, double step)
        {
            var moved = point.ToArray();
            moved[index] += step;
            return ParameterVector.At(module, moved, () =>
            {
                using var noGrad = new NoGrad();
                using var scope = new TensorScope();
                return loss().Item();
            });
        }
    }
}

/// <summary>The worst place of a gradient check.</summary>
/// <param name="MaxError">The largest relative difference.</param>
/// <param name="Input">Which input it is in.</param>
/// <param name="Index">Which number of that input.</param>
/// <param name="Tape">The gradient from backpropagation there.</param>
/// <param name="Differences">The gradient from central differences there.</param>
/// <param name="Parameter">The parameter's name, where those of a module were checked.</param>
[TypeFormatterSource(typeof(TextFormatterSource))]
public readonly record struct GradientCheckResult(double MaxError, int Input, int Index, double Tape, double Differences, string? Parameter = null)
{
    internal GradientCheckResult OrWorse(int input, int index, double tape, double differences, string? parameter)
    {
        var error = Math.Abs(tape - differences) / Math.Max(1, Math.Max(Math.Abs(tape), Math.Abs(differences)));
        error = double.IsNaN(error) ? double.PositiveInfinity : error;
        return error > MaxError ? new(error, input, index, tape, differences, parameter) : this;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"largest relative difference {MaxError:G3}, at number {Index} of {(Parameter is null ? FormattableString.Invariant($"input {Input}") : $"parameter {Parameter}")}: backpropagation {Tape:G8}, differences {Differences:G8}");
}
