namespace CourseKit;

/// <summary>
/// What a loss makes of its values, of which there is one for each element (of a regression) or for each example (of a
/// classification). The mean of an empty batch is no number: a loss refuses it with a sentence, where PyTorch gives NaN.
/// </summary>
public enum Reduction
{
    /// <summary>Nothing: every value.</summary>
    None,

    /// <summary>Their mean, a scalar. The default: it does not depend on the batch's size.</summary>
    Mean,

    /// <summary>Their sum, a scalar.</summary>
    Sum,

    /// <summary>
    /// Their sum divided by the number of examples, the length of the first axis. <see cref="KLDivLoss"/> needs it, because its
    /// mean over all elements is not the divergence; PyTorch calls it batchmean and has it there alone.
    /// </summary>
    BatchMean,
}

internal static class Reductions
{
    /// <param name="reduction">What to do.</param>
    /// <param name="loss">The loss's name, for its complaint.</param>
    /// <param name="values">Its values.</param>
    public static Tensor Apply(this Reduction reduction, string loss, Tensor values)
    {
        if (reduction is Reduction.Mean or Reduction.BatchMean)
            ShapeCheck.MeanOfNothing(loss, values.Shape);
        return reduction switch
        {
            Reduction.None => values,
            Reduction.Sum => values.Sum(),
            Reduction.BatchMean => values.Sum() / (values.Shape.Rank == 0 ? 1 : values.Shape[0]),
            _ => values.Mean(),
        };
    }
}
