using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// An optimizer's rule for one number of a parameter: from its gradient and up to three numbers of state. Written twice,
/// in doubles (obviously right) and in 16 lanes of float32 (fast); the device walks over the parameter.
/// </summary>
public interface IUpdateStep
{
    /// <summary>Changes the parameter and the state from the gradient. A part of the state that the optimizer does not keep is 0 each time.</summary>
    void Step(ref double parameter, double gradient, ref UpdateState<double> state);

    /// <summary>The same, lane by lane.</summary>
    void Step(ref Vector512<float> parameter, Vector512<float> gradient, ref UpdateState<Vector512<float>> state);
}

/// <summary>What an optimizer remembers for a parameter: a velocity, a mean of squares. What it does not keep is left at its default.</summary>
/// <typeparam name="T">A number, 16 lanes of numbers, or the memory that holds them.</typeparam>
/// <param name="First">The first thing remembered.</param>
/// <param name="Second">The second.</param>
/// <param name="Third">The third.</param>
public record struct UpdateState<T>(T First, T Second, T Third);
