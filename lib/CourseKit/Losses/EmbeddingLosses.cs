namespace CourseKit;

/// <summary>
/// Of pairs of vectors that belong together (1) or not (-1): 1 - cos of the angle between those that do, and max(0, cos - margin) of
/// those that do not.
/// </summary>
/// <param name="margin">How similar a pair that does not belong together may be, -1 to 1.</param>
/// <param name="reduction">What to make of the values, one for each pair.</param>
/// <exception cref="ArgumentOutOfRangeException">The margin is outside -1 to 1.</exception>
public sealed class CosineEmbeddingLoss(double margin = 0, Reduction reduction = Reduction.Mean)
{
    // PyTorch's, so that a vector of zeros has no angle of 0/0.
    private const double Epsilon = 1e-12;

    private readonly double limit = ArgumentCheck.Between(nameof(CosineEmbeddingLoss), nameof(margin), margin, -1, 1, "it is a cosine");

    /// <summary>The loss of two lists of vectors (N x features) and of 1 or -1 for each pair (N).</summary>
    /// <exception cref="ShapeException">The shapes do not fit, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is neither 1 nor -1.</exception>
    public Tensor Forward(Tensor left, Tensor right, IntTensor together)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(together);
        ShapeCheck.RowsOfVectors(nameof(CosineEmbeddingLoss), left.Shape);
        ShapeCheck.EqualShapes(nameof(CosineEmbeddingLoss), left.Shape, right.Shape);
        ShapeCheck.SameShape(nameof(CosineEmbeddingLoss), Shape.Create(left.Shape[0]), together.Shape);
        var belongs = new double[together.Count];
        for (var i = 0; i < belongs.Length; i++)
            belongs[i] = ArgumentCheck.OneOrMinusOne(nameof(CosineEmbeddingLoss), together[i], i) == 1 ? 1 : 0;
        var positive = Tensor.From((ReadOnlySpan<double>)belongs, together.Shape, left.Device);
        var cosine = (left * right).Sum(1) / ((left.Square().Sum(1) + Epsilon) * (right.Square().Sum(1) + Epsilon)).Sqrt();
        return reduction.Apply(nameof(CosineEmbeddingLoss), positive * (1 - cosine) + (1 - positive) * (cosine - limit).Relu());
    }
}

/// <summary>max(0, d(anchor, positive) - d(anchor, negative) + margin) with the distance d: the same kind is to be nearer than another kind (Balntas et al. 2016).</summary>
/// <param name="margin">By how much nearer.</param>
/// <param name="reduction">What to make of the values, one for each triple.</param>
/// <exception cref="ArgumentOutOfRangeException">The margin is negative.</exception>
public sealed class TripletMarginLoss(double margin = 1, Reduction reduction = Reduction.Mean)
{
    // PyTorch's: added to each difference, so that the distance of equal vectors has a gradient.
    private const double Epsilon = 1e-6;

    private readonly double lead = ArgumentCheck.NotNegative(nameof(TripletMarginLoss), nameof(margin), margin);

    /// <summary>The loss of three lists of vectors (N x features).</summary>
    /// <exception cref="ShapeException">The shapes differ, or the batch is empty and its mean was asked for.</exception>
    public Tensor Forward(Tensor anchor, Tensor positive, Tensor negative)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(positive);
        ArgumentNullException.ThrowIfNull(negative);
        ShapeCheck.RowsOfVectors(nameof(TripletMarginLoss), anchor.Shape);
        ShapeCheck.EqualShapes(nameof(TripletMarginLoss), anchor.Shape, positive.Shape);
        ShapeCheck.EqualShapes(nameof(TripletMarginLoss), anchor.Shape, negative.Shape);
        return reduction.Apply(nameof(TripletMarginLoss), (Distance(anchor, positive) - Distance(anchor, negative) + lead).Relu());

        static Tensor Distance(Tensor a, Tensor b) => (a - b + Epsilon).Square().Sum(1).Sqrt();
    }
}
