namespace CourseKit;

/// <summary>The host asked to stop training (Ctrl-C, a notebook's stop button). The model keeps what it has learned.</summary>
public sealed class TrainingStoppedException : OperationCanceledException
{
    internal TrainingStoppedException(TrainingRun run, OperationCanceledException cause)
        : base($"Training was stopped after {run.EpochsDone} of {run.Epochs} epochs; the model keeps what it has learned.", cause) => History = run.History;

    /// <summary>The epochs that were finished.</summary>
    public TrainingHistory History { get; }
}
