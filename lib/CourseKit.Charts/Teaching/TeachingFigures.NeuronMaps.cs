using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const int MostUnits = 8;

    /// <summary>
    /// What every neuron of a small network sees: a heat map of its output over the plane, and the weights between them as
    /// lines, the thicker the larger, orange for positive and blue for negative ones (after TensorFlow Playground,
    /// Smilkov et al. 2017).
    /// </summary>
    /// <param name="model">A network of two inputs: <see cref="Linear"/> layers, each followed by its activation.</param>
    /// <param name="x1">The first feature of the points shown on the output's map.</param>
    /// <param name="x2">The second feature.</param>
    /// <param name="labels">The classes, counted from 0.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="x1Name">The first feature.</param>
    /// <param name="x2Name">The second feature.</param>
    /// <exception cref="ArgumentException">The model has no Linear layer, or does not take two inputs.</exception>
    /// <example><code>TeachingFigures.NeuronMaps(new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 1), new Sigmoid()), x1, x2, labels)</code></example>
    public static Figure NeuronMaps(
        Sequential model,
        IEnumerable<double> x1,
        IEnumerable<double> x2,
        IEnumerable<int> labels,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂")
    {
        ArgumentNullException.ThrowIfNull(model);
        return new NeuronMap(new LabelledPoints(x1, x2, labels, classNames), x1Name, x2Name, resolution: 36).Draw(model).Title("What each neuron sees");
    }

    /// <summary>How the neurons' maps and their weights form during training, with a slider over the epochs. Each model is drawn before the next one is taken, so that one model may be trained on between them.</summary>
    /// <param name="models">For each epoch shown, the network.</param>
    /// <param name="x1">The first feature of the points shown on the output's map.</param>
    /// <param name="x2">The second feature.</param>
    /// <param name="labels">The classes, counted from 0.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="x1Name">The first feature.</param>
    /// <param name="x2Name">The second feature.</param>
    public static Figure NeuronMapsOverEpochs(
        IEnumerable<(int Epoch, Sequential Model)> models,
        IEnumerable<double> x1,
        IEnumerable<double> x2,
        IEnumerable<int> labels,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂")
    {
        ArgumentNullException.ThrowIfNull(models);
        var map = new NeuronMap(new LabelledPoints(x1, x2, labels, classNames), x1Name, x2Name, resolution: 20);
        return Figure.Animate(models.Select(shown => (shown.Epoch.ToString(CultureInfo.InvariantCulture), map.Draw(shown.Model).Title("What each neuron learns to see"))), "epoch ");
    }

    /// <summary>Draws networks over one grid of points, the inputs in the first column, the output in the last and largest one.</summary>
    private sealed class NeuronMap
    {
        // The output's map is this much wider than a hidden unit's.
        private const double OutputWidth = 2.2;

        private readonly LabelledPoints points;
        private readonly string[] inputNames;
        private readonly double[] xs;
        private readonly double[] ys;

        public NeuronMap(LabelledPoints points, string x1Name, string x2Name, int resolution)
        {
            this.points = points;
            inputNames = [x1Name, x2Name];
            xs = Sampling.Steps(points.Range1, resolution);
            ys = Sampling.Steps(points.Range2, resolution);
        }

        public Figure Draw(Sequential model)
        {
            List<Layer> layers = Layers(model);
            int most = layers.Max(layer => layer.Units);
            double unitsWide = layers.Count - 1 + OutputWidth;
            var places = new List<Place[]>();
            for (int column = 0; column < layers.Count; column++)
                places.Add(Places(column, layers[column].Units, layers.Count, unitsWide, most));

            Figure figure = Edges(layers, places);
            int axes = 1;
            for (int column = 0; column < layers.Count; column++)
            {
                for (int unit = 0; unit < layers[column].Units; unit++)
                {
                    axes++;
                    bool isOutput = column == layers.Count - 1;
                    figure = Map(figure, layers[column], unit, places[column][unit], axes);
                    if (isOutput && layers[column].Units == 1)
                        figure = Points(figure, axes);
                }
            }
            var headings = new JsonArray();
            for (int column = 0; column < layers.Count; column++)
            {
                headings.Add(new JsonObject
                {
                    ["text"] = layers[column].Heading,
                    ["x"] = PlotlyJson.Number((places[column][0].Left + places[column][0].Right) / 2),
                    ["y"] = 1,
                    ["xref"] = "paper",
                    ["yref"] = "paper",
                    ["yanchor"] = "bottom",
                    ["showarrow"] = false,
                    ["font"] = new JsonObject { ["size"] = 12 },
                });
            }
            return figure.Set("annotations", headings)
                .XAxis(range: (0, 1)).YAxis(range: (0, 1)).Set("xaxis.visible", false).Set("yaxis.visible", false)
                .Set("margin.l", 16).Set("margin.b", 20)
                .Size(null, 110 + (Math.Max(4, most) * 72))
                .MinimumWidth(86 * (layers.Count + 1.2))
                .Legend(LegendPosition.Hidden);
        }

        private List<Layer> Layers(Sequential model)
        {
            using var noGrad = new NoGrad();
            using var scope = new TensorScope();
            int count = xs.Length * ys.Length;
            var plane = new double[2 * count];
            for (int i = 0; i < count; i++)
                (plane[2 * i], plane[(2 * i) + 1]) = (xs[i % xs.Length], ys[i / xs.Length]);
            Linear first = Enumerable.Range(0, model.Count).Select(i => model[i]).OfType<Linear>().FirstOrDefault()
                ?? throw new ArgumentException("The maps of neurons need a network with Linear layers, such as new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 1), new Sigmoid()).", nameof(model));
            if (first.Weight.Shape[1] != 2)
                throw new ArgumentException($"The maps of neurons show a plane of two inputs, but the first layer takes {first.Weight.Shape[1]}: train a network on two features to see its neurons.", nameof(model));
            Tensor values = Tensor.From(plane, [count, 2], first.Weight.Device);
            var layers = new List<Layer> { new(values.ToDoubleArray(), 2, null, "inputs") };
            Linear? linear = null;
            for (int i = 0; i < model.Count; i++)
            {
                linear = model[i] as Linear ?? linear;
                values = model[i].Forward(values);
                if (linear is null || (i + 1 < model.Count && model[i + 1] is not Linear))
                    continue;
                bool isLast = i == model.Count - 1;
                int all = values.Shape[1], units = Math.Min(all, MostUnits);
                string heading = isLast ? "output" : $"layer {layers.Count}";
                layers.Add(new Layer(values.ToDoubleArray(), all, linear.Weight.ToMatrix(), units < all ? $"{heading}<br>({units} of {all})" : heading));
            }
            return layers;
        }

        private static Place[] Places(int column, int units, int columns, double unitsWide, int most)
        {
            bool isOutput = column == columns - 1;
            double left = (column + 0.14) / unitsWide;
            double right = isOutput ? 1 : (column + 0.72) / unitsWide;
            double height = isOutput ? Math.Min(0.96 / units, 3.2 / Math.Max(4, most)) : 0.86 / Math.Max(4, most);
            return [.. Enumerable.Range(0, units).Select(unit =>
            {
                double centre = 1 - ((unit + 0.5) / units);
                // Few units stand close together in the middle instead of far apart.
                centre = 0.5 + ((centre - 0.5) * Math.Min(1, units * 1.25 * height));
                return new Place(left, right, centre - (height / 2), centre + (height / 2));
            })];
        }

        private static Figure Edges(List<Layer> layers, List<Place[]> places)
        {
            var figure = Figure.Empty();
            var middles = new List<(double X, double Y, string Text)>();
            for (int column = 1; column < layers.Count; column++)
            {
                double[,] weights = layers[column].Weights!;
                double largest = Math.Max(1e-9, Magnitude(weights.Cast<double>()));
                for (int to = 0; to < layers[column].Units; to++)
                {
                    for (int from = 0; from < layers[column - 1].Units; from++)
                    {
                        double weight = weights[to, from];
                        Place source = places[column - 1][from], target = places[column][to];
                        (double X, double Y)[] way = Way((source.Right, source.Middle), (target.Left, target.Middle));
                        // A pale line remains where a weight is 0: the connection is there.
                        figure = figure.Add(Figure.Line(way.Select(point => point.X), way.Select(point => point.Y))
                            .SetTrace(0, "line", Line(Palette.Class(weight >= 0 ? 1 : 0), Math.Round(0.4 + (5 * Math.Abs(weight) / largest), 1)))
                            .SetTrace(0, "opacity", Math.Round(0.35 + (0.6 * Math.Abs(weight) / largest), 2))
                            .SetTrace(0, "hoverinfo", "skip"));
                        // Not all in the middle, where ways cross.
                        (double X, double Y) place = way[4 + (from % 2 * 6)];
                        middles.Add((place.X, place.Y, string.Create(CultureInfo.InvariantCulture, $"weight from {from + 1} to {to + 1}: {weight:0.###}")));
                    }
                }
            }
            return figure.Add(Figure.Scatter(middles.Select(middle => middle.X), middles.Select(middle => middle.Y), hover: middles.Select(middle => middle.Text))
                .SetTrace(0, "marker", new JsonObject { ["size"] = 14, ["opacity"] = 0 }));
        }

        private static (double X, double Y)[] Way((double X, double Y) from, (double X, double Y) to) => [.. Enumerable.Range(0, 15).Select(i =>
        {
            double t = i / 14.0, ease = t * t * (3 - (2 * t));
            return (from.X + (t * (to.X - from.X)), from.Y + (ease * (to.Y - from.Y)));
        })];

        private Figure Map(Figure figure, Layer layer, int unit, Place place, int axes)
        {
            var z = new double[ys.Length, xs.Length];
            for (int i = 0; i < xs.Length * ys.Length; i++)
                z[i / xs.Length, i % xs.Length] = Math.Round(layer.Values[(i * layer.All) + unit], 2);
            bool isInput = layer.Weights is null;
            (double low, double high) = Extremes(z.Cast<double>());
            // A sigmoid's middle is a half, everybody else's is 0.
            double most = Math.Max(Math.Max(-low, high), 1e-6);
            (double zmin, double zmax) = isInput ? (low, high) : low >= 0 && high <= 1 && layer.Heading == "output" ? (0, 1) : (-most, most);
            string name = isInput ? inputNames[unit] : $"{layer.Heading.Split('<')[0]}, unit {unit + 1}";
            string suffix = axes.ToString(CultureInfo.InvariantCulture);
            int trace = figure.Data.Count;
            return Framed(figure.Add(Figure.HeatMap(z, xs.Select(Rounded), ys.Select(Rounded), name)
                    .WithoutTrace(0, "colorbar")
                    .SetTrace(0, "showscale", false)
                    .SetTrace(0, "colorscale", Palette.Diverging())
                    .SetTrace(0, "zmin", PlotlyJson.Number(Math.Round(zmin, 2)))
                    .SetTrace(0, "zmax", PlotlyJson.Number(Math.Round(zmax, 2)))
                    .SetTrace(0, "zsmooth", "fast")
                    .SetTrace(0, "xaxis", "x" + suffix)
                    .SetTrace(0, "yaxis", "y" + suffix)
                    .SetTrace(0, "hovertemplate", $"{name}<br>at %{{x:.3g}}, %{{y:.3g}}: %{{z:.3g}}<extra></extra>")), place, suffix);
        }

        private Figure Framed(Figure figure, Place place, string suffix)
        {
            JsonObject Axis(string anchor, (double From, double To) range, double from, double to) => new()
            {
                ["domain"] = PlotlyJson.Range(from, to),
                ["anchor"] = anchor + suffix,
                ["range"] = PlotlyJson.Range(range.From, range.To),
                ["showticklabels"] = false,
                ["ticks"] = "",
                ["showgrid"] = false,
                ["zeroline"] = false,
                ["showline"] = true,
                ["mirror"] = true,
                ["linecolor"] = "#8C8C8C",
            };
            return figure
                .Set("xaxis" + suffix, Axis("y", (xs[0], xs[^1]), place.Left, place.Right))
                .Set("yaxis" + suffix, Axis("x", (ys[0], ys[^1]), Math.Max(0, place.Bottom), Math.Min(1, place.Top)));
        }

        private Figure Points(Figure figure, int axes)
        {
            Figure classes = points.Over(Figure.Empty());
            string suffix = axes.ToString(CultureInfo.InvariantCulture);
            for (int i = 0; i < classes.Data.Count; i++)
                classes = classes.SetTrace(i, "xaxis", "x" + suffix).SetTrace(i, "yaxis", "y" + suffix).SetTrace(i, "marker.size", 7);
            return figure.Add(classes);
        }

        private static double Rounded(double value) => Math.Round(value, 3);

        private readonly record struct Place(double Left, double Right, double Bottom, double Top)
        {
            public double Middle => (Bottom + Top) / 2;
        }

        /// <param name="Values">The outputs of all its units at every point of the grid.</param>
        /// <param name="All">How many units it has; not all of a wide layer are drawn.</param>
        /// <param name="Weights">From the layer before: (units, units before); null for the inputs.</param>
        /// <param name="Heading">What stands above it.</param>
        private sealed record Layer(double[] Values, int All, double[,]? Weights, string Heading)
        {
            public int Units => Math.Min(All, MostUnits);
        }
    }
}
