using System.Globalization;

namespace CourseKit;

/// <summary>
/// Nodes and edges: what graph layers need beside the features of the nodes (nodes x features). Several graphs can be one,
/// side by side (<see cref="Batch"/>), which is how a mini-batch of graphs is computed in one go. It never changes.
/// </summary>
/// <remarks>There is at most one edge from a node to another. A node may have no edge; a graph may have no node.</remarks>
/// <example><code>var triangle = new Graph(3, [(0, 1), (1, 2), (2, 0)]);</code></example>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed class Graph
{
    private SparseMatrix? normalized, normalizedWithoutLoops;
    private Graph? withSelfLoops;
    private IntTensor? sources, targets;

    /// <summary>Makes one graph.</summary>
    /// <param name="nodes">The number of nodes, which are counted from 0.</param>
    /// <param name="edges">Source and target of every edge. One listed again counts once.</param>
    /// <param name="directed">Whether messages go from source to target only; by default an edge is one in both directions.</param>
    /// <param name="weights">How strong each edge is, in the order of the edges, at least 0; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A node is not there, or a weight is negative.</exception>
    /// <exception cref="ArgumentException">There is not one weight for each edge, or an edge is listed twice with unlike weights.</exception>
    public Graph(int nodes, IEnumerable<(int Source, int Target)> edges, bool directed = false, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentCheck.AtLeast(0, nameof(Graph), nameof(nodes), nodes);
        var list = edges as IReadOnlyList<(int Source, int Target)> ?? [.. edges];
        ShapeCheck.EdgeWeights(list.Count, weights?.Count);
        var weightOf = new Dictionary<(int Source, int Target), double>();
        for (var i = 0; i < list.Count; i++)
        {
            var (source, target) = list[i];
            var weight = weights?[i] ?? 1;
            ShapeCheck.Edge(source, target, weight, nodes);
            Add(source, target, weight);
            if (!directed)
                Add(target, source, weight);
        }
        Adjacency = SparseMatrix.From(nodes, nodes, [.. weightOf.Select(edge => (edge.Key.Target, edge.Key.Source, edge.Value))]);
        (GraphCount, GraphOfNode) = (1, IntTensor.From(new int[nodes]));

        void Add(int source, int target, double weight)
        {
            if (!weightOf.TryAdd((source, target), weight))
                ShapeCheck.EdgeAgain(source, target, weightOf[(source, target)], weight);
        }
    }

    private Graph(SparseMatrix adjacency, int graphCount, IntTensor graphOfNode) => (Adjacency, GraphCount, GraphOfNode) = (adjacency, graphCount, graphOfNode);

    /// <summary>The number of nodes, of all graphs together.</summary>
    public int Nodes => Adjacency.Rows;

    /// <summary>The number of edges. One between two nodes, in both directions, is two.</summary>
    public int EdgeCount => Adjacency.StoredCount;

    /// <summary>A: in row i and column j the weight of the edge from j to i, so that A x sums what each node is sent.</summary>
    public SparseMatrix Adjacency { get; }

    /// <summary>How many graphs lie side by side: 1, or as many as were made one by <see cref="Batch"/>.</summary>
    public int GraphCount { get; }

    /// <summary>For each node the graph it belongs to, counted from 0.</summary>
    public IntTensor GraphOfNode { get; }

    /// <summary>For each edge the node it comes from. Edges are in the order of their targets, then of their sources.</summary>
    public IntTensor Sources => sources ??= IntTensor.From(Adjacency.ColumnIndices);

    /// <summary>For each edge the node it goes to.</summary>
    public IntTensor Targets => targets ??= IntTensor.From([.. Adjacency.Entries().Select(entry => entry.Row)]);

    /// <summary>The nodes that a node has an edge from, ascending.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node.</exception>
    public ReadOnlySpan<int> Neighbours(int node)
    {
        ShapeCheck.Node(node, Nodes);
        var starts = Adjacency.RowStarts;
        return Adjacency.ColumnIndices[starts[node]..starts[node + 1]];
    }

    /// <summary>This graph with an edge of weight 1 from every node to itself, where there is none yet.</summary>
    public Graph WithSelfLoops() => withSelfLoops ??= new Graph(
        SparseMatrix.From(Nodes, Nodes, [.. Adjacency.Entries(), .. Enumerable.Range(0, Nodes).Where(node => Adjacency[node, node] == 0).Select(node => (node, node, 1.0))]),
        GraphCount, GraphOfNode);

    /// <summary>
    /// D^-1/2 (A + I) D^-1/2 with D the sums of the rows of A + I (Kipf and Welling 2017): the mean over neighbours and
    /// node, with both ends' degrees counted alike. A node that has a loop already gets no second one. Without
    /// <paramref name="selfLoops"/> I is left out, and a node without an edge has a row of zeros.
    /// </summary>
    public SparseMatrix NormalizedAdjacency(bool selfLoops = true)
        => selfLoops ? normalized ??= Normalize(WithSelfLoops().Adjacency) : normalizedWithoutLoops ??= Normalize(Adjacency);

    private static SparseMatrix Normalize(SparseMatrix adjacency)
    {
        var degrees = new double[adjacency.Rows];
        foreach (var (target, _, weight) in adjacency.Entries())
            degrees[target] += weight;
        var scale = Array.ConvertAll(degrees, degree => degree > 0 ? 1 / Math.Sqrt(degree) : 0);
        return SparseMatrix.From(adjacency.Rows, adjacency.Rows, [.. adjacency.Entries().Select(entry => (entry.Row, entry.Column, scale[entry.Row] * entry.Value * scale[entry.Column]))]);
    }

    /// <summary>Graphs side by side as one without edges between them: its adjacency is block-diagonal. The features of their nodes follow one another in the same order.</summary>
    public static Graph Batch(params IEnumerable<Graph> graphs)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        var entries = new List<(int Row, int Column, double Value)>();
        var graphOfNode = new List<int>();
        var count = 0;
        foreach (var graph in graphs)
        {
            var first = graphOfNode.Count;
            entries.AddRange(graph.Adjacency.Entries().Select(entry => (first + entry.Row, first + entry.Column, entry.Value)));
            foreach (var inner in graph.GraphOfNode.AsSpan())
                graphOfNode.Add(count + inner);
            count += graph.GraphCount;
        }
        return new Graph(SparseMatrix.From(graphOfNode.Count, graphOfNode.Count, entries), count, IntTensor.From([.. graphOfNode]));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Graph: {Nodes} nodes, {EdgeCount} edges{(GraphCount == 1 ? "" : $", {GraphCount} graphs")}");
}
