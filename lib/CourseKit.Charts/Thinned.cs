using System.Numerics;

namespace CourseKit.Charts;

/// <summary>
/// Points, no more of them than a browser draws at once. Of a long line every stretch keeps its ends, its lowest and its
/// highest point, so that it looks as the whole one would; of many single points a sample remains, and the outermost ones.
/// </summary>
/// <remarks>
/// Why not WebGL: plotly.js has it (scattergl) and draws a million points in 0.8 s even without a graphics processor, where ten
/// thousand take it 0.3 s as SVG. But the numbers have to lie in the notebook first: a million points are 20 MB of text, and an
/// output holds the figure twice, as HTML and as JSON; thinned they are 0.2 MB. A page has room for about sixteen WebGL pictures at
/// a time and blanks the first when the seventeenth comes; where WebGL is switched off nothing is drawn at all. And a million
/// half-transparent points on half a million pixels are one dark blot, in which ten thousand still show where they are dense.
/// Where every single one counts, count them: a histogram in two dimensions as <see cref="Figure.HeatMap"/>.
/// </remarks>
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
        int[] kept = isLine ? Envelope(ys) : Sample(xs, ys);
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

    /// <summary>
    /// One point of each stretch, at a place drawn by lot: every hundredth one would show stripes where there are none,
    /// of an image's pixels for example. The lot is the same in every run.
    /// </summary>
    private static int[] Sample(double[] x, double[] y)
    {
        var kept = new SortedSet<int>(Outermost(x).Concat(Outermost(y)));
        int stretches = MostPoints - kept.Count;
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            int from = (int)((long)stretch * x.Length / stretches), to = (int)((long)(stretch + 1) * x.Length / stretches);
            kept.Add(from + (int)(Mixed((ulong)stretch) % (ulong)(to - from)));
        }
        return [.. kept];
    }

    private static IEnumerable<int> Outermost(double[] values)
    {
        int[] finite = [.. Enumerable.Range(0, values.Length).Where(i => double.IsFinite(values[i]))];
        return finite.Length == 0 ? [] : [finite.MinBy(i => values[i]), finite.MaxBy(i => values[i])];
    }

    /// <summary>A number's bits, mixed well (the last step of SplitMix64; Steele, Lea and Flood 2014).</summary>
    private static ulong Mixed(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
