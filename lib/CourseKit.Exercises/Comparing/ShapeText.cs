namespace CourseKit.Exercises.Comparing;

/// <summary>Shapes in words.</summary>
internal static class ShapeText
{
    public static string Of(int[] shape) => shape.Length == 0 ? "()" : string.Join("x", shape);

    public static string Describe(int[] shape) => shape switch
    {
        [] => "a single number",
        [1] => "1 value",
        [var count] => $"{count} values",
        _ => $"the shape {Of(shape)}",
    };

    public static string Difference(int[] expected, int[] actual)
    {
        var sentence = $"Expected {Describe(expected)}, got {Describe(actual)}";
        if (IsTransposed(expected, actual))
            return sentence + ": rows and columns are swapped";
        return expected.Length != actual.Length && Count(expected) == Count(actual)
            ? sentence + ": as many numbers, arranged differently"
            : sentence;
    }

    public static bool IsTransposed(int[] expected, int[] actual) =>
        expected.Length == 2 && actual.Length == 2 && expected[0] == actual[1] && expected[1] == actual[0]
        && expected[0] != expected[1];

    /// <summary>"index 3" in a vector, "[1, 2]" in a matrix.</summary>
    public static string Position(int[] shape, int offset)
    {
        if (shape.Length == 1) return $"index {offset}";
        var indices = new int[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            indices[axis] = offset % shape[axis];
            offset /= shape[axis];
        }
        return $"[{string.Join(", ", indices)}]";
    }

    private static long Count(int[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
