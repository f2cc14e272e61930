namespace CourseKit;

/// <summary>A training in progress, as a <see cref="TrainingCallback"/> sees it.</summary>
public sealed class TrainingRun
{
    private readonly List<double> losses = [], validationLosses = [];
    private readonly Dictionary<string, List<double>> series = [];

    internal TrainingRun(Module model, Optimizer optimizer, DataLoader loader, int epochs, IReadOnlyList<TrainingCallback> callbacks)
        => (Model, Optimizer, Loader, Epochs, Callbacks) = (model, optimizer, loader, epochs, callbacks);

    /// <summary>What is trained.</summary>
    public Module Model { get; }

    /// <summary>What changes the parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The training part.</summary>
    public DataLoader Loader { get; }

    /// <summary>Epochs asked for in all.</summary>
    public int Epochs { get; }

    /// <summary>The epoch that is being trained, or, in <see cref="TrainingCallback.OnEpoch"/>, was just trained, from 1; 0 before the first.</summary>
    public int Epoch { get; internal set; }

    /// <summary>This epoch's mean training loss; NaN before the first.</summary>
    public double Loss => losses.Count == 0 ? double.NaN : losses[^1];

    /// <summary>The validation loss after this epoch; NaN where there is no validation part.</summary>
    public double ValidationLoss => validationLosses.Count == 0 ? double.NaN : validationLosses[^1];

    /// <summary>Why training ends before the last epoch, or null.</summary>
    public string? StopReason { get; private set; }

    /// <summary>What training looked like so far.</summary>
    public TrainingHistory History => new([.. losses], [.. validationLosses])
    {
        Series = series.ToDictionary(named => named.Key, named => (IReadOnlyList<double>)[.. named.Value]),
        StopReason = StopReason,
    };

    internal IReadOnlyList<TrainingCallback> Callbacks { get; }

    internal int EpochsDone => losses.Count;

    internal bool HasValidationLoss => validationLosses.Count > 0;

    /// <summary>Writes a number into a named series of the history, at this epoch: a metric, a learning rate, the norm of a gradient. Of two in one epoch the later counts; epochs without one hold NaN.</summary>
    public void Report(string name, double value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!series.TryGetValue(name, out var values))
            series[name] = values = [];
        while (values.Count < Math.Max(1, Epoch))
            values.Add(double.NaN);
        values[^1] = value;
    }

    /// <summary>The last number of a named series.</summary>
    /// <exception cref="KeyNotFoundException">There is no such series; the message names those there are.</exception>
    public double Latest(string name)
    {
        TrainingCheck.KnownSeries(name, series.Keys);
        return series[name][^1];
    }

    /// <summary>Ends training after this epoch.</summary>
    /// <param name="reason">For the history: why.</param>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        StopReason ??= reason;
    }

    internal void Finish(double loss, double? validationLoss)
    {
        losses.Add(loss);
        if (validationLoss is { } measured)
            validationLosses.Add(measured);
    }

    /// <summary>Goes on where another run stood.</summary>
    internal void Resume(TrainingHistory history)
    {
        losses.AddRange(history.Loss);
        validationLosses.AddRange(history.ValidationLoss);
        foreach (var (name, values) in history.Series)
            series[name] = [.. values];
        (Epoch, StopReason) = (losses.Count, history.StopReason);
    }
}
