using System.Numerics;

namespace CourseKit;

/// <summary>Every complaint about a shape is written here, so that all of them name the operation, what was wanted, what came, and what to do.</summary>
internal static partial class ShapeCheck
{
    public static void Lengths(ReadOnlySpan<int> lengths)
    {
        if (lengths.Length > Shape.MaximumRank)
            throw new ShapeException($"A tensor has at most {Shape.MaximumRank} axes, and {lengths.Length} were asked for.");
        foreach (var length in lengths)
            if (length < 0)
                throw new ShapeException($"A shape cannot have a negative length, and {string.Join('x', lengths.ToArray())} has {length}.");
        BigInteger count = 1;
        foreach (var length in lengths)
            count *= length;
        if (count > int.MaxValue)
            throw new ShapeException($"A tensor holds at most {int.MaxValue} numbers, and {string.Join('x', lengths.ToArray())} are {count}: work on it in batches.");
    }

    public static void Axis(int asked, int resolved, Shape shape)
    {
        if (resolved < 0 || resolved >= shape.Rank)
            throw new ShapeException(shape.Rank == 0
                ? $"Axis {asked} was asked for, but the tensor is a scalar and has no axis."
                : $"Axis {asked} was asked for, but a tensor of shape {shape} has the axes 0 to {shape.Rank - 1} (or -{shape.Rank} to -1).");
    }

    public static void Broadcast(string operation, Shape left, Shape right, int a, int b)
    {
        if (a != b && a != 1 && b != 1)
            throw new ShapeException($"{operation} got {left} and {right}: aligned at the last axis, {a} and {b} differ and neither is 1, so neither can be stretched. Reshape or transpose one of them.");
    }

    public static void Values(int count, Shape shape)
    {
        if (count != shape.ElementCount)
            throw new ShapeException($"A tensor of shape {shape} holds {shape.ElementCount} numbers, and {count} were given.");
    }

