namespace CourseKit;

/// <summary>Lets a scheduler change the learning rate after each epoch. The rate of each epoch is the series "learning rate" of the history.</summary>
/// <example><code>callbacks: [new LearningRateSchedule(new CosineAnnealingLR(optimizer, halfPeriod: epochs))]</code></example>
public sealed class LearningRateSchedule : TrainingCallback
{
    private readonly Action<TrainingRun> step;
    private readonly Func<Dictionary<string, Tensor>> state;
    private readonly Action<IReadOnlyDictionary<string, Tensor>> load;

    /// <summary>A rate that is a function of the epoch.</summary>
    public LearningRateSchedule(LearningRateScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        (step, state, load) = (_ => scheduler.Step(), scheduler.StateDict, scheduler.LoadStateDict);
    }

    /// <summary>A rate that falls when the validation loss, or a metric, has stalled.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="metric">The name of a metric to watch instead of the validation loss.</param>
    public LearningRateSchedule(ReduceLROnPlateau scheduler, string? metric = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        step = run =>
        {
            TrainingCheck.SomethingToWatch("ReduceLROnPlateau", metric, run);
            scheduler.Step(metric is null ? run.ValidationLoss : run.Latest(metric));
        };
        (state, load) = (scheduler.StateDict, scheduler.LoadStateDict);
    }

    /// <inheritdoc/>
    public override void OnEpoch(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Report("learning rate", run.Optimizer.LearningRate);
        step(run);
    }

    /// <inheritdoc/>
    public override Dictionary<string, Tensor> StateDict() => state();

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state) => load(state);
}
