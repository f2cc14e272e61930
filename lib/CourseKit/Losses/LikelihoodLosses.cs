namespace CourseKit;

// Negative log-likelihoods of distributions whose spread a network can predict too: the recipe that all losses come from.
internal static class LikelihoodLoss
{
    /// <summary>The values of a likelihood of an error and a spread; the spread is checked.</summary>
    public static Tensor Values<TError>(string name, TError error, Tensor prediction, Tensor target, Tensor spread, string spreadName, string advice) where TError : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(spread);
        ShapeCheck.SameShape(name, prediction.Shape, target.Shape);
        ShapeCheck.Spread(name, spreadName, prediction.Shape, spread.Shape);
        RangeCheck.Within(0, double.PositiveInfinity, spread, name, spreadName, advice);
        return Tensor.Zip(name, error, prediction - target, spread);
    }
}

/// <summary>
/// Gaussian negative log-likelihood (ln v + e^2/v)/2 with a variance v for each prediction: heteroscedastic regression
/// (Nix, Weigend 1994). A variance below the floor is raised to it; its gradient passes as in PyTorch.
/// </summary>
/// <param name="full">Whether to add the constant ln(2 pi)/2.</param>
/// <param name="floor">The smallest variance (PyTorch calls it eps).</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">The floor is not positive.</exception>
public sealed class GaussianNLLLoss(bool full = false, double floor = 1e-6, Reduction reduction = Reduction.Mean)
{
    private readonly GaussianError error = new(ArgumentCheck.Positive(nameof(GaussianNLLLoss), nameof(floor), floor));

    /// <summary>The loss of predicted means and targets of one shape, and variances in that shape or one for each example (last axis 1).</summary>
    /// <exception cref="ShapeException">The shapes do not fit, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A variance is negative.</exception>
    public Tensor Forward(Tensor prediction, Tensor target, Tensor variance)
    {
        var values = LikelihoodLoss.Values(nameof(GaussianNLLLoss), error, prediction, target, variance, "variance", "end that output of the network with a Softplus or Exp");
        return reduction.Apply(nameof(GaussianNLLLoss), full ? values + 0.5 * Math.Log(2 * Math.PI) : values);
    }
}

/// <summary>Laplace negative log-likelihood ln b + |e|/b with a scale b for each prediction: robust regression that knows its spread.</summary>
/// <param name="full">Whether to add the constant ln 2.</param>
/// <param name="floor">The smallest scale.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">The floor is not positive.</exception>
public sealed class LaplaceNLLLoss(bool full = false, double floor = 1e-6, Reduction reduction = Reduction.Mean)
{
    private readonly LaplaceError error = new(ArgumentCheck.Positive(nameof(LaplaceNLLLoss), nameof(floor), floor));

    /// <summary>The loss of predicted medians and targets of one shape, and scales in that shape or one for each example (last axis 1).</summary>
    /// <exception cref="ShapeException">The shapes do not fit, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A scale is negative.</exception>
    public Tensor Forward(Tensor prediction, Tensor target, Tensor scale)
    {
        var values = LikelihoodLoss.Values(nameof(LaplaceNLLLoss), error, prediction, target, scale, "scale", "end that output of the network with a Softplus or Exp");
        return reduction.Apply(nameof(LaplaceNLLLoss), full ? values + Math.Log(2) : values);
    }
}

/// <summary>Poisson negative log-likelihood of counts, rate - count ln(rate), for event counts.</summary>
/// <param name="logInput">Whether the prediction is the logarithm of the rate (any number), or the rate itself.</param>
/// <param name="full">Whether to add Stirling's approximation of ln(count!), for counts above 1.</param>
/// <param name="epsilon">Added to a rate before its logarithm.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">epsilon is negative.</exception>
public sealed class PoissonNLLLoss(bool logInput = true, bool full = false, double epsilon = 1e-8, Reduction reduction = Reduction.Mean)
{
    private readonly double shift = ArgumentCheck.NotNegative(nameof(PoissonNLLLoss), nameof(epsilon), epsilon);

    /// <summary>The loss of predicted rates (or their logarithms) and counts of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count, or a rate that is no logarithm, is negative.</exception>
    public Tensor Forward(Tensor prediction, Tensor count)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(count);
        ShapeCheck.SameShape(nameof(PoissonNLLLoss), prediction.Shape, count.Shape);
        RangeCheck.Within(0, double.PositiveInfinity, count, nameof(PoissonNLLLoss), "count", "targets of this loss count events; do not standardize them");
        if (!logInput)
            RangeCheck.Within(0, double.PositiveInfinity, prediction, nameof(PoissonNLLLoss), "rate", "end the network with a Softplus or Exp, or predict its logarithm with logInput: true");
        var values = logInput
            ? Tensor.Zip(nameof(PoissonNLLLoss), new PoissonErrorOfLogRate(), prediction, count)
            : Tensor.Zip(nameof(PoissonNLLLoss), new PoissonErrorOfRate(shift), prediction, count);
        return reduction.Apply(nameof(PoissonNLLLoss), full ? values + count.Map(new StirlingLogFactorial()) : values);
    }
}

/// <summary>
/// Von Mises negative log-likelihood of directions, -k cos(target - direction) + ln(2 pi I0(k)), with the mean direction and the
/// concentration k: the Gaussian of the circle, for which 359 and 1 degrees are near. Stable for any k.
/// </summary>
/// <param name="reduction">What to make of the values, one for each element.</param>
public sealed class VonMisesNLLLoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of predicted and true directions in radians (any turn), and concentrations in that shape or one for each example (last axis 1).</summary>
    /// <exception cref="ShapeException">The shapes do not fit, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A concentration is negative.</exception>
    public Tensor Forward(Tensor direction, Tensor target, Tensor concentration)
        => reduction.Apply(nameof(VonMisesNLLLoss), LikelihoodLoss.Values(nameof(VonMisesNLLLoss), new VonMisesError(), direction, target, concentration, "concentration", "end that output of the network with a Softplus or Exp"));
}
