namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private static readonly (string, Func<Tensor, Tensor>)[] UsualActivations =
    [
        ("step", z => z.Step()),
        ("sigmoid", z => z.Sigmoid()),
        ("tanh", z => z.Tanh()),
        ("ReLU", z => z.Relu()),
        ("leaky ReLU, slope 0.25", z => z.LeakyRelu(0.25)),
        ("softplus", z => z.Softplus()),
        ("GELU", z => z.Gelu()),
        ("SiLU", z => z.Silu()),
    ];

    private static readonly (string, Func<Tensor, Tensor>)[] UsualLosses =
    [
        ("squared error", e => e.Square()),
        ("absolute error", e => new L1Loss(Reduction.None).Forward(e, e * 0)),
        ("Huber, delta 1", e => new HuberLoss(1, Reduction.None).Forward(e, e * 0)),
        ("Tukey, c 2", e => new TukeyBiweightLoss(2, Reduction.None).Forward(e, e * 0)),
        ("quantile, tau 0.9", e => new QuantileLoss(0.9, Reduction.None).Forward(e, e * 0)),
        ("Barron, alpha −2", e => new BarronLoss(-2, 1, Reduction.None).Forward(e, e * 0)),
    ];

    /// <summary>Activation functions with their derivatives, one beside the other on the same axes; the usual ones by default.</summary>
    /// <param name="activations">For each its name and the function; its derivative comes from backpropagation.</param>
    /// <example><code>TeachingFigures.ActivationGallery(("tanh", z => z.Tanh()), ("swish", z => z.Swish(1.4)))</code></example>
    public static Figure ActivationGallery(params IReadOnlyList<(string Name, Func<Tensor, Tensor> Function)> activations)
    {
        ArgumentNullException.ThrowIfNull(activations);
        return DerivativeGallery(activations.Count == 0 ? UsualActivations : activations, (-4, 4), (-1.4, 3.2), "z", "Activation functions", 4);
    }

    /// <summary>Losses of an error e = prediction − target with their derivatives, one beside the other on the same axes; the usual ones of regression by default.</summary>
    /// <param name="losses">For each its name and the function of the error; its derivative comes from backpropagation.</param>
    /// <example><code>TeachingFigures.LossGallery(("squared error", e => e.Square()), ("Huber", e => new HuberLoss(1, Reduction.None).Forward(e, e * 0)))</code></example>
    public static Figure LossGallery(params IReadOnlyList<(string Name, Func<Tensor, Tensor> Loss)> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return DerivativeGallery(losses.Count == 0 ? UsualLosses : losses, (-4, 4), (-2.4, 5), "error", "Losses and their gradients", 3);
    }

    private static Figure DerivativeGallery(
        IReadOnlyList<(string Name, Func<Tensor, Tensor> Function)> functions,
        (double From, double To) x,
        (double From, double To) y,
        string xName,
        string title,
        int columns)
    {
        // An even number of points: kinks and jumps at 0 lie between two of them.
        double[] places = Sampling.Steps(x, 200);
        IEnumerable<Figure> cells = functions.Select(shown =>
        {
            (double[] values, double[] slopes) = WithDerivative(shown.Function, places);
            return Figure.Line(places, values, "value").SetTrace(0, "line", Line(Palette.Class(0), 3))
                .Add(Figure.Line(places, slopes, "derivative").SetTrace(0, "line", Line(Palette.Class(1), 2, "dash")))
                .Title(shown.Name).XAxis(xName, x).YAxis(range: y);
        });
        columns = Math.Min(columns, functions.Count);
        int rows = (functions.Count + columns - 1) / columns;
        return Figure.Grid(rows, columns, cells, 120 + (rows * 200) + ((rows - 1) * 86), 86, Math.Min(2, columns)).Title(title).Legend(LegendPosition.Top);
    }

    private static (double[] Values, double[] Slopes) WithDerivative(Func<Tensor, Tensor> function, double[] places)
    {
        using var scope = new TensorScope();
        Tensor z = Tensor.From(places, null, Device.Reference);
        z.RequiresGrad = true;
        Tensor values = function(z);
        if (values.Count != places.Length)
            throw new ArgumentException($"The function was asked for {places.Length} numbers and gave {values.Count}: it works number by number, so use Reduction.None in a loss.", nameof(function));
        if (!values.RequiresGrad)
            return (values.ToDoubleArray(), new double[places.Length]);
        values.Sum().Backward();
        return (values.ToDoubleArray(), z.Grad?.ToDoubleArray() ?? new double[places.Length]);
    }
}
