namespace CourseKit;

/// <summary>
/// Something that is told how training goes and may act on it: stop early, clip gradients, print a line. Derive from it
/// and override what is needed; callbacks are called in the order given, a <see cref="Checkpoint"/> last.
/// </summary>
/// <example><code>
/// var history = Trainer.Fit(model, new CrossEntropyLoss().Forward, optimizer, loader, epochs: 100, validation,
///     callbacks: [new EarlyStopping(patience: 5), new ProgressLine()]);
/// </code></example>
public abstract class TrainingCallback
{
    /// <summary>Whether it is called after all others, because it saves what they leave.</summary>
    internal virtual bool ComesLast => false;

    /// <summary>Before the first epoch. A callback that is used again begins anew here.</summary>
    public virtual void OnStart(TrainingRun run)
    {
    }

    /// <summary>After the backward pass and before the optimizer's step: the place to clip or look at gradients. Tensors made here live until the step's end.</summary>
    public virtual void OnGradients(TrainingRun run)
    {
    }

    /// <summary>After each epoch, when its losses and metrics are known.</summary>
    public virtual void OnEpoch(TrainingRun run)
    {
    }

    /// <summary>At the end, also where training was stopped or failed.</summary>
    public virtual void OnEnd(TrainingRun run)
    {
    }

    /// <summary>What this callback must remember to go on after a <see cref="Checkpoint"/>; nothing by default. Numbers that must come back exactly belong on <see cref="Device.Reference"/>.</summary>
    public virtual Dictionary<string, Tensor> StateDict() => [];

    /// <summary>Takes back what <see cref="StateDict"/> gave, after <see cref="OnStart"/>.</summary>
    public virtual void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
    }
}
