using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>A computed tomography under a slider: the sinogram with the views that were taken, and what was reconstructed from them.</summary>
    /// <param name="sinogram">The full sinogram, views x detectors, over 180 degrees.</param>
    /// <param name="reconstructions">For each number of views the reconstruction, row 0 at the top.</param>
    /// <exception cref="ArgumentException">There is no reconstruction, or one has more views than the sinogram.</exception>
    /// <example><code>TeachingFigures.SinogramAndReconstruction(sinogram.ToMatrix(), [(10, from10), (40, from40)])</code></example>
    public static Figure SinogramAndReconstruction(double[,] sinogram, IEnumerable<(int Views, double[,] Image)> reconstructions)
    {
        ArgumentNullException.ThrowIfNull(sinogram);
        ArgumentNullException.ThrowIfNull(reconstructions);
        (int Views, double[,] Image)[] all = [.. reconstructions];
        (int views, int detectors) = (sinogram.GetLength(0), sinogram.GetLength(1));
        if (all.Length == 0 || all.Any(shown => shown.Views < 1 || shown.Views > views))
            throw new ArgumentException($"There must be at least one reconstruction, each from 1 to {views} views, as many as the sinogram has.", nameof(reconstructions));
        (double low, double high) = Extremes(sinogram.Cast<double>());
        (double darkest, double brightest) = Extremes(all[^1].Image.Cast<double>());
        double[] angles = [.. Enumerable.Range(0, views).Select(view => Math.Round(180.0 * view / views, 2))];
        return Figure.Animate(all.Select(shown => (shown.Views.ToString(CultureInfo.InvariantCulture), Figure.Grid(1, 2,
        [
            Figure.HeatMap(Taken(shown.Views), y: angles, name: "line integral")
                .SetTrace(0, "colorscale", Palette.Grey()).SetTrace(0, "zmin", PlotlyJson.Number(low)).SetTrace(0, "zmax", PlotlyJson.Number(high))
                .SetTrace(0, "hovertemplate", "detector %{x}, angle %{y}°<br>%{z:.4g}<extra></extra>")
                .Title("sinogram").XAxis("detector").YAxis("angle in degrees", (-1, 180)).Set("xaxis.showgrid", false).Set("yaxis.showgrid", false),
            Picture(Rounded(shown.Image), Palette.Grey(), darkest, brightest, "attenuation").Title("reconstruction"),
        ], 480, GapWithLabels, 1).Title("From views to an image"))), "views: ");

        double[,] Taken(int count)
        {
            var rows = new double[views, detectors];
            var taken = new HashSet<int>(Enumerable.Range(0, count).Select(i => i * views / count));
            for (int view = 0; view < views; view++)
            {
                for (int detector = 0; detector < detectors; detector++)
                    rows[view, detector] = taken.Contains(view) ? Math.Round(sinogram[view, detector], 2) : double.NaN;
            }
            return rows;
        }

        static double[,] Rounded(double[,] image)
        {
            var rounded = (double[,])image.Clone();
            for (int row = 0; row < image.GetLength(0); row++)
            {
                for (int column = 0; column < image.GetLength(1); column++)
                    rounded[row, column] = Math.Round(image[row, column], 3);
            }
            return rounded;
        }
    }

    /// <summary>An electrocardiogram on its paper: small squares of 0.04 s and 0.1 mV, large ones of 0.2 s and 0.5 mV, and what was found marked.</summary>
    /// <param name="millivolts">The signal in mV.</param>
    /// <param name="samplesPerSecond">How many samples a second has, in Hz.</param>
    /// <param name="marks">Where something was found, in seconds, and what: a beat, an anomaly.</param>
    /// <param name="prediction">What a model expected, in mV; the signal itself where there is none.</param>
    /// <exception cref="ArgumentException">The prediction is not as long as the signal.</exception>
    public static Figure EcgStrip(
        IEnumerable<double> millivolts,
        double samplesPerSecond,
        IEnumerable<(double Seconds, string Name)>? marks = null,
        IEnumerable<double>? prediction = null)
    {
        ArgumentNullException.ThrowIfNull(millivolts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samplesPerSecond);
        double[] signal = [.. millivolts];
        double[] seconds = [.. Enumerable.Range(0, signal.Length).Select(i => i / samplesPerSecond)];
        double[]? expected = prediction is null ? null : [.. prediction];
        if (expected is not null && expected.Length != signal.Length)
            throw new ArgumentException($"Each sample needs a prediction, but there are {signal.Length} samples and {expected.Length} predictions.", nameof(prediction));
        (double low, double high) = Sampling.Around(signal.Concat(expected ?? []), 0.12);
        (low, high) = (Math.Floor(low * 2) / 2, Math.Ceiling(high * 2) / 2);
        Figure figure = Figure.Line(seconds, signal, "signal").SetTrace(0, "line", Line(Palette.Class(0), 1.8));
        if (expected is not null)
            figure = figure.Add(Figure.Line(seconds, expected, "expected").SetTrace(0, "line", Line(Palette.Class(2), 1.5, "dot")));
        int series = 0;
        foreach (IGrouping<string, double> found in (marks ?? []).GroupBy(mark => mark.Name, mark => mark.Seconds))
        {
            figure = figure.Add(Figure.Scatter(found, found.Select(_ => high - (0.04 * (high - low))), found.Key)
                .SetTrace(0, "marker", Marker(series == 0 ? "triangle-down" : "x", 10, Palette.Class(series == 0 ? 1 : 3))));
            series++;
        }
        double end = signal.Length == 0 ? 1 : seconds[^1];
        figure = figure.Title("Electrocardiogram", "large squares 0.2 s × 0.5 mV").XAxis("time in s", (0, Math.Max(end, 1 / samplesPerSecond))).YAxis("voltage in mV", (low, high));
        // Labels at every large square would run together in a long strip; so would the small squares.
        bool isLong = end > 6;
        figure = Squared(Squared(figure, "xaxis", isLong ? 1 : 0.2, isLong ? 0.2 : 0.04), "yaxis", 0.5, 0.1).Set("xaxis.tickangle", 0);
        return figure.MinimumWidth(Math.Min(4000, 140 * end)).Size(null, 360).Legend(LegendPosition.Top);

        static Figure Squared(Figure figure, string axis, double large, double small) => figure
            .Set($"{axis}.dtick", large).Set($"{axis}.zeroline", false)
            .Set($"{axis}.gridcolor", Palette.Faint(Palette.Class(1), 0.38))
            .Set($"{axis}.minor", new JsonObject { ["dtick"] = small, ["showgrid"] = true, ["gridcolor"] = Palette.Faint(Palette.Class(1), 0.14) });
    }
}
