namespace CourseKit;

/// <summary>Binary cross-entropy of probabilities: -(y ln p + (1 - y) ln(1 - p)). Logarithms are cut at -100, as in PyTorch.</summary>
public sealed class BCELoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of probabilities (0 to 1) and targets (0 to 1) of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public Tensor Forward(Tensor probability, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(probability);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape("BCELoss", probability.Shape, target.Shape);
        return reduction.Apply(Tensor.Zip("BCELoss", new BinaryCrossEntropy(), probability, target));
    }
}

/// <summary>Binary cross-entropy of logits z, that is of p = sigmoid(z), in one stable step. Its gradient is p - y.</summary>
public sealed class BCEWithLogitsLoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of logits (any number) and targets (0 to 1) of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public Tensor Forward(Tensor logit, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(logit);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape("BCEWithLogitsLoss", logit.Shape, target.Shape);
        return reduction.Apply(Tensor.Zip("BCEWithLogitsLoss", new BinaryCrossEntropyWithLogits(), logit, target));
    }
}
