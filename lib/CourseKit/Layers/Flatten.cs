namespace CourseKit;

/// <summary>Joins axes into one, between the last convolution and the first linear layer: (N, C, H, W) becomes (N, C H W).</summary>
public sealed class Flatten : Module
{
    private readonly int startAxis;

    /// <summary>Makes the layer.</summary>
    /// <param name="startAxis">The first axis that is joined; the last one is the tensor's last.</param>
    public Flatten(int startAxis = 1)
    {
        ArgumentCheck.AtLeast(0, nameof(Flatten), nameof(startAxis), startAxis);
        this.startAxis = startAxis;
    }

    /// <summary>The axes before the start axis stay, the others become one.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.Flatten(ToString(), input.Shape, startAxis);
        // Not -1: an empty batch leaves that open.
        return input.Reshape([.. input.Shape.Take(startAxis), input.Shape.Skip(startAxis).Aggregate(1, (product, length) => product * length)]);
    }

    /// <inheritdoc/>
    public override string ToString() => startAxis == 1 ? "Flatten()" : $"Flatten(from axis {startAxis})";
}
