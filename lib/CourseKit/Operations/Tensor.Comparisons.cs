namespace CourseKit;

// Questions asked number by number, answered with 1 for yes and 0 for no. The answer jumps, so its derivative is 0 wherever
// it exists; choosing by an answer passes the gradient to what was chosen.
public sealed partial class Tensor
{
    /// <summary>1 where a is less than b, else 0, broadcast; a NaN is never less.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => Zip("Less", new LessThan(), a, b);

    /// <summary>1 where a is greater than b, else 0, broadcast.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => Zip("Greater", new LessThan(), b, a);

    /// <summary>1 where a is at most b, else 0, broadcast.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => Zip("LessOrEqual", new AtMost(), a, b);

    /// <summary>1 where a is at least b, else 0, broadcast.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => Zip("GreaterOrEqual", new AtMost(), b, a);

    /// <summary>1 where a is less than b, else 0.</summary>
    public static Tensor operator <(Tensor a, double b) => a < Scalar(b, a.Device);

    /// <summary>1 where a is greater than b, else 0.</summary>
    public static Tensor operator >(Tensor a, double b) => a > Scalar(b, a.Device);

    /// <summary>1 where a is at most b, else 0.</summary>
    public static Tensor operator <=(Tensor a, double b) => a <= Scalar(b, a.Device);

    /// <summary>1 where a is at least b, else 0.</summary>
    public static Tensor operator >=(Tensor a, double b) => a >= Scalar(b, a.Device);

    /// <summary>1 where two tensors hold equal numbers, else 0, broadcast. (== asks whether two variables are the same tensor.)</summary>
    public Tensor EqualTo(Tensor other) => Zip("EqualTo", new Equality(), this, other);

    /// <summary>The larger of two numbers, broadcast; NaN where one of them is. Where both are equal, each gets half the gradient, as in PyTorch.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Zip("Maximum", new LargerOf(), a, b);

    /// <summary>The smaller of two numbers, broadcast; NaN where one of them is. Where both are equal, each gets half the gradient, as in PyTorch.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Zip("Minimum", new SmallerOf(), a, b);

    /// <summary>Each number, or the nearest end of an interval where it lies outside. No gradient flows where it was cut.</summary>
    /// <exception cref="ArgumentException">The low end is above the high end.</exception>
    public Tensor Clamp(double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        if (!(low <= high))
            throw new ArgumentException(FormattableString.Invariant($"Clamp got the low end {low} and the high end {high}: the low one must not be above the high one."));
        return Map(new Clipping(low, high));
    }

    /// <summary>a where the condition is not 0, else b; all three broadcast. What is not chosen has no influence, not even a NaN.</summary>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
        => Zip("Where", new KeepWhere(), a, condition) + Zip("Where", new KeepWhereNot(), b, condition);

    /// <summary>One value where the mask is not 0, else this tensor's numbers: scores of what must not be looked at become minus infinity.</summary>
    public Tensor MaskedFill(Tensor mask, double value) => Zip("MaskedFill", new FillWhere(value), this, mask);
}
