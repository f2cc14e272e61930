namespace CourseKit;

/// <summary>Cross-entropy of scores: -ln softmax(scores)[class]. The softmax is inside: give it scores, not probabilities.</summary>
public sealed class CrossEntropyLoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of scores (N x classes) and one class index for each row (N).</summary>
    /// <exception cref="ShapeException">The scores are no matrix, or the targets are not one for each row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class index is not one of the columns.</exception>
    public Tensor Forward(Tensor scores, IntTensor classes)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(classes);
        ShapeCheck.ClassTargets("CrossEntropyLoss", scores.Shape, classes.Shape);
        for (var row = 0; row < classes.Count; row++)
            ShapeCheck.ClassIndex("CrossEntropyLoss", classes[row], row, scores.Shape[1]);
        return reduction.Apply(-scores.LogSoftmax().PickFromRows(classes));
    }

    /// <summary>The loss of scores (N x classes) and a probability for each class (N x classes).</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public Tensor Forward(Tensor scores, Tensor probabilities)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(probabilities);
        ShapeCheck.SameShape("CrossEntropyLoss", scores.Shape, probabilities.Shape);
        return reduction.Apply(-(probabilities * scores.LogSoftmax()).Sum(-1));
    }
}
