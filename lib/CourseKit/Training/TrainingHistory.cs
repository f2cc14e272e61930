namespace CourseKit;

/// <summary>What training looked like: the losses after each epoch, and whatever else was measured.</summary>
/// <param name="Loss">The mean training loss over the examples of each epoch, measured while the parameters changed.</param>
/// <param name="ValidationLoss">The loss on the validation part after each epoch; empty where there was none.</param>
[TypeFormatterSource(typeof(TrainingHistoryFormatterSource))]
public sealed record TrainingHistory(IReadOnlyList<double> Loss, IReadOnlyList<double> ValidationLoss)
{
    /// <summary>The number of epochs trained.</summary>
    public int Epochs => Loss.Count;

    /// <summary>Metrics and what callbacks reported, by name: one number for each epoch.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Series { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>Why training ended before the last epoch, or null where it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>One of the <see cref="Series"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such series; the message names those there are.</exception>
    public IReadOnlyList<double> this[string name]
    {
        get
        {
            TrainingCheck.KnownSeries(name, Series.Keys);
            return Series[name];
        }
    }

    /// <summary>One sentence for the end of a cell.</summary>
    public override string ToString()
    {
        if (Epochs == 0)
            return "not trained";
        var text = FormattableString.Invariant($"{Epochs} epochs, loss {Loss[0]:G4} -> {Loss[^1]:G4}");
        if (ValidationLoss.Count > 0)
            text += FormattableString.Invariant($", validation {ValidationLoss[0]:G4} -> {ValidationLoss[^1]:G4}");
        foreach (var (name, values) in Series)
            text += FormattableString.Invariant($", {name} {values[0]:G4} -> {values[^1]:G4}");
        return StopReason is null ? text : $"{text} ({StopReason})";
    }
}

/// <summary>How far training is, after an epoch.</summary>
/// <param name="Epoch">Epochs done, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">This epoch's mean training loss.</param>
/// <param name="ValidationLoss">The validation loss after it, or NaN.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, double Loss, double ValidationLoss);
