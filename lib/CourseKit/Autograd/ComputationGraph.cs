namespace CourseKit;

/// <summary>One box of a computation graph: an input or the result of an operation.</summary>
/// <param name="Operation">What computed it, such as "×" or "sin"; empty for an input.</param>
/// <param name="Name">What it is called, or null.</param>
/// <param name="Value">Its numbers, the last axis fastest.</param>
/// <param name="Gradient">The derivative of the graph's result by each of its numbers; null where it was not computed.</param>
/// <param name="Shape">Its shape; null for a single number.</param>
public sealed record ComputationNode(string Operation, string? Name, IReadOnlyList<double> Value, IReadOnlyList<double>? Gradient = null, Shape? Shape = null);

/// <summary>
/// Which operations led from which numbers to a result: what backpropagation walks backwards (Linnainmaa 1970). It is read
/// from a tensor's tape, or put together from nodes and edges, such as those of an autodiff of your own.
/// </summary>
public sealed class ComputationGraph
{
    /// <summary>Puts a graph together.</summary>
    /// <param name="nodes">The nodes, in any order.</param>
    /// <param name="edges">From operand to result, as places in <paramref name="nodes"/>.</param>
    /// <exception cref="ArgumentException">An edge names a node that does not exist, or the edges go in a circle.</exception>
    public ComputationGraph(IEnumerable<ComputationNode> nodes, IEnumerable<(int From, int To)> edges)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(edges);
        Nodes = [.. nodes];
        Edges = [.. edges];
        foreach (var (from, to) in Edges)
        {
            if (from < 0 || to < 0 || from >= Nodes.Count || to >= Nodes.Count)
                throw new ArgumentException($"There is an edge from node {from} to node {to}, but the {Nodes.Count} nodes are counted from 0 to {Nodes.Count - 1}.", nameof(edges));
        }
        Columns = FindColumns();
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<ComputationNode> Nodes { get; }

    /// <summary>From operand to result, as places in <see cref="Nodes"/>.</summary>
    public IReadOnlyList<(int From, int To)> Edges { get; }

    /// <summary>For each node how many operations lie on the longest way to it: 0 for inputs. An edge always goes to a higher column.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>Reads the tape of a result that was not backpropagated yet: its operations and their values. Nothing is computed.</summary>
    /// <param name="result">A result of operations on tensors, at least one of which requires a gradient.</param>
    /// <param name="names">What some of the tensors are called.</param>
    /// <exception cref="InvalidOperationException">There is no tape, or it is used up.</exception>
    /// <example><code>ComputationGraph.Of(loss, ("x", x), ("w", w))</code></example>
    public static ComputationGraph Of(Tensor result, params IReadOnlyList<(string Name, Tensor Tensor)> names) => new TapeReader(result, names).Read();

    /// <summary>
    /// The same with the gradient at every node: calls <see cref="Tensor.Backward()"/> on the result, which uses its tape up
    /// and adds to <see cref="Tensor.Grad"/> of the leaves.
    /// </summary>
    /// <param name="result">A single number that was computed from tensors, at least one of which requires a gradient.</param>
    /// <param name="names">What some of the tensors are called.</param>
    /// <exception cref="InvalidOperationException">There is no tape, or it is used up.</exception>
    /// <exception cref="ShapeException">The result is not a single number.</exception>
    public static ComputationGraph WithGradients(Tensor result, params IReadOnlyList<(string Name, Tensor Tensor)> names)
    {
        ArgumentNullException.ThrowIfNull(result);
        var reader = new TapeReader(result, names);
        var graph = reader.Read();
        foreach (var tensor in reader.Tensors)
            tensor.RetainGrad();
        result.Backward();
        return new ComputationGraph(graph.Nodes.Select((node, i) => node with { Gradient = reader.Tensors[i].GradUnseen?.ToDoubleArray() }), graph.Edges);
    }

    /// <summary>The longest way to each node, by taking away again and again what has no operand left (Kahn 1962).</summary>
    private int[] FindColumns()
    {
        var columns = new int[Nodes.Count];
        var waiting = new int[Nodes.Count];
        foreach (var (_, to) in Edges)
            waiting[to]++;
        var results = Edges.ToLookup(edge => edge.From, edge => edge.To);
        var ready = new Queue<int>(Enumerable.Range(0, Nodes.Count).Where(node => waiting[node] == 0));
        var done = 0;
        while (ready.TryDequeue(out var node))
        {
            done++;
            foreach (var result in results[node])
            {
                columns[result] = Math.Max(columns[result], columns[node] + 1);
                if (--waiting[result] == 0)
                    ready.Enqueue(result);
            }
        }
        return done == Nodes.Count ? columns
            : throw new ArgumentException($"The edges go in a circle through {Nodes.Count - done} nodes: in a computation, every result comes after its operands.", "edges");
    }

    /// <summary>Collects what a result was computed from.</summary>
    private sealed class TapeReader
    {
        private readonly Dictionary<Tensor, int> places = [];
        private readonly Dictionary<Tensor, string> names = [];

        public TapeReader(Tensor result, IReadOnlyList<(string Name, Tensor Tensor)> names)
        {
            ArgumentNullException.ThrowIfNull(result);
            ArgumentNullException.ThrowIfNull(names);
            if (result.Node is null)
                throw new InvalidOperationException("This tensor has no tape to draw: set RequiresGrad on an input, compute the result from it outside NoGrad, and draw it then.");
            foreach (var (name, tensor) in names)
                this.names[tensor] = name;
            Visit(result);
            // Operands first, in the order in which they were computed: the list is its own stack while it grows.
            for (var i = 0; i < Tensors.Count; i++)
            {
                if (Tensors[i].Node is not { } node)
                    continue;
                if (node.IsUsed)
                    throw new InvalidOperationException("Backward was already called on this result and its tape is used up: compute it again and draw it before calling Backward, or with WithGradients, which calls it.");
                foreach (var operand in Operands(node))
                    Visit(operand);
            }
            Tensors.Sort((a, b) => (a.Node?.Number ?? -1).CompareTo(b.Node?.Number ?? -1));
            for (var i = 0; i < Tensors.Count; i++)
                places[Tensors[i]] = i;
        }

        public List<Tensor> Tensors { get; } = [];

        public ComputationGraph Read() => new(
            Tensors.Select(tensor => new ComputationNode(
                tensor.Node is { } node ? OperationName.Of(node) : "",
                names.GetValueOrDefault(tensor),
                tensor.ToDoubleArray(),
                Shape: tensor.Shape)),
            Tensors.Where(tensor => tensor.Node is not null)
                .SelectMany(tensor => Operands(tensor.Node!).Select(operand => (places[operand], places[tensor]))));

        private void Visit(Tensor tensor)
        {
            if (places.TryAdd(tensor, Tensors.Count))
                Tensors.Add(tensor);
        }

        private static IEnumerable<Tensor> Operands(TapeNode node) => new[] { node.A, node.B }.Concat(node.More ?? []).OfType<Tensor>();
    }
}
