namespace CourseKit;

/// <summary>What training looked like: the losses after each epoch.</summary>
/// <param name="Loss">The mean training loss over the batches of each epoch, measured while the parameters changed.</param>
/// <param name="ValidationLoss">The loss on the validation part after each epoch; empty where there was none.</param>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed record TrainingHistory(IReadOnlyList<double> Loss, IReadOnlyList<double> ValidationLoss)
{
    /// <summary>The number of epochs trained.</summary>
    public int Epochs => Loss.Count;

    /// <summary>One sentence for the end of a cell.</summary>
    public override string ToString() => Epochs == 0 ? "not trained"
        : FormattableString.Invariant($"{Epochs} epochs, loss {Loss[0]:G4} -> {Loss[^1]:G4}") + (ValidationLoss.Count == 0 ? "" : FormattableString.Invariant($", validation {ValidationLoss[0]:G4} -> {ValidationLoss[^1]:G4}"));
}

/// <summary>How far training is, after an epoch.</summary>
/// <param name="Epoch">Epochs done, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">This epoch's mean training loss.</param>
/// <param name="ValidationLoss">The validation loss after it, or NaN.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, double Loss, double ValidationLoss);
