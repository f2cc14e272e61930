namespace CourseKit;

/// <summary>
/// Learning rates as functions of the epoch, to plot and to compute with. The schedulers (<see cref="StepLR"/> and its
/// siblings) hand these to an optimizer. Epochs count from 0; each gives initialRate there, unless it says otherwise.
/// Of these only 1/(1 + decay epoch) meets the conditions under which stochastic gradient descent is proved to converge: the
/// rates sum to infinity and their squares do not (Robbins and Monro 1951).
/// </summary>
public static class LearningRates
{
    /// <summary>initialRate / (1 + decay epoch).</summary>
    /// <exception cref="ArgumentException">A negative rate, decay or epoch.</exception>
    public static double TimeDecay(double initialRate, double decay, int epoch)
    {
        Check(nameof(TimeDecay), initialRate, epoch);
        ArgumentCheck.NotNegative(nameof(TimeDecay), "decay", decay);
        return initialRate / (1 + decay * epoch);
    }

    /// <summary>initialRate factor^epoch.</summary>
    /// <exception cref="ArgumentException">A negative rate or epoch, or a factor that is not above 0 and at most 1.</exception>
    public static double ExponentialDecay(double initialRate, double factor, int epoch)
    {
        Check(nameof(ExponentialDecay), initialRate, epoch);
        OptimizerCheck.FactorUpToOne(nameof(ExponentialDecay), "factor", factor);
        return initialRate * Math.Pow(factor, epoch);
    }

    /// <summary>initialRate factor / sqrt(epoch). Undefined at epoch 0: its epochs count from 1.</summary>
    /// <exception cref="ArgumentException">A negative rate, a factor that is not above 0, or an epoch below 1.</exception>
    public static double InverseSquareRootDecay(double initialRate, double factor, int epoch)
    {
        Check(nameof(InverseSquareRootDecay), initialRate, epoch);
        ArgumentCheck.Positive(nameof(InverseSquareRootDecay), "factor", factor);
        ArgumentCheck.AtLeast(1, nameof(InverseSquareRootDecay), "epoch", epoch);
        return initialRate * factor / Math.Sqrt(epoch);
    }

    /// <summary>initialRate times factor after every <paramref name="stepSize"/> epochs: a staircase.</summary>
    /// <exception cref="ArgumentException">A negative rate or epoch, a step below 1, or a factor that is not above 0 and at most 1.</exception>
    public static double StepDecay(double initialRate, int stepSize, double factor, int epoch)
    {
        Check(nameof(StepDecay), initialRate, epoch);
        ArgumentCheck.AtLeast(1, nameof(StepDecay), "stepSize", stepSize);
        OptimizerCheck.FactorUpToOne(nameof(StepDecay), "factor", factor);
        return initialRate * Math.Pow(factor, epoch / stepSize);
    }

    /// <summary>
    /// Half a cosine from initialRate at epoch 0 to <paramref name="minimumRate"/> at epoch <paramref name="halfPeriod"/>
    /// (Loshchilov and Hutter 2017). Like PyTorch's, it goes on as a cosine: after the half period the rate rises again.
    /// </summary>
    /// <exception cref="ArgumentException">A negative rate or epoch, or a half period below 1.</exception>
    public static double CosineAnnealing(double initialRate, int halfPeriod, double minimumRate, int epoch)
    {
        Check(nameof(CosineAnnealing), initialRate, epoch);
        ArgumentCheck.AtLeast(1, nameof(CosineAnnealing), "halfPeriod", halfPeriod);
        ArgumentCheck.NotNegative(nameof(CosineAnnealing), "smallest rate", minimumRate);
        return minimumRate + (initialRate - minimumRate) * (1 + Math.Cos(Math.PI * epoch / halfPeriod)) / 2;
    }

    /// <summary>From initialRate <paramref name="startFactor"/> at epoch 0 in a straight line to initialRate at epoch <paramref name="warmupEpochs"/>, and so it stays.</summary>
    /// <exception cref="ArgumentException">A negative rate or epoch, fewer than 1 epoch of warm-up, or a factor that is not above 0 and at most 1.</exception>
    public static double LinearWarmup(double initialRate, int warmupEpochs, double startFactor, int epoch)
    {
        Check(nameof(LinearWarmup), initialRate, epoch);
        ArgumentCheck.AtLeast(1, nameof(LinearWarmup), "warmupEpochs", warmupEpochs);
        OptimizerCheck.FactorUpToOne(nameof(LinearWarmup), "startFactor", startFactor);
        return initialRate * (startFactor + (1 - startFactor) * Math.Min(epoch, warmupEpochs) / warmupEpochs);
    }

    /// <summary>A straight line up to initialRate at epoch <paramref name="warmupEpochs"/>, then half a cosine down to <paramref name="minimumRate"/> at epoch <paramref name="epochs"/>, where it stays.</summary>
    /// <exception cref="ArgumentException">A negative rate or epoch, fewer than 1 epoch of warm-up, not more epochs than those of the warm-up, or a factor that is not above 0 and at most 1.</exception>
    public static double WarmupCosine(double initialRate, int warmupEpochs, int epochs, double startFactor, double minimumRate, int epoch)
    {
        var warm = LinearWarmup(initialRate, warmupEpochs, startFactor, epoch);
        ArgumentCheck.AtLeast(warmupEpochs + 1, nameof(WarmupCosine), "epochs", epochs);
        return epoch < warmupEpochs ? warm : CosineAnnealing(initialRate, epochs - warmupEpochs, minimumRate, Math.Min(epoch, epochs) - warmupEpochs);
    }

    private static void Check(string who, double initialRate, int epoch)
    {
        OptimizerCheck.LearningRate(who, initialRate);
        ArgumentCheck.AtLeast(0, who, "epoch", epoch);
    }
}
