using System.Numerics;

namespace CourseKit.Charts;

/// <summary>
/// Points, no more of them than a browser draws at once. Of a long line every stretch keeps its ends, its lowest and its
/// highest point, so that it looks as the whole one would; of many single points, evenly spread ones remain.
/// </summary>
internal sealed record Thinned(IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<string>? Hover, int All)
{
    /// <summary>A drawing of more is wider than any screen, and its page is slow to open.</summary>
    public const int MostPoints = 10_000;

    private const int KeptOfStretch = 4;

    public static Thinned Of<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, IEnumerable<string>? hover, bool isLine)
        where TX : INumberBase<TX>
        where TY : INumberBase<TY>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        double[] xs = [.. x.Select(value => double.CreateSaturating(value))];
        double[] ys = [.. y.Select(value => double.CreateSaturating(value))];
        string[]? texts = hover is null ? null : [.. hover];
        if (xs.Length != ys.Length)
            throw new ArgumentException($"Each point needs an x and a y, but there are {xs.Length} x and {ys.Length} y.");
        if (texts is not null && texts.Length != xs.Length)
            throw new ArgumentException($"Each point needs a hover text, but there are {xs.Length} points and {texts.Length} texts.");
        if (xs.Length <= MostPoints)
            return new Thinned(xs, ys, texts, xs.Length);
        int[] kept = isLine ? Envelope(ys) : [.. Enumerable.Range(0, MostPoints).Select(i => (int)((long)i * xs.Length / MostPoints))];
        return new Thinned([.. kept.Select(i => xs[i])], [.. kept.Select(i => ys[i])], texts is null ? null : [.. kept.Select(i => texts[i])], xs.Length);
    }

    private static int[] Envelope(double[] y)
    {
        const int stretches = MostPoints / KeptOfStretch;
        var kept = new SortedSet<int>();
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            int from = (int)((long)stretch * y.Length / stretches), to = (int)((long)(stretch + 1) * y.Length / stretches);
            int lowest = from, highest = from, gap = -1;
            for (int i = from; i < to; i++)
            {
                if (!double.IsFinite(y[i]))
                {
                    gap = i;
                    continue;
                }
                if (!(y[i] >= y[lowest]))
                    lowest = i;
                if (!(y[i] <= y[highest]))
                    highest = i;
            }
            kept.UnionWith([from, lowest, highest, to - 1]);
            // A gap stays a gap.
            if (gap >= 0)
                kept.Add(gap);
        }
        return [.. kept];
    }
}
