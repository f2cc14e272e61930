namespace CourseKit;

internal static partial class ShapeCheck
{
    public static void Node(int node, int nodes)
    {
        if (node < 0 || node >= nodes)
            throw new ArgumentOutOfRangeException(null, $"Node {node} was asked for, but the graph has {(nodes == 0 ? "no nodes" : $"the nodes 0 to {nodes - 1}")}.");
    }

    public static void Edge(int source, int target, double weight, int nodes)
    {
        if (source < 0 || source >= nodes || target < 0 || target >= nodes)
            throw new ArgumentOutOfRangeException(null, $"The edge from {source} to {target} does not fit a graph that has {(nodes == 0 ? "no nodes" : $"the nodes 0 to {nodes - 1}")}: nodes are counted from 0.");
        if (!(weight >= 0) || double.IsInfinity(weight))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"The edge from {source} to {target} has the weight {weight}: a weight must be finite and at least 0, or a node's degree would mean nothing."));
    }

    public static void EdgeAgain(int source, int target, double before, double now)
    {
        if (before != now)
            throw new ArgumentException(FormattableString.Invariant($"The edge from {source} to {target} is listed with the weight {before} and again with {now}: give each edge once (an undirected one in one direction), or both times with one weight."));
    }

    public static void EdgeWeights(int edges, int? weights)
    {
        if (weights is not null && weights != edges)
            throw new ArgumentException($"{weights} weights were given for {edges} edges: each edge wants one.");
    }

    public static void NodeFeatures(string operation, Shape got, int nodes, int? inputs)
    {
        if (got.Rank == 2 && got[0] == nodes && (inputs is null || got[1] == inputs))
            return;
        var advice = got.Rank == 2 && got[0] == nodes ? "the layer was made for another number of features"
            : got.Rank == 2 && got[1] == nodes ? "it looks transposed, each row must be one node"
            : "there must be one row for each node; put several graphs side by side with Graph.Batch";
        throw new ShapeException($"{operation} got node features of shape {got} for a graph of {nodes} nodes, and wants {nodes}x{inputs?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "features"}: {advice}.");
    }
}
