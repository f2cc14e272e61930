namespace CourseKit;

/// <summary>
/// A layer of neurons before their activation: y = x W^T + b for rows x of <c>inputs</c> features, with W of shape
/// outputs x inputs and b of shape outputs, as in PyTorch.
/// </summary>
public sealed class Linear : Module, IRectifiable
{
    private readonly int inputs, outputs;

    /// <summary>Makes the layer with weights and bias drawn evenly from plus or minus 1/sqrt(inputs) (LeCun, Bottou, Orr, Müller 1998).</summary>
    /// <param name="inputs">Features of one example.</param>
    /// <param name="outputs">Neurons.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public Linear(int inputs, int outputs, bool bias = true, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, nameof(Linear), nameof(inputs), inputs);
        ArgumentCheck.AtLeast(1, nameof(Linear), nameof(outputs), outputs);
        (this.inputs, this.outputs) = (inputs, outputs);
        var bound = 1 / Math.Sqrt(inputs);
        Weight = Register("weight", Tensor.Uniform([outputs, inputs], -bound, bound, generator, device));
        Bias = bias ? Register("bias", Tensor.Uniform([outputs], -bound, bound, generator, device)) : null;
    }

    /// <summary>W, of shape outputs x inputs: row j holds the weights of neuron j.</summary>
    public Tensor Weight { get; }

    /// <summary>b, of shape outputs, or null for a layer without one.</summary>
    public Tensor? Bias { get; }

    /// <summary>From ... x inputs to ... x outputs.</summary>
    /// <exception cref="ShapeException">The last axis does not hold the layer's number of inputs.</exception>
    public override Tensor Forward(Tensor input) => Forward(input, rectified: false);

    Tensor? IRectifiable.ForwardRectified(Tensor input) => Bias is null ? null : Forward(input, rectified: true);

    private Tensor Forward(Tensor input, bool rectified)
    {
        ArgumentNullException.ThrowIfNull(input);
        ShapeCheck.Linear(inputs, outputs, input.Shape);
        var rows = input.Shape.Rank == 2 ? input : input.Reshape(-1, inputs);
        var y = Bias is null ? rows.MatMul(Weight, transposeRight: true) : Tensor.Linear(rows, Weight, Bias, rectified); // (N, outputs)
        return input.Shape.Rank == 2 ? y : y.Reshape([.. input.Shape.Take(input.Shape.Rank - 1), outputs]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Linear({inputs} -> {outputs}{(Bias is null ? ", no bias" : "")})";
}
