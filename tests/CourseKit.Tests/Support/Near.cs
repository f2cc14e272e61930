namespace CourseKit.Tests;

/// <summary>Compares numbers and names the first one that differs.</summary>
internal static class Near
{
    /// <summary>Each number within <paramref name="tolerance"/> of the expected one, relative to it or, where that is more, to <paramref name="scale"/>.</summary>
    public static void Assert(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, double scale, string what)
    {
        if (expected.Count != actual.Count)
            Xunit.Assert.Fail($"{what}: {expected.Count} numbers expected, {actual.Count} found.");
        for (var i = 0; i < expected.Count; i++)
        {
            var error = Math.Abs(expected[i] - actual[i]);
            var allowed = tolerance * Math.Max(scale, Math.Abs(expected[i]));
            if (!(error <= allowed) && !expected[i].Equals(actual[i]))
                Xunit.Assert.Fail(FormattableString.Invariant($"{what}, number {i}: {expected[i]:R} expected, {actual[i]:R} found; they differ by {error:G3}, and {allowed:G3} is allowed."));
        }
    }

    /// <summary>The largest magnitude, the scale by which rounding errors of a sum are judged.</summary>
    public static double Largest(IEnumerable<double> numbers) => numbers.Select(Math.Abs).DefaultIfEmpty(0).Max();
}
