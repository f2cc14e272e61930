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
        (output ?? Console.Out).WriteLine(Of(run.History, run.Epochs));
        printed = run.Epoch;
    }

    /// <summary>The line for the last epoch of a history, such as <c>epoch  20/200  loss 0.1234  validation 0.1467</c>.</summary>
    /// <param name="history">At least one epoch.</param>
    /// <param name="epochs">Epochs in all; null where nobody knows.</param>
    public static string Of(TrainingHistory history, int? epochs = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentOutOfRangeException.ThrowIfZero(history.Epochs, nameof(history));
        var line = FormattableString.Invariant($"epoch {history.Epochs}");
        if (epochs is { } all)
            line = line.PadRight(FormattableString.Invariant($"epoch {all}").Length) + FormattableString.Invariant($"/{all}");
        line += FormattableString.Invariant($"  loss {history.Loss[^1]:G4}");
        if (history.ValidationLoss.Count > 0)
            line += FormattableString.Invariant($"  validation {history.ValidationLoss[^1]:G4}");
        foreach (var (name, values) in history.Series)
            line += FormattableString.Invariant($"  {name} {values[^1]:G4}");
        return line;
    }
}
