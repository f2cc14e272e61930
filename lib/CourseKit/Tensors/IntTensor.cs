namespace CourseKit;

/// <summary>Whole numbers in a grid: class labels, positions. Indices are a type of their own, because no gradient flows through them.</summary>
[TypeFormatterSource(typeof(IntTensorFormatterSource))]
public sealed class IntTensor
{
    private readonly int[] values;

    private IntTensor(int[] values, Shape shape)
    {
        this.values = values;
        Shape = shape;
    }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Count => values.Length;

    /// <summary>Whole numbers in the given shape; without one, in one axis.</summary>
    /// <exception cref="ShapeException">The shape holds another number of elements.</exception>
    public static IntTensor From(ReadOnlySpan<int> values, Shape? shape = null)
    {
        shape ??= Shape.Create(values.Length);
        ShapeCheck.Values(values.Length, shape);
        return new IntTensor(values.ToArray(), shape);
    }

    /// <summary>One number, by its place in the order last axis fastest.</summary>
    /// <exception cref="ShapeException">There is no such place.</exception>
    public int this[int index]
    {
        get
        {
            if ((uint)index >= (uint)values.Length)
                ShapeCheck.NoSuchPlace(index, Shape);
            return values[index];
        }
    }

    /// <summary>A copy of the numbers.</summary>
    public int[] ToArray() => [.. values];

    /// <summary>The numbers without a copy.</summary>
    public ReadOnlySpan<int> AsSpan() => values;

    /// <summary>The entries at the given rows of the first axis.</summary>
    internal IntTensor Rows(ReadOnlySpan<int> rows)
    {
        var lengths = Shape.AsSpan().ToArray();
        var width = values.Length / Math.Max(1, lengths[0]);
        lengths[0] = rows.Length;
        var picked = new int[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * width, width).CopyTo(picked.AsSpan(i * width));
        return new IntTensor(picked, Shape.Create(lengths));
    }

    /// <inheritdoc/>
    public override string ToString() => $"IntTensor {Shape} [{string.Join(", ", values.Take(12))}{(values.Length > 12 ? ", ..." : "")}]";
}