    public static Shape Reshape(Shape from, ReadOnlySpan<int> to)
    {
        var lengths = to.ToArray();
        var known = 1L;
        var unknown = -1;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] == -1 && unknown < 0)
                unknown = i;
            else
                known *= lengths[i];
        }
        if (to.Count(-1) > 1)
            throw new ShapeException($"Reshape cannot turn {from} ({from.ElementCount} numbers) into {string.Join('x', to.ToArray())}: only one length can be left open with -1.");
        if (unknown >= 0)
            lengths[unknown] = known > 0 && from.ElementCount % known == 0 ? (int)(from.ElementCount / known) : -1;
        if (unknown >= 0 && lengths[unknown] < 0)
            throw new ShapeException($"Reshape cannot turn {from} ({from.ElementCount} numbers) into {string.Join('x', to.ToArray())}: {from.ElementCount} is not a multiple of {known}.");
        var shape = Shape.Create(lengths);
        if (shape.ElementCount != from.ElementCount)
            throw new ShapeException($"Reshape cannot turn {from} ({from.ElementCount} numbers) into {shape} ({shape.ElementCount} numbers): the number of elements must stay the same.");
        return shape;
    }

    public static void MatMul(Shape left, bool transposeLeft, Shape right, bool transposeRight)
    {
        if (left.Rank < 2 || right.Rank < 2)
            throw new ShapeException($"MatMul wants two matrices and got {left} and {right}: give each two axes with Reshape, a single row as 1xN.");
        var columns = left[transposeLeft ? -2 : -1];
        var rows = right[transposeRight ? -1 : -2];
        if (columns != rows)
            throw new ShapeException($"MatMul got {Name(left, transposeLeft)} and {Name(right, transposeRight)}: the left one has {columns} columns and the right one {rows} rows, and these must be equal. Transposing one of them is the usual repair.");
        if (left.Rank > 2 && right.Rank > 2 && !left.Take(left.Rank - 2).SequenceEqual(right.Take(right.Rank - 2)))
            throw new ShapeException($"MatMul got batches of matrices of shape {left} and {right}: the axes before the last two must be equal, or one operand must be a single matrix. Expand stretches one of them.");

        static string Name(Shape shape, bool transpose) => transpose ? $"{shape} transposed" : shape.ToString();
    }

    public static void Linear(int inputs, int outputs, Shape got)
    {
        if (got.Rank >= 1 && got[-1] == inputs)
            return;
        var advice = got.Rank > 2 && got.ElementCount / Math.Max(1, got[0]) == inputs ? "flatten the images first, x.Reshape(x.Shape[0], -1)"
            : got.Rank == 2 && got[0] == inputs ? "it looks transposed, each row must be one example"
            : $"the last axis must hold the {inputs} features of one example (inside a network, as many as the layer before puts out)";
        throw new ShapeException($"Linear({inputs} -> {outputs}) got {got}: {advice}.");
    }

    public static void SameShape(string operation, Shape prediction, Shape target)
    {
        if (prediction.Equals(target))
            return;
        var advice = prediction.ElementCount == target.ElementCount
            ? $"reshape the target to {prediction}, or every prediction would be compared with every target"
            : "there must be one target for each prediction";
        throw new ShapeException($"{operation} got predictions of shape {prediction} and targets of shape {target}: {advice}.");
    }

    public static void EqualShapes(string operation, Shape left, Shape right)
    {
        if (!left.Equals(right))
            throw new ShapeException($"{operation} got {left} and {right}: both must have the same shape.");
    }

    public static void Gradient(Shape output, Shape gradient)
    {
        if (!gradient.Equals(output))
            throw new ShapeException($"Backward got a gradient of shape {gradient} for an output of shape {output}: it wants one number for each number of the output, in the same shape.");
    }

    public static void Copy(Shape target, Shape source)
    {
        if (!source.Equals(target))
            throw new ShapeException($"CopyFrom got numbers of shape {source} for a tensor of shape {target}: {(source.ElementCount == target.ElementCount ? "transpose or reshape them first, whichever is meant" : "both must have the same shape")}.");
    }

    public static void Rows(int start, int count, Shape shape)
    {
        if (shape.Rank == 0)
            throw new ShapeException("A scalar has no rows to slice.");
        if (start < 0 || count < 0 || start + (long)count > shape[0])
            throw new ShapeException($"Rows {start} to {start + (long)count} were asked for, but a tensor of shape {shape} has {(shape[0] == 0 ? "no rows" : $"the rows 0 to {shape[0] - 1}")}.");
    }

    public static void NoSuchPlace(int index, Shape shape)
        => throw new ShapeException($"Number {index} was asked for, but an IntTensor of shape {shape} has {(shape.ElementCount == 0 ? "none" : $"the numbers 0 to {shape.ElementCount - 1}")}.");

    public static void OneTargetEach(Shape inputs, Shape targets)
    {
        if (inputs.Rank == 0 || targets.Rank == 0 || inputs[0] != targets[0])
            throw new ShapeException($"A data set got inputs of shape {inputs} and targets of shape {targets}: the first axis of both must count the same examples.");
    }

    public static void Columns(int start, int count, Shape shape)
    {
        if (start < 0 || count < 0 || start + (long)count > shape[1])
            throw new ShapeException($"Columns {start} to {start + (long)count} were asked for, but a matrix of shape {shape} has the columns 0 to {shape[1] - 1}.");
    }

    public static void Matrix(string operation, Shape shape)
    {
        if (shape.Rank != 2)
            throw new ShapeException($"{operation} wants a matrix (two axes) and got {shape}.");
    }

    public static void SingleNumber(string operation, Shape shape)
    {
        if (shape.ElementCount != 1)
            throw new ShapeException(operation == "Backward"
                ? $"Backward starts from a single number, a loss, and got {shape}: reduce it with Mean() or Sum() first, or hand Backward the gradient of the output."
                : $"{operation} reads a single number and got {shape}: pick one with an index, or reduce with Sum() or Mean().");
    }

    public static void Indices(ReadOnlySpan<int> indices, Shape shape)
    {
        if (indices.Length != shape.Rank)
            throw new ShapeException($"A tensor of shape {shape} wants {shape.Rank} indices for one number and got {indices.Length}.");
        for (var axis = 0; axis < indices.Length; axis++)
            if (indices[axis] < 0 || indices[axis] >= shape[axis])
                throw new ShapeException($"Index {indices[axis]} on axis {axis} is outside a tensor of shape {shape}: it goes from 0 to {shape[axis] - 1}.");
    }
}
