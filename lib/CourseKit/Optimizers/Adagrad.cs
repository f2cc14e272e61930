using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// AdaGrad (Duchi, Hazan, Singer 2011): s = s + g^2, number by number, and w = w - rate g / (sqrt(s) + epsilon). Each weight
/// has a rate of its own that only falls: small for weights with many large gradients, large for those of rare features.
/// The lecture's epsilon inside the root is <see cref="EpsilonPlacement.InsideRoot"/>.
/// </summary>
public sealed class Adagrad : Optimizer
{
    private readonly double rateDecay, epsilon;
    private readonly EpsilonPlacement placement;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What is optimized.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="learningRateDecay">At step n the rate is divided by 1 + (n - 1) times this.</param>
    /// <param name="weightDecay">The factor of w in the gradient.</param>
    /// <param name="initialAccumulator">What s begins with.</param>
    /// <param name="epsilon">Keeps the step finite where s is 0.</param>
    /// <param name="placement">Whether epsilon stands outside the root (PyTorch) or inside (the lecture).</param>
    /// <exception cref="ArgumentException">No parameter, one twice, one that needs no gradient; a number out of its range.</exception>
    [OverloadResolutionPriority(1)] // an empty list fits both
    public Adagrad(IReadOnlyList<Tensor> parameters, double learningRate = 0.01, double learningRateDecay = 0, double weightDecay = 0, double initialAccumulator = 0, double epsilon = 1e-10, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : this([new ParameterGroup(parameters)], learningRate, learningRateDecay, weightDecay, initialAccumulator, epsilon, placement)
    {
    }

    /// <inheritdoc cref="Adagrad(IReadOnlyList{Tensor}, double, double, double, double, double, EpsilonPlacement)"/>
    public Adagrad(IReadOnlyList<ParameterGroup> groups, double learningRate = 0.01, double learningRateDecay = 0, double weightDecay = 0, double initialAccumulator = 0, double epsilon = 1e-10, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : base(groups, learningRate, weightDecay, StateNames(learningRateDecay, initialAccumulator, epsilon), initialAccumulator)
        => (rateDecay, this.epsilon, this.placement) = (learningRateDecay, epsilon, placement);

    private static string?[] StateNames(double learningRateDecay, double initialAccumulator, double epsilon)
    {
        ArgumentCheck.NotNegative(nameof(Adagrad), "learning-rate decay", learningRateDecay);
        ArgumentCheck.NotNegative(nameof(Adagrad), "initial accumulator", initialAccumulator);
        ArgumentCheck.NotNegative(nameof(Adagrad), "epsilon", epsilon);
        return ["sum"];
    }

    private protected override void Update(ParameterGroup group, long step, Tensor parameter, Tensor gradient, in UpdateState<StorageView> state)
        => parameter.Device.Update(new Rule(group.LearningRate / (1 + (step - 1) * rateDecay), group.WeightDecay, epsilon, placement == EpsilonPlacement.InsideRoot),
            parameter.ViewToOverwrite, gradient.View, state);

    internal readonly struct Rule(double rate, double decay, double epsilon, Flag inside) : IUpdateStep
    {
        public void Step(ref double parameter, double gradient, ref UpdateState<double> state)
        {
            gradient += decay * parameter;
            state.First += gradient * gradient;
            parameter -= rate * (gradient / (inside ? Math.Sqrt(state.First + epsilon) : Math.Sqrt(state.First) + epsilon));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(ref Vector512<float> parameter, Vector512<float> gradient, ref UpdateState<Vector512<float>> state)
        {
            var e = Vector512.Create((float)epsilon);
            gradient += (float)decay * parameter;
            state.First += gradient * gradient;
            parameter -= (float)rate * (gradient / (inside ? Vector512.Sqrt(state.First + e) : Vector512.Sqrt(state.First) + e));
        }
    }
}
