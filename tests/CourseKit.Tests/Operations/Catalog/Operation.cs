namespace CourseKit.Tests;

/// <summary>Where an operation's example numbers lie: away from kinks, inside its domain.</summary>
internal enum Values
{
    /// <summary>-2 to 2.</summary>
    Any,

    /// <summary>0.3 to 3.</summary>
    Positive,

    /// <summary>0.3 to 2 and -0.3 to -2 in turn.</summary>
    AwayFromZero,

    /// <summary>0.05 to 0.95.</summary>
    Probability,

    /// <summary>-3 to -0.05.</summary>
    LogProbability,
}

/// <summary>One input of an operation: its shape for each size, and its values.</summary>
internal sealed record OperationInput(Func<int, Shape> ShapeAt, Values Values)
{
    /// <summary>Fixed numbers that are spread evenly and never equal, exact in single precision, so that every device gets the same.</summary>
    public Tensor On(Device device, int size, int index)
    {
        var shape = ShapeAt(size);
        var numbers = new double[shape.ElementCount];
        var step = IrrationalStep(index);
        for (var i = 0; i < numbers.Length; i++)
        {
            // Multiples of an irrational number, without their whole part: evenly spread whatever the count (Weyl).
            var fraction = (0.5 + 0.271 * index + i * step) % 1;
            numbers[i] = (float)(Values switch
            {
                Values.Positive => 0.3 + 2.7 * fraction,
                Values.AwayFromZero => (0.3 + 1.7 * fraction) * (i % 2 == 0 ? 1 : -1),
                Values.Probability => 0.05 + 0.9 * fraction,
                Values.LogProbability => -3 + 2.95 * fraction,
                _ => 4 * fraction - 2,
            });
        }
        return Tensor.From(numbers, shape, device);
    }

    private static double IrrationalStep(int index) => Math.Sqrt(index switch { 0 => 5, 1 => 2, 2 => 3, _ => 7 }) % 1;
}

/// <summary>
/// One differentiable operation, layer or loss of the library: what the gradient check and the conformance of devices run on.
/// The size is the length of the axis that an implementation cuts into vectors, chunks or blocks.
/// </summary>
/// <param name="Name">Its name in a test's result.</param>
/// <param name="Member">The member of <see cref="Tensor"/>, or the type of layer or loss, that it stands for.</param>
/// <param name="Function">The operation; it gets tensors on the device under test.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Terms">How many products are summed in float32 for one number of the result: what its rounding error grows with.</param>
internal sealed record Operation(string Name, string Member, Func<IReadOnlyList<Tensor>, Tensor> Function, OperationInput[] Inputs, Func<int, int>? Terms = null)
{
    /// <summary>A size at which the largest input has just over 70,000 numbers: three of the chunks that threads share out, the last one with a tail.</summary>
    public int LargeSize => 70_001 / Inputs.Max(input => input.ShapeAt(1).ElementCount) | 1;

    public Tensor[] InputsOn(Device device, int size) => [.. Inputs.Select((input, index) => input.On(device, size, index))];
}
