namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void Permutation(ReadOnlySpan<int> axes, Shape shape)
    {
        var seen = new bool[shape.Rank];
        var right = axes.Length == shape.Rank;
        foreach (var axis in axes)
        {
            var resolved = axis < 0 ? axis + shape.Rank : axis;
            right &= resolved >= 0 && resolved < shape.Rank && !seen[resolved];
            if (!right)
                break;
            seen[resolved] = true;
        }
        if (!right)
            throw new ShapeException($"Permute got the axes ({string.Join(", ", axes.ToArray())}) for a tensor of shape {shape}: it wants each of its {shape.Rank} axes named once, in the new order.");
    }

    public static void Slice(int axis, int start, int count, int step, Shape shape)
    {
        if (step < 1)
            throw new ShapeException($"Slice got the step {step}: it goes forward, by 1 or more. Flip(axis) reverses an axis.");
        if (start < 0 || count < 0 || (count > 0 && start + (long)(count - 1) * step >= shape[axis]) || start > shape[axis])
            throw new ShapeException($"Slice was asked for {count} places from {start} on{(step == 1 ? "" : $", every {step}.")} of axis {axis}, but a tensor of shape {shape} has {(shape[axis] == 0 ? "none" : $"the places 0 to {shape[axis] - 1}")} there.");
    }

    public static void Ranges(ReadOnlySpan<Range> ranges, Shape shape)
    {
        if (ranges.Length > shape.Rank)
            throw new ShapeException($"{ranges.Length} ranges were given for a tensor of shape {shape}, which has {shape.Rank} axes: give one for each axis, or fewer.");
        for (var axis = 0; axis < ranges.Length; axis++)
        {
            var (start, end) = (ranges[axis].Start.GetOffset(shape[axis]), ranges[axis].End.GetOffset(shape[axis]));
            if (start < 0 || end > shape[axis] || start > end)
                throw new ShapeException($"The range {ranges[axis]} on axis {axis} is outside a tensor of shape {shape}: that axis has {shape[axis]} places, 0..{shape[axis]} is all of them (the end is not included).");
        }
    }

    public static void Squeeze(int axis, Shape shape)
    {
        if (shape[axis] != 1)
            throw new ShapeException($"Squeeze takes away an axis of length 1, and axis {axis} of {shape} has length {shape[axis]}: pick one place with Select, or reduce with Sum or Mean.");
    }

    public static void NewAxis(int asked, int place, Shape shape)
    {
        if (place < 0 || place > shape.Rank)
            throw new ShapeException($"Unsqueeze was asked for a new axis at {asked}: in a tensor of shape {shape} it can stand at 0 to {shape.Rank} (or -{shape.Rank + 1} to -1).");
    }

    public static void Expand(Shape from, Shape to)
    {
        var fits = to.Rank >= from.Rank;
        for (var fromEnd = 1; fits && fromEnd <= from.Rank; fromEnd++)
            fits = from[-fromEnd] == to[-fromEnd] || from[-fromEnd] == 1;
        if (!fits)
            throw new ShapeException($"Expand cannot stretch {from} to {to}: aligned at the last axis, lengths must be equal, or 1 where they are stretched.");
    }

    public static void Pad(int axis, int before, int after, Shape shape)
    {
        if (before < 0 || after < 0)
            throw new ShapeException($"Pad got {before} numbers before and {after} after axis {axis} of {shape}: neither can be negative. Slice makes an axis shorter.");
    }

    public static void Concatenate(int axis, ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.Length == 0)
            throw new ShapeException("Concatenate got no tensor: it wants at least one.");
        foreach (var tensor in tensors)
            ArgumentNullException.ThrowIfNull(tensor);
        var first = tensors[0].Shape;
        var along = first.Axis(axis);
        for (var i = 1; i < tensors.Length; i++)
        {
            var shape = tensors[i].Shape;
            var agrees = shape.Rank == first.Rank;
            for (var other = 0; agrees && other < first.Rank; other++)
                agrees = other == along || shape[other] == first[other];
            if (!agrees)
                throw new ShapeException($"Concatenate along axis {along} got {first} and {shape}: all other axes must have the same lengths.");
        }
    }

    public static void Stack(ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.Length == 0)
            throw new ShapeException("Stack got no tensor: it wants at least one.");
        foreach (var tensor in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            if (!tensor.Shape.Equals(tensors[0].Shape))
                throw new ShapeException($"Stack got {tensors[0].Shape} and {tensor.Shape}: all tensors must have the same shape. Concatenate joins along an axis that may differ.");
        }
    }

    public static void Chunk(int parts, int axis, Shape shape)
    {
        if (parts < 1 || parts > Math.Max(1, shape[axis]) || shape[axis] % parts != 0)
            throw new ShapeException($"Chunk was asked for {parts} equal parts of axis {axis} of {shape}: {shape[axis]} does not divide by {parts}. Slice cuts parts of any size.");
    }

    public static void GatherIndex(string operation, int axis, Shape shape, Shape index)
    {
        var fits = index.Rank == shape.Rank;
        for (var other = 0; fits && other < shape.Rank; other++)
            fits = other == axis || index[other] <= shape[other];
        if (!fits)
            throw new ShapeException($"{operation} along axis {axis} got an index of shape {index} for a tensor of shape {shape}: it wants as many axes, none longer than the tensor's except axis {axis}.");
    }

    public static void Place(string operation, int index, int axis, Shape shape)
    {
        if (index < 0 || index >= shape[axis])
            throw new ShapeException($"{operation} got the index {index} for axis {axis} of a tensor of shape {shape}: it goes from 0 to {shape[axis] - 1}.");
    }

    public static void TopK(int count, int axis, Shape shape)
    {
        if (count < 0 || count > shape[axis])
            throw new ShapeException($"TopK was asked for {count} numbers along axis {axis} of {shape}: there are {shape[axis]}.");
    }

    public static void Vector(string operation, Shape shape)
    {
        if (shape.Rank != 1)
            throw new ShapeException($"{operation} wants vectors (one axis) and got {shape}: flatten it with Reshape(-1).");
    }
}
