using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>Hits against false alarms as the threshold falls (the receiver operating characteristic), for one model or several.</summary>
    /// <param name="labels">The true classes, 0 or 1.</param>
    /// <param name="models">For each model its name and its scores or probabilities of class 1; only their order matters.</param>
    /// <exception cref="ArgumentException">There are not as many scores as labels, or all labels are the same.</exception>
    /// <example><code>TeachingFigures.RocCurve(labels, ("logistic regression", probabilities))</code></example>
    public static Figure RocCurve(IEnumerable<int> labels, params IReadOnlyList<(string Name, IEnumerable<double> Scores)> models)
    {
        Figure figure = Figure.Line([0.0, 1], [0.0, 1], "guessing").SetTrace(0, "line", Line("#8C8C8C", 1.5, "dot")).SetTrace(0, "hoverinfo", "skip");
        int series = 0;
        foreach ((string name, Tensor scores, IntTensor targets) in Rankings(labels, models))
        {
            RocCurve curve = Metrics.RocCurve(scores, targets);
            IEnumerable<string> hover = curve.Thresholds.Select((threshold, i) => string.Create(CultureInfo.InvariantCulture,
                $"{name}, threshold {threshold:0.###}<br>hits {curve.TruePositiveRate[i]:0.###}, false alarms {curve.FalsePositiveRate[i]:0.###}"));
            figure = figure.Add(Figure.Line(curve.FalsePositiveRate, curve.TruePositiveRate, string.Create(CultureInfo.InvariantCulture, $"{name}, area {Metrics.RocAuc(scores, targets):0.000}"), hover)
                .SetTrace(0, "line", Line(Palette.Class(series), 2.5, Palette.Dash(series))));
            series++;
        }
        return figure.Title("Receiver operating characteristic")
            .XAxis("false positive rate", (-0.02, 1.02)).YAxis("true positive rate", (-0.02, 1.02))
            .Legend(LegendPosition.Top);
    }

    /// <summary>Precision against recall as the threshold changes, for one model or several: of rare positives it says more than the ROC curve.</summary>
    /// <param name="labels">The true classes, 0 or 1.</param>
    /// <param name="models">For each model its name and its scores or probabilities of class 1; only their order matters.</param>
    /// <exception cref="ArgumentException">There are not as many scores as labels, or no label is 1.</exception>
    /// <example><code>TeachingFigures.PrecisionRecall(labels, ("plain loss", plain), ("weighted loss", weighted))</code></example>
    public static Figure PrecisionRecall(IEnumerable<int> labels, params IReadOnlyList<(string Name, IEnumerable<double> Scores)> models)
    {
        int[] truth = [.. labels];
        double share = truth.Length == 0 ? 0 : (double)truth.Count(label => label == 1) / truth.Length;
        Figure figure = Figure.Line([0.0, 1], [share, share], string.Create(CultureInfo.InvariantCulture, $"guessing, {share:0.000}"))
            .SetTrace(0, "line", Line("#8C8C8C", 1.5, "dot")).SetTrace(0, "hoverinfo", "skip");
        int series = 0;
        foreach ((string name, Tensor scores, IntTensor targets) in Rankings(truth, models))
        {
            PrecisionRecallCurve curve = Metrics.PrecisionRecallCurve(scores, targets);
            IEnumerable<string> hover = curve.Precision.Select((precision, i) => string.Create(CultureInfo.InvariantCulture,
                $"{name}{(i < curve.Thresholds.Count ? string.Create(CultureInfo.InvariantCulture, $", threshold {curve.Thresholds[i]:0.###}") : "")}<br>precision {precision:0.###}, recall {curve.Recall[i]:0.###}"));
            figure = figure.Add(Figure.Line(curve.Recall, curve.Precision, string.Create(CultureInfo.InvariantCulture, $"{name}, average precision {Metrics.AveragePrecision(scores, targets):0.000}"), hover)
                .SetTrace(0, "line", Line(Palette.Class(series), 2.5, Palette.Dash(series)))
                // Between two thresholds there is no model: a step, not a slope, which would flatter.
                .SetTrace(0, "line.shape", "hv"));
            series++;
        }
        return figure.Title("Precision and recall")
            .XAxis("recall", (-0.02, 1.02)).YAxis("precision", (-0.02, 1.04))
            .Legend(LegendPosition.Top);
    }

    private static IEnumerable<(string Name, Tensor Scores, IntTensor Targets)> Rankings(IEnumerable<int> labels, IReadOnlyList<(string Name, IEnumerable<double> Scores)> models)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(models);
        int[] truth = [.. labels];
        if (models.Count == 0)
            throw new ArgumentException("There is no model to draw: give a name and its scores, such as (\"logistic regression\", probabilities).", nameof(models));
        foreach ((string name, IEnumerable<double> scores) in models)
        {
            double[] numbers = [.. scores];
            if (numbers.Length != truth.Length)
                throw new ArgumentException($"Each label needs a score, but there are {truth.Length} labels and {numbers.Length} scores of {name}.", nameof(models));
            yield return (name, Tensor.From(numbers, null, Device.Reference), IntTensor.From(truth));
        }
    }
}
