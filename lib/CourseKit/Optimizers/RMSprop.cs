using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// RMSProp (Tieleman and Hinton 2012): s = alpha s + (1 - alpha) g^2, number by number, and w = w - rate g / (sqrt(s) + epsilon).
/// Where AdaGrad's rate only falls, this one forgets old gradients. The lecture's epsilon inside the root is
/// <see cref="EpsilonPlacement.InsideRoot"/>; the lecture has neither momentum nor centering.
/// </summary>
public sealed class RMSprop : Optimizer
{
    private readonly double alpha, epsilon, momentum;
    private readonly bool centered;
    private readonly EpsilonPlacement placement;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What is optimized.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="alpha">How much of the last mean of squares stays: 0 to below 1. The lecture's beta.</param>
    /// <param name="epsilon">Keeps the step finite where s is 0.</param>
    /// <param name="weightDecay">The factor of w in the gradient.</param>
    /// <param name="momentum">mu of a velocity of the scaled gradients, v = mu v + g / (sqrt(s) + epsilon): 0 to below 1.</param>
    /// <param name="centered">Whether to divide by the deviation of the gradients from their mean instead of their size (Graves 2013).</param>
    /// <param name="placement">Whether epsilon stands outside the root (PyTorch) or inside (the lecture).</param>
    /// <exception cref="ArgumentException">No parameter, one twice, one that needs no gradient; a number out of its range.</exception>
    [OverloadResolutionPriority(1)] // an empty list fits both
    public RMSprop(IReadOnlyList<Tensor> parameters, double learningRate = 0.01, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : this([new ParameterGroup(parameters)], learningRate, alpha, epsilon, weightDecay, momentum, centered, placement)
    {
    }

    /// <inheritdoc cref="RMSprop(IReadOnlyList{Tensor}, double, double, double, double, double, bool, EpsilonPlacement)"/>
    public RMSprop(IReadOnlyList<ParameterGroup> groups, double learningRate = 0.01, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : base(groups, learningRate, weightDecay, StateNames(alpha, epsilon, momentum, centered))
        => (this.alpha, this.epsilon, this.momentum, this.centered, this.placement) = (alpha, epsilon, momentum, centered, placement);

    private static string?[] StateNames(double alpha, double epsilon, double momentum, bool centered)
    {
        OptimizerCheck.BelowOne(nameof(RMSprop), "alpha", alpha);
        ArgumentCheck.NotNegative(nameof(RMSprop), "epsilon", epsilon);
        OptimizerCheck.BelowOne(nameof(RMSprop), "momentum", momentum);
        return ["square_avg", momentum == 0 ? null : "momentum_buffer", centered ? "grad_avg" : null];
    }

    private protected override void Update(ParameterGroup group, long step, Tensor parameter, Tensor gradient, in UpdateState<StorageView> state)
        => parameter.Device.Update(new Rule(group.LearningRate, group.WeightDecay, alpha, epsilon, momentum, centered, placement == EpsilonPlacement.InsideRoot),
            parameter.ViewToOverwrite, gradient.View, state);

    /// <summary>First: the mean of squares. Second: the velocity. Third: the mean. Without momentum the velocity is the scaled gradient itself.</summary>
    internal readonly struct Rule(double rate, double decay, double alpha, double epsilon, double momentum, Flag centered, Flag inside) : IUpdateStep
    {
        public void Step(ref double parameter, double gradient, ref UpdateState<double> state)
        {
            gradient += decay * parameter;
            state.First = alpha * state.First + (1 - alpha) * gradient * gradient;
            var square = state.First;
            if (centered)
            {
                state.Third = alpha * state.Third + (1 - alpha) * gradient;
                square = Math.Max(square - state.Third * state.Third, 0); // a variance, which rounding could make negative
            }
            state.Second = momentum * state.Second + gradient / (inside ? Math.Sqrt(square + epsilon) : Math.Sqrt(square) + epsilon);
            parameter -= rate * state.Second;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(ref Vector512<float> parameter, Vector512<float> gradient, ref UpdateState<Vector512<float>> state)
        {
            var e = Vector512.Create((float)epsilon);
            gradient += (float)decay * parameter;
            state.First = (float)alpha * state.First + (float)(1 - alpha) * gradient * gradient;
            var square = state.First;
            if (centered)
            {
                state.Third = (float)alpha * state.Third + (float)(1 - alpha) * gradient;
                square = Vector512.Max(square - state.Third * state.Third, Vector512<float>.Zero);
            }
            state.Second = (float)momentum * state.Second + gradient / (inside ? Vector512.Sqrt(square + e) : Vector512.Sqrt(square) + e);
            parameter -= (float)rate * state.Second;
        }
    }
}
