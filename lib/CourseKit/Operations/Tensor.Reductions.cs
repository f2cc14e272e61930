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

    /// <summary>The largest number along one axis; the gradient goes to where it stands (the first place, where several are equal).</summary>
    public Tensor Max(int axis, bool keepDimension = false)
    {
        var (values, positions, around) = Maximum(axis, Shape.Reduce(axis, keepDimension));
        if (!Records(this))
            return values;
        // From a place along the axis to a place in the whole tensor.
        for (var i = 0; i < positions.Length; i++)
            positions[i] = (i / around.Inner * around.Length + positions[i]) * around.Inner + i % around.Inner;
        return values.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (!accumulate)
                Device.Fill(target, 0);
            Device.ScatterAdd(result.grad!.View, positions, target, 1);
        }, this);
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
            throw new ShapeException($"There is no largest number along axis {axis} of a tensor of shape {Shape}: it is empty.");
        var values = Empty(shape, Device);
        var positions = new int[shape.ElementCount];
        Device.Maximum(View, values.View, positions, around.Outer, around.Length, around.Inner);
        return (values, positions, around);
    }
}
