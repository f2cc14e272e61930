namespace CourseKit.Charts;

/// <summary>Values of functions on evenly spaced points.</summary>
internal static class Sampling
{
    /// <summary>Evenly spaced numbers, both ends included.</summary>
    public static double[] Steps((double From, double To) range, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (!double.IsFinite(range.From) || !double.IsFinite(range.To) || range.From >= range.To)
            throw new ArgumentException($"A range goes from a smaller to a larger number, but this one was given as {PlotlyJson.Number(range.From)} to {PlotlyJson.Number(range.To)}.", nameof(range));
        var steps = new double[count];
        for (int i = 0; i < count; i++)
            steps[i] = range.From + ((range.To - range.From) * i / (count - 1));
        return steps;
    }

    /// <summary>The function's values; the first index counts <paramref name="ys"/>, the second <paramref name="xs"/>.</summary>
    public static double[,] Values(Func<double, double, double> function, double[] xs, double[] ys)
    {
        var values = new double[ys.Length, xs.Length];
        for (int row = 0; row < ys.Length; row++)
        {
            for (int column = 0; column < xs.Length; column++)
                values[row, column] = function(xs[column], ys[row]);
        }
        return values;
    }

    /// <summary>The finite values' range with a margin on both sides; something visible where they are all the same.</summary>
    public static (double From, double To) Around(IEnumerable<double> values, double margin = 0.08)
    {
        double from = double.PositiveInfinity, to = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            from = Math.Min(from, value);
            to = Math.Max(to, value);
        }
        if (from > to)
            return (0, 1);
        double room = to > from ? (to - from) * margin : 0.5;
        return (from - room, to + room);
    }
}
