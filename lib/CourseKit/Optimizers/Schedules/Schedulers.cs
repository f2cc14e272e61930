namespace CourseKit;

// The rules themselves, and their complaints about arguments, are in LearningRates: a scheduler asks for the rate of its
// first epoch when it is made, so a wrong argument shows at once.

/// <summary>The rate is the initial one / (1 + decay epoch). See <see cref="LearningRates.TimeDecay"/>.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="decay">How fast it falls, 0 or more.</param>
public sealed class TimeDecayLR(Optimizer optimizer, double decay)
    : LearningRateScheduler(optimizer, (initial, epoch) => LearningRates.TimeDecay(initial, decay, epoch));

/// <summary>The rate is multiplied by a factor at each epoch. See <see cref="LearningRates.ExponentialDecay"/>.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="gamma">The factor, above 0 and at most 1.</param>
public sealed class ExponentialLR(Optimizer optimizer, double gamma)
    : LearningRateScheduler(optimizer, (initial, epoch) => LearningRates.ExponentialDecay(initial, gamma, epoch));

/// <summary>The rate is the initial one times factor / sqrt(epoch). Its epochs count from 1, because it is undefined at 0. See <see cref="LearningRates.InverseSquareRootDecay"/>.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="factor">The lecture's d, above 0.</param>
public sealed class InverseSquareRootLR(Optimizer optimizer, double factor = 1)
    : LearningRateScheduler(optimizer, (initial, epoch) => LearningRates.InverseSquareRootDecay(initial, factor, epoch), firstEpoch: 1);

/// <summary>The rate is multiplied by a factor after every few epochs. See <see cref="LearningRates.StepDecay"/>.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="stepSize">After how many epochs, 1 or more.</param>
/// <param name="gamma">The factor, above 0 and at most 1.</param>
public sealed class StepLR(Optimizer optimizer, int stepSize, double gamma = 0.1)
    : LearningRateScheduler(optimizer, (initial, epoch) => LearningRates.StepDecay(initial, stepSize, gamma, epoch));

/// <summary>The rate follows half a cosine down to the smallest rate, and, as in PyTorch, up again after it. See <see cref="LearningRates.CosineAnnealing"/>.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="halfPeriod">After how many epochs the rate is smallest; PyTorch's T_max.</param>
/// <param name="minimumRate">The smallest rate; PyTorch's eta_min.</param>
public sealed class CosineAnnealingLR(Optimizer optimizer, int halfPeriod, double minimumRate = 0)
    : LearningRateScheduler(optimizer, (initial, epoch) => LearningRates.CosineAnnealing(initial, halfPeriod, minimumRate, epoch));

/// <summary>The rate rises in a straight line to the initial one: a warm-up. PyTorch's LinearLR with an end factor of 1. See <see cref="LearningRates.LinearWarmup"/>.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="startFactor">The share of the initial rate it begins with, above 0 and at most 1.</param>
/// <param name="warmupEpochs">After how many epochs it is the initial one; PyTorch's total_iters.</param>
public sealed class LinearLR(Optimizer optimizer, double startFactor = 1.0 / 3, int warmupEpochs = 5)
    : LearningRateScheduler(optimizer, (initial, epoch) => LearningRates.LinearWarmup(initial, warmupEpochs, startFactor, epoch));

/// <summary>A warm-up in a straight line, then half a cosine down to the smallest rate, where it stays. See <see cref="LearningRates.WarmupCosine"/>.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="warmupEpochs">After how many epochs the rate is the initial one.</param>
/// <param name="epochs">After how many epochs, with the warm-up, the rate is smallest.</param>
/// <param name="startFactor">The share of the initial rate it begins with, above 0 and at most 1.</param>
/// <param name="minimumRate">The smallest rate.</param>
public sealed class WarmupCosineLR(Optimizer optimizer, int warmupEpochs, int epochs, double startFactor = 1.0 / 3, double minimumRate = 0)
    : LearningRateScheduler(optimizer, (initial, epoch) => LearningRates.WarmupCosine(initial, warmupEpochs, epochs, startFactor, minimumRate, epoch));

/// <summary>The rate is the initial one times a factor of your own.</summary>
/// <param name="optimizer">Whose rate changes.</param>
/// <param name="factor">The factor from the epoch, which counts from 0.</param>
public sealed class LambdaLR(Optimizer optimizer, Func<int, double> factor)
    : LearningRateScheduler(optimizer, (initial, epoch) => initial * (factor ?? throw new ArgumentNullException(nameof(factor)))(epoch));
