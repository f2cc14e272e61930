using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const int MostFansDrawn = 30;

    /// <summary>
    /// Bias and variance as they are: for each model, the curves fitted to many resampled data sets, their mean, and the
    /// truth. How far the mean is from the truth is the bias, how far the curves are from their mean the variance.
    /// </summary>
    /// <param name="x">Where the curves were evaluated, rising.</param>
    /// <param name="truth">The true function there, without noise.</param>
    /// <param name="models">For each model its name and, for each data set, the fitted curve.</param>
    /// <exception cref="ArgumentException">A curve has not as many values as there are x.</exception>
    /// <example><code>TeachingFigures.BiasVariance(x, truth, ("spread 5", stiffFits), ("spread 0.1", wildFits))</code></example>
    public static Figure BiasVariance(IEnumerable<double> x, IEnumerable<double> truth, params IReadOnlyList<(string Name, IEnumerable<double[]> Fits)> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        double[] places = [.. x], right = [.. truth];
        if (models.Count == 0)
            throw new ArgumentException("There is no model to draw: give a name and its fits, one curve for each data set.", nameof(models));
        if (right.Length != places.Length)
            throw new ArgumentException($"Each x needs the true value, but there are {places.Length} x and {right.Length} values.", nameof(truth));
        // What a wild fit does at its ends must not flatten all others.
        (double low, double high) = Sampling.Around(right, 0.9);
        IEnumerable<Figure> cells = models.Select(model =>
        {
            double[][] fits = [.. model.Fits];
            if (fits.Length < 2 || fits.Any(fit => fit.Length != places.Length))
                throw new ArgumentException($"Each fit needs a value for each of the {places.Length} x, and there must be two fits or more; those of {model.Name} have {string.Join(", ", fits.Select(fit => fit.Length).Distinct())}.", nameof(models));
            double[] mean = [.. places.Select((_, i) => fits.Average(fit => fit[i]))];
            double bias = places.Select((_, i) => Math.Pow(mean[i] - right[i], 2)).Average();
            double variance = places.Select((_, i) => fits.Average(fit => Math.Pow(fit[i] - mean[i], 2))).Average();
            double[][] drawn = [.. fits.Take(MostFansDrawn)];
            // One trace with gaps between the curves: thirty traces would make a slow page.
            return Figure.Line(drawn.SelectMany(_ => places.Append(double.NaN)), drawn.SelectMany(fit => fit.Append(double.NaN)), "fits")
                .SetTrace(0, "line", Line(Palette.Faint(Palette.Class(0), 0.5), 1)).SetTrace(0, "hoverinfo", "skip")
                .Add(Figure.Line(places, mean, "their mean").SetTrace(0, "line", Line(Palette.Class(0), 3)))
                .Add(Figure.Line(places, right, "truth").SetTrace(0, "line", Line(Palette.Class(1), 2.5, "dash")))
                .Title(string.Create(CultureInfo.InvariantCulture, $"{model.Name}: bias² {bias:0.000}, variance {variance:0.000}"))
                .XAxis("x", (places[0], places[^1])).YAxis("y", (low, high));
        });
        int columns = Math.Min(3, models.Count);
        int rows = (models.Count + columns - 1) / columns;
        return Figure.Grid(rows, columns, cells, 130 + (rows * 290), GapWithLabels, 1).Title("Bias and variance").Legend(LegendPosition.Top);
    }

    /// <summary>The coefficients of a regularized model as the strength grows: L1 sends them to 0 one by one, L2 shrinks all.</summary>
    /// <param name="strengths">The regularization strengths λ, above 0.</param>
    /// <param name="coefficients">The first index counts the strengths, the second the features.</param>
    /// <param name="names">The features' names.</param>
    /// <param name="chosen">The strength that validation chose; null for none.</param>
    /// <exception cref="ArgumentException">The numbers of strengths, coefficients and names do not fit.</exception>
    public static Figure RegularizationPaths(IEnumerable<double> strengths, double[,] coefficients, IReadOnlyList<string> names, double? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(strengths);
        ArgumentNullException.ThrowIfNull(coefficients);
        ArgumentNullException.ThrowIfNull(names);
        double[] lambdas = [.. strengths];
        if (coefficients.GetLength(0) != lambdas.Length || coefficients.GetLength(1) != names.Count)
            throw new ArgumentException($"There must be a row of coefficients for each strength and a column for each name, but there are {lambdas.Length} strengths, {names.Count} names and {coefficients.GetLength(0)} x {coefficients.GetLength(1)} coefficients.", nameof(coefficients));
        if (lambdas.Any(lambda => lambda <= 0))
            throw new ArgumentException("Strengths stand on a logarithmic axis, so each is above 0.", nameof(strengths));
        var figure = Figure.Empty();
        for (int feature = 0; feature < names.Count; feature++)
        {
            IEnumerable<double> course = Enumerable.Range(0, lambdas.Length).Select(i => coefficients[i, feature]);
            figure = figure.Add(Figure.Line(lambdas, course, names[feature])
                .SetTrace(0, "line", Line(Palette.Class(feature), 2.5, Palette.Dash(feature))));
        }
        figure = figure.Title("Regularization paths").XAxis("strength λ", logarithmic: true).YAxis("coefficient")
            .Legend(LegendPosition.Top).Set("showlegend", true);
        return chosen is double lambda ? figure.VerticalLine(lambda, "chosen") : figure;
    }

    /// <summary>
    /// The loss around where training ended, along two random directions in weight space, in which every filter's part is as
    /// long as the filter itself (Li et al. 2018): without that, large weights make every landscape look flat.
    /// </summary>
    /// <param name="model">A trained model. Its parameters are as before afterwards.</param>
    /// <param name="loss">Computes the loss, a single number, the same at every call.</param>
    /// <param name="generator">Draws the directions; seeded, so that the picture stays.</param>
    /// <param name="reach">How far to go: 1 is as far as the weights are long.</param>
    /// <param name="resolution">How many points along each direction; the loss is computed as often as its square.</param>
    /// <param name="surface">True draws a landscape, false lines of equal loss.</param>
    /// <example><code>TeachingFigures.LossLandscape(model, () => new MSELoss().Forward(model.Forward(x), y), new Generator(1))</code></example>
    public static Figure LossLandscape(Module model, Func<Tensor> loss, Generator generator, double reach = 1, int resolution = 25, bool surface = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(generator);
        double[] centre = ParameterVector.Of(model).ToDoubleArray();
        double[] first = FilterNormalizedDirection(model, generator), second = FilterNormalizedDirection(model, generator);
        double[] steps = Sampling.Steps((-reach, reach), resolution);
        double[,] losses;
        try
        {
            losses = Sampling.Values((a, b) =>
            {
                using var noGrad = new NoGrad();
                using var scope = new TensorScope();
                ParameterVector.Set(model, Tensor.From([.. centre.Select((value, i) => value + (a * first[i]) + (b * second[i]))]));
                return loss().Item();
            }, steps, steps);
        }
        finally
        {
            ParameterVector.Set(model, Tensor.From(centre));
        }
        const string caveat = "a slice along two of very many directions: other slices look different";
        if (surface)
        {
            return Figure.Surface(losses, steps, steps, "loss")
                .Title("Loss landscape around the trained weights", caveat).XAxis("direction 1").YAxis("direction 2").ZAxis("loss").Legend(LegendPosition.Hidden);
        }
        return Figure.Contour(losses, steps, steps, "loss")
            .SetTrace(0, "colorscale", Palette.Ground()).SetTrace(0, "ncontours", 20)
            .SetTrace(0, "line", new JsonObject { ["width"] = 0.8, ["color"] = "rgba(70,85,100,0.55)" })
            .SetTrace(0, "hovertemplate", "direction 1 %{x:.3g}, direction 2 %{y:.3g}<br>loss %{z:.4g}<extra></extra>")
            .Add(Figure.Scatter([0.0], [0.0], hover: ["where training ended"]).SetTrace(0, "marker", Marker("star", 16, Palette.Class(1))))
            .Title("Loss landscape around the trained weights", caveat).XAxis("direction 1").YAxis("direction 2")
            .EqualAxes().Size(null, 480).Legend(LegendPosition.Hidden);
    }

    private const double GapWithLabels = 86;

    private static double[] FilterNormalizedDirection(Module model, Generator generator)
    {
        var direction = new List<double>();
        foreach (Tensor parameter in model.Parameters())
        {
            double[] values = parameter.ToDoubleArray();
            // Biases and the weights of normalizations stay where they are, as in the paper.
            if (parameter.Shape.Rank < 2)
            {
                direction.AddRange(new double[values.Length]);
                continue;
            }
            double[] drawn = Tensor.Normal(parameter.Shape, generator: generator, device: Device.Reference).ToDoubleArray();
            int length = values.Length / parameter.Shape[0];
            for (int filter = 0; filter < parameter.Shape[0]; filter++)
            {
                double own = Norm(values.AsSpan(filter * length, length)), random = Norm(drawn.AsSpan(filter * length, length));
                for (int i = filter * length; i < (filter + 1) * length; i++)
                    direction.Add(random == 0 ? 0 : drawn[i] * own / random);
            }
        }
        return [.. direction];

        static double Norm(ReadOnlySpan<double> values)
        {
            double sum = 0;
            foreach (double value in values)
                sum += value * value;
            return Math.Sqrt(sum);
        }
    }
}
