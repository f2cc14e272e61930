namespace CourseKit;

/// <summary>Binary cross-entropy of probabilities: -(y ln p + (1 - y) ln(1 - p)). Logarithms are cut at -100, as in PyTorch.</summary>
/// <param name="reduction">What to make of the values, one for each element.</param>
public sealed class BCELoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of probabilities (0 to 1) and targets (0 to 1) of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability or a target is outside 0 to 1.</exception>
    public Tensor Forward(Tensor probability, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(probability);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape(nameof(BCELoss), probability.Shape, target.Shape);
        RangeCheck.Probabilities(probability, nameof(BCELoss), "the sigmoid is missing; end the network with a Sigmoid, or leave it out and take BCEWithLogitsLoss");
        RangeCheck.BinaryTargets(target, nameof(BCELoss));
        return reduction.Apply(nameof(BCELoss), Tensor.Zip(nameof(BCELoss), new BinaryCrossEntropy(), probability, target));
    }
}

/// <summary>Binary cross-entropy of logits z, that is of p = sigmoid(z), in one stable step. Its gradient is p - y. The sigmoid is inside: one before it is not noticed (nor in PyTorch), and trains slowly to a poor end.</summary>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <param name="positiveWeight">What a positive counts, against 1 for a negative: one number, or one for each class (the last axis). Negatives / positives balances both.</param>
public sealed class BCEWithLogitsLoss(Reduction reduction = Reduction.Mean, Tensor? positiveWeight = null)
{
    /// <summary>The loss of logits (any number) and targets (0 to 1) of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ, the weights do not fit, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is outside 0 to 1.</exception>
    public Tensor Forward(Tensor logit, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(logit);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape(nameof(BCEWithLogitsLoss), logit.Shape, target.Shape);
        RangeCheck.BinaryTargets(target, nameof(BCEWithLogitsLoss));
        return reduction.Apply(nameof(BCEWithLogitsLoss), positiveWeight is null
            ? Tensor.Zip(nameof(BCEWithLogitsLoss), new BinaryCrossEntropyWithLogits(), logit, target)
            : Weighted(logit, target, positiveWeight.To(logit.Device)));
    }

    /// <summary>-w y ln p - (1 - y) ln(1 - p) = (1 - y) z + (1 + (w - 1) y) ln(1 + e^-z).</summary>
    private static Tensor Weighted(Tensor logit, Tensor target, Tensor weight)
    {
        ShapeCheck.SameShape("BCEWithLogitsLoss with its positive weight", logit.Shape, Shape.Broadcast(logit.Shape, weight.Shape, "BCEWithLogitsLoss's positive weight"));
        return (1 - target) * logit + (1 + (weight - 1) * target) * (-logit).Map(new SmoothRectifiedLinear(1, double.PositiveInfinity));
    }
}

/// <summary>
/// Binary focal loss of logits, -alpha_t (1 - p_t)^gamma ln p_t with the probability p_t of what is true: examples that are right
/// already count little, which helps where negatives abound (Lin et al. 2017).
/// </summary>
/// <param name="gamma">How fast an example loses weight as it becomes right; 0 makes it <see cref="BCEWithLogitsLoss"/>.</param>
/// <param name="alpha">The weight of positives, and 1 - alpha that of negatives (the paper takes 0.25 with gamma = 2); by default both are 1.</param>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <exception cref="ArgumentOutOfRangeException">gamma is negative, or alpha outside 0 to 1.</exception>
public sealed class BinaryFocalLoss(double gamma = 2, double? alpha = null, Reduction reduction = Reduction.Mean)
{
    private readonly FocalBinaryCrossEntropy error = new(
        ArgumentCheck.NotNegative(nameof(BinaryFocalLoss), nameof(gamma), gamma),
        alpha is null ? 1 : ArgumentCheck.Between(nameof(BinaryFocalLoss), nameof(alpha), alpha.Value, 0, 1, "it shares the weight between positives and negatives"),
        alpha is null ? 1 : 1 - alpha.Value);

    /// <summary>The loss of logits (any number) and targets (0 to 1) of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is outside 0 to 1.</exception>
    public Tensor Forward(Tensor logit, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(logit);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape(nameof(BinaryFocalLoss), logit.Shape, target.Shape);
        RangeCheck.BinaryTargets(target, nameof(BinaryFocalLoss));
        return reduction.Apply(nameof(BinaryFocalLoss), Tensor.Zip(nameof(BinaryFocalLoss), error, logit, target));
    }
}
