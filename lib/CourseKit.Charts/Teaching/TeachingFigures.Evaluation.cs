using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>
    /// How often each class was taken for which: counts and shares in cells, coloured by the share of the true class, so
    /// that a rare class is judged as strictly as a frequent one.
    /// </summary>
    /// <param name="counts">Row: the true class; column: the predicted one.</param>
    /// <param name="names">The classes' names.</param>
    public static Figure ConfusionMatrix(int[,] counts, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(names);
        int classes = counts.GetLength(0);
        if (counts.GetLength(1) != classes || names.Count != classes)
            throw new ArgumentException($"A confusion matrix has a row, a column and a name for each class, but this one has {classes} rows, {counts.GetLength(1)} columns and {names.Count} names.", nameof(counts));

        var shares = new double[classes, classes];
        var texts = new JsonArray();
        var hovers = new JsonArray();
        int right = 0, all = 0;
        for (int truth = 0; truth < classes; truth++)
        {
            int row = Enumerable.Range(0, classes).Sum(predicted => counts[truth, predicted]);
            var rowTexts = new JsonArray();
            var rowHovers = new JsonArray();
            for (int predicted = 0; predicted < classes; predicted++)
            {
                int count = counts[truth, predicted];
                shares[truth, predicted] = row == 0 ? 0 : (double)count / row;
                string share = (100 * shares[truth, predicted]).ToString("0.#", CultureInfo.InvariantCulture);
                rowTexts.Add(classes <= 6 ? $"{count}<br>{share} %" : count.ToString(CultureInfo.InvariantCulture));
                rowHovers.Add($"{count} of {row} {names[truth]}<br>taken for {names[predicted]} ({share} %)");
            }
            texts.Add(rowTexts);
            hovers.Add(rowHovers);
            all += row;
            right += counts[truth, truth];
        }

        string accuracy = all == 0 ? "no examples" : string.Create(CultureInfo.InvariantCulture, $"{right} of {all} right, accuracy {(double)right / all:0.000}");
        return Figure.HeatMap(shares, name: "share of the true class")
            .SetTrace(0, "x", PlotlyJson.Texts(names))
            .SetTrace(0, "y", PlotlyJson.Texts(names))
            .SetTrace(0, "zmin", 0)
            .SetTrace(0, "zmax", 1)
            .SetTrace(0, "colorscale", Palette.Shares())
            .SetTrace(0, "showscale", false)
            .SetTrace(0, "xgap", 2)
            .SetTrace(0, "ygap", 2)
            .SetTrace(0, "text", texts)
            .SetTrace(0, "texttemplate", "%{text}")
            .SetTrace(0, "hovertext", hovers)
            .SetTrace(0, "hovertemplate", "%{hovertext}<extra></extra>")
            .Title("Confusion matrix", accuracy)
            .XAxis("predicted class").YAxis("true class")
            // Class names that look like numbers are names all the same.
            .Set("xaxis.type", "category").Set("yaxis.type", "category")
            .Set("xaxis.showgrid", false).Set("yaxis.showgrid", false)
            .Set("yaxis.autorange", "reversed")
            .EqualAxes();
    }

    /// <summary>
    /// Whether probabilities mean what they say: of the cases given 70 %, do 70 % come true? The predictions are put in
    /// bins of equal width (a reliability diagram); the distance from the diagonal, weighted by the bins' sizes, is the
    /// expected calibration error (Guo et al. 2017).
    /// </summary>
    /// <param name="probabilities">The predicted probabilities of class 1.</param>
    /// <param name="labels">The true classes, 0 or 1.</param>
    /// <param name="bins">How many bins.</param>
    public static Figure CalibrationCurve(IEnumerable<double> probabilities, IEnumerable<int> labels, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        double[] given = [.. probabilities];
        int[] truth = [.. labels];
        if (given.Length != truth.Length)
            throw new ArgumentException($"Each probability needs a label, but there are {given.Length} probabilities and {truth.Length} labels.", nameof(labels));
        if (given.Any(p => p is not (>= 0 and <= 1)))
            throw new ArgumentException("Probabilities lie between 0 and 1; put logits through the sigmoid first.", nameof(probabilities));
        if (truth.Any(label => label is not (0 or 1)))
            throw new ArgumentException("Labels are 0 or 1 here; for more classes, ask for each class against all others.", nameof(labels));

        var filled = Enumerable.Range(0, given.Length)
            .GroupBy(i => Math.Min((int)(given[i] * bins), bins - 1))
            .OrderBy(bin => bin.Key)
            .Select(bin => (Count: bin.Count(), Said: bin.Average(i => given[i]), Came: bin.Average(i => truth[i])))
            .ToArray();
        double error = filled.Sum(bin => bin.Count * Math.Abs(bin.Said - bin.Came)) / Math.Max(1, given.Length);
        string subtitle = string.Create(CultureInfo.InvariantCulture, $"expected calibration error {error:0.000}, {given.Length} cases in {filled.Length} bins");
        IEnumerable<string> hover = filled.Select(bin =>
            string.Create(CultureInfo.InvariantCulture, $"said {bin.Said:0.00}, came true {bin.Came:0.00}<br>{bin.Count} cases"));

        // The area of a marker is the number of cases behind it: a far-off small one is chance.
        int most = filled.Length == 0 ? 1 : filled.Max(bin => bin.Count);
        double[] sizes = [.. filled.Select(bin => Math.Max(6, 20 * Math.Sqrt((double)bin.Count / most)))];
        return Figure.Line([0.0, 1], [0.0, 1], "perfectly calibrated")
            .SetTrace(0, "line", new JsonObject { ["color"] = "#8C8C8C", ["dash"] = "dash" })
            .SetTrace(0, "hoverinfo", "skip")
            .Add(Figure.Line(filled.Select(bin => bin.Said), filled.Select(bin => bin.Came), "model", hover)
                .SetTrace(0, "mode", "lines+markers")
                .SetTrace(0, "line.color", Palette.Class(0))
                .SetTrace(0, "marker", new JsonObject { ["size"] = PlotlyJson.Numbers(sizes), ["color"] = Palette.Class(0) }))
            .Title("Calibration", subtitle)
            .XAxis("predicted probability", (-0.03, 1.03)).YAxis("share that came true", (-0.03, 1.03))
            .Legend(LegendPosition.Top);
    }
}
