using System.Globalization;

namespace CourseKit.Charts;

/// <summary>A model of two inputs and one output, asked for the probability of class 1 all over the plane: for all points at once, as asking for thousands one by one takes a hundred times as long.</summary>
internal sealed class PlaneModel
{
    private readonly Module model;
    private readonly Device device;

    public PlaneModel(Module model, TensorDataset points)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(points);
        Shape shape = points.Inputs.Shape;
        if (shape.Rank != 2 || shape[1] != 2)
            throw new ArgumentException($"A decision boundary is drawn in the plane, over points of N x 2, but these are {shape}: choose two features, or project the points onto two directions.", nameof(points));
        this.model = model;
        device = model.Parameters() is [Tensor parameter, ..] ? parameter.Device : points.Inputs.Device;
    }

    /// <summary>The classes of the points, 0 or 1, from whole numbers or from targets.</summary>
    public static int[] Labels(TensorDataset points)
    {
        double[] labels = points.HasClasses ? [.. points.Classes.ToArray().Select(label => (double)label)] : points.Targets.ToDoubleArray();
        return Array.TrueForAll(labels, label => label is 0 or 1) ? [.. labels.Select(label => (int)label)]
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A decision boundary is drawn between the classes 0 and 1, but one of the points belongs to {labels.First(label => label is not (0 or 1)):0.###}: make two classes of them first."), nameof(points));
    }

    /// <summary>The probability at each crossing; the first index counts <paramref name="ys"/>, the second <paramref name="xs"/>.</summary>
    public double[,] Probabilities(double[] xs, double[] ys)
    {
        double[] places = [.. ys.SelectMany(y => xs.SelectMany(x => new[] { x, y }))];
        double[] answers = Answers(places, xs.Length * ys.Length);
        var probabilities = new double[ys.Length, xs.Length];
        Buffer.BlockCopy(answers, 0, probabilities, 0, answers.Length * sizeof(double));
        return probabilities;
    }

    private double[] Answers(double[] places, int count)
    {
        // Dropout and batch normalization behave as in use; a training that goes on finds its model as it was.
        bool wasTraining = model.IsTraining;
        model.Eval();
        try
        {
            using var noGrad = new NoGrad();
            using var scope = new TensorScope();
            Tensor output = model.Forward(Tensor.From(places, [count, 2]).To(device));
            if (output.Count != count)
                throw new ArgumentException($"A decision boundary needs one output for each point, the probability or the logit of class 1, but the model makes {output.Shape} of {count}x2: end it with a Linear(..., 1).");
            return (EndsInSigmoid(model) ? output : output.Sigmoid()).ToDoubleArray();
        }
        finally
        {
            model.Train(wasTraining);
        }
    }

    private static bool EndsInSigmoid(Module module) =>
        module is Sigmoid || (module is Sequential { Count: > 0 } chain && EndsInSigmoid(chain[chain.Count - 1]));
}
