namespace CourseKit;

/// <summary>
/// A graph convolution (Kipf and Welling 2017): y = Â x W^T + b, where Â = D^-1/2 (A + I) D^-1/2 averages each node's
/// features with its neighbours'. An isolated node keeps its own. Called GCNConv in PyTorch Geometric, whose names
/// and first values the parameters have: lin.weight (outputs x inputs, Glorot) and bias (zeros).
/// </summary>
public sealed class GraphConv : Module
{
    private readonly int inputs, outputs;
    private readonly Linear linear;

    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Features of a node before.</param>
    /// <param name="outputs">Features of a node afterwards.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public GraphConv(int inputs, int outputs, bool bias = true, Generator? generator = null, Device? device = null)
    {
        (this.inputs, this.outputs) = (inputs, outputs);
        linear = Register("lin", new Linear(inputs, outputs, bias: false, generator, device));
        Initialize.XavierUniform(linear.Weight, generator);
        Bias = bias ? Register("bias", Tensor.Full([outputs], 0, device)) : null;
    }

    /// <summary>W, of shape outputs x inputs.</summary>
    public Tensor Weight => linear.Weight;

    /// <summary>b, of shape outputs, or null for a layer without one.</summary>
    public Tensor? Bias { get; }

    /// <summary>From nodes x inputs to nodes x outputs.</summary>
    /// <exception cref="ShapeException">There is not one row for each node, or not the layer's number of inputs in it.</exception>
    public Tensor Forward(Tensor x, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(graph);
        ShapeCheck.NodeFeatures($"GraphConv({inputs} -> {outputs})", x.Shape, graph.Nodes, inputs);
        var y = graph.NormalizedAdjacency().MatMul(linear.Forward(x)); // (nodes, outputs)
        return Bias is null ? y : y + Bias;
    }

    /// <inheritdoc/>
    public override string ToString() => $"GraphConv({inputs} -> {outputs}{(Bias is null ? ", no bias" : "")})";
}
