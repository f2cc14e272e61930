namespace CourseKit;

/// <summary>Whether a metric is better when it falls or when it rises.</summary>
public enum PlateauMode
{
    /// <summary>It should fall: a loss.</summary>
    Min,

    /// <summary>It should rise: an accuracy.</summary>
    Max,
}

/// <summary>How a threshold of improvement is meant.</summary>
public enum ThresholdMode
{
    /// <summary>As a share of the best metric so far.</summary>
    Relative,

    /// <summary>In the metric's own unit.</summary>
    Absolute,
}

/// <summary>
/// Multiplies the learning rate by a factor once a metric has not got better for more than <c>patience</c> epochs. As in
/// PyTorch; a metric that is NaN is not better. There is no function of the epoch to plot: the rate depends on the metric.
/// </summary>
/// <example><code>Trainer.Fit(model, loss, optimizer, loader, epochs, validation, progress => { scheduler.Step(progress.ValidationLoss); return true; });</code></example>
public sealed class ReduceLROnPlateau
{
    private readonly Optimizer optimizer;
    private readonly PlateauMode mode;
    private readonly ThresholdMode thresholdMode;
    private readonly double factor, threshold, minimumRate, smallestChange;
    private readonly int patience, cooldown;
    private double best;
    private int badEpochs, cooldownLeft;

    /// <summary>Makes the scheduler. The optimizer's rate stays what it is until the metric stalls.</summary>
    /// <param name="optimizer">Whose rate changes.</param>
    /// <param name="mode">Whether the metric should fall or rise.</param>
    /// <param name="factor">What the rate is multiplied by, above 0 and below 1.</param>
    /// <param name="patience">How many epochs without improvement are let pass.</param>
    /// <param name="threshold">What counts as an improvement.</param>
    /// <param name="thresholdMode">Whether the threshold is a share of the best metric or a difference.</param>
    /// <param name="cooldown">How many epochs after a reduction bad ones are not counted.</param>
    /// <param name="minimumRate">The rate is not set lower.</param>
    /// <param name="smallestChange">A smaller change of the rate is not made; PyTorch's eps.</param>
    /// <exception cref="ArgumentException">A number out of its range.</exception>
    public ReduceLROnPlateau(Optimizer optimizer, PlateauMode mode = PlateauMode.Min, double factor = 0.1, int patience = 10, double threshold = 1e-4, ThresholdMode thresholdMode = ThresholdMode.Relative, int cooldown = 0, double minimumRate = 0, double smallestChange = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        this.optimizer = optimizer;
        (this.mode, this.thresholdMode) = (mode, thresholdMode);
        this.factor = ArgumentCheck.Positive(nameof(ReduceLROnPlateau), "factor", OptimizerCheck.BelowOne(nameof(ReduceLROnPlateau), "factor", factor));
        this.patience = ArgumentCheck.AtLeast(0, nameof(ReduceLROnPlateau), "patience", patience);
        this.threshold = ArgumentCheck.NotNegative(nameof(ReduceLROnPlateau), "threshold", threshold);
        this.cooldown = ArgumentCheck.AtLeast(0, nameof(ReduceLROnPlateau), "cooldown", cooldown);
        this.minimumRate = ArgumentCheck.NotNegative(nameof(ReduceLROnPlateau), "smallest rate", minimumRate);
        this.smallestChange = ArgumentCheck.NotNegative(nameof(ReduceLROnPlateau), "smallest change", smallestChange);
        best = mode == PlateauMode.Min ? double.PositiveInfinity : double.NegativeInfinity;
    }

    /// <summary>Takes note of an epoch's metric, and lowers the rate where it has stalled.</summary>
    public void Step(double metric)
    {
        if (IsBetter(metric))
            (best, badEpochs) = (metric, 0);
        else
            badEpochs++;
        if (cooldownLeft > 0)
            (cooldownLeft, badEpochs) = (cooldownLeft - 1, 0);
        if (badEpochs <= patience)
            return;
        foreach (var group in optimizer.Groups)
        {
            var rate = Math.Max(group.LearningRate * factor, minimumRate);
            if (group.LearningRate - rate > smallestChange)
                group.LearningRate = rate;
        }
        (cooldownLeft, badEpochs) = (cooldown, 0);
    }

    private bool IsBetter(double metric) => (mode, thresholdMode) switch
    {
        (PlateauMode.Min, ThresholdMode.Relative) => metric < best * (1 - threshold),
        (PlateauMode.Min, _) => metric < best - threshold,
        (_, ThresholdMode.Relative) => metric > best * (1 + threshold),
        _ => metric > best + threshold,
    };

    /// <summary>What is needed to go on from here. The rates themselves are in the optimizer's state.</summary>
    public Dictionary<string, Tensor> StateDict() => new()
    {
        ["best"] = Tensor.Scalar(best, Device.Reference).Keep(),
        ["num_bad_epochs"] = Tensor.Scalar(badEpochs, Device.Reference).Keep(),
        ["cooldown_counter"] = Tensor.Scalar(cooldownLeft, Device.Reference).Keep(),
    };

    /// <summary>Goes on from what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">The state is not that of such a scheduler.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var loaded = OptimizerCheck.StateEntry(nameof(ReduceLROnPlateau), state, "best").Item();
        (best, badEpochs, cooldownLeft) = (loaded, Count("num_bad_epochs"), Count("cooldown_counter"));

        int Count(string name)
        {
            var count = OptimizerCheck.StateEntry(nameof(ReduceLROnPlateau), state, name).Item();
            OptimizerCheck.StateCount(nameof(ReduceLROnPlateau), name, count);
            return (int)count;
        }
    }
}
