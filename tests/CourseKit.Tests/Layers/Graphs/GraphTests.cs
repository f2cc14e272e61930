namespace CourseKit.Tests;

/// <summary>Graphs: their edges, their normalization, batches of them.</summary>
public class GraphTests
{
    [Fact]
    public void An_edge_goes_both_ways_unless_the_graph_is_directed_and_counts_once()
    {
        var graph = new Graph(4, [(0, 1), (1, 2), (1, 0), (0, 1)]);
        Assert.Equal((4, 4, 1), (graph.Nodes, graph.EdgeCount, graph.GraphCount));
        Assert.Equal([1, 0, 2, 1], graph.Sources.ToArray());
        Assert.Equal([0, 1, 1, 2], graph.Targets.ToArray());
        Assert.Equal([0, 2], graph.Neighbours(1).ToArray());
        Assert.Equal([], graph.Neighbours(3).ToArray());

        var directed = new Graph(3, [(0, 1), (2, 1)], directed: true, weights: [2, 3]);
        Assert.Equal(new double[,] { { 0, 0, 0 }, { 2, 0, 3 }, { 0, 0, 0 } }, directed.Adjacency.ToDense().ToMatrix());
        Assert.Equal([0, 2], directed.Neighbours(1).ToArray());
        Assert.Equal([], directed.Neighbours(0).ToArray());
    }

    [Fact]
    public void The_normalized_adjacency_is_that_of_Kipf_and_Welling()
    {
        // A path 0 - 1 - 2 and an isolated node: degrees with loops 2, 3, 2, 1.
        var normalized = new Graph(4, [(0, 1), (1, 2)]).NormalizedAdjacency();
        var sixth = 1 / Math.Sqrt(6);
        var expected = new[] { 0.5, sixth, 0, 0, sixth, 1.0 / 3, sixth, 0, 0, sixth, 0.5, 0, 0, 0, 0, 1 };
        Near.Assert(expected, normalized.ToDense(Device.Reference).ToDoubleArray(), 1e-15, 1, "normalized");

        var withoutLoops = new Graph(4, [(0, 1), (1, 2)]).NormalizedAdjacency(selfLoops: false);
        var half = 1 / Math.Sqrt(2);
        Near.Assert([0, half, 0, 0, half, 0, half, 0, 0, half, 0, 0, 0, 0, 0, 0], withoutLoops.ToDense(Device.Reference).ToDoubleArray(), 1e-15, 1, "without loops");
    }

    [Fact]
    public void A_loop_that_is_there_stays_the_only_one()
    {
        var graph = new Graph(2, [(0, 0), (0, 1)], weights: [3, 1]).WithSelfLoops();
        Assert.Equal(new double[,] { { 3, 1 }, { 1, 1 } }, graph.Adjacency.ToDense().ToMatrix());
    }

    [Fact]
    public void The_largest_eigenvalue_of_the_normalized_adjacency_is_1()
    {
        var values = Hessian.Eigenvalues(Karate.Graph.NormalizedAdjacency().ToDense(Device.Reference));
        Assert.Equal(1, values[^1], 1e-12);
        Assert.True(values[0] > -1);
    }

    [Fact]
    public void Graphs_side_by_side_keep_their_edges_to_themselves()
    {
        var triangle = new Graph(3, [(0, 1), (1, 2), (2, 0)]);
        var pair = new Graph(2, [(0, 1)], weights: [5]);
        var batch = Graph.Batch(pair, new Graph(0, []), triangle);
        Assert.Equal((5, 8, 3), (batch.Nodes, batch.EdgeCount, batch.GraphCount));
        Assert.Equal([0, 0, 2, 2, 2], batch.GraphOfNode.ToArray());
        Assert.Equal([3, 4], batch.Neighbours(2).ToArray());
        Assert.Equal(5, batch.Adjacency[0, 1]);
        // A batch of batches counts on.
        Assert.Equal([0, 0, 2, 2, 2, 3, 3, 3], Graph.Batch(batch, triangle).GraphOfNode.ToArray());
        Assert.Equal(0, Graph.Batch().GraphCount);
    }

    [Fact]
    public void A_layer_computes_graphs_side_by_side_as_it_does_each_alone()
    {
        var generator = new Generator(1);
        Graph[] graphs = [new(3, [(0, 1), (1, 2)]), new(1, []), new(4, [(0, 1), (1, 2), (2, 3), (3, 0)])];
        Tensor[] features = [.. graphs.Select(graph => Tensor.Uniform([graph.Nodes, 5], -1, 1, generator, Device.Reference))];
        var convolution = new GraphConv(5, 3, generator: generator, device: Device.Reference);
        var attention = new GraphAttention(5, 3, 2, generator: generator, device: Device.Reference);
        var batch = Graph.Batch(graphs);
        var all = Tensor.Concatenate(0, features);
        var alone = graphs.Zip(features, (graph, x) => Readout.Mean(attention.Forward(x, graph), graph)).ToArray();
        Near.Assert(Tensor.Concatenate(0, alone).ToDoubleArray(), Readout.Mean(attention.Forward(all, batch), batch).ToDoubleArray(), 1e-14, 1, "attention");
        alone = [.. graphs.Zip(features, (graph, x) => Readout.Max(convolution.Forward(x, graph), graph))];
        Near.Assert(Tensor.Concatenate(0, alone).ToDoubleArray(), Readout.Max(convolution.Forward(all, batch), batch).ToDoubleArray(), 1e-14, 1, "convolution");
    }

    [Fact]
    public void Readouts_sum_average_and_find_the_largest_for_each_graph_and_a_graph_without_nodes_gives_zeros()
    {
        var graph = Graph.Batch(new Graph(2, [(0, 1)]), new Graph(0, []), new Graph(1, []));
        var x = Tensor.From(new double[,] { { 1, -5 }, { 3, -7 }, { -2, 4 } });
        Assert.Equal([4, -12, 0, 0, -2, 4], Readout.Sum(x, graph).ToArray());
        Assert.Equal([2, -6, 0, 0, -2, 4], Readout.Mean(x, graph).ToArray());
        Assert.Equal([3, -5, 0, 0, -2, 4], Readout.Max(x, graph).ToArray());
    }

    [Fact]
    public void A_graph_without_nodes_goes_through_layers_and_readouts()
    {
        foreach (var device in Device.All)
        {
            var (graph, x) = (new Graph(0, []), Tensor.Full([0, 3], 0, device));
            Assert.Equal([0, 2], new GraphConv(3, 2, device: device).Forward(x, graph).Shape);
            Assert.Equal([0, 8], new GraphAttention(3, 2, 4, device: device).Forward(x, graph).Shape);
            Assert.Equal([1, 3], Readout.Max(x, graph).Shape);
            Assert.Equal([0, 0, 0], Readout.Mean(x, graph).ToArray());
        }
    }
}
