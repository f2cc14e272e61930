using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    /// <summary>Where an encoder puts its examples in two latent dimensions.</summary>
    /// <param name="codes">The codes, examples x 2.</param>
    /// <param name="labels">The classes, counted from 0.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <exception cref="ArgumentException">A code has not two dimensions, or there are not as many labels as codes.</exception>
    public static Figure LatentSpace(double[,] codes, IEnumerable<int> labels, IReadOnlyList<string>? classNames = null)
    {
        (double[] z1, double[] z2) = Codes(codes);
        return Small(ClassScatter(z1, z2, labels, classNames, "z₁", "z₂")).Title("Latent space");
    }

    /// <summary>The same, and beside it what a decoder makes of the places of a grid over it: walking through the picture is walking through the latent space.</summary>
    /// <param name="codes">The codes, examples x 2.</param>
    /// <param name="labels">The classes, counted from 0.</param>
    /// <param name="decoder">The image for a place (z1, z2), row 0 at the top.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="grid">How many images along each dimension.</param>
    /// <exception cref="ArgumentException">A code has not two dimensions, or the decoder gives images of different sizes.</exception>
    /// <example><code>TeachingFigures.LatentSpace(codes, labels, (a, b) => decoder.Forward(Tensor.From([a, b], [1, 2])).Reshape(28, 28).ToMatrix())</code></example>
    public static Figure LatentSpace(double[,] codes, IEnumerable<int> labels, Func<double, double, double[,]> decoder, IReadOnlyList<string>? classNames = null, int grid = 9)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        (double[] z1, double[] z2) = Codes(codes);
        var points = new LabelledPoints(z1, z2, labels, classNames);
        double[] xs = Sampling.Steps(points.Range1, grid), ys = Sampling.Steps(points.Range2, grid);
        double[,]? mosaic = null;
        (int height, int width) = (0, 0);
        for (int row = 0; row < grid; row++)
        {
            for (int column = 0; column < grid; column++)
            {
                double[,] image = decoder(xs[column], ys[row]);
                if (mosaic is null)
                {
                    (height, width) = (image.GetLength(0), image.GetLength(1));
                    mosaic = new double[grid * height, grid * width];
                }
                if (image.GetLength(0) != height || image.GetLength(1) != width)
                    throw new ArgumentException($"The decoder gave an image of {image.GetLength(0)} x {image.GetLength(1)} after one of {height} x {width}: all must be equal.", nameof(decoder));
                for (int i = 0; i < height; i++)
                {
                    for (int j = 0; j < width; j++)
                        mosaic[(row * height) + height - 1 - i, (column * width) + j] = Math.Round(image[i, j], 2);
                }
            }
        }
        (double low, double high) = Extremes(mosaic!.Cast<double>());
        Figure decoded = Figure.HeatMap(mosaic!, Fine(xs, width), Fine(ys, height), "brightness")
            .SetTrace(0, "colorscale", Palette.Grey()).SetTrace(0, "zmin", PlotlyJson.Number(low)).SetTrace(0, "zmax", PlotlyJson.Number(high))
            .SetTrace(0, "hovertemplate", "z₁ %{x:.2f}, z₂ %{y:.2f}<extra></extra>")
            .Title("what the decoder makes of each place").XAxis("z₁").YAxis("z₂").Set("xaxis.showgrid", false).Set("yaxis.showgrid", false);
        Figure scattered = Small(points.Over(Figure.Empty())).Title("where the examples are").XAxis("z₁", points.Range1).YAxis("z₂", points.Range2);
        return Figure.Grid(1, 2, [scattered, decoded]).Title("Latent space").Size(null, 500).Legend(LegendPosition.Top);

        // Every image covers the place between it and its neighbours.
        static IEnumerable<double> Fine(double[] places, int pixels)
        {
            double step = places[1] - places[0];
            return Enumerable.Range(0, places.Length * pixels).Select(i => Math.Round(places[0] - (step / 2) + ((i + 0.5) * step / pixels), 4));
        }
    }

    /// <summary>Which words look at which: a row for each query, its weights over the keys sum to 1.</summary>
    /// <param name="weights">The attention weights, queries x keys.</param>
    /// <param name="queries">What asks, row by row.</param>
    /// <param name="keys">What is looked at; the queries where it is the same sequence.</param>
    /// <exception cref="ArgumentException">There are not as many names as rows or columns.</exception>
    /// <example><code>TeachingFigures.AttentionMap(weights.ToMatrix(), ["the", "cat", "sat"])</code></example>
    public static Figure AttentionMap(double[,] weights, IReadOnlyList<string> queries, IReadOnlyList<string>? keys = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(queries);
        keys ??= queries;
        if (weights.GetLength(0) != queries.Count || weights.GetLength(1) != keys.Count)
            throw new ArgumentException($"The weights have {weights.GetLength(0)} rows and {weights.GetLength(1)} columns, but there are {queries.Count} queries and {keys.Count} keys.", nameof(weights));
        // Plotly takes equal words for one place, so places are numbers and words stand beside them.
        Figure map = Figure.HeatMap(weights, name: "weight")
            .SetTrace(0, "colorscale", Palette.Shares()).SetTrace(0, "zmin", 0)
            .SetTrace(0, "xgap", 1).SetTrace(0, "ygap", 1)
            .SetTrace(0, "customdata", new JsonArray([.. queries.Select(query => (JsonNode)PlotlyJson.Texts(keys.Select(key => $"{query} → {key}")))]))
            .SetTrace(0, "hovertemplate", "%{customdata}<br>weight %{z:.3f}<extra></extra>")
            .Title("Attention", "who looks at whom: each row sums to 1")
            .XAxis("looked at (key)").YAxis("asks (query)")
            .Set("yaxis.autorange", "reversed").Set("xaxis.showgrid", false).Set("yaxis.showgrid", false);
        return Named(Named(map, "xaxis", keys), "yaxis", queries).Set("xaxis.tickangle", -45).Size(null, Math.Clamp(200 + (26 * queries.Count), 420, 900));

        static Figure Named(Figure figure, string axis, IReadOnlyList<string> names) => figure
            .Set($"{axis}.tickvals", PlotlyJson.Numbers(Enumerable.Range(0, names.Count))).Set($"{axis}.ticktext", PlotlyJson.Texts(names));
    }

    private static (double[] First, double[] Second) Codes(double[,] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        int count = codes.GetLength(0);
        if (codes.GetLength(1) != 2)
            throw new ArgumentException($"A latent space is drawn in two dimensions, but the codes have {codes.GetLength(1)}: train an encoder with two, or project them.", nameof(codes));
        return ([.. Enumerable.Range(0, count).Select(i => codes[i, 0])], [.. Enumerable.Range(0, count).Select(i => codes[i, 1])]);
    }

    private static Figure Small(Figure points)
    {
        for (int i = 0; i < points.Data.Count; i++)
            points = points.SetTrace(i, "marker.size", 6).SetTrace(i, "marker.line.width", 0.5);
        return points;
    }
}
