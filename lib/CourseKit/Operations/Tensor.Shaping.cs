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
            var target = GradTarget(out var accumulate);
            if (!accumulate && result.Count != Count)
            {
                Device.Fill(target, 0);
                accumulate = true;
            }
            Device.Copy(result.grad!.View, target with { Offset = target.Offset + start, Length = result.Count }, accumulate);
        }, this);

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
        return Records(this) ? RecordGather(y, rows, width) : y;
    }

    private Tensor RecordGather(Tensor y, IntTensor rows, int width)
        => y.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (!accumulate)
                Device.Fill(target, 0);
            Device.ScatterAdd(result.grad!.View, rows.AsSpan(), target, width);
        }, this);

    /// <summary>Some neighbouring columns of a matrix, as a copy.</summary>
    /// <exception cref="ShapeException">Not a matrix, or the columns are not all there.</exception>
    public Tensor Columns(int start, int count)
    {
        ShapeCheck.Matrix("Columns", Shape);
        ShapeCheck.Columns(start, count, Shape);
        var (rows, stride) = (Shape[0], Shape[1]);
        var y = Empty([rows, count], Device);
        if (y.Count > 0)
            Device.CopyBlock(Tail(View, start), y.View, rows, count, stride, gather: true);
        return Records(this) ? RecordColumns(y, start, rows, count, stride) : y;
    }

    private Tensor RecordColumns(Tensor y, int start, int rows, int count, int stride)
        => y.Record(result =>
        {
            var target = GradTarget(out var accumulate);
            if (!accumulate)
                Device.Fill(target, 0);
            if (result.Count > 0)
                Device.CopyBlock(Tail(target, start), result.grad!.View, rows, count, stride, gather: false);
        }, this);

    private static StorageView Tail(StorageView view, int start) => view with { Offset = view.Offset + start, Length = view.Length - start };

    /// <summary>Rows become columns, as a copy. A product with a transposed matrix needs no copy: see <see cref="MatMul"/>.</summary>
    /// <exception cref="ShapeException">Not a matrix.</exception>
    public Tensor Transpose()
    {
        ShapeCheck.Matrix("Transpose", Shape);
        var (rows, columns) = (Shape[0], Shape[1]);
        var y = Empty([columns, rows], Device);
        Device.Transpose(View, y.View, rows, columns, accumulate: false);
        return Records(this) ? RecordTranspose(y, rows, columns) : y;
    }

    private Tensor RecordTranspose(Tensor y, int rows, int columns)
        => y.Record(result => Device.Transpose(result.grad!.View, GradTarget(out var accumulate), columns, rows, accumulate), this);
}
