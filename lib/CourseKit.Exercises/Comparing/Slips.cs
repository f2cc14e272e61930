namespace CourseKit.Exercises.Comparing;

/// <summary>
/// Recognises the usual slips from the numbers themselves. It names a slip only where the numbers leave little
/// doubt: a wrong guess would send a student looking in the wrong place.
/// </summary>
internal static class Slips
{
    /// <summary>Right numbers in the wrong shape.</summary>
    public static string? OfShape(NumberArray expected, NumberArray actual, double tolerance)
    {
        if (ShapeText.IsTransposed(expected.Shape, actual.Shape))
        {
            var transposed = Transpose(actual);
            return AllClose(expected.Numbers, transposed, tolerance) ? "the numbers are right, only transpose them" : null;
        }
        return expected.Numbers.Length == actual.Numbers.Length
            && AllClose(expected.Numbers, actual.Numbers, tolerance)
                ? "the numbers are right, only the shape is not"
                : null;
    }

    /// <summary>Wrong numbers in the right shape.</summary>
    public static string? OfValues(double[] expected, double[] actual, double tolerance)
    {
        if (Undefined(expected, actual) is { } undefined) return undefined;
        // Exact comparison must not hide a slip behind rounding.
        tolerance = Math.Max(tolerance, 1e-9);
        if (expected.All(number => number == 0) || !expected.All(double.IsFinite)) return null;
        if (AllClose(expected, Map(actual, number => -number), tolerance)) return "the sign is reversed";
        if (actual.Length > 1 && actual.All(number => number == 0)) return "every value is 0";
        if (AllClose(expected, Map(actual, number => 1 - number), tolerance) && HasDigits(expected))
            return "it is 1 minus the right value: are the two classes swapped?";
        return Factor(expected, actual, tolerance)
            ?? Power(expected, actual, tolerance)
            ?? Offset(expected, actual, tolerance)
            ?? Order(expected, actual, tolerance);
    }

    private static string? Undefined(double[] expected, double[] actual)
    {
        if (actual.Where((number, i) => double.IsNaN(number) && !double.IsNaN(expected[i])).Any())
            return "NaN comes from 0/0, from infinity - infinity, or from the logarithm or root of a negative number";
        if (actual.Where((number, i) => double.IsInfinity(number) && double.IsFinite(expected[i])).Any())
            return "infinity comes from dividing by 0, from log(0), or from exp of a large number";
        return null;
    }

    private static string? Factor(double[] expected, double[] actual, double tolerance)
    {
        // The largest number gives the factor with the least rounding.
        var largest = 0;
        for (var i = 1; i < expected.Length; i++)
            if (Math.Abs(expected[i]) > Math.Abs(expected[largest])) largest = i;
        var factor = actual[largest] / expected[largest];
        if (factor == 0 || !double.IsFinite(factor)) return null;
        if (!AllClose(expected, Map(actual, number => number / factor), tolerance)) return null;
        // One number is always some multiple of another: there, only the digits tell.
        var several = expected.Count(number => number != 0) > 1;
        if (!several && !HasDigits(expected)) return null;

        var magnitude = Math.Abs(factor);
        if (IsNear(magnitude, 1)) return null;
        var sign = factor < 0 ? ", and the sign is reversed" : "";
        if (IsNear(magnitude, 2)) return $"off by the factor 2{sign}: is it the 2 from the derivative of a square?";
        if (IsNear(magnitude, 0.5)) return $"only half of the right value{sign}: is a 1/2 too many, or a 2 missing?";
        if (IsWhole(magnitude))
            return $"off by the factor {Text.OfNumber(Math.Round(magnitude))}{sign}: "
                + "did you divide by the number of examples?";
        if (IsWhole(1 / magnitude))
            return $"too small by the factor {Text.OfNumber(Math.Round(1 / magnitude))}{sign}: "
                + "did you divide by the number of examples once too often?";
        if (IsNear(magnitude, 1 / Math.Log(2)) || IsNear(magnitude, Math.Log(2)))
            return $"off by the factor ln 2{sign}: natural and base-2 logarithms are mixed up";
        return several ? $"every value is off by the same factor, {Text.OfNumber(factor)}" : null;
    }

    private static string? Power(double[] expected, double[] actual, double tolerance)
    {
        if (!HasDigits(expected) || !HasDigits(actual)) return null;
        if (AllClose(expected, Map(actual, Math.Sqrt), tolerance)) return "a square root is missing";
        return AllClose(expected, Map(actual, number => number * number), tolerance)
            ? "it is the square root of the right value"
            : null;
    }

    private static string? Offset(double[] expected, double[] actual, double tolerance)
    {
        if (expected.Length < 3) return null;
        var offset = actual[0] - expected[0];
        return AllClose(expected, Map(actual, number => number - offset), tolerance)
            ? $"every value is too {(offset > 0 ? "large" : "small")} by {Text.OfNumber(Math.Abs(offset))}: "
                + "is a bias missing, or added twice?"
            : null;
    }

    private static string? Order(double[] expected, double[] actual, double tolerance)
    {
        if (expected.Length < 2) return null;
        if (AllClose(expected, actual.Reverse().ToArray(), tolerance)) return "the right numbers in reverse order";
        return AllClose([.. expected.Order()], [.. actual.Order()], tolerance)
            ? "the right numbers in another order"
            : null;
    }

    private static double[] Transpose(NumberArray matrix)
    {
        var (rows, columns) = (matrix.Shape[0], matrix.Shape[1]);
        var transposed = new double[matrix.Numbers.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                transposed[(column * rows) + row] = matrix.Numbers[(row * columns) + column];
        return transposed;
    }

    // Whole numbers such as 1 and 2 fit too many explanations.
    private static bool HasDigits(double[] numbers) => numbers.Any(number => !IsWhole(number));

    private static bool IsWhole(double number) => number >= 0.5 && IsNear(number, Math.Round(number));

    private static bool IsNear(double number, double target) => Math.Abs(number - target) <= 1e-4 * target;

    private static double[] Map(double[] numbers, Func<double, double> function) =>
        Array.ConvertAll(numbers, number => function(number));

    private static bool AllClose(double[] expected, double[] actual, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            if (!Difference.IsClose(expected[i], actual[i], tolerance)) return false;
        return true;
    }
}
