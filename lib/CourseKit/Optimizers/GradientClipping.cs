namespace CourseKit;

/// <summary>Makes exploding gradients small again, between <c>Backward</c> and the optimizer's <c>Step</c>.</summary>
public static class GradientClipping
{
    // PyTorch's: keeps the factor finite where all gradients are 0.
    private const double NormFloor = 1e-6;

    /// <summary>
    /// Scales all gradients by one factor, so that their norm, taken over all of them together, is at most <paramref name="maxNorm"/>: the
    /// direction stays (Pascanu, Mikolov, Bengio 2013). As PyTorch's clip_grad_norm_: the factor is maxNorm / (norm + 1e-6),
    /// and gradients whose norm is NaN or infinite become NaN or 0, unless an error is asked for.
    /// </summary>
    /// <param name="parameters">Whose gradients; a parameter without one does not count.</param>
    /// <param name="maxNorm">The largest norm left over, 0 or more.</param>
    /// <param name="normType">Which norm: 2, the length, by default; <see cref="double.PositiveInfinity"/> is the largest magnitude.</param>
    /// <param name="errorIfNonFinite">Whether a norm that is NaN or infinite is an error.</param>
    /// <returns>The norm before clipping; 0 where no parameter has a gradient.</returns>
    /// <exception cref="ArgumentException">A negative norm, or a type of norm that is not above 0.</exception>
    /// <exception cref="ArithmeticException">The norm is not finite, and <paramref name="errorIfNonFinite"/> is set.</exception>
    public static double ByNorm(IEnumerable<Tensor> parameters, double maxNorm, double normType = 2, bool errorIfNonFinite = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentCheck.NotNegative("GradientClipping.ByNorm", "largest norm", maxNorm);
        if (!double.IsPositiveInfinity(normType))
            ArgumentCheck.Positive("GradientClipping.ByNorm", "type of norm", normType);
        Tensor[] withGradient = [.. parameters.Where(parameter => parameter.GradUnseen is not null)];
        var gradients = withGradient.Select(parameter => parameter.GradUnseen!).GroupBy(gradient => gradient.Device);
        var norm = Norm([.. gradients.SelectMany(onDevice => NormsOf([.. onDevice], normType))], normType);
        if (errorIfNonFinite)
            OptimizerCheck.FiniteNorm(norm);
        var factor = maxNorm / (norm + NormFloor);
        if (!(factor >= 1)) // NaN goes on to the gradients
            Change(withGradient, new Affine(factor, 0));
        return norm;
    }

    /// <summary>Cuts every number of every gradient to plus or minus <paramref name="limit"/>. The direction changes; a NaN stays. As PyTorch's clip_grad_value_.</summary>
    /// <param name="parameters">Whose gradients; a parameter without one does not count.</param>
    /// <param name="limit">The largest magnitude left over, 0 or more.</param>
    /// <exception cref="ArgumentException">The limit is negative or not a finite number.</exception>
    public static void ByValue(IEnumerable<Tensor> parameters, double limit)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentCheck.NotNegative("GradientClipping.ByValue", "limit", limit);
        Change(parameters.Where(parameter => parameter.GradUnseen is not null), new Clipping(-limit, limit));
    }

    private static void Change<TOperation>(IEnumerable<Tensor> parameters, TOperation operation) where TOperation : struct, IUnaryOperation
    {
        foreach (var parameter in parameters)
        {
            // A gradient that somebody looked at is theirs and stays what it was: then this is a copy of it.
            var gradient = parameter.GradTarget(out _);
            parameter.Device.Map(operation, gradient, gradient);
        }
    }

    /// <summary>The norm of some numbers. Scaled by the largest, so that the square of an exploding gradient does not overflow.</summary>
    private static double Norm(double[] numbers, double normType)
    {
        var largest = numbers.Select(Math.Abs).DefaultIfEmpty(0).Aggregate(Math.Max); // NaN wins
        return double.IsPositiveInfinity(normType) || largest == 0 || !double.IsFinite(largest) ? largest
            : largest * Math.Pow(numbers.Sum(number => Math.Pow(Math.Abs(number) / largest, normType)), 1 / normType);
    }

    /// <summary>The norms of gradients on one device. Squares are read together: a device that runs ahead is waited for once, not once for each parameter.</summary>
    private static double[] NormsOf(Tensor[] gradients, double normType)
    {
        if (normType != 2)
            return [.. gradients.Select(gradient => ScaledNormOf(gradient, normType))];
        using var row = new NumberRow(gradients[0].Device, gradients.Length);
        foreach (var gradient in gradients)
        {
            using var scope = new TensorScope();
            using var noGrad = new NoGrad();
            row.Add(gradient.Square().Sum());
        }
        // Squares of large or of tiny numbers leave float32: then once more, with the largest number as the unit.
        return [.. row.Take().Select((sum, i) => Math.Sqrt(sum) is > 1e-15 and < 1e15 and var norm ? norm : ScaledNormOf(gradients[i], normType))];
    }

    /// <summary>The norm of a gradient, with its largest number as the unit.</summary>
    private static double ScaledNormOf(Tensor gradient, double normType)
    {
        if (gradient.Count == 0)
            return 0;
        using var scope = new TensorScope();
        using var noGrad = new NoGrad();
        var magnitudes = gradient.Abs().Reshape(-1);
        var largest = magnitudes.Max(0).Item();
        // The device's maximum passes over a NaN; a sum does not.
        if (double.IsNaN(magnitudes.Sum().Item()))
            return double.NaN;
        if (double.IsPositiveInfinity(normType) || largest == 0 || !double.IsFinite(largest))
            return largest;
        var scaled = gradient * (1 / largest);
        return largest * (normType == 2 ? Math.Sqrt(scaled.Square().Sum().Item()) : Math.Pow(scaled.Abs().Pow(normType).Sum().Item(), 1 / normType));
    }
}
