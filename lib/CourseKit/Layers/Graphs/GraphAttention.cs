namespace CourseKit;

/// <summary>
/// Graph attention (Veličković, Cucurull, Casanova, Romero, Liò, Bengio 2018): each node takes a weighted mean of its own
/// and its neighbours' features h = W x, with weights softmax over the neighbours j of LeakyReLU(a · [h_j, h_i]), in
/// several heads at once. Edge weights are not used. An isolated node attends to itself alone. Called GATConv in PyTorch
/// Geometric, whose names the parameters have: lin.weight (heads outputs x inputs), att_src and att_dst (1 x heads x
/// outputs, the two halves of a), bias.
/// </summary>
public sealed class GraphAttention : Module
{
    private readonly int inputs, outputs, heads;
    private readonly bool concatenate;
    private readonly double negativeSlope;
    private readonly Linear linear;
    private readonly Tensor attentionOfSource, attentionOfTarget;
    private readonly Tensor? bias;

    /// <summary>Makes the layer, with weights drawn as Glorot and Bengio (2010) do, and a bias of 0.</summary>
    /// <param name="inputs">Features of a node before.</param>
    /// <param name="outputs">Features of a node afterwards, for each head.</param>
    /// <param name="heads">How many attentions are computed side by side.</param>
    /// <param name="concatenate">Whether the heads' results stand one after another (heads x outputs features) or are averaged (outputs features; for a last layer).</param>
    /// <param name="negativeSlope">The slope of the leaky ReLU below 0.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    public GraphAttention(int inputs, int outputs, int heads = 1, bool concatenate = true, double negativeSlope = 0.2, bool bias = true, Generator? generator = null, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, nameof(GraphAttention), nameof(inputs), inputs);
        ArgumentCheck.AtLeast(1, nameof(GraphAttention), nameof(outputs), outputs);
        ArgumentCheck.AtLeast(1, nameof(GraphAttention), nameof(heads), heads);
        (this.inputs, this.outputs, this.heads, this.concatenate, this.negativeSlope) = (inputs, outputs, heads, concatenate, negativeSlope);
        linear = Register("lin", new Linear(inputs, heads * outputs, bias: false, generator, device));
        Initialize.XavierUniform(linear.Weight, generator);
        var bound = Math.Sqrt(6.0 / (heads + outputs));
        attentionOfSource = Register("att_src", Tensor.Uniform([1, heads, outputs], -bound, bound, generator, device));
        attentionOfTarget = Register("att_dst", Tensor.Uniform([1, heads, outputs], -bound, bound, generator, device));
        this.bias = bias ? Register("bias", Tensor.Full([concatenate ? heads * outputs : outputs], 0, device)) : null;
    }

    /// <summary>From nodes x inputs to nodes x (heads outputs), or nodes x outputs where the heads are averaged.</summary>
    /// <exception cref="ShapeException">There is not one row for each node, or not the layer's number of inputs in it.</exception>
    public Tensor Forward(Tensor x, Graph graph)
    {
        var (weights, features) = Attend(x, graph);
        var edges = graph.WithSelfLoops();
        // What each edge carries, (edges, heads, outputs), summed where it arrives.
        var messages = features.Rows(edges.Sources) * weights.Reshape(edges.EdgeCount, heads, 1);
        var nodes = Tensor.Full([graph.Nodes, heads, outputs], 0, x.Device).IndexAdd(0, edges.Targets, messages);
        var y = concatenate ? nodes.Reshape(graph.Nodes, heads * outputs) : nodes.Mean(1);
        return bias is null ? y : y + bias;
    }

    /// <summary>
    /// How much each node attends to each of its neighbours: edges x heads, for the edges of
    /// <see cref="Graph.WithSelfLoops"/> in their order; the numbers of one target sum to 1.
    /// </summary>
    /// <exception cref="ShapeException">There is not one row for each node, or not the layer's number of inputs in it.</exception>
    public Tensor Attention(Tensor x, Graph graph) => Attend(x, graph).Weights;

    private (Tensor Weights, Tensor Features) Attend(Tensor x, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(graph);
        ShapeCheck.NodeFeatures($"GraphAttention({inputs} -> {outputs})", x.Shape, graph.Nodes, inputs);
        var edges = graph.WithSelfLoops();
        var features = linear.Forward(x).Reshape(graph.Nodes, heads, outputs);
        // a · [h_j, h_i] is the sum of what a's halves make of either end: (nodes, heads) each.
        var bySource = (features * attentionOfSource).Sum(-1);
        var byTarget = (features * attentionOfTarget).Sum(-1);
        var scores = bySource.Rows(edges.Sources) + byTarget.Rows(edges.Targets); // (edges, heads)
        scores = scores.LeakyRelu(negativeSlope);
        return (SoftmaxOverNeighbours(scores, edges), features);
    }

    /// <summary>Softmax over the edges that arrive at each node. Shifted by the largest score there, a constant that changes nothing, so that nothing overflows.</summary>
    private static Tensor SoftmaxOverNeighbours(Tensor scores, Graph edges)
    {
        Tensor largest; // (nodes, heads): with its loop every node has an edge
        using (new NoGrad())
            largest = RowRuns.Max(scores, edges.Adjacency.RowStarts);
        var exponentials = (scores - largest.Rows(edges.Targets)).Exp();
        var sums = Tensor.Full(largest.Shape, 0, scores.Device).IndexAdd(0, edges.Targets, exponentials);
        return exponentials / sums.Rows(edges.Targets);
    }

    /// <inheritdoc/>
    public override string ToString() => $"GraphAttention({inputs} -> {outputs}, {heads} heads{(concatenate ? "" : ", averaged")})";
}
