namespace CourseKit.Exercises.Comparing;

/// <summary>What the checks of a part have compared, in their order. It flows into what the part awaits.</summary>
internal static class ComparisonLog
{
    // A loop of checks may be long; what decides a part is in its first thousand.
    private const int Most = 1000;

    private static readonly AsyncLocal<List<Comparison>?> s_current = new();

    /// <summary>Runs a part, and gives what was compared until it ended.</summary>
    public static (TResult Result, IReadOnlyList<Comparison> Compared) During<TResult>(Func<TResult> part)
    {
        var (around, compared) = (s_current.Value, new List<Comparison>());
        s_current.Value = compared;
        try
        {
            var result = part();
            // A copy: what the part has left running may compare still.
            lock (compared)
                return (result, [.. compared]);
        }
        finally
        {
            s_current.Value = around;
        }
    }

    /// <summary>Notes a comparison, if both values are plain.</summary>
    public static void Add(object? expected, object? actual)
    {
        if (IsOpen && PlainValues.TryRead(expected) is { } right && PlainValues.TryRead(actual) is { } answer)
            Add(right, answer, tolerance: 0);
    }

    /// <summary>The same of numbers that have been read already.</summary>
    public static void Add(NumberArray expected, NumberArray actual, double tolerance)
    {
        if (IsOpen && PlainValues.Of(expected) is { } right && PlainValues.Of(actual) is { } answer)
            Add(right, answer, tolerance);
    }

    private static bool IsOpen => s_current.Value is { Count: < Most };

    private static void Add(PlainValues expected, PlainValues actual, double tolerance)
    {
        if (s_current.Value is { } part)
            lock (part)
                part.Add(new Comparison(expected, actual, tolerance));
    }
}
