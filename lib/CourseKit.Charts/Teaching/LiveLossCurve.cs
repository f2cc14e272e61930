using System.Diagnostics;

namespace CourseKit.Charts;

/// <summary>
/// Draws the losses while training goes on: one figure below the cell, drawn anew at most five times a second, and a last
/// time at the end.
/// </summary>
/// <remarks>
/// It is shown by the notebook the code runs in (<see cref="HostDisplay"/>). In another notebook, hand it that notebook's
/// way of showing: <c>new LiveLossCurve(display: figure => display(figure).Update)</c>. Where there is neither, it does nothing.
/// </remarks>
/// <param name="logarithmic">True shows the losses on a logarithmic axis.</param>
/// <param name="display">Shows a value and returns what puts another in its place; by default what the host offers.</param>
/// <example><code>
/// Trainer.Fit(model, loss, optimizer, loader, epochs: 50, validation, callbacks: [new LiveLossCurve()]);
/// </code></example>
public sealed class LiveLossCurve(bool logarithmic = false, Func<object, Action<object>>? display = null) : TrainingCallback
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private Action<object>? update;
    private bool isShown;
    private long drawn;
    private int drawnEpochs;

    /// <inheritdoc/>
    public override void OnStart(TrainingRun run)
    {
        update = null;
        isShown = false;
        drawnEpochs = 0;
    }

    /// <inheritdoc/>
    public override void OnEpoch(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!isShown || Stopwatch.GetElapsedTime(drawn) >= Pause)
            Draw(run.History);
    }

    /// <inheritdoc/>
    public override void OnEnd(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        TrainingHistory history = run.History;
        if (history.Epochs > drawnEpochs)
            Draw(history);
    }

    private void Draw(TrainingHistory history)
    {
        var series = new List<(string, IEnumerable<double>)> { ("training", history.Loss) };
        if (history.ValidationLoss.Count > 0)
            series.Add(("validation", history.ValidationLoss));
        Figure figure = TeachingFigures.LossCurves(series, logarithmic);
        if (!isShown)
            update = display is null ? HostDisplay.Show(figure) : display(figure);
        else
            update?.Invoke(figure);
        (isShown, drawn, drawnEpochs) = (true, Stopwatch.GetTimestamp(), history.Epochs);
    }
}
