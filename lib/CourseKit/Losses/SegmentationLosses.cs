namespace CourseKit;

/// <summary>
/// Soft Dice loss of predicted masks, 1 - (2 sum(p y) + smooth) / (sum(p^2) + sum(y^2) + smooth): one minus the overlap, whatever the
/// share of the background (Milletari, Navab, Ahmadi 2016). It is a ratio of sums, so the reduction says what is summed: the mean, the
/// default and the lecture's form, takes one ratio over the whole batch; none takes a ratio for each example (first axis),
/// the sum adds these, and the batch mean averages them.
/// </summary>
/// <param name="smooth">Added above and below: it keeps empty masks from 0/0 and softens small ones.</param>
/// <param name="squaredDenominator">Whether the masks are squared below, as in the lecture; false takes sum(p) + sum(y), Dice's own form.</param>
/// <param name="reduction">Over what the ratio is taken.</param>
/// <exception cref="ArgumentOutOfRangeException">smooth is negative.</exception>
public sealed class DiceLoss(double smooth = 1, bool squaredDenominator = true, Reduction reduction = Reduction.Mean)
{
    private readonly double smoothing = ArgumentCheck.NotNegative(nameof(DiceLoss), nameof(smooth), smooth);

    /// <summary>The loss of predicted probabilities and targets (0 to 1) of one shape, of which the first axis counts examples.</summary>
    /// <exception cref="ShapeException">The shapes differ, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability or a target is outside 0 to 1.</exception>
    public Tensor Forward(Tensor probability, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(probability);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape(nameof(DiceLoss), probability.Shape, target.Shape);
        RangeCheck.Probabilities(probability, nameof(DiceLoss), "the sigmoid or softmax is missing at the network's end");
        RangeCheck.BinaryTargets(target, nameof(DiceLoss));
        if (reduction == Reduction.Mean)
            ShapeCheck.MeanOfNothing(nameof(DiceLoss), probability.Shape);
        var examples = reduction == Reduction.Mean || probability.Shape.Rank == 0 ? 1 : probability.Shape[0];
        var size = probability.Count / Math.Max(1, examples);
        var (p, y) = (probability.Reshape(examples, size), target.Reshape(examples, size)); // (N, pixels)
        var overlap = (p * y).Sum(1);
        var total = squaredDenominator ? (p.Square() + y.Square()).Sum(1) : (p + y).Sum(1);
        return reduction.Apply(nameof(DiceLoss), 1 - (2 * overlap + smoothing) / (total + smoothing));
    }
}
