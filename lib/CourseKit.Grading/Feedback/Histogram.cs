using System.Globalization;
using System.Text;

namespace CourseKit.Grading.Feedback;

/// <summary>A histogram as SVG in the page: no script, its numbers written beside its bars.</summary>
internal static class Histogram
{
    private const int Bins = 10;
    private const int Width = 440;
    private const int Height = 150;
    private const int Top = 18;
    private const int Bottom = 22;
    private const int Left = 4;

    /// <summary>Draws how often values fall into equal parts of 0 to <paramref name="largest"/>.</summary>
    /// <param name="values">The points; what lies outside counts to the nearest end.</param>
    /// <param name="largest">The points to be had.</param>
    /// <param name="label">What it shows, for those who do not see it.</param>
    public static string Draw(IReadOnlyList<double> values, double largest, string label)
    {
        var counts = Count(values, largest);
        var highest = Math.Max(1, counts.Max());
        var wide = (Width - 2.0 * Left) / counts.Length;
        var svg = new StringBuilder();
        var spoken = string.Join("; ", counts.Select((count, bin) => (count, bin)).Where(pair => pair.count > 0).Select(pair => $"{Edge(pair.bin)} to {Edge(pair.bin + 1)} points: {pair.count.ToString(CultureInfo.InvariantCulture)}"));
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"histogram\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{FeedbackShell.Encode($"{label}: {spoken}")}\">\n");
        for (var bin = 0; bin < counts.Length; bin++)
        {
            var tall = (double)counts[bin] / highest * (Height - Top - Bottom);
            var (x, y) = (Left + bin * wide, Height - Bottom - tall);
            if (counts[bin] > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x + 1:0.#}\" y=\"{y:0.#}\" width=\"{wide - 2:0.#}\" height=\"{tall:0.#}\"/>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + wide / 2:0.#}\" y=\"{y - 4:0.#}\" text-anchor=\"middle\">{counts[bin]}</text>\n");
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{Height - Bottom}\" x2=\"{Width - Left}\" y2=\"{Height - Bottom}\"/>");
        foreach (var bin in (int[])[0, counts.Length / 2, counts.Length])
        {
            var anchor = bin == 0 ? "start" : bin == counts.Length ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + bin * wide:0.#}\" y=\"{Height - 6}\" text-anchor=\"{anchor}\">{Edge(bin)}</text>");
        }

        return svg.Append("\n</svg>\n").ToString();

        string Edge(int bin) => FeedbackShell.Number(largest * bin / counts.Length);
    }

    private static int[] Count(IReadOnlyList<double> values, double largest)
    {
        var counts = new int[Bins];
        foreach (var value in values)
            counts[largest <= 0 ? 0 : Math.Clamp((int)(value / largest * Bins), 0, Bins - 1)]++;
        return counts;
    }
}
