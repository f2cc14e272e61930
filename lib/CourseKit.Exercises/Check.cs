using System.Diagnostics.CodeAnalysis;
using CourseKit.Exercises.Comparing;

namespace CourseKit.Exercises;

/// <summary>
/// What a graded test cell calls. <see cref="Exercise"/> opens the list of parts; the other methods compare, and
/// explain a difference to the student in terms of what usually causes it.
/// </summary>
/// <example>
/// <code>
/// Check.Exercise("step-neuron")
///     .Part("fires at zero", 1, () => Check.Equal(1.0, Step(0.0)))
///     .Part("silent below", 1, () => Check.Equal(0.0, Step(-2.0), "a negative weighted sum leaves it silent"))
/// </code>
/// </example>
public static partial class Check
{
    /// <summary>What <c>Close</c> allows unless told otherwise.</summary>
    public const double DefaultTolerance = 1e-6;

    /// <summary>What <c>Close</c> allows for single-precision values unless told otherwise.</summary>
    public const double SinglePrecisionTolerance = 1e-4;

    /// <summary>Opens an exercise; chain <see cref="Exercises.Exercise.Part(string, double, Action)"/> on it.</summary>
    /// <param name="id">The exercise's name: that of the nbgrader cell, such as <c>step-neuron</c>.</param>
    /// <param name="title">What the panel calls it; the id when left out.</param>
    public static Exercise Exercise(string id, string? title = null) => new(id, title);

    /// <summary>
    /// Fails unless the two are equal. Arrays and sequences are compared element by element, numbers exactly
    /// (see <see cref="Close(double, double, double, string?)"/> for results of calculations).
    /// </summary>
    /// <param name="expected">The right answer.</param>
    /// <param name="actual">The student's answer; <see langword="null"/> counts as "not attempted".</param>
    /// <param name="hint">What to tell the student when it is wrong.</param>
    /// <exception cref="CheckFailedException">They differ.</exception>
    /// <exception cref="NotImplementedException">There is no answer yet.</exception>
    public static void Equal<T>(T expected, T actual, string? hint = null)
    {
        ComparisonLog.Add(expected, actual);
        if (Equality.AreEqual(expected, actual)) return;
        RequireAnswer(actual, expected);
        Fail(Equality.DescribeDifference(expected, actual), hint);
    }

    /// <summary>Fails, with the author's message, unless the condition holds.</summary>
    /// <exception cref="CheckFailedException">The condition is false.</exception>
    public static void True(bool condition, string message)
    {
        ComparisonLog.Add(true, condition);
        if (!condition) throw new CheckFailedException(message);
    }

    /// <summary>
    /// Fails unless the tensor, array or nested sequence has the expected shape. Hand over the thing itself,
    /// not its shape: <c>Check.Shape([3, 2], weights)</c>.
    /// </summary>
    /// <param name="expected">The sizes along the axes; empty for a single number.</param>
    /// <param name="actual">A tensor (or its shape), a number, an array of any rank, or sequences of equal length.</param>
    /// <param name="hint">What to tell the student when it is wrong.</param>
    /// <exception cref="CheckFailedException">The shape differs, or there is none.</exception>
    public static void Shape(int[] expected, object? actual, string? hint = null)
    {
        ArgumentNullException.ThrowIfNull(expected);
        RequireAnswer(actual, expected);
        var shape = actual is CourseKit.Shape itself ? [.. itself] : NumberArray.TryRead(actual)?.Shape;
        if (shape is null)
            Fail($"Expected numbers of the shape {ShapeText.Of(expected)}, got {Text.OfValue(actual)}", hint);
        ComparisonLog.Add(expected, shape);
        if (!shape.AsSpan().SequenceEqual(expected))
            Fail(ShapeText.Difference(expected, shape), hint);
    }

    /// <summary>Fails unless the code throws an exception of the type <typeparamref name="TException"/>.</summary>
    /// <returns>The exception, to look at more closely.</returns>
    /// <exception cref="CheckFailedException">Nothing, or something else, was thrown.</exception>
    public static TException Throws<TException>(Action code, string? hint = null) where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(code);
        try
        {
            code();
        }
        catch (TException expected)
        {
            return expected;
        }
        catch (Exception other) when (other is not NotImplementedException && !HostSignal.Is(other))
        {
            throw new CheckFailedException(
                WithHint($"Expected {typeof(TException).Name} to be thrown, got {ExceptionText.Of(other)}", hint));
        }
        throw new CheckFailedException(
            WithHint($"Expected {typeof(TException).Name} to be thrown, but nothing was thrown", hint));
    }

    /// <summary>
    /// Fails unless <paramref name="gradient"/> is the gradient of <paramref name="function"/> at
    /// <paramref name="point"/>, measured by central differences.
    /// </summary>
    /// <param name="function">A smooth function of a few numbers.</param>
    /// <param name="point">Where; it is not changed.</param>
    /// <param name="gradient">The student's gradient there.</param>
    /// <param name="tolerance">Allowed difference, relative for components beyond 1.</param>
    /// <param name="hint">What to tell the student when it is wrong.</param>
    /// <exception cref="CheckFailedException">The gradient differs.</exception>
    public static void GradientClose(
        Func<double[], double> function, double[] point, IEnumerable<double> gradient,
        double tolerance = 1e-5, string? hint = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(point);
        // The cube root of the double's rounding balances truncation against cancellation.
        const double Step = 6e-6;
        var measured = new double[point.Length];
        for (var i = 0; i < point.Length; i++)
        {
            var step = Step * Math.Max(1, Math.Abs(point[i]));
            var shifted = (double[])point.Clone();
            shifted[i] = point[i] + step;
            var above = function(shifted);
            shifted[i] = point[i] - step;
            var below = function(shifted);
            measured[i] = (above - below) / (2 * step);
        }
        Close(measured, gradient, tolerance, hint);
    }

    private static void RequireAnswer(object? actual, object? expected)
    {
        if (actual is null && expected is not null)
            throw new NotImplementedException("There is no answer yet: the value is null.");
    }

    [DoesNotReturn]
    private static void Fail(string difference, string? hint) =>
        throw new CheckFailedException(WithHint(difference, hint));

    private static string WithHint(string sentence, string? hint)
    {
        var ended = Text.EndSentence(sentence);
        return string.IsNullOrWhiteSpace(hint) ? ended : $"{ended} Hint: {Text.EndSentence(hint.Trim())}";
    }
}
