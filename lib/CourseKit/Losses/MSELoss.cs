namespace CourseKit;

/// <summary>Mean squared error: (prediction - target)^2, the negative log-likelihood of Gaussian noise up to constants.</summary>
public sealed class MSELoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of predictions and targets of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public Tensor Forward(Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape("MSELoss", prediction.Shape, target.Shape);
        return reduction.Apply(Tensor.Zip("MSELoss", new SquaredError(), prediction, target));
    }
}
