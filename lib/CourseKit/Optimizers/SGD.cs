using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Gradient descent: w = w - rate g. With momentum mu, v = mu v + g and w = w - rate v (Polyak 1964, in PyTorch's form:
/// the rate multiplies the velocity). Weight decay adds decay w to g.
/// </summary>
public sealed class SGD : Optimizer
{
    private readonly double momentum, weightDecay;
    private readonly Tensor?[] velocities;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What is optimized.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="momentum">How much of the last velocity stays, 0 to 1.</param>
    /// <param name="weightDecay">The factor of the L2 penalty's gradient.</param>
    public SGD(IReadOnlyList<Tensor> parameters, double learningRate, double momentum = 0, double weightDecay = 0) : base(parameters, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(learningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        (this.momentum, this.weightDecay) = (momentum, weightDecay);
        velocities = new Tensor?[parameters.Count];
    }

    private protected override void Update(int index, Tensor parameter, Tensor gradient)
    {
        if (momentum == 0)
        {
            // No state: the gradient stands in its place and is written back unchanged.
            parameter.Device.Update(new Plain(LearningRate, weightDecay), parameter.ViewToOverwrite, gradient.View, gradient.View);
            return;
        }
        if (velocities[index] is not { } velocity)
        {
            velocity = velocities[index] = Tensor.EmptyOutsideScopes(parameter.Shape, parameter.Device);
            parameter.Device.Fill(velocity.View, 0);
        }
        parameter.Device.Update(new WithMomentum(LearningRate, momentum, weightDecay), parameter.ViewToOverwrite, gradient.View, velocity.View);
    }

    private readonly struct Plain(double rate, double decay) : IUpdateStep
    {
        public void Step(ref double parameter, double gradient, ref double state) => parameter -= rate * (gradient + decay * parameter);

        public void Step(ref Vector512<float> parameter, Vector512<float> gradient, ref Vector512<float> state)
            => parameter -= (float)rate * (gradient + (float)decay * parameter);
    }

    private readonly struct WithMomentum(double rate, double momentum, double decay) : IUpdateStep
    {
        public void Step(ref double parameter, double gradient, ref double state)
        {
            state = momentum * state + gradient + decay * parameter;
            parameter -= rate * state;
        }

        public void Step(ref Vector512<float> parameter, Vector512<float> gradient, ref Vector512<float> state)
        {
            state = (float)momentum * state + gradient + (float)decay * parameter;
            parameter -= (float)rate * state;
        }
    }
}
