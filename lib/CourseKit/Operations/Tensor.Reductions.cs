namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>The sum of all numbers, a scalar.</summary>
    public Tensor Sum() => Reduce((1, Count, 1), Shape.Scalar, 1);

    /// <summary>The sum along one axis, which goes away or, if asked, stays with length 1.</summary>
    public Tensor Sum(int axis, bool keepDimension = false) => Reduce(Shape.Around(axis), Shape.Reduce(axis, keepDimension), 1);

    /// <summary>The mean of all numbers, a scalar.</summary>
    public Tensor Mean() => Reduce((1, Count, 1), Shape.Scalar, 1.0 / Count);

    /// <summary>The mean along one axis.</summary>
    public Tensor Mean(int axis, bool keepDimension = false) => Reduce(Shape.Around(axis), Shape.Reduce(axis, keepDimension), 1.0 / Shape[axis]);

    /// <summary>scale times a sum; its derivative spreads the gradient back over what was summed.</summary>
    private Tensor Reduce((int Outer, int Length, int Inner) around, Shape shape, double scale)
    {
        var y = Empty(shape, Device);
        Device.Sum(View, y.View, around.Outer, around.Length, around.Inner, scale, accumulate: false);
        return Records(this) ? RecordReduce(around, scale, y) : y;
    }

    private Tensor RecordReduce((int Outer, int Length, int Inner) around, double scale, Tensor y)
        => y.Record(result => Device.Spread(result.grad!.View, GradTarget(out var accumulate), around.Outer, around.Length, around.Inner, scale, accumulate), this);

    /// <summary>The sums of the numbers along one axis up to each place.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor CumulativeSum(int axis)
    {
        var around = Shape.Around(axis);
        var y = Empty(Shape, Device);
        Device.CumulativeSum(View, y.View, around.Outer, around.Length, around.Inner, reverse: false, accumulate: false);
        return Records(this) ? RecordCumulativeSum(y, around) : y;
    }

    // A number is in every sum from its place on, so its gradient is the sum of theirs, from the end.
    private Tensor RecordCumulativeSum(Tensor y, (int Outer, int Length, int Inner) around)
        => y.Record(result => Device.CumulativeSum(result.grad!.View, GradTarget(out var accumulate), around.Outer, around.Length, around.Inner, reverse: true, accumulate), this);

    /// <summary>The variance along one axis: the sum of squared deviations from the mean, divided by the count less the correction (1 by default, as in PyTorch; 0 divides by N, as the lecture does).</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Variance(int axis, int correction = 1, bool keepDimension = false)
        => (this - Mean(axis, keepDimension: true)).Square().Sum(axis, keepDimension) / (Shape[axis] - correction);

    /// <summary>The square root of <see cref="Variance"/>. The derivative is taken as 0 where there is no deviation.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor StandardDeviation(int axis, int correction = 1, bool keepDimension = false)
        => Variance(axis, correction, keepDimension).Map(new LengthFromSquare());

    /// <summary>The Euclidean length of all numbers: the square root of the sum of their squares. The derivative of the length 0 is taken as 0, as PyTorch does.</summary>
    public Tensor Norm() => Square().Sum().Map(new LengthFromSquare());

    /// <summary>The Euclidean length along one axis.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Norm(int axis, bool keepDimension = false) => Square().Sum(axis, keepDimension).Map(new LengthFromSquare());

    /// <summary>ln of the sum of e^x along one axis, shifted by the largest number so that nothing overflows.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor LogSumExp(int axis, bool keepDimension = false)
    {
        // The shift is a constant: it drops out of the derivative. Infinity minus infinity would be no number, so there it is 0.
        var largest = Detach().Max(axis, keepDimension: true);
        var shift = Where(largest.Abs() < double.PositiveInfinity, largest, Scalar(0, Device));
        var sum = (this - shift).Exp().Sum(axis, keepDimension: true).Log() + shift;
        return keepDimension ? sum : sum.Squeeze(axis);
    }

    /// <summary>The scalar product of all numbers with those of another tensor of the same shape; PyTorch's dot takes vectors alone.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public Tensor Dot(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ShapeCheck.EqualShapes("Dot", Shape, other.Shape);
        return (this * other).Sum();
    }

    /// <summary>The outer product of two vectors: a (n) and b (m) give n x m, each number of a times each of b.</summary>
    /// <exception cref="ShapeException">One of them has not one axis.</exception>
    public Tensor Outer(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ShapeCheck.Vector("Outer", Shape);
        ShapeCheck.Vector("Outer", other.Shape);
        return Unsqueeze(1) * other.Unsqueeze(0);
    }

    /// <summary>The largest of all numbers; the gradient goes to the first place where it stands.</summary>
    /// <exception cref="ShapeException">There is no number.</exception>
    public Tensor Max() => Reshape(-1).Max(0);

    /// <summary>The smallest of all numbers; the gradient goes to the first place where it stands.</summary>
    /// <exception cref="ShapeException">There is no number.</exception>
    public Tensor Min() => -(-this).Max();

    /// <summary>The smallest number along one axis; the gradient goes to where it stands (the first place, where several are equal).</summary>
    /// <exception cref="ShapeException">There is no such axis, or no number.</exception>
    public Tensor Min(int axis, bool keepDimension = false) => -(-this).Max(axis, keepDimension);

    /// <summary>Where the smallest number along one axis stands; the first place, where several are equal. Not differentiable.</summary>
    /// <exception cref="ShapeException">There is no such axis, or no number.</exception>
    public IntTensor ArgMin(int axis) => (-this).ArgMax(axis);

    /// <summary>The largest number along one axis; the gradient goes to where it stands (the first place, where several are equal).</summary>
    public Tensor Max(int axis, bool keepDimension = false)
    {
        var (values, positions, around) = Maximum(axis, Shape.Reduce(axis, keepDimension));
        if (!Records(this))
            return values;
        // From a place along the axis to a place in the whole tensor.
        for (var i = 0; i < positions.Length; i++)
            positions[i] = (i / around.Inner * around.Length + positions[i]) * around.Inner + i % around.Inner;
        return RecordGather(values, positions, 1);
    }

    /// <summary>Where the largest number along one axis stands; the first place, where several are equal. Not differentiable.</summary>
    public IntTensor ArgMax(int axis)
    {
        var shape = Shape.Reduce(axis, keepDimension: false);
        return IntTensor.From(Maximum(axis, shape).Positions, shape);
    }

    private (Tensor Values, int[] Positions, (int Outer, int Length, int Inner) Around) Maximum(int axis, Shape shape)
    {
        var around = Shape.Around(axis);
        if (around.Length == 0)
            throw new ShapeException($"There is no largest or smallest number along axis {axis} of a tensor of shape {Shape}: it is empty.");
        var values = Empty(shape, Device);
        var positions = new int[shape.ElementCount];
        Device.Maximum(View, values.View, positions, around.Outer, around.Length, around.Inner);
        return (values, positions, around);
    }
}
