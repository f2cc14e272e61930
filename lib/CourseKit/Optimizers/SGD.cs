using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>How gradients become a velocity.</summary>
public enum MomentumForm
{
    /// <summary>v = mu v + g, PyTorch's: the velocity grows to about 1 / (1 - mu) gradients.</summary>
    Sum,

    /// <summary>v = mu v + (1 - mu) g, an exponential average: the velocity stays as large as a gradient. With the rate alpha / (1 - mu) it takes the steps of <see cref="Sum"/> with alpha.</summary>
    Average,
}

/// <summary>
/// Gradient descent: w = w - rate g. With momentum mu, v = mu v + g and w = w - rate v (Polyak 1964, in PyTorch's form:
/// the rate multiplies the velocity). Weight decay adds decay w to g.
/// <para>
/// With Nesterov, w = w - rate (g + mu v) (Nesterov 1983, in PyTorch's form, Sutskever and others 2013): w holds what the
/// lecture's form calls the look-ahead point w - rate mu v, so that the gradient is always taken at w.
/// </para>
/// </summary>
public sealed class SGD : Optimizer
{
    private readonly double momentum, dampening;
    private readonly bool nesterov;
    private readonly MomentumForm form;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What is optimized.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="momentum">mu, how much of the last velocity stays: 0 to below 1.</param>
    /// <param name="weightDecay">The factor of w in the gradient, that of a penalty decay/2 times the sum of w squared.</param>
    /// <param name="dampening">What the gradient loses on its way into the velocity: v = mu v + (1 - dampening) g. At the first step nothing, as in PyTorch.</param>
    /// <param name="nesterov">Whether to take the gradient at the look-ahead point.</param>
    /// <param name="form">Whether the velocity is a sum of gradients (PyTorch) or an average of them.</param>
    /// <exception cref="ArgumentException">No parameter, one twice, one that needs no gradient; a number out of its range; Nesterov without momentum or with dampening.</exception>
    [OverloadResolutionPriority(1)] // an empty list fits both
    public SGD(IReadOnlyList<Tensor> parameters, double learningRate, double momentum = 0, double weightDecay = 0, double dampening = 0, bool nesterov = false, MomentumForm form = MomentumForm.Sum)
        : this([new ParameterGroup(parameters)], learningRate, momentum, weightDecay, dampening, nesterov, form)
    {
    }

    /// <inheritdoc cref="SGD(IReadOnlyList{Tensor}, double, double, double, double, bool, MomentumForm)"/>
    public SGD(IReadOnlyList<ParameterGroup> groups, double learningRate, double momentum = 0, double weightDecay = 0, double dampening = 0, bool nesterov = false, MomentumForm form = MomentumForm.Sum)
        : base(groups, learningRate, weightDecay, StateNames(momentum, dampening, nesterov, form))
        => (this.momentum, this.dampening, this.nesterov, this.form) = (momentum, dampening, nesterov, form);

    private static string?[] StateNames(double momentum, double dampening, bool nesterov, MomentumForm form)
    {
        OptimizerCheck.BelowOne(nameof(SGD), "momentum", momentum);
        OptimizerCheck.BelowOne(nameof(SGD), "dampening", dampening);
        if (nesterov)
            OptimizerCheck.Nesterov(momentum, dampening);
        if (form == MomentumForm.Average)
            OptimizerCheck.DampeningOfAverage(dampening);
        return [momentum == 0 ? null : "momentum_buffer"];
    }

    private protected override void Update(ParameterGroup group, long step, Tensor parameter, Tensor gradient, in UpdateState<StorageView> state)
    {
        var share = form == MomentumForm.Average ? 1 - momentum : step == 1 ? 1 : 1 - dampening;
        parameter.Device.Update(new Rule(group.LearningRate, group.WeightDecay, momentum, share, nesterov), parameter.ViewToOverwrite, gradient.View, state);
    }

    /// <summary>Without momentum the velocity is the gradient, and there is no state.</summary>
    internal readonly struct Rule(double rate, double decay, double momentum, double share, Flag nesterov) : IUpdateStep
    {
        public void Step(ref double parameter, double gradient, ref UpdateState<double> state)
        {
            gradient = share * (gradient + decay * parameter);
            state.First = momentum * state.First + gradient;
            parameter -= rate * (nesterov ? gradient + momentum * state.First : state.First);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(ref Vector512<float> parameter, Vector512<float> gradient, ref UpdateState<Vector512<float>> state)
        {
            gradient = (float)share * (gradient + (float)decay * parameter);
            state.First = (float)momentum * state.First + gradient;
            parameter -= (float)rate * (nesterov ? gradient + (float)momentum * state.First : state.First);
        }
    }
}
