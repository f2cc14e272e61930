namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>
    /// e^x divided by its sum along the last axis: scores become probabilities. Shifted by the largest score, so nothing overflows.
    /// Each gradient is y (g - sum of g y).
    /// </summary>
    /// <exception cref="ShapeException">A scalar, or an axis other than the last: transpose first.</exception>
    public Tensor Softmax(int axis = -1) => SoftmaxAlong(axis, logarithm: false);

    /// <summary>The logarithm of <see cref="Softmax"/>, without computing the small probabilities themselves. Each gradient is g - e^y (sum of g).</summary>
    /// <exception cref="ShapeException">A scalar, or an axis other than the last: transpose first.</exception>
    public Tensor LogSoftmax(int axis = -1) => SoftmaxAlong(axis, logarithm: true);

    private Tensor SoftmaxAlong(int axis, bool logarithm)
    {
        if (Shape.Axis(axis) != Shape.Rank - 1)
            throw new ShapeException($"Softmax runs along the last axis and was asked for axis {axis} of {Shape}: transpose first, so that the classes are last.");
        var columns = Shape[-1];
        var rows = columns == 0 ? 0 : Count / columns;
        var y = Empty(Shape, Device);
        Device.Softmax(View, y.View, rows, columns, logarithm);
        return Records(this) ? RecordSoftmax(y, rows, columns, logarithm) : y;
    }

    private Tensor RecordSoftmax(Tensor y, int rows, int columns, bool logarithm)
        => y.Record(result => Device.SoftmaxBackward(result.View, result.grad!.View, GradTarget(out var accumulate), rows, columns, logarithm, accumulate), this);
}
