namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>
    /// A copy of this tensor with rows added to it: row <c>index[i]</c> of the first axis gets row i of
    /// <paramref name="source"/> added. Where an index comes more than once, all its rows are added, in their order. The
    /// opposite of <see cref="Rows(IntTensor)"/>: zeros with the messages of edges added at their targets are each node's sum of messages.
    /// </summary>
    /// <param name="index">For each row of the source, the row it is added to.</param>
    /// <param name="source">The rows; apart from the first axis of this tensor's shape.</param>
    /// <exception cref="ShapeException">The shapes differ after the first axis, or there is not one index for each row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not one of the rows.</exception>
    public Tensor IndexAdd(IntTensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        SameDevice("IndexAdd", this, source);
        ShapeCheck.IndexAdd(Shape, source.Shape, index.Count);
        foreach (var row in index.AsSpan())
            ShapeCheck.RowIndex("IndexAdd", row, Shape);
        var y = Clone();
        var width = Count / Math.Max(1, Shape[0]);
        Device.ScatterAdd(source.View, index.AsSpan(), y.View, width);
        return Records(this, source) ? RecordIndexAdd(this, index, source, y, width) : y;
    }

    private static Tensor RecordIndexAdd(Tensor target, IntTensor index, Tensor source, Tensor y, int width)
        => y.Record(result =>
        {
            var device = result.Device;
            var g = result.grad!.View;
            if (target.requiresGrad)
                device.Copy(g, target.GradTarget(out var accumulate), accumulate);
            if (source.requiresGrad)
            {
                var sourceTarget = source.GradTarget(out var accumulate);
                if (!accumulate)
                {
                    device.Gather(g, index.AsSpan(), sourceTarget, width);
                    return;
                }
                var picked = EmptyOutsideScopes(source.Shape, device);
                device.Gather(g, index.AsSpan(), picked.View, width);
                device.Copy(picked.View, sourceTarget, accumulate: true);
                picked.Release();
            }
        }, target, source);
}
