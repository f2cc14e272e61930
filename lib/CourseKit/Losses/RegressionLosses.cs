namespace CourseKit;

// A loss of a regression is a function of the error e = prediction - target, in RegressionErrors.cs, applied and reduced here.
internal static class ErrorLoss
{
    public static Tensor Values<TFunction>(string name, TFunction function, Tensor prediction, Tensor target) where TFunction : struct, IUnaryOperation
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape(name, prediction.Shape, target.Shape);
        return Tensor.Zip(name, new ErrorOf<TFunction>(function), prediction, target);
    }
}

/// <summary>Mean squared error: (prediction - target)^2, the negative log-likelihood of Gaussian noise up to constants.</summary>
/// <param name="reduction">What to make of the values, one for each element.</param>
public sealed class MSELoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of predictions and targets of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ, or the batch is empty and its mean was asked for.</exception>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction.Apply(nameof(MSELoss), ErrorLoss.Values(nameof(MSELoss), new Square(), prediction, target));
}

/// <summary>Mean absolute error (MAE): |prediction - target|, the negative log-likelihood of Laplace noise up to constants. Its gradient at 0 is taken as 0.</summary>
/// <param name="reduction">What to make of the values, one for each element.</param>
public sealed class L1Loss(Reduction reduction = Reduction.Mean)
{
    /// <inheritdoc cref="MSELoss.Forward"/>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction.Apply(nameof(L1Loss), ErrorLoss.Values(nameof(L1Loss), new AbsoluteValue(), prediction, target));
}

/// <summary>
/// Root mean squared error, in the units of the target. The squared errors are reduced before the root is taken:
/// the mean gives the RMSE, the sum the length of the vector of errors, and none gives |e| of each element.
/// Where every error is 0 its gradient is taken as 0.
/// </summary>
/// <param name="reduction">What to make of the squared errors before the root.</param>
public sealed class RMSELoss(Reduction reduction = Reduction.Mean)
{
    /// <inheritdoc cref="MSELoss.Forward"/>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction == Reduction.None
            ? ErrorLoss.Values(nameof(RMSELoss), new AbsoluteValue(), prediction, target)
            : reduction.Apply(nameof(RMSELoss), ErrorLoss.Values(nameof(RMSELoss), new Square(), prediction, target)).Map(new LengthFromSquare());
}

/// <summary>e^2/2 up to an error of delta and delta (|e| - delta/2) beyond: squared for small errors, absolute for outliers (Huber 1964).</summary>
/// <param name="delta">Where an error begins to count as an outlier, in the units of the target.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">delta is not positive.</exception>
public sealed class HuberLoss(double delta = 1, Reduction reduction = Reduction.Mean)
{
    private readonly HuberError error = new(ArgumentCheck.Positive(nameof(HuberLoss), nameof(delta), delta));

    /// <inheritdoc cref="MSELoss.Forward"/>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction.Apply(nameof(HuberLoss), ErrorLoss.Values(nameof(HuberLoss), error, prediction, target));
}

/// <summary>e^2/(2 beta) up to an error of beta and |e| - beta/2 beyond: the Huber loss divided by beta (Girshick 2015).</summary>
/// <param name="beta">Where the straight line begins, in the units of the target; 0 makes it <see cref="L1Loss"/>.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">beta is negative.</exception>
public sealed class SmoothL1Loss(double beta = 1, Reduction reduction = Reduction.Mean)
{
    private readonly SmoothAbsoluteError error = new(ArgumentCheck.NotNegative(nameof(SmoothL1Loss), nameof(beta), beta));

    /// <inheritdoc cref="MSELoss.Forward"/>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction.Apply(nameof(SmoothL1Loss), ErrorLoss.Values(nameof(SmoothL1Loss), error, prediction, target));
}

/// <summary>
/// Tukey's biweight: c^2/6 (1 - (1 - (e/c)^2)^3) up to an error of c and the constant c^2/6 beyond, so that an outlier has no
/// pull at all (Beaton, Tukey 1974). Not convex: start from a fit that is nearly right.
/// </summary>
/// <param name="c">The error from which on a point is ignored; 4.685 standard deviations keep 95 % of the efficiency under Gaussian noise.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">c is not positive.</exception>
public sealed class TukeyBiweightLoss(double c = 4.685, Reduction reduction = Reduction.Mean)
{
    private readonly BiweightError error = new(ArgumentCheck.Positive(nameof(TukeyBiweightLoss), nameof(c), c));

    /// <inheritdoc cref="MSELoss.Forward"/>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction.Apply(nameof(TukeyBiweightLoss), ErrorLoss.Values(nameof(TukeyBiweightLoss), error, prediction, target));
}

/// <summary>
/// The quantile or pinball loss max(tau e, (tau - 1) e) with e = target - prediction: least where the prediction is the
/// tau-quantile of the targets (Koenker, Bassett 1978). The slide prints 1 - tau where tau - 1 is right.
/// </summary>
/// <param name="tau">Which quantile, 0 to 1; 0.5 is the median.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">tau is outside 0 to 1.</exception>
public sealed class QuantileLoss(double tau, Reduction reduction = Reduction.Mean)
{
    private readonly QuantileError error = new(ArgumentCheck.Between(nameof(QuantileLoss), nameof(tau), tau, 0, 1, "it is a share, 0.9 for the value that nine of ten targets stay below"));

    /// <inheritdoc cref="MSELoss.Forward"/>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction.Apply(nameof(QuantileLoss), ErrorLoss.Values(nameof(QuantileLoss), error, prediction, target));
}

/// <summary>
/// The general robust loss of Barron (2019), one family with w = e/c: w^2/2 for alpha = 2, smooth L1 (Charbonnier) for 1, Cauchy
/// for 0, Geman-McClure for -2, Welsch for minus infinity, and everything between. Continuous in alpha, and computed so.
/// </summary>
/// <param name="alpha">The shape: the smaller, the less an outlier counts.</param>
/// <param name="c">The error at which the outliers begin, in the units of the target.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">alpha is no number or plus infinity, or c is not positive.</exception>
public sealed class BarronLoss(double alpha, double c = 1, Reduction reduction = Reduction.Mean)
{
    private readonly GeneralRobustError error = new(
        ArgumentCheck.Between(nameof(BarronLoss), nameof(alpha), alpha, double.NegativeInfinity, double.MaxValue, "2 is the squared error, and smaller values are more robust"),
        ArgumentCheck.Positive(nameof(BarronLoss), nameof(c), c));

    /// <inheritdoc cref="MSELoss.Forward"/>
    public Tensor Forward(Tensor prediction, Tensor target)
        => reduction.Apply(nameof(BarronLoss), ErrorLoss.Values(nameof(BarronLoss), error, prediction, target));
}
