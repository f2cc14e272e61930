using System.Globalization;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>
    /// The losses of a training with what a reader looks for: the smoothed course, the best epoch of the validation, and
    /// where and why training ended early.
    /// </summary>
    /// <param name="history">What <see cref="Trainer"/> gave back.</param>
    /// <param name="smoothing">From 0, none, to below 1: how much of the mean so far stays at each step (an exponential moving average, corrected for its start); the raw losses remain as a pale line.</param>
    /// <param name="logarithmic">True shows the loss on a logarithmic axis.</param>
    /// <param name="measure">What the losses are, with their unit.</param>
    /// <example><code>TeachingFigures.TrainingCurves(history, smoothing: 0.8)</code></example>
    public static Figure TrainingCurves(TrainingHistory history, double smoothing = 0, bool logarithmic = false, string measure = "loss")
    {
        ArgumentNullException.ThrowIfNull(history);
        return TrainingCurves(history.Loss, history.ValidationLoss, smoothing, logarithmic, measure, history.StopReason);
    }

    /// <summary>The same of plain numbers.</summary>
    /// <param name="training">The training loss after each epoch.</param>
    /// <param name="validation">The validation loss after each epoch; empty where there was none.</param>
    /// <param name="smoothing">From 0, none, to below 1.</param>
    /// <param name="logarithmic">True shows the loss on a logarithmic axis.</param>
    /// <param name="measure">What the losses are, with their unit.</param>
    /// <param name="stopReason">Why training ended early; null where it did not.</param>
    public static Figure TrainingCurves(
        IEnumerable<double> training,
        IEnumerable<double>? validation = null,
        double smoothing = 0,
        bool logarithmic = false,
        string measure = "loss",
        string? stopReason = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (smoothing is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "Smoothing is the share of the mean so far that stays at each step: from 0, none, to below 1, such as 0.8.");
        double[] losses = [.. training], validated = [.. validation ?? []];
        var figure = Figure.Empty();
        AddCourse("training", losses, 0);
        if (validated.Length > 0)
            AddCourse("validation", validated, 1);

        string? subtitle = null;
        int best = Best(validated);
        if (best >= 0)
        {
            subtitle = string.Create(CultureInfo.InvariantCulture, $"best validation {validated[best]:G4} after epoch {best + 1}");
            figure = figure.Add(Figure.Scatter([best + 1], [validated[best]], "best epoch")
                .SetTrace(0, "marker", Marker("star", 15, Palette.Class(2))));
        }
        if (stopReason is not null && losses.Length > 0)
        {
            figure = figure.VerticalLine(losses.Length);
            subtitle = $"{(subtitle is null ? "" : subtitle + "; ")}{stopReason}";
        }
        return figure.Title($"{Capital(measure)} by epoch", subtitle)
            .XAxis("epoch").YAxis(measure, logarithmic: logarithmic)
            .Set("hovermode", "x unified").Legend(LegendPosition.Top);

        void AddCourse(string name, double[] values, int series)
        {
            IEnumerable<int> epochs = Enumerable.Range(1, values.Length);
            string colour = Palette.Class(series);
            if (smoothing > 0)
            {
                figure = figure.Add(Figure.Line(epochs, values, $"{name}, as measured")
                    .SetTrace(0, "line", Line(Palette.Faint(colour, 0.5), 1.2))
                    .SetTrace(0, "showlegend", false));
            }
            figure = figure.Add(Figure.Line(epochs, smoothing > 0 ? Smoothed(values, smoothing) : values, name)
                // One epoch alone is no line.
                .SetTrace(0, "mode", values.Length == 1 ? "lines+markers" : "lines")
                .SetTrace(0, "line", Line(colour, 2.5, Palette.Dash(series))));
        }
    }

    private static int Best(double[] values) => Enumerable.Range(0, values.Length).Where(i => double.IsFinite(values[i])).OrderBy(i => values[i]).FirstOrDefault(-1);

    /// <summary>An exponential moving average that is not drawn to 0 at its start: the sum of the weights so far is divided out, as in Adam (Kingma and Ba 2015).</summary>
    private static double[] Smoothed(double[] values, double stays)
    {
        double mean = 0, weight = 0;
        return [.. values.Select(value =>
        {
            // A gap is no measurement: the mean waits.
            if (!double.IsFinite(value))
                return double.NaN;
            mean = (stays * mean) + ((1 - stays) * value);
            weight = (stays * weight) + (1 - stays);
            return mean / weight;
        })];
    }

    private static string Capital(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..]}";
}
