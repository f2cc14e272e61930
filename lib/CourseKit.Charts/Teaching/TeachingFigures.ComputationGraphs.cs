using System.Globalization;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const double GraphBoxWidth = 0.74;
    private const double GraphBoxHeight = 0.78;

    /// <summary>
    /// A computation from left to right: a box for every input and every operation, with its value and, below it in orange,
    /// the derivative of the result by it. Backpropagation reads the picture from right to left.
    /// </summary>
    /// <param name="graph">The graph, from a tensor's tape or from nodes and edges of your own.</param>
    /// <example><code>TeachingFigures.ComputationGraph(CourseKit.ComputationGraph.WithGradients(loss, ("x", x), ("w", w), ("loss", loss)))</code></example>
    public static Figure ComputationGraph(ComputationGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Nodes.Count == 0)
            throw new ArgumentException("There is no node to draw: a computation graph has at least one.", nameof(graph));
        LayeredLayout layout = LayeredLayout.Of(graph.Columns, graph.Edges);
        var diagram = new Diagram();
        for (int i = 0; i < graph.Edges.Count; i++)
        {
            int[] way = layout.Ways[i];
            for (int step = 0; step + 1 < way.Length; step++)
            {
                (int from, int to) = (way[step], way[step + 1]);
                double leaving = step == 0 ? GraphBoxWidth / 2 : 0, arriving = step + 2 == way.Length ? (GraphBoxWidth / 2) + 0.03 : 0;
                diagram.Curve((layout.Columns[from] + leaving, layout.Rows[from]), (layout.Columns[to] - arriving, layout.Rows[to]), arrow: step + 2 == way.Length);
            }
        }
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            ComputationNode node = graph.Nodes[i];
            bool isInput = !graph.Edges.Any(edge => edge.To == i);
            diagram.Box(layout.Columns[i], layout.Rows[i], GraphBoxWidth, GraphBoxHeight, NodeText(node), isInput ? Palette.Class(2) : Palette.Class(0), NodeHover(node));
        }
        int last = layout.Columns.Max();
        (double low, double high) = (layout.Rows.Min(), layout.Rows.Max());
        bool hasGradients = graph.Nodes.Any(node => node.Gradient is not null);
        string legend = hasGradients
            ? $"green: inputs, blue: operations; value, and below it <span style=\"color:{Palette.Class(1)}\">the derivative of the result</span>"
            : "green: inputs, blue: operations; with their values";
        return diagram.Draw((-0.5, last + 0.5), (low - 0.6, high + 0.6), 110 + (78 * (high - low + 1.2)), 80 * (last + 1))
            .Title("Computation graph", legend)
            .Describe($"Computation graph of {graph.Nodes.Count} nodes: {string.Join("; ", graph.Nodes.Where((_, i) => graph.Edges.Any(edge => edge.To == i)).Take(20).Select(node => NodeHover(node).Replace("<br>", ", ", StringComparison.Ordinal)))}.");
    }

    /// <summary>A computation of tensors, read from the tape of its result.</summary>
    /// <param name="result">The result, not yet backpropagated.</param>
    /// <param name="gradients">True calls <see cref="Tensor.Backward()"/> on it and shows what flows back; false shows values only.</param>
    /// <param name="names">What some of the tensors are called.</param>
    /// <exception cref="InvalidOperationException">There is no tape, or it is used up.</exception>
    /// <example><code>
    /// var w = Tensor.Scalar(0.5);
    /// w.RequiresGrad = true;
    /// var loss = (w * 2 - 3).Square();
    /// TeachingFigures.ComputationGraph(loss, gradients: true, ("w", w), ("loss", loss))
    /// </code></example>
    public static Figure ComputationGraph(Tensor result, bool gradients, params IReadOnlyList<(string Name, Tensor Tensor)> names) => ComputationGraph(
        gradients ? CourseKit.ComputationGraph.WithGradients(result, names) : CourseKit.ComputationGraph.Of(result, names));

    private static string NodeText(ComputationNode node)
    {
        string title = (node.Operation.Length, node.Name) switch
        {
            (0, null) => IsNumber(node) ? "" : "input",
            (0, string name) => $"<b>{name}</b>",
            (_, null) => $"<b>{node.Operation}</b>",
            (_, string name) when node.Operation.Length + name.Length <= 6 => $"<b>{node.Operation}</b> = {name}",
            (_, string name) => $"<b>{name}</b><br>{node.Operation}",
        };
        var lines = new List<string>();
        if (title.Length > 0)
            lines.Add(title);
        lines.Add(IsNumber(node) ? Number(node.Value[0]) : $"({node.Shape})");
        if (node.Gradient is { Count: > 0 } gradient)
            lines.Add($"<span style=\"color:{Palette.Class(1)}\">{(IsNumber(node) ? Number(gradient[0]) : $"|∂| {Number(Math.Sqrt(gradient.Sum(value => value * value)))}")}</span>");
        return string.Join("<br>", lines);
    }

    private static string NodeHover(ComputationNode node)
    {
        string name = node.Name is null ? node.Operation : node.Operation.Length == 0 ? node.Name : $"{node.Name} = {node.Operation}";
        string shape = IsNumber(node) ? "" : $"<br>shape {node.Shape}";
        string gradient = node.Gradient is null ? "" : $"<br>derivative {Some(node.Gradient)}";
        return $"{(name.Length == 0 ? "constant" : name)}{shape}<br>value {Some(node.Value)}{gradient}";

        static string Some(IReadOnlyList<double> values) => string.Join(", ", values.Take(6).Select(Number)) + (values.Count > 6 ? $", ... ({values.Count})" : "");
    }

    private static bool IsNumber(ComputationNode node) => node.Value.Count == 1;

    private static string Number(double value) => double.IsNaN(value) ? "NaN" : value.ToString("G3", CultureInfo.InvariantCulture).Replace('-', '−');
}
