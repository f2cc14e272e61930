using CourseKit.Exercises.Comparing;

namespace CourseKit.Exercises;

// The overloads of Close. All of them allow a difference of tolerance * max(1, |expected|) per number.
public static partial class Check
{
    /// <summary>
    /// Fails unless the two are equal to within <c>tolerance * max(1, |expected|)</c>: an absolute difference for
    /// numbers up to 1, a relative one beyond.
    /// </summary>
    /// <param name="expected">The right answer.</param>
    /// <param name="actual">The student's answer.</param>
    /// <param name="tolerance">Allowed difference.</param>
    /// <param name="hint">What to tell the student when it is wrong.</param>
    /// <exception cref="CheckFailedException">They differ by more.</exception>
    public static void Close(
        double expected, double actual, double tolerance = DefaultTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    /// <remarks>A missing answer (<see langword="null"/>) counts as "not attempted".</remarks>
    public static void Close(
        double expected, double? actual, double tolerance = DefaultTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        double expected, float actual, double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        IEnumerable<double> expected, IEnumerable<double>? actual,
        double tolerance = DefaultTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        IEnumerable<double> expected, IEnumerable<float>? actual,
        double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        IEnumerable<float> expected, IEnumerable<float>? actual,
        double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        double[,] expected, double[,]? actual, double tolerance = DefaultTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        float[,] expected, float[,]? actual, double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        double[][] expected, double[][]? actual, double tolerance = DefaultTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        Tensor expected, Tensor? actual, double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        double expected, Tensor? actual, double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        IEnumerable<double> expected, Tensor? actual,
        double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    /// <inheritdoc cref="Close(double, double, double, string?)"/>
    public static void Close(
        double[,] expected, Tensor? actual, double tolerance = SinglePrecisionTolerance, string? hint = null) =>
        CompareNumbers(expected, actual, tolerance, hint);

    private static void CompareNumbers(object expected, object? actual, double tolerance, string? hint)
    {
        ArgumentNullException.ThrowIfNull(expected);
        RequireAnswer(actual, expected);
        var right = NumberArray.TryRead(expected)
            ?? throw new ArgumentException("The expected value must be numbers in equal rows.", nameof(expected));
        var answer = NumberArray.TryRead(actual, NumberArray.LimitFor(right));
        if (answer is null)
            Fail($"Expected {ShapeText.Describe(right.Shape)}, got rows of different lengths", hint);
        ComparisonLog.Add(right, answer, tolerance);
        if (Difference.Describe(right, answer, tolerance) is { } difference)
            Fail(difference, hint);
    }
}
