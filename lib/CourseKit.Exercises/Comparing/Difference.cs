namespace CourseKit.Exercises.Comparing;

/// <summary>Says where two arrays of numbers differ, and what probably went wrong.</summary>
internal static class Difference
{
    private const int MostShown = 6;

    /// <summary>Null when every number is within <c>tolerance * max(1, |expected|)</c>; else a sentence.</summary>
    public static string? Describe(NumberArray expected, NumberArray actual, double tolerance)
    {
        if (!expected.Shape.AsSpan().SequenceEqual(actual.Shape))
            return Join(ShapeText.Difference(expected.Shape, actual.Shape), Slips.OfShape(expected, actual, tolerance));

        var differing = Enumerable.Range(0, expected.Numbers.Length)
            .Where(i => !IsClose(expected.Numbers[i], actual.Numbers[i], tolerance))
            .ToArray();
        if (differing.Length == 0) return null;
        return Join(Locate(expected, actual, differing), Slips.OfValues(expected.Numbers, actual.Numbers, tolerance));
    }

    public static bool IsClose(double expected, double actual, double tolerance) =>
        expected.Equals(actual)
        || (double.IsFinite(expected)
            && Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)));

    private static string Locate(NumberArray expected, NumberArray actual, int[] differing)
    {
        var first = differing[0];
        var (right, answer) = Text.OfNumbers(expected.Numbers[first], actual.Numbers[first]);
        if (expected.Shape.Length == 0) return $"Expected {right}, got {answer}";

        var position = ShapeText.Position(expected.Shape, first);
        if (expected.Shape.Length == 1 && expected.Numbers.Length <= MostShown)
        {
            var whole = $"Expected {Show(expected)}, got {Show(actual)}";
            return differing.Length == 1 || Show(expected) == Show(actual)
                ? $"{whole} (at {position}, {answer} instead of {right})"
                : $"{whole} (the first difference is at {position})";
        }

        var sentence = $"Expected {right} at {position}, got {answer}";
        if (differing.Length == 1) return $"{sentence}; the other {expected.Numbers.Length - 1} values are right";
        var (worst, gap) = Largest(expected.Numbers, actual.Numbers, differing);
        return $"{sentence}; {differing.Length} of {expected.Numbers.Length} values differ"
            + (double.IsNaN(gap)
                ? ""
                : $", the largest difference is {Text.OfNumber(gap)} at {ShapeText.Position(expected.Shape, worst)}");
    }

    private static (int Position, double Gap) Largest(double[] expected, double[] actual, int[] differing)
    {
        var (worst, largest) = (differing[0], double.NaN);
        foreach (var i in differing)
        {
            var gap = Math.Abs(expected[i] - actual[i]);
            if (double.IsNaN(gap) || gap <= largest) continue;
            (worst, largest) = (i, gap);
        }
        return (worst, largest);
    }

    private static string Show(NumberArray vector) => $"[{string.Join(", ", vector.Numbers.Select(Text.OfNumber))}]";

    private static string Join(string difference, string? slip) => slip is null ? difference : $"{difference}: {slip}";
}
