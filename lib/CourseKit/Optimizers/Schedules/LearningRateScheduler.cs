namespace CourseKit;

/// <summary>
/// Changes an optimizer's learning rate from epoch to epoch: made with the optimizer, it sets the rate of the first epoch;
/// call <see cref="Step"/> after each epoch. Each group keeps its own initial rate.
/// </summary>
/// <example><code>
/// var scheduler = new CosineAnnealingLR(optimizer, halfPeriod: epochs);
/// Trainer.Fit(model, loss, optimizer, loader, epochs, onEpoch: _ => { scheduler.Step(); return true; });
/// </code></example>
public abstract class LearningRateScheduler
{
    private readonly Optimizer optimizer;
    private readonly Func<double, int, double> rate;
    private readonly int firstEpoch;
    private double[] initialRates;

    /// <summary>Sets the rates of the first epoch.</summary>
    /// <param name="optimizer">Whose rates change.</param>
    /// <param name="rate">The rate from a group's initial rate and the epoch.</param>
    /// <param name="firstEpoch">What the first epoch is called.</param>
    private protected LearningRateScheduler(Optimizer optimizer, Func<double, int, double> rate, int firstEpoch = 0)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        (this.optimizer, this.rate, this.firstEpoch, Epoch) = (optimizer, rate, firstEpoch, firstEpoch);
        initialRates = [.. optimizer.Groups.Select(group => group.LearningRate)];
        Set();
    }

    /// <summary>The epoch whose rate is set now.</summary>
    public int Epoch { get; private set; }

    /// <summary>Sets the rates of the next epoch.</summary>
    public void Step()
    {
        Epoch++;
        Set();
    }

    /// <summary>The rate of the first group at any epoch, for a picture. Changes nothing.</summary>
    /// <exception cref="ArgumentException">The epoch is before the first one.</exception>
    public double Rate(int epoch)
    {
        ArgumentCheck.AtLeast(firstEpoch, GetType().Name, "epoch", epoch);
        return rate(initialRates[0], epoch);
    }

    /// <summary>What is needed to go on from here: the epoch and the initial rates, in double precision on the reference device.</summary>
    public Dictionary<string, Tensor> StateDict() => new()
    {
        ["last_epoch"] = Tensor.Scalar(Epoch, Device.Reference).Keep(),
        ["base_lrs"] = Tensor.From(initialRates, null, Device.Reference).Keep(),
    };

    /// <summary>Goes on from what <see cref="StateDict"/> gave, and sets the rates of that epoch.</summary>
    /// <exception cref="ArgumentException">The state is not that of a scheduler of as many groups.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var who = GetType().Name;
        var epoch = OptimizerCheck.StateEntry(who, state, "last_epoch").Item();
        OptimizerCheck.StateCount(who, "last_epoch", epoch);
        var rates = OptimizerCheck.StateEntry(who, state, "base_lrs");
        ShapeCheck.OptimizerState(who, "base_lrs", [initialRates.Length], rates.Shape);
        (Epoch, initialRates) = ((int)epoch, rates.ToDoubleArray());
        Set();
    }

    private void Set()
    {
        for (var i = 0; i < initialRates.Length; i++)
            optimizer.Groups[i].LearningRate = rate(initialRates[i], Epoch);
    }
}
