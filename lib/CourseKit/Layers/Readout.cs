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
        var counts = new double[graph.GraphCount];
        foreach (var index in graph.GraphOfNode.AsSpan())
            counts[index]++;
        return sum / Tensor.From([.. counts.Select(count => Math.Max(1, count))], [graph.GraphCount, 1], x.Device);
    }

    /// <summary>The largest number of each feature over the nodes of each graph; the gradient goes to the node that has it (the first, where several do).</summary>
    /// <exception cref="ShapeException">There is not one row for each node.</exception>
    public static Tensor Max(Tensor x, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(graph);
        ShapeCheck.NodeFeatures("Readout", x.Shape, graph.Nodes, null);
        var (numbers, features, graphOf) = (x.ToDoubleArray(), x.Shape[1], graph.GraphOfNode);
        var places = Enumerable.Repeat(-1, graph.GraphCount * features).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            ref var best = ref places[graphOf[i / features] * features + i % features];
            if (best < 0 || numbers[i] > numbers[best])
                best = i;
        }
        // One number for each feature of each graph that has nodes, put where it belongs.
        var filled = IntTensor.From([.. Enumerable.Range(0, places.Length).Where(i => places[i] >= 0)]);
        var largest = x.Reshape(-1).Rows(IntTensor.From([.. places.Where(place => place >= 0)]));
        return Zeros(x, graph).Reshape(-1).IndexAdd(0, filled, largest).Reshape(graph.GraphCount, features);
    }

    private static Tensor Zeros(Tensor x, Graph graph) => Tensor.Full([graph.GraphCount, x.Shape[1]], 0, x.Device);
}
