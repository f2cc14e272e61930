using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>How large the gradient still is in each layer, the first layer at the left: a line that falls to the left vanishes, one that rises explodes.</summary>
    /// <param name="networks">For each network its name and the gradient's norm in each layer, the layer at the input first.</param>
    /// <param name="layers">The layers' names; 1, 2, 3, ... without them.</param>
    /// <example><code>TeachingFigures.GradientFlow([("sigmoid", deep.Select(layer => layer.Weight.Grad!.Square().Sum().Sqrt().Item())), ("ReLU", norms)])</code></example>
    public static Figure GradientFlow(IEnumerable<(string Name, IEnumerable<double> Norms)> networks, IReadOnlyList<string>? layers = null)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var figure = Figure.Empty();
        int series = 0;
        foreach ((string name, IEnumerable<double> norms) in networks)
        {
            double[] heights = [.. norms];
            if (layers is not null && layers.Count != heights.Length)
                throw new ArgumentException($"Each layer needs a norm, but {name} has {heights.Length} norms and there are {layers.Count} layers.", nameof(networks));
            IEnumerable<string> hover = heights.Select((norm, i) => string.Create(CultureInfo.InvariantCulture, $"{name}, layer {layers?[i] ?? $"{i + 1}"}<br>norm {norm:G4}"));
            // Nothing is left of a gradient of 0, and nothing to draw on a logarithmic axis.
            figure = figure.Add(Figure.Line(Enumerable.Range(1, heights.Length), heights.Select(norm => norm > 0 ? norm : double.NaN), name, hover)
                .SetTrace(0, "mode", "lines+markers")
                .SetTrace(0, "line", Line(Palette.Class(series), 2.5, Palette.Dash(series)))
                .SetTrace(0, "marker", Marker(Palette.Symbol(series), 9, Palette.Class(series))));
            series++;
        }
        if (series == 0)
            throw new ArgumentException("A gradient flow needs at least one network, such as (\"ReLU\", norms).", nameof(networks));
        figure = figure.Title("Gradient by layer").XAxis("layer, from the input to the output").YAxis("norm of the gradient", logarithmic: true)
            .Set("xaxis.dtick", layers is null ? null : 1).Legend(LegendPosition.Top).Set("showlegend", true);
        return layers is null ? figure : figure
            .Set("xaxis.tickvals", PlotlyJson.Numbers(Enumerable.Range(1, layers.Count)))
            .Set("xaxis.ticktext", PlotlyJson.Texts(layers));
    }

    /// <summary>The gradients that a backward pass has left in a model, layer by layer: the norms of its weights' gradients (biases and other vectors are left out).</summary>
    /// <param name="model">A model after <see cref="Tensor.Backward()"/>.</param>
    /// <exception cref="ArgumentException">No weight has a gradient.</exception>
    /// <example><code>
    /// loss.Backward();
    /// TeachingFigures.GradientFlow(model)
    /// </code></example>
    public static Figure GradientFlow(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        (string Name, Tensor Parameter)[] weights = [.. model.NamedParameters().Where(named => named.Parameter.Shape.Rank > 1 && named.Parameter.Grad is not null)];
        if (weights.Length == 0)
            throw new ArgumentException("No weight of this model has a gradient: call Backward on a loss before drawing them, and ZeroGrad after.", nameof(model));
        return GradientFlow(
            [("gradient", weights.Select(named => Math.Sqrt(named.Parameter.Grad!.ToDoubleArray().Sum(value => value * value))))],
            [.. weights.Select(named => named.Name.Replace(".weight", "", StringComparison.Ordinal))]).Legend(LegendPosition.Hidden);
    }

    /// <summary>How the distribution of weights changes: a histogram for each epoch, one behind the other, the first at the back and the last in front.</summary>
    /// <param name="epochs">For each epoch shown its number and the weights.</param>
    /// <param name="bins">How many bins.</param>
    /// <param name="quantity">What the numbers are: weights, activations or gradients have such a picture.</param>
    /// <example><code>TeachingFigures.WeightHistograms([(0, before.ToDoubleArray()), (10, after.ToDoubleArray())])</code></example>
    public static Figure WeightHistograms(IEnumerable<(int Epoch, IEnumerable<double> Values)> epochs, int bins = 60, string quantity = "weight")
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        (int Epoch, double[] Values)[] all = [.. epochs.Select(epoch => (epoch.Epoch, epoch.Values.Where(double.IsFinite).ToArray()))];
        if (all.Length == 0)
            throw new ArgumentException("Histograms over time need at least one epoch, such as (0, weights).", nameof(epochs));
        (double low, double high) = Extremes(all.SelectMany(epoch => epoch.Values));
        if (high <= low)
            (low, high) = (low - 0.5, high + 0.5);
        double width = (high - low) / bins;
        double[] centres = [.. Enumerable.Range(0, bins).Select(bin => low + ((bin + 0.5) * width))];
        double[][] shares = [.. all.Select(epoch => Shares(epoch.Values))];
        // The highest hill reaches three steps up: neighbours overlap, and every one remains visible.
        double scale = 3 / Math.Max(shares.Max(histogram => histogram.Max()), 1e-12);

        var figure = Figure.Empty();
        for (int i = 0; i < all.Length; i++)
        {
            double ground = all.Length - 1 - i;
            double late = all.Length == 1 ? 1 : (double)i / (all.Length - 1);
            double[] share = shares[i];
            figure = figure
                .Add(Figure.Line([low, high], [ground, ground]).SetTrace(0, "line.width", 0).SetTrace(0, "hoverinfo", "skip"))
                .Add(Figure.Line([low, .. centres, high], [ground, .. share.Select(height => ground + (height * scale)), ground], hover: ["", .. share.Select((height, bin) =>
                        string.Create(CultureInfo.InvariantCulture, $"epoch {all[i].Epoch}<br>{100 * height:0.#} % near {centres[bin]:0.###}")), ""])
                    .SetTrace(0, "fill", "tonexty")
                    .SetTrace(0, "fillcolor", Between("#CFE3F2", "#0B4F8A", late, 0.82))
                    .SetTrace(0, "line", new JsonObject { ["color"] = "#FFFFFF", ["width"] = 1.2 }));
        }
        int step = Math.Max(1, all.Length / 10);
        int[] labelled = [.. Enumerable.Range(0, all.Length).Where(i => (all.Length - 1 - i) % step == 0)];
        return figure.Title($"{Capital(quantity)}s over training").XAxis(quantity, (low, high)).YAxis("epoch", (-0.3, all.Length + 2.4))
            .Set("yaxis.tickvals", PlotlyJson.Numbers(labelled.Select(i => all.Length - 1 - i)))
            .Set("yaxis.ticktext", PlotlyJson.Texts(labelled.Select(i => all[i].Epoch.ToString(CultureInfo.InvariantCulture))))
            .Set("yaxis.zeroline", false)
            .Legend(LegendPosition.Hidden);

        double[] Shares(double[] values)
        {
            var counts = new double[bins];
            foreach (double value in values)
                counts[Math.Clamp((int)((value - low) / width), 0, bins - 1)] += 1.0 / values.Length;
            return counts;
        }
    }

    private static string Between(string from, string to, double share, double opacity)
    {
        return string.Create(CultureInfo.InvariantCulture, $"rgba({Mixed(1)},{Mixed(3)},{Mixed(5)},{opacity:0.##})");

        int Mixed(int place) => (int)Math.Round(((1 - share) * Palette.Part(from, place)) + (share * Palette.Part(to, place)));
    }
}
