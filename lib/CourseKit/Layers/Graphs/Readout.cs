namespace CourseKit;

/// <summary>
/// From the features of nodes to those of whole graphs: (nodes x features) to (graphs x features). The order of the nodes
/// does not matter. A graph without nodes gets zeros.
/// </summary>
public static class Readout
{
    /// <summary>The sum over the nodes of each graph.</summary>
    /// <exception cref="ShapeException">There is not one row for each node.</exception>
    public static Tensor Sum(Tensor x, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(graph);
        ShapeCheck.NodeFeatures("Readout", x.Shape, graph.Nodes, null);
        return Zeros(x, graph).IndexAdd(0, graph.GraphOfNode, x);
    }

    /// <summary>The mean over the nodes of each graph.</summary>
    /// <exception cref="ShapeException">There is not one row for each node.</exception>
    public static Tensor Mean(Tensor x, Graph graph)
    {
        var sum = Sum(x, graph);
        var starts = Starts(graph);
        return sum / Tensor.From([.. Enumerable.Range(0, graph.GraphCount).Select(i => (double)Math.Max(1, starts[i + 1] - starts[i]))], [graph.GraphCount, 1], x.Device);
    }

    /// <summary>The largest number of each feature over the nodes of each graph. The gradient goes to the node that has it, and is shared where several have.</summary>
    /// <exception cref="ShapeException">There is not one row for each node.</exception>
    public static Tensor Max(Tensor x, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(graph);
        ShapeCheck.NodeFeatures("Readout", x.Shape, graph.Nodes, null);
        var starts = Starts(graph);
        var withNodes = IntTensor.From([.. Enumerable.Range(0, graph.GraphCount).Where(i => starts[i] < starts[i + 1])]);
        return Zeros(x, graph).IndexAdd(0, withNodes, RowRuns.Max(x, starts));
    }

    /// <summary>Where the nodes of each graph begin, and after the last graph the number of nodes.</summary>
    private static int[] Starts(Graph graph)
    {
        var starts = new int[graph.GraphCount + 1];
        foreach (var index in graph.GraphOfNode.AsSpan())
            starts[index + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        return starts;
    }

    private static Tensor Zeros(Tensor x, Graph graph) => Tensor.Full([graph.GraphCount, x.Shape[1]], 0, x.Device);
}
