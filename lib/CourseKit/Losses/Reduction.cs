namespace CourseKit;

/// <summary>What a loss makes of its value for each element.</summary>
public enum Reduction
{
    /// <summary>Nothing: a value for each element.</summary>
    None,

    /// <summary>Their mean, a scalar. The default: it does not depend on the batch's size.</summary>
    Mean,

    /// <summary>Their sum, a scalar.</summary>
    Sum,
}

internal static class Reductions
{
    public static Tensor Apply(this Reduction reduction, Tensor values) => reduction switch
    {
        Reduction.None => values,
        Reduction.Sum => values.Sum(),
        _ => values.Mean(),
    };
}
