namespace CourseKit;

/// <summary>
/// y = body(x) + x (He, Zhang, Ren, Sun 2016): the body learns what to add to its input, and the gradient has a way around it.
/// Where the body changes the shape, a projection of the input is added instead, usually a convolution with kernel 1.
/// </summary>
public sealed class ResidualBlock : Module
{
    private readonly Module body;
    private readonly Module? projection;

    /// <summary>Wraps a body.</summary>
    /// <param name="body">What is added; end it with <see cref="StochasticDepth"/> to drop it by chance in training.</param>
    /// <param name="projection">Brings the input to the shape of the body's output; none where it has it already.</param>
    public ResidualBlock(Module body, Module? projection = null)
    {
        this.body = Register("body", body);
        this.projection = projection is null ? null : Register("projection", projection);
    }

    /// <summary>body(x) + x, or body(x) + projection(x).</summary>
    /// <exception cref="ShapeException">The two have different shapes.</exception>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shortcut = projection?.Forward(input) ?? input;
        var y = body.Forward(input);
        ShapeCheck.Residual(nameof(ResidualBlock), y.Shape, shortcut.Shape, projection is not null);
        return y + shortcut;
    }

    /// <summary>The body, and the projection where there is one.</summary>
    public override string ToString()
    {
        var inner = $"{body}{(projection is null ? "" : $"\n+ {projection}")}";
        return $"ResidualBlock\n  {inner.Replace("\n", "\n  ", StringComparison.Ordinal)}";
    }
}
