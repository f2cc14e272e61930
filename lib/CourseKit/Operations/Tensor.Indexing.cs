namespace CourseKit;

// Numbers picked by index, and put back by index: the derivative of each is the other.
public sealed partial class Tensor
{
    /// <summary>The given rows of the first axis, in the given order, as a copy.</summary>
    /// <exception cref="ShapeException">A scalar, or a row that is not there.</exception>
    public Tensor Rows(IntTensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows.AsSpan())
            ShapeCheck.Rows(row, 1, Shape);
        ShapeCheck.Rows(0, 0, Shape);
        var lengths = Shape.AsSpan().ToArray();
        var width = Count / Math.Max(1, lengths[0]);
        lengths[0] = rows.Count;
        var y = Empty(Shape.Create(lengths), Device);
        Device.Gather(View, rows.AsSpan(), y.View, width);
        return Records(this) ? RecordGather(y, rows.ToArray(), width) : y;
    }

    /// <summary>What was read from a place gives its gradient back there, added to what other reads of that place gave.</summary>
    private Tensor RecordGather(Tensor y, int[] places, int width)
        => y.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (!accumulate)
                Device.Fill(target, 0);
            Device.ScatterAdd(result.grad!.View, places, target, width);
        }, this);

    /// <summary>The numbers at the given places of the whole tensor, which must exist, in a shape of as many.</summary>
    internal Tensor At(int[] places, Shape shape)
    {
        var y = Empty(shape, Device);
        Device.Gather(View, places, y.View, 1);
        return Records(this) ? RecordGather(y, places, 1) : y;
    }

    /// <summary>The given places of one axis, in the given order, as a copy; <see cref="Rows(IntTensor)"/> for any axis.</summary>
    /// <exception cref="ShapeException">There is no such axis or place.</exception>
    public Tensor IndexSelect(int axis, IntTensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var (outer, length, inner) = Shape.Around(axis);
        foreach (var place in index.AsSpan())
            ShapeCheck.Place("IndexSelect", place, Shape.Axis(axis), Shape);
        var places = RunsOf(index, outer, length);
        var y = Empty(Shape.With(Shape.Axis(axis), index.Count), Device);
        Device.Gather(View, places, y.View, inner);
        return Records(this) ? RecordGather(y, places, inner) : y;
    }

    /// <summary>For each number of the index, the number of this tensor at the same place in all axes but one, and along that one where the index says: y[i, j] = x[i, index[i, j]] for axis 1.</summary>
    /// <exception cref="ShapeException">The index does not fit, or names a place that is not there.</exception>
    public Tensor Gather(int axis, IntTensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var places = PlacesOf("Gather", axis, index, Shape);
        var y = Empty(index.Shape, Device);
        Device.Gather(View, places, y.View, 1);
        return Records(this) ? RecordGather(y, places, 1) : y;
    }

    /// <summary>This tensor with numbers of another one added where the index says, in order: x[i, index[i, j]] += source[i, j] for axis 1. This tensor itself stays as it is.</summary>
    /// <exception cref="ShapeException">The index and the source differ in shape, or the index does not fit.</exception>
    public Tensor ScatterAdd(int axis, IntTensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        ShapeCheck.SameShape("ScatterAdd", source.Shape, index.Shape);
        SameDevice("ScatterAdd", this, source);
        var places = PlacesOf("ScatterAdd", axis, index, Shape);
        var y = Clone();
        Device.ScatterAdd(source.View, places, y.View, 1);
        return Records(this, source) ? RecordScatterAdd(this, source, places, 1, y) : y;
    }

    private static Tensor RecordScatterAdd(Tensor x, Tensor source, int[] places, int width, Tensor y)
        => y.Record(result =>
        {
            var dy = result.grad!;
            if (x.requiresGrad)
                x.Device.Copy(dy.View, x.GradTarget(out var accumulate), accumulate);
            if (source.requiresGrad)
            {
                var picked = EmptyOutsideScopes(source.Shape, source.Device);
                source.Device.Gather(dy.View, places, picked.View, width);
                source.Device.Copy(picked.View, source.GradTarget(out var accumulate), accumulate);
                picked.Release();
            }
        }, x, source);

    /// <summary>
    /// This tensor with slices of another one added along one axis where the index says, in order: x[index[i]] += source[i]
    /// for axis 0. This tensor itself stays as it is. The opposite of <see cref="IndexSelect"/>: zeros with the messages of
    /// edges added at the edges' targets are what each node of a graph receives.
    /// </summary>
    /// <exception cref="ShapeException">The shapes differ in another axis, there is not one index for each slice, or it names a place that is not there.</exception>
    public Tensor IndexAdd(int axis, IntTensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        SameDevice("IndexAdd", this, source);
        var (outer, length, inner) = Shape.Around(axis);
        ShapeCheck.IndexAdd(Shape, Shape.Axis(axis), source.Shape, index.Count);
        foreach (var place in index.AsSpan())
            ShapeCheck.Place("IndexAdd", place, Shape.Axis(axis), Shape);
        var places = RunsOf(index, outer, length);
        var y = Clone();
        Device.ScatterAdd(source.View, places, y.View, inner);
        return Records(this, source) ? RecordScatterAdd(this, source, places, inner, y) : y;
    }

    /// <summary>For each of the outer slices, the places along an axis that an index names, counted in runs.</summary>
    private static int[] RunsOf(IntTensor index, int outer, int length)
    {
        var places = new int[outer * index.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = i / index.Count * length + index[i % index.Count];
        return places;
    }

    /// <summary>Where each number of an index points to, as a place in the whole tensor.</summary>
    private static int[] PlacesOf(string operation, int axis, IntTensor index, Shape shape)
    {
        axis = shape.Axis(axis);
        ShapeCheck.GatherIndex(operation, axis, shape, index.Shape);
        var steps = shape.Steps();
        var places = new int[index.Count];
        for (var i = 0; i < places.Length; i++)
        {
            ShapeCheck.Place(operation, index[i], axis, shape);
            var rest = i;
            for (var other = shape.Rank - 1; other >= 0; other--)
            {
                (rest, var at) = Math.DivRem(rest, index.Shape[other]);
                places[i] += (other == axis ? index[i] : at) * steps[other];
            }
        }
        return places;
    }

    /// <summary>The numbers along one axis in order, and where each stood. Equal numbers keep their order, and NaN counts as the largest.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public (Tensor Values, IntTensor Indices) Sort(int axis = -1, bool descending = false) => Ordered(axis, Shape[axis], descending);

    /// <summary>Where the numbers along one axis stand when they are put in order. Not differentiable.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public IntTensor ArgSort(int axis = -1, bool descending = false) => Sort(axis, descending).Indices;

    /// <summary>The largest (or smallest) numbers along one axis, in order, and where they stood.</summary>
    /// <exception cref="ShapeException">There is no such axis, or it has fewer numbers.</exception>
    public (Tensor Values, IntTensor Indices) TopK(int count, int axis = -1, bool largest = true)
    {
        ShapeCheck.TopK(count, axis, Shape);
        return Ordered(axis, count, largest);
    }

    private (Tensor Values, IntTensor Indices) Ordered(int axis, int count, bool descending)
    {
        var (outer, length, inner) = Shape.Around(axis);
        var order = new int[Count];
        Device.Sort(View, order, outer, length, inner, descending);
        var shape = Shape.With(Shape.Axis(axis), count);
        var indices = new int[shape.ElementCount];
        var places = new int[indices.Length];
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < count * inner; i++)
            {
                var at = o * count * inner + i;
                indices[at] = order[o * length * inner + i];
                places[at] = (o * length + indices[at]) * inner + i % inner;
            }
        var values = Empty(shape, Device);
        Device.Gather(View, places, values.View, 1);
        return (Records(this) ? RecordGather(values, places, 1) : values, IntTensor.From(indices, shape));
    }
}
