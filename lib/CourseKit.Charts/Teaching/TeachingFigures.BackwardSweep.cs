using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const string SweepWaiting = "#707070";

    /// <summary>
    /// Backpropagation as a motion: the forward pass fills in values step by step from top to bottom, then the backward
    /// pass hands derivatives of the result back from bottom to top (Rumelhart, Hinton and Williams 1986).
    /// </summary>
    /// <param name="nodes">The numbers of the computation, with their values and derivatives.</param>
    /// <param name="edges">From operand to result, as places in <paramref name="nodes"/>.</param>
    /// <exception cref="ArgumentException">There is no node, or an edge does not lead from an earlier step to a later one.</exception>
    /// <example><code>TeachingFigures.BackwardSweep([new("x", 2, 4, 0), new("x²", 4, 1, 1)], [(0, 1)])</code></example>
    public static Figure BackwardSweep(IReadOnlyList<SweepNode> nodes, IReadOnlyList<(int From, int To)> edges)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(edges);
        if (nodes.Count == 0)
            throw new ArgumentException("There is no node to draw: a computation has at least one number.", nameof(nodes));
        foreach ((int from, int to) in edges)
        {
            if (from < 0 || to < 0 || from >= nodes.Count || to >= nodes.Count || nodes[from].Step >= nodes[to].Step)
                throw new ArgumentException($"The edge from node {from} to node {to} does not lead from an earlier step to a later one: give the result of an operation a higher step than its operands.", nameof(edges));
        }

        int last = nodes.Max(node => node.Step);
        var frames = new List<(string, Figure)>();
        for (int step = 0; step <= last; step++)
            frames.Add(($"forward {step}", Sweep(nodes, edges, last, forward: step, backward: int.MaxValue)));
        for (int step = last; step >= 0; step--)
            frames.Add(($"backward {step}", Sweep(nodes, edges, last, forward: last, backward: step)));
        return Figure.Animate(frames, frameMilliseconds: 700);
    }

    /// <summary>One moment: values are known up to the step <paramref name="forward"/>, derivatives down to the step <paramref name="backward"/>.</summary>
    private static Figure Sweep(IReadOnlyList<SweepNode> nodes, IReadOnlyList<(int From, int To)> edges, int last, int forward, int backward)
    {
        // A missing point between two edges is a gap in the one line that draws them all.
        double[] edgeX = [.. edges.SelectMany(edge => new[] { nodes[edge.From].Lane, nodes[edge.To].Lane, double.NaN })];
        double[] edgeY = [.. edges.SelectMany(edge => new[] { -nodes[edge.From].Step, -nodes[edge.To].Step, double.NaN })];
        double[] x = [.. nodes.Select(node => (double)node.Lane)];
        double[] y = [.. nodes.Select(node => (double)-node.Step)];
        (double low, double high) = (x.Min(), x.Max());
        return Figure.Line(edgeX, edgeY)
            .SetTrace(0, "line.color", "#8C8C8C").SetTrace(0, "line.width", 1.5).SetTrace(0, "hoverinfo", "skip")
            .AddScatter(x, y, "numbers")
            .SetTrace(1, "mode", "markers+text").SetTrace(1, "marker.size", 36).SetTrace(1, "marker.symbol", "circle")
            .SetTrace(1, "marker.opacity", 1)
            .SetTrace(1, "marker.color", ForEach(node => node.Step >= backward ? Palette.Class(1) : node.Step <= forward ? Palette.Class(0) : SweepWaiting))
            .SetTrace(1, "text", ForEach(node => node.Name))
            .SetTrace(1, "textfont.color", "#ffffff").SetTrace(1, "textfont.size", 13).SetTrace(1, "hoverinfo", "skip")
            // Beside a circle of the same size that nobody sees: the text keeps its distance on a phone, too.
            .AddScatter(x, y, "values and derivatives")
            .SetTrace(2, "mode", "markers+text").SetTrace(2, "marker.size", 40).SetTrace(2, "marker.opacity", 0)
            .SetTrace(2, "textposition", "middle right").SetTrace(2, "hoverinfo", "skip")
            .SetTrace(2, "text", ForEach(node =>
                (node.Step <= forward ? SweepNumber(node.Value) : "")
                + (node.Step >= backward ? $"<br><span style=\"color:{Palette.Class(1)}\"><b>{SweepNumber(node.Gradient)}</b></span>" : "")))
            .Title("Forward, then backward", "blue: value known; orange: derivative of the result known, below the value")
            .XAxis("operands from the left and the right", (low - 0.4, high + 0.75)).YAxis("step", (-last - 0.7, 0.7))
            .Set("xaxis.showgrid", false).Set("xaxis.zeroline", false).Set("xaxis.showticklabels", false)
            .Set("yaxis.showgrid", false).Set("yaxis.zeroline", false).Set("yaxis.showticklabels", false)
            .Legend(LegendPosition.Hidden).Size(null, 190 + (62 * (last + 1)));

        JsonArray ForEach(Func<SweepNode, string> choose) => [.. nodes.Select(node => JsonValue.Create(choose(node)))];
    }

    private static string SweepNumber(double value) => value.ToString("0.###", CultureInfo.InvariantCulture).Replace('-', '−');
}
