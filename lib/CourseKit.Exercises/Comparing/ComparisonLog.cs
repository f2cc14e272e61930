namespace CourseKit.Exercises.Comparing;

/// <summary>What the checks of a part have compared, in their order. It flows into what the part awaits.</summary>
internal static class ComparisonLog
{
    // Characters of the JSON form, roughly, for one part. A loop of checks may be long; what comes after this is not kept.
    private const long Room = 200_000;

    private static readonly AsyncLocal<Part?> s_current = new();

    /// <summary>What one part has compared.</summary>
    private sealed class Part
    {
        private readonly List<Comparison> comparisons = [];
        private long room = Room;

        public void Add(PlainValues expected, PlainValues? actual, double tolerance)
        {
            lock (comparisons)
            {
                room -= expected.Length + (actual?.Length ?? 0);
                if (room >= 0)
                    comparisons.Add(new Comparison(expected, actual, tolerance));
            }
        }

        /// <summary>A copy: what the part has left running may compare still.</summary>
        public IReadOnlyList<Comparison> SoFar()
        {
            lock (comparisons)
                return [.. comparisons];
        }
    }

    /// <summary>Runs a part, and gives what was compared until it ended.</summary>
    public static (TResult Result, IReadOnlyList<Comparison> Compared) During<TResult>(Func<TResult> part)
    {
        var (around, current) = (s_current.Value, new Part());
        s_current.Value = current;
        try
        {
            return (part(), current.SoFar());
        }
        finally
        {
            s_current.Value = around;
        }
    }

    /// <summary>Notes a comparison, if the expected value is plain.</summary>
    public static void Add(object? expected, object? actual)
    {
        if (s_current.Value is { } part && PlainValues.TryRead(expected) is { } right)
            part.Add(right, PlainValues.TryRead(actual), tolerance: 0);
    }

    /// <summary>The same of numbers that have been read already.</summary>
    public static void Add(NumberArray expected, NumberArray actual, double tolerance)
    {
        if (s_current.Value is { } part && PlainValues.Of(expected) is { } right && PlainValues.Of(actual) is { } answer)
            part.Add(right, answer, tolerance);
    }
}
