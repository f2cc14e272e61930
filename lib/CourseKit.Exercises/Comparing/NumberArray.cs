using System.Collections;
using System.Globalization;

namespace CourseKit.Exercises.Comparing;

/// <summary>What every numeric answer is compared as: numbers in row-major order, and their shape.</summary>
internal sealed record NumberArray(int[] Shape, double[] Numbers)
{
    /// <summary>Enough of a student's sequence to see that it is too long, should it never end.</summary>
    public static int LimitFor(NumberArray expected) => (2 * expected.Numbers.Length) + 1000;

    /// <summary>Reads a number, a tensor, an array of any rank, or sequences of equal length; null for anything else.</summary>
    public static NumberArray? TryRead(object? value, int limit = int.MaxValue) => value switch
    {
        null or string => null,
        Tensor tensor => new NumberArray(tensor.Shape.AsSpan().ToArray(), tensor.ToDoubleArray()),
        IntTensor tensor => new NumberArray(
            tensor.Shape.AsSpan().ToArray(), Array.ConvertAll(tensor.ToArray(), number => (double)number)),
        Array { Rank: > 1 } array => ReadRectangular(array),
        IEnumerable sequence => ReadSequence(sequence, limit),
        _ => TryReadNumber(value) is { } number ? new NumberArray([], [number]) : null,
    };

    private static NumberArray? ReadRectangular(Array array)
    {
        var shape = new int[array.Rank];
        for (var axis = 0; axis < shape.Length; axis++) shape[axis] = array.GetLength(axis);
        var numbers = new double[array.Length];
        var position = 0;
        foreach (var element in array)
        {
            if (TryReadNumber(element) is not { } number) return null;
            numbers[position++] = number;
        }
        return new NumberArray(shape, numbers);
    }

    private static NumberArray? ReadSequence(IEnumerable sequence, int limit)
    {
        var numbers = new List<double>();
        int[]? elementShape = null;
        var count = 0;
        foreach (var element in sequence)
        {
            if (count == limit) break;
            if (TryReadNumber(element) is { } number)
            {
                if (elementShape is { Length: > 0 }) return null;
                elementShape = [];
                numbers.Add(number);
            }
            else
            {
                var row = TryRead(element, limit);
                if (row is null || (elementShape is not null && !elementShape.AsSpan().SequenceEqual(row.Shape)))
                    return null;
                elementShape = row.Shape;
                numbers.AddRange(row.Numbers);
            }
            count++;
        }
        return new NumberArray([count, .. elementShape ?? []], [.. numbers]);
    }

    private static double? TryReadNumber(object? value) => value switch
    {
        double or float or int or long or decimal or short or byte or uint or ulong or ushort or sbyte =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        Half half => (double)half,
        _ => null,
    };
}
