using System.Runtime.CompilerServices;

namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>The same numbers in another shape, without a copy; one length may be -1 and is worked out.</summary>
    /// <exception cref="ShapeException">The number of elements would change.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> shape) => Look(ShapeCheck.Reshape(Shape, shape), 0);

    /// <summary>All axes after the first become one: a batch of images becomes a batch of rows.</summary>
    public Tensor Flatten() => Shape.Rank <= 2 ? this : Reshape(Shape[0], -1);

    /// <summary>Some neighbouring rows of the first axis, without a copy.</summary>
    /// <exception cref="ShapeException">The rows are not all there.</exception>
    public Tensor Rows(int start, int count)
    {
        ShapeCheck.Rows(start, count, Shape);
        var lengths = Shape.AsSpan().ToArray();
        lengths[0] = count;
        return Look(Shape.Create(lengths), start * (Count / Math.Max(1, Shape[0])));
    }

    /// <summary>A view and its derivative: the gradient goes to the numbers the view looks at.</summary>
    private Tensor Look(Shape shape, int start)
    {
        var view = ViewAs(shape, start);
        return Records(this) ? RecordLook(view, start) : view;
    }

    private Tensor RecordLook(Tensor view, int start)
        => view.Record(result =>
        {
            if (result.Count == Count)
            {
                result.HandGradTo(this);
                return;
            }
            var target = GradTarget(out var accumulate);
            if (!accumulate)
            {
                Device.Fill(target, 0);
                accumulate = true;
            }
            Device.Copy(result.grad!.View, target with { Offset = target.Offset + start, Length = result.Count }, accumulate);
        }, this);

    /// <summary>Some neighbouring columns of a matrix, as a copy.</summary>
    /// <exception cref="ShapeException">Not a matrix, or the columns are not all there.</exception>
    public Tensor Columns(int start, int count)
    {
        ShapeCheck.Matrix("Columns", Shape);
        ShapeCheck.Columns(start, count, Shape);
        return Slice(1, start, count);
    }

    /// <summary>Rows become columns, as a copy. A product with a transposed matrix needs no copy: see <see cref="MatMul(Tensor, bool, bool)"/>.</summary>
    /// <exception cref="ShapeException">Not a matrix.</exception>
    public Tensor Transpose()
    {
        ShapeCheck.Matrix("Transpose", Shape);
        return Permute(1, 0);
    }

    /// <summary>Two axes change places, as a copy.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Transpose(int axis, int otherAxis)
    {
        var axes = Enumerable.Range(0, Shape.Rank).ToArray();
        (axes[Shape.Axis(axis)], axes[Shape.Axis(otherAxis)]) = (Shape.Axis(otherAxis), Shape.Axis(axis));
        return Permute(axes);
    }

    /// <summary>The axes in another order, as a copy: axis i of the result is axis <c>axes[i]</c> of this tensor.</summary>
    /// <exception cref="ShapeException">Not every axis is named once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> axes)
    {
        ShapeCheck.Permutation(axes, Shape);
        var steps = Shape.Steps();
        var lengths = new int[axes.Length];
        var stepsOfResult = new int[axes.Length];
        for (var i = 0; i < axes.Length; i++)
            (lengths[i], stepsOfResult[i]) = (Shape[axes[i]], steps[Shape.Axis(axes[i])]);
        return CopyOut(Shape.Create(lengths), stepsOfResult, 0);
    }

    /// <summary>Some places along one axis: <paramref name="count"/> of them from <paramref name="start"/> on, every <paramref name="step"/>-th. Neighbouring rows of the first axis come without a copy.</summary>
    /// <exception cref="ShapeException">The places are not all there.</exception>
    public Tensor Slice(int axis, int start, int count, int step = 1)
    {
        axis = Shape.Axis(axis);
        ShapeCheck.Slice(axis, start, count, step, Shape);
        if (step == 1 && Shape.Around(axis).Outer == 1)
            return Look(Shape.With(axis, count), start * Shape.Around(axis).Inner);
        var steps = Shape.Steps();
        var first = start * steps[axis];
        steps[axis] *= step;
        return CopyOut(Shape.With(axis, count), steps, first);
    }

    /// <summary>A block of the tensor, by a range for each axis; axes without one are taken whole: x[.., 1..3], x[^10..].</summary>
    /// <exception cref="ShapeException">More ranges than axes, or a range that leaves its axis.</exception>
    [IndexerName("Element")]
    public Tensor this[params ReadOnlySpan<Range> ranges]
    {
        get
        {
            ShapeCheck.Ranges(ranges, Shape);
            var block = this;
            for (var axis = 0; axis < ranges.Length; axis++)
            {
                var (start, end) = (ranges[axis].Start.GetOffset(Shape[axis]), ranges[axis].End.GetOffset(Shape[axis]));
                if (start != 0 || end != Shape[axis])
                    block = block.Slice(axis, start, end - start);
            }
            return ReferenceEquals(block, this) ? Look(Shape, 0) : block;
        }
    }

    /// <summary>One place of an axis, which goes away: x.Select(0, i) is row i of a matrix.</summary>
    /// <exception cref="ShapeException">There is no such axis or place.</exception>
    public Tensor Select(int axis, int index) => Slice(axis, index, 1).Squeeze(axis);

    /// <summary>An axis of length 1 goes away.</summary>
    /// <exception cref="ShapeException">The axis has another length.</exception>
    public Tensor Squeeze(int axis)
    {
        ShapeCheck.Squeeze(axis, Shape);
        return Look(Shape.Reduce(axis, keepDimension: false), 0);
    }

    /// <summary>A new axis of length 1, at the given place: Unsqueeze(0) makes a batch of one example, Unsqueeze(-1) a column.</summary>
    /// <exception cref="ShapeException">There is no such place.</exception>
    public Tensor Unsqueeze(int axis)
    {
        var place = axis < 0 ? axis + Shape.Rank + 1 : axis;
        ShapeCheck.NewAxis(axis, place, Shape);
        return Look(Shape.Create([.. Shape.Take(place), 1, .. Shape.Skip(place)]), 0);
    }

    /// <summary>The numbers along one axis in reverse order.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Flip(int axis)
    {
        axis = Shape.Axis(axis);
        if (Count == 0)
            return Look(Shape, 0);
        var steps = Shape.Steps();
        var last = (Shape[axis] - 1) * steps[axis];
        steps[axis] = -steps[axis];
        return CopyOut(Shape, steps, last);
    }

    /// <summary>A copy stretched to a larger shape by the rule of broadcasting; each number's gradient is the sum over its copies.</summary>
    /// <exception cref="ShapeException">The shape cannot be stretched to that one.</exception>
    public Tensor Expand(params ReadOnlySpan<int> shape)
    {
        var to = Shape.Create(shape);
        ShapeCheck.Expand(Shape, to);
        if (to.ElementCount == Count)
            return Look(to, 0);
        var own = Shape.Steps();
        var steps = new int[to.Rank]; // 0 along a stretched axis
        for (var fromEnd = 1; fromEnd <= Shape.Rank; fromEnd++)
            steps[^fromEnd] = Shape[-fromEnd] == 1 ? 0 : own[^fromEnd];
        var y = Empty(to, Device);
        Device.CopyStrided(View, y.View, new StridePlan(to.AsSpan(), steps, to.Steps()), accumulate: false);
        return Records(this) ? RecordExpand(y) : y;
    }

    private Tensor RecordExpand(Tensor y) => y.Record(result => SumTo(result.grad!, this), this);

    /// <summary>Constant numbers before and after one axis: the border of an image, the past of a sequence.</summary>
    /// <exception cref="ShapeException">There is no such axis, or a count is negative.</exception>
    public Tensor Pad(int axis, int before, int after, double value = 0)
    {
        axis = Shape.Axis(axis);
        ShapeCheck.Pad(axis, before, after, Shape);
        return Concatenate(axis, Full(Shape.With(axis, before), value, Device), this, Full(Shape.With(axis, after), value, Device));
    }

    /// <summary>A copy that walks this tensor with steps of its own and fills the result in order; its derivative is the same walk backwards.</summary>
    private Tensor CopyOut(Shape shape, ReadOnlySpan<int> steps, int start)
    {
        var y = Empty(shape, Device);
        var plan = new StridePlan(shape.AsSpan(), steps, shape.Steps(), start);
        Device.CopyStrided(View, y.View, plan, accumulate: false);
        return Records(this) ? RecordCopyOut(y, plan) : y;
    }

    private Tensor RecordCopyOut(Tensor y, StridePlan plan)
        => y.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (!accumulate && result.Count != Count)
            {
                Device.Fill(target, 0);
                accumulate = true;
            }
            Device.CopyStrided(result.grad!.View, target, plan.Reversed, accumulate);
        }, this);

    /// <summary>Tensors one after another along an axis that they all have; the other axes must agree.</summary>
    /// <exception cref="ShapeException">No tensor, or shapes that differ in another axis.</exception>
    public static Tensor Concatenate(int axis, params ReadOnlySpan<Tensor> tensors)
    {
        ShapeCheck.Concatenate(axis, tensors);
        axis = tensors[0].Shape.Axis(axis);
        var total = 0;
        foreach (var tensor in tensors)
        {
            SameDevice("Concatenate", tensors[0], tensor);
            total += tensor.Shape[axis];
        }
        var y = Empty(tensors[0].Shape.With(axis, total), tensors[0].Device);
        var steps = y.Shape.Steps();
        var plans = new StridePlan[tensors.Length]; // from each operand to its place in the result
        for (int i = 0, start = 0; i < tensors.Length; i++)
        {
            plans[i] = new StridePlan(tensors[i].Shape.AsSpan(), tensors[i].Shape.Steps(), steps, 0, start * steps[axis]);
            y.Device.CopyStrided(tensors[i].View, y.View, plans[i], accumulate: false);
            start += tensors[i].Shape[axis];
        }
        return Records(tensors) ? RecordConcatenate(y, tensors.ToArray(), plans) : y;
    }

    private static Tensor RecordConcatenate(Tensor y, Tensor[] tensors, StridePlan[] plans)
        => y.Record(result =>
        {
            for (var i = 0; i < tensors.Length; i++)
                if (tensors[i].requiresGrad)
                    result.Device.CopyStrided(result.grad!.View, tensors[i].GradTarget(out var accumulate), plans[i].Reversed, accumulate);
        }, tensors);

    /// <summary>Tensors of one shape beside one another along a new axis.</summary>
    /// <exception cref="ShapeException">No tensor, or shapes that differ.</exception>
    public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> tensors)
    {
        ShapeCheck.Stack(tensors);
        var lifted = new Tensor[tensors.Length];
        for (var i = 0; i < lifted.Length; i++)
            lifted[i] = tensors[i].Unsqueeze(axis);
        return Concatenate(axis < 0 ? axis + tensors[0].Shape.Rank + 1 : axis, lifted);
    }

    /// <summary>The tensor cut into equal parts along an axis.</summary>
    /// <exception cref="ShapeException">The axis does not divide into that many equal parts.</exception>
    public Tensor[] Chunk(int parts, int axis = 0)
    {
        ShapeCheck.Chunk(parts, axis, Shape);
        var width = Shape[axis] / parts;
        return [.. Enumerable.Range(0, parts).Select(part => Slice(axis, part * width, width))];
    }
}
