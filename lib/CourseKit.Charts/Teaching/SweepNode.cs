namespace CourseKit.Charts;

/// <summary>A number in a computation, for <see cref="TeachingFigures.BackwardSweep"/>.</summary>
/// <param name="Name">What it is called; short, it stands in a circle.</param>
/// <param name="Value">What the forward pass computed.</param>
/// <param name="Gradient">The derivative of the result by it.</param>
/// <param name="Step">When it is known, counted from 0 for the inputs: an operation comes after its operands.</param>
/// <param name="Lane">Where it stands beside others of the same step: 0 in the middle, negative to the left.</param>
public sealed record SweepNode(string Name, double Value, double Gradient, int Step, int Lane = 0);
