using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Adam (Kingma and Ba 2015): m = beta1 m + (1 - beta1) g and v = beta2 v + (1 - beta2) g^2, number by number, and
/// w = w - rate m' / (sqrt(v') + epsilon), where m' = m / (1 - beta1^n) and v' = v / (1 - beta2^n) make up at step n for
/// both means having begun at 0. Weight decay adds decay w to g; for a decay apart from the gradient see <see cref="AdamW"/>.
/// </summary>
public class Adam : Optimizer
{
    private readonly double beta1, beta2, epsilon;
    private readonly bool biasCorrection, amsgrad, decoupled;
    private readonly EpsilonPlacement placement;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What is optimized.</param>
    /// <param name="learningRate">The step size; while gradients keep their sign, each step moves a weight by about this.</param>
    /// <param name="beta1">How much of the mean gradient stays: 0 to below 1.</param>
    /// <param name="beta2">How much of the mean square stays: 0 to below 1.</param>
    /// <param name="epsilon">Keeps the step finite where v is 0.</param>
    /// <param name="weightDecay">The factor of w in the gradient.</param>
    /// <param name="amsgrad">Whether to divide by the largest v so far, so that a rare large gradient is not forgotten (Reddi, Kale, Kumar 2018).</param>
    /// <param name="biasCorrection">Whether to correct the first means; false is the form that the lecture shows once: the first steps are too large, by (1 - beta1) / sqrt(1 - beta2).</param>
    /// <param name="placement">Whether epsilon stands outside the root (PyTorch, the paper) or inside (once in the lecture), under v'.</param>
    /// <exception cref="ArgumentException">No parameter, one twice, one that needs no gradient; a number out of its range.</exception>
    [OverloadResolutionPriority(1)] // an empty list fits both
    public Adam(IReadOnlyList<Tensor> parameters, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsgrad = false, bool biasCorrection = true, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : this([new ParameterGroup(parameters)], learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, biasCorrection, placement)
    {
    }

    /// <inheritdoc cref="Adam(IReadOnlyList{Tensor}, double, double, double, double, double, bool, bool, EpsilonPlacement)"/>
    public Adam(IReadOnlyList<ParameterGroup> groups, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsgrad = false, bool biasCorrection = true, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : this(groups, learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, biasCorrection, placement, decoupled: false)
    {
    }

    private protected Adam(IReadOnlyList<ParameterGroup> groups, double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool amsgrad, bool biasCorrection, EpsilonPlacement placement, bool decoupled)
        : base(groups, learningRate, weightDecay, StateNames(decoupled ? nameof(AdamW) : nameof(Adam), beta1, beta2, epsilon, amsgrad))
        => (this.beta1, this.beta2, this.epsilon, this.amsgrad, this.biasCorrection, this.placement, this.decoupled) = (beta1, beta2, epsilon, amsgrad, biasCorrection, placement, decoupled);

    private static string?[] StateNames(string who, double beta1, double beta2, double epsilon, bool amsgrad)
    {
        OptimizerCheck.BelowOne(who, "beta1", beta1);
        OptimizerCheck.BelowOne(who, "beta2", beta2);
        ArgumentCheck.NotNegative(who, "epsilon", epsilon);
        return ["exp_avg", "exp_avg_sq", amsgrad ? "max_exp_avg_sq" : null];
    }

    private protected override void Update(ParameterGroup group, long step, Tensor parameter, Tensor gradient, in UpdateState<StorageView> state)
    {
        var (rate, decay) = (group.LearningRate, group.WeightDecay);
        var rule = new Rule
        {
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            EpsilonInside = placement == EpsilonPlacement.InsideRoot,
            Amsgrad = amsgrad,
            DecayOfGradient = decoupled ? 0 : decay,
            DecayOfWeight = decoupled ? rate * decay : 0,
            // The correction of m goes into the rate, that of v stays in the root.
            Rate = biasCorrection ? rate / (1 - Math.Pow(beta1, step)) : rate,
            Correction2 = biasCorrection ? 1 - Math.Pow(beta2, step) : 1,
        };
        parameter.Device.Update(rule, parameter.ViewToOverwrite, gradient.View, state);
    }

    /// <summary>First: the mean of gradients m. Second: the mean of squares v. Third: the largest v so far.</summary>
    internal readonly struct Rule : IUpdateStep
    {
        public double Rate { get; init; }
        public double Beta1 { get; init; }
        public double Beta2 { get; init; }
        public double Correction2 { get; init; }
        public double Epsilon { get; init; }
        public double DecayOfGradient { get; init; }
        public double DecayOfWeight { get; init; }
        public Flag EpsilonInside { get; init; }
        public Flag Amsgrad { get; init; }

        public void Step(ref double parameter, double gradient, ref UpdateState<double> state)
        {
            parameter -= DecayOfWeight * parameter;
            gradient += DecayOfGradient * parameter;
            state.First = Beta1 * state.First + (1 - Beta1) * gradient;
            state.Second = Beta2 * state.Second + (1 - Beta2) * gradient * gradient;
            if (Amsgrad)
                state.Third = Math.Max(state.Third, state.Second);
            var square = (Amsgrad ? state.Third : state.Second) / Correction2;
            parameter -= Rate * (state.First / (EpsilonInside ? Math.Sqrt(square + Epsilon) : Math.Sqrt(square) + Epsilon));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(ref Vector512<float> parameter, Vector512<float> gradient, ref UpdateState<Vector512<float>> state)
        {
            var epsilon = Vector512.Create((float)Epsilon);
            parameter -= (float)DecayOfWeight * parameter;
            gradient += (float)DecayOfGradient * parameter;
            state.First = (float)Beta1 * state.First + (float)(1 - Beta1) * gradient;
            state.Second = (float)Beta2 * state.Second + (float)(1 - Beta2) * gradient * gradient;
            if (Amsgrad)
                state.Third = Vector512.Max(state.Third, state.Second);
            var square = (Amsgrad ? state.Third : state.Second) * Vector512.Create((float)(1 / Correction2));
            parameter -= (float)Rate * (state.First / (EpsilonInside ? Vector512.Sqrt(square + epsilon) : Vector512.Sqrt(square) + epsilon));
        }
    }
}

/// <summary>
/// Adam with the weight decay apart from the gradient (Loshchilov and Hutter 2019): first w = w - rate decay w, then Adam's
/// step. In <see cref="Adam"/> the decay is divided by sqrt(v) with the rest, so that weights with large gradients hardly decay.
/// </summary>
public sealed class AdamW : Adam
{
    /// <inheritdoc cref="Adam(IReadOnlyList{Tensor}, double, double, double, double, double, bool, bool, EpsilonPlacement)"/>
    [OverloadResolutionPriority(1)] // an empty list fits both
    public AdamW(IReadOnlyList<Tensor> parameters, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool amsgrad = false, bool biasCorrection = true, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : this([new ParameterGroup(parameters)], learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, biasCorrection, placement)
    {
    }

    /// <inheritdoc cref="Adam(IReadOnlyList{Tensor}, double, double, double, double, double, bool, bool, EpsilonPlacement)"/>
    public AdamW(IReadOnlyList<ParameterGroup> groups, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool amsgrad = false, bool biasCorrection = true, EpsilonPlacement placement = EpsilonPlacement.OutsideRoot)
        : base(groups, learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, biasCorrection, placement, decoupled: true)
    {
    }
}
