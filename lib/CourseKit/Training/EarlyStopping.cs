namespace CourseKit;

/// <summary>
/// Ends training when the validation loss has not improved for some epochs, and puts the best parameters and buffers back:
/// what came later fits the training part better and the world worse (Prechelt 1998).
/// </summary>
public sealed class EarlyStopping : TrainingCallback
{
    private readonly int patience;
    private readonly double minDelta;
    private readonly bool restoreBest, maximize;
    private readonly string? metric;
    private Dictionary<string, Tensor>? best;
    private int waited;

    /// <summary>Watches the validation loss, or a metric.</summary>
    /// <param name="patience">Epochs without an improvement after which training ends, at least 1.</param>
    /// <param name="minDelta">How much better than the best an epoch must be to count as an improvement, 0 or more.</param>
    /// <param name="restoreBest">Whether the model gets its best epoch back at the end, however training ended: early, after the last epoch, or stopped by the host.</param>
    /// <param name="metric">The name of a metric to watch instead of the validation loss.</param>
    /// <param name="maximize">Whether more is better, as for an accuracy.</param>
    /// <exception cref="ArgumentException">The patience is less than 1, or the smallest improvement negative.</exception>
    public EarlyStopping(int patience, double minDelta = 0, bool restoreBest = true, string? metric = null, bool maximize = false)
    {
        TrainingCheck.EarlyStopping(patience, minDelta);
        (this.patience, this.minDelta, this.restoreBest, this.metric, this.maximize) = (patience, minDelta, restoreBest, metric, maximize);
    }

    /// <summary>The epoch with the best value so far, from 1; 0 where no epoch had one.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The best value so far; NaN where there is none.</summary>
    public double BestValue { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public override void OnStart(TrainingRun run) => (best, waited, BestEpoch, BestValue) = (null, 0, 0, double.NaN);

    /// <inheritdoc/>
    public override void OnEpoch(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        TrainingCheck.SomethingToWatch("EarlyStopping", metric, run);
        var value = metric is null ? run.ValidationLoss : run.Latest(metric);
        // NaN is never an improvement.
        if (BestEpoch == 0 ? !double.IsNaN(value) : maximize ? value > BestValue + minDelta : value < BestValue - minDelta)
        {
            (waited, BestEpoch, BestValue) = (0, run.Epoch, value);
            if (restoreBest)
                best = CopyOf(run.Model, into: best);
        }
        else if (++waited >= patience)
        {
            run.Stop(FormattableString.Invariant($"stopped early: best {metric ?? "validation loss"} {BestValue:G4} in epoch {BestEpoch}"));
        }
    }

    /// <summary>A copy of all parameters and buffers, in the memory of an earlier copy where there is one.</summary>
    private static Dictionary<string, Tensor> CopyOf(Module model, Dictionary<string, Tensor>? into)
    {
        var state = model.StateDict();
        if (into is null)
            return state.ToDictionary(named => named.Key, named => named.Value.Clone().Keep());
        foreach (var (name, tensor) in state)
            into[name].CopyFrom(tensor);
        return into;
    }

    /// <inheritdoc/>
    public override void OnEnd(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (best is not null)
            run.Model.LoadStateDict(best);
        best = null;
    }

    /// <inheritdoc/>
    public override Dictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor>
        {
            ["best_value"] = Tensor.Scalar(BestValue, Device.Reference),
            ["best_epoch"] = Tensor.Scalar(BestEpoch, Device.Reference),
            ["waited"] = Tensor.Scalar(waited, Device.Reference),
        };
        foreach (var (name, tensor) in best ?? [])
            state["best." + name] = tensor;
        return state;
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (BestValue, BestEpoch, waited) = (state["best_value"].Item(), (int)state["best_epoch"].Item(), (int)state["waited"].Item());
        var saved = state.Where(named => named.Key.StartsWith("best.", StringComparison.Ordinal)).ToDictionary(named => named.Key["best.".Length..], named => named.Value);
        best = saved.Count == 0 ? null : saved;
    }
}
