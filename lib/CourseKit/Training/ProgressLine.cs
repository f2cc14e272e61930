namespace CourseKit;

/// <summary>Prints a line after an epoch: the losses and every metric.</summary>
/// <param name="every">Epochs from one line to the next; the first and the last always have one.</param>
/// <param name="output">Where to; the console by default.</param>
public sealed class ProgressLine(int every = 1, TextWriter? output = null) : TrainingCallback
{
    private readonly int every = TrainingCheck.Every("ProgressLine", every);
    private int printed;

    /// <inheritdoc/>
    public override void OnStart(TrainingRun run) => printed = 0;

    /// <inheritdoc/>
    public override void OnEpoch(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Epoch == 1 || run.Epoch % every == 0 || run.Epoch == run.Epochs || run.StopReason is not null)
            Print(run);
    }

    /// <inheritdoc/>
    public override void OnEnd(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.EpochsDone > printed && run.EpochsDone == run.Epoch)
            Print(run); // a later callback stopped training
    }

    private void Print(TrainingRun run)
    {
        var history = run.History;
        var width = FormattableString.Invariant($"{run.Epochs}").Length;
        var line = FormattableString.Invariant($"epoch {run.Epoch}").PadRight("epoch ".Length + width) + FormattableString.Invariant($"/{run.Epochs}  loss {run.Loss:G4}");
        if (history.ValidationLoss.Count > 0)
            line += FormattableString.Invariant($"  validation {run.ValidationLoss:G4}");
        foreach (var (name, values) in history.Series)
            line += FormattableString.Invariant($"  {name} {values[^1]:G4}");
        (output ?? Console.Out).WriteLine(line);
        printed = run.Epoch;
    }
}
