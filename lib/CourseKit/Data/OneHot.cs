namespace CourseKit;

/// <summary>Classes as rows of zeros with a single 1, and back.</summary>
public static class OneHot
{
    /// <summary>A row of <paramref name="classCount"/> numbers for each class index: from ... to ... x classes.</summary>
    /// <param name="classes">Class indices in any shape.</param>
    /// <param name="classCount">How many classes there are; one more than the largest index by default.</param>
    /// <param name="device">Where the result is; the default device by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is no class.</exception>
    public static Tensor Encode(IntTensor classes, int? classCount = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var indices = classes.AsSpan();
        var count = classCount ?? 0;
        if (classCount is null)
            foreach (var index in indices)
                count = Math.Max(count, index + 1);
        var values = new float[Shape.Create([.. classes.Shape, count]).ElementCount];
        for (var i = 0; i < indices.Length; i++)
        {
            ShapeCheck.ClassCount(indices[i], i, count);
            values[i * count + indices[i]] = 1;
        }
        return Tensor.From((ReadOnlySpan<float>)values, [.. classes.Shape, count], device);
    }

    /// <summary>The class of each row: from ... x classes to ....</summary>
    /// <exception cref="ArgumentException">A row is not one 1 among zeros, or there are no classes.</exception>
    public static IntTensor Decode(Tensor oneHot)
    {
        ArgumentNullException.ThrowIfNull(oneHot);
        ShapeCheck.OneHotWidth(oneHot.Shape);
        var width = oneHot.Shape[-1];
        var values = oneHot.ToArray();
        var classes = new int[values.Length / width];
        for (var row = 0; row < classes.Length; row++)
        {
            var numbers = values.AsSpan(row * width, width);
            classes[row] = numbers.IndexOf(1f);
            ShapeCheck.OneHotRow(classes[row] >= 0 && numbers.Count(0f) == width - 1, row, oneHot.Shape);
        }
        return IntTensor.From(classes, [.. oneHot.Shape.Take(oneHot.Shape.Rank - 1)]);
    }
}
