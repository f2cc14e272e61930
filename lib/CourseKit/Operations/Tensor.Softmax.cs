namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>
    /// e^x divided by its sum along an axis, by default the last: scores become probabilities. Shifted by the largest score,
    /// so nothing overflows. Each gradient is y (g - sum of g y).
    /// </summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Softmax(int axis = -1) => SoftmaxAlong(Shape.Around(axis), logarithm: false);

    /// <summary>The logarithm of <see cref="Softmax"/>, without computing the small probabilities themselves. Each gradient is g - e^y (sum of g).</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor LogSoftmax(int axis = -1) => SoftmaxAlong(Shape.Around(axis), logarithm: true);

    private Tensor SoftmaxAlong((int Outer, int Length, int Inner) around, bool logarithm)
    {
        var y = Empty(Shape, Device);
        if (Count > 0)
            Device.Softmax(View, y.View, around.Outer, around.Length, around.Inner, logarithm);
        return Records(this) ? RecordSoftmax(y, around, logarithm) : y;
    }

    private Tensor RecordSoftmax(Tensor y, (int Outer, int Length, int Inner) around, bool logarithm)
        => y.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (result.Count > 0)
                Device.SoftmaxBackward(result.View, result.grad!.View, target, around.Outer, around.Length, around.Inner, logarithm, accumulate);
        }, this);
}
