namespace CourseKit.Charts;

/// <summary>
/// Ready-made figures for teaching deep learning, titled and labelled; every method gives a <see cref="Figure"/> whose
/// title, axes and anything else may be changed.
/// </summary>
public static partial class TeachingFigures
{
    /// <summary>Losses, or any measure, over training: one line for each series, counted from epoch 1.</summary>
    /// <example><code>TeachingFigures.LossCurves(("training", trainingLosses), ("validation", validationLosses))</code></example>
    public static Figure LossCurves(params (string Name, IEnumerable<double> Values)[] series) =>
        LossCurves(series, logarithmic: false);

    /// <summary>Losses, or any measure, over training: one line for each series.</summary>
    /// <param name="series">A name and the values, one for each epoch; NaN leaves a gap.</param>
    /// <param name="logarithmic">True shows the loss on a logarithmic axis, where a steady rate of progress is a straight line.</param>
    /// <param name="measure">What the values are, with their unit.</param>
    /// <param name="step">What is counted on the x axis.</param>
    /// <param name="firstStep">The number of the first value; 0 where the loss before training is among the values.</param>
    public static Figure LossCurves(
        IEnumerable<(string Name, IEnumerable<double> Values)> series,
        bool logarithmic,
        string measure = "loss",
        string step = "epoch",
        int firstStep = 1)
    {
        ArgumentNullException.ThrowIfNull(series);
        Figure? figure = null;
        foreach ((string name, IEnumerable<double> values) in series)
        {
            double[] heights = [.. values];
            IEnumerable<int> steps = Enumerable.Range(firstStep, heights.Length);
            figure = figure is null ? Figure.Line(steps, heights, name) : figure.AddLine(steps, heights, name);
        }
        if (figure is null)
            throw new ArgumentException("Loss curves need at least one series, such as (\"training\", losses).", nameof(series));
        string title = $"{char.ToUpperInvariant(measure[0])}{measure[1..]} by {step}";
        return figure.Title(title).XAxis(step).YAxis(measure, logarithmic: logarithmic)
            .Set("showlegend", true).Legend(LegendPosition.Top).Set("hovermode", "x unified");
    }
}
