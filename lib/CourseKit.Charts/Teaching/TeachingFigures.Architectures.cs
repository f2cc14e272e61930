using System.Globalization;

namespace CourseKit.Charts;

/// <summary>One block of a network's picture.</summary>
/// <param name="Name">What it is, such as "Conv2d 3x3".</param>
/// <param name="OutputShape">The shape of its output without the batch: channels, height, width; or features.</param>
/// <param name="Parameters">How many numbers it learns.</param>
/// <param name="Level">How far down it stands: the resolution of a U-Net; 0 elsewhere.</param>
/// <param name="SkipFrom">The block, counted from 0, whose output comes here along a skip connection; null where there is none.</param>
public sealed record ArchitectureBlock(string Name, IReadOnlyList<int> OutputShape, long Parameters = 0, int Level = 0, int? SkipFrom = null);

public static partial class TeachingFigures
{
    /// <summary>A network as blocks from left to right: the height of a block grows with the size of its output, the width with its channels, and below it stand shape and parameters.</summary>
    /// <param name="model">The network.</param>
    /// <param name="inputShape">The shape of its input with the batch, such as 1, 3, 224, 224. Nothing is computed.</param>
    /// <exception cref="ShapeException">The input's shape does not fit.</exception>
    /// <example><code>TeachingFigures.Architecture(model, 1, 1, 28, 28)</code></example>
    public static Figure Architecture(Module model, params ReadOnlySpan<int> inputShape)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelSummary summary = model.Summary(inputShape);
        return Architecture(summary.Rows.Select(row => new ArchitectureBlock(row.Module.Split('\n')[0], [.. row.OutputShape.Skip(1)], row.Parameters))
            .Prepend(new ArchitectureBlock("input", inputShape[1..].ToArray())));
    }

    /// <summary>The same from blocks of your own, with skip connections and levels: a U-Net's encoder goes down them and its decoder up again.</summary>
    /// <param name="blocks">The blocks in the order in which they run.</param>
    /// <exception cref="ArgumentException">There is no block, or a skip connection does not come from an earlier one.</exception>
    public static Figure Architecture(IEnumerable<ArchitectureBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArchitectureBlock[] all = [.. blocks];
        if (all.Length == 0)
            throw new ArgumentException("There is no block to draw.", nameof(blocks));
        if (Array.FindIndex(all, block => block.SkipFrom is int from && (from < 0 || from >= Array.IndexOf(all, block))) is >= 0 and int wrong)
            throw new ArgumentException($"Block {wrong} has a skip connection from block {all[wrong].SkipFrom}, which does not come before it.", nameof(blocks));

        double largestSide = all.Max(Side), mostChannels = all.Max(Channels);
        int levels = all.Max(block => block.Level);
        var diagram = new Diagram();
        string[] kinds = [.. all.Select(Kind).Distinct()];
        double Y(int i) => -2.1 * all[i].Level;
        for (int i = 0; i < all.Length; i++)
        {
            ArchitectureBlock block = all[i];
            // Logarithms: VGG-16 goes from 224 pixels to 7 and from 3 channels to 4,096.
            double height = 0.3 + (1.0 * Math.Log(1 + Side(block)) / Math.Log(1 + largestSide));
            double width = 0.16 + (0.5 * Math.Log(1 + Channels(block)) / Math.Log(1 + mostChannels));
            string shape = string.Join("×", block.OutputShape);
            string parameters = block.Parameters == 0 ? "" : $"<br>{block.Parameters.ToString("N0", CultureInfo.InvariantCulture)}";
            string colour = Kind(block) == "input" ? "#8C8C8C" : Palette.Class(Array.IndexOf(kinds, Kind(block)));
            diagram.Box(i, Y(i), width, height, null, colour, $"{block.Name}<br>output {shape}<br>{block.Parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters");
            diagram.Text(i, Y(i) - 0.7, $"{Short(block.Name)}<br><b>{shape}</b>{parameters}", 10.5, yAnchor: "top");
            if (i > 0)
                diagram.Curve((i - 1 + HalfWidth(i - 1), Y(i - 1)), (i - HalfWidth(i), Y(i)));
            if (block.SkipFrom is int from)
            {
                double above = Y(i) + 0.92;
                diagram.Way([(from, Y(from) + (0.5 * HeightOf(from))), (from, above), (i, above), (i, Y(i) + (0.5 * HeightOf(i)))], arrow: false);
            }
        }
        long sum = all.Sum(block => block.Parameters);
        return diagram.Draw((-0.6, all.Length - 0.4), (Y(0) - (2.1 * levels) - 1.5, 1.05), 160 + (185 * (levels + 1)), 84 * all.Length)
            .Title("Architecture", $"{sum.ToString("N0", CultureInfo.InvariantCulture)} parameters; below each block the shape of its output and its parameters")
            .Describe($"Network of {all.Length} blocks, {sum.ToString("N0", CultureInfo.InvariantCulture)} parameters: {string.Join("; ", all.Select(block => $"{block.Name}, output {string.Join("×", block.OutputShape)}"))}.");

        double HalfWidth(int i) => (0.16 + (0.5 * Math.Log(1 + Channels(all[i])) / Math.Log(1 + mostChannels))) / 2;

        double HeightOf(int i) => 0.3 + (1.0 * Math.Log(1 + Side(all[i])) / Math.Log(1 + largestSide));

        static double Side(ArchitectureBlock block) => block.OutputShape.Count >= 2 ? block.OutputShape[^1] : 1;

        static double Channels(ArchitectureBlock block) => block.OutputShape.Count == 0 ? 1 : block.OutputShape[0];

        static string Kind(ArchitectureBlock block) => block.Name.Split('(', ' ')[0];

        // "Conv2d(3 -> 64, 3x3, padding 1)" on two lines, the second short.
        static string Short(string name)
        {
            int bracket = name.IndexOf('(', StringComparison.Ordinal);
            if (bracket < 0)
                return name;
            string inside = name[(bracket + 1)..].TrimEnd(')').Split(',')[0].Replace("->", "→", StringComparison.Ordinal);
            return inside.Length is 0 or > 13 ? name[..bracket] : $"{name[..bracket]}<br>{inside}";
        }
    }

    /// <summary>
    /// Which inputs one output of stacked convolutions sees: a row of units for each layer, the cone of one output in colour.
    /// The field grows by (kernel − 1) × dilation × the product of all strides before.
    /// </summary>
    /// <param name="layers">For each layer its name, kernel size, stride and dilation along one axis, the first layer first.</param>
    /// <example><code>TeachingFigures.ReceptiveField([("conv 3", 3, 1, 1), ("pool 2", 2, 2, 1), ("conv 3", 3, 1, 1)])</code></example>
    public static Figure ReceptiveField(IEnumerable<(string Name, int Kernel, int Stride, int Dilation)> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        (string Name, int Kernel, int Stride, int Dilation)[] all = [.. layers];
        if (all.Length == 0 || all.Any(layer => layer.Kernel < 1 || layer.Stride < 1 || layer.Dilation < 1))
            throw new ArgumentException("A receptive field needs layers whose kernel, stride and dilation are at least 1, such as (\"conv 3\", 3, 1, 1).", nameof(layers));

        // From the output back: the units of each row that the one output depends on.
        var seen = new SortedSet<int>[all.Length + 1];
        seen[all.Length] = [0];
        for (int layer = all.Length - 1; layer >= 0; layer--)
        {
            seen[layer] = [.. seen[layer + 1].SelectMany(unit => Enumerable.Range(0, all[layer].Kernel).Select(tap => (unit * all[layer].Stride) + (tap * all[layer].Dilation)))];
        }
        int field = seen[0].Max - seen[0].Min + 1;
        if (field > 200)
            throw new ArgumentException($"One output of these layers sees {field} inputs in a row, more than a picture has room for (200): draw fewer layers.", nameof(layers));

        // Places on the input's axis: a unit of a row stands in the middle of what it sees.
        var jump = new double[all.Length + 1];
        var start = new double[all.Length + 1];
        var sees = new int[all.Length + 1];
        (jump[0], sees[0]) = (1, 1);
        for (int layer = 0; layer < all.Length; layer++)
        {
            jump[layer + 1] = jump[layer] * all[layer].Stride;
            start[layer + 1] = start[layer] + ((all[layer].Kernel - 1) * all[layer].Dilation * jump[layer] / 2);
            sees[layer + 1] = sees[layer] + (int)((all[layer].Kernel - 1) * all[layer].Dilation * jump[layer]);
        }
        var connections = new List<(double X, double Y)>();
        for (int layer = 0; layer < all.Length; layer++)
        {
            foreach (int unit in seen[layer + 1])
            {
                for (int tap = 0; tap < all[layer].Kernel; tap++)
                {
                    connections.Add((X(layer, (unit * all[layer].Stride) + (tap * all[layer].Dilation)), layer));
                    connections.Add((X(layer + 1, unit), layer + 1));
                    connections.Add((double.NaN, double.NaN));
                }
            }
        }
        var others = new List<(double X, double Y)>();
        var ours = new List<(double X, double Y, string Text)>();
        for (int layer = 0; layer <= all.Length; layer++)
        {
            for (int unit = (int)Math.Ceiling((-2 - start[layer]) / jump[layer]); X(layer, unit) <= seen[0].Max + 2; unit++)
            {
                if (seen[layer].Contains(unit))
                    ours.Add((X(layer, unit), layer, layer == 0 ? "an input that the output sees" : $"{all[layer - 1].Name}<br>a unit here sees {sees[layer]} inputs"));
                else
                    others.Add((X(layer, unit), layer));
            }
        }
        string[] rows = ["input", .. all.Select((layer, i) => $"{layer.Name}<br>sees {sees[i + 1]}")];
        return Figure.Line(connections.Select(end => end.X), connections.Select(end => end.Y))
            .SetTrace(0, "line", Line(Palette.Faint(Palette.Class(1), 0.55), 1.5)).SetTrace(0, "hoverinfo", "skip")
            .Add(Figure.Scatter(others.Select(unit => unit.X), others.Select(unit => unit.Y))
                .SetTrace(0, "marker", Marker("circle", 8, "#B4B4B4")).SetTrace(0, "hoverinfo", "skip"))
            .Add(Figure.Scatter(ours.Select(unit => unit.X), ours.Select(unit => unit.Y), hover: ours.Select(unit => unit.Text))
                .SetTrace(0, "marker", Marker("circle", 11, Palette.Class(1))))
            .Title("Receptive field", $"one output sees {field} inputs in a row")
            .XAxis("place in the input", (seen[0].Min - 2.6, seen[0].Max + 2.6)).YAxis(range: (-0.4, all.Length + 0.4))
            .Set("yaxis.tickvals", PlotlyJson.Numbers(Enumerable.Range(0, rows.Length))).Set("yaxis.ticktext", PlotlyJson.Texts(rows))
            .Set("xaxis.showgrid", false).Set("xaxis.zeroline", false).Set("yaxis.zeroline", false).Set("yaxis.showgrid", false)
            .Size(null, 190 + (80 * all.Length)).Legend(LegendPosition.Hidden);

        double X(int layer, int unit) => start[layer] + (unit * jump[layer]);
    }
}
