using System.Globalization;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    // Drawn several times a second: fewer points than a still picture has.
    private const int WatchedResolution = 50;

    /// <summary>A training of a classifier of two classes as far as it has come: the losses and, beside them, the decision boundary. <see cref="LiveDisplay.WithBoundary"/> draws it while training goes on.</summary>
    /// <param name="history">The losses so far.</param>
    /// <param name="model">The model as it is now: see <see cref="DecisionBoundary(Module, TensorDataset, IReadOnlyList{string}?, string, string, double)"/>.</param>
    /// <param name="points">The points shown, N x 2, of the classes 0 and 1.</param>
    /// <param name="classNames">The classes' names, the first for class 0.</param>
    /// <param name="x1Name">The first axis, with its unit.</param>
    /// <param name="x2Name">The second axis, with its unit.</param>
    /// <param name="measure">What the losses are, with their unit.</param>
    /// <exception cref="ArgumentException">The points are not N x 2, their classes not 0 and 1, or the model does not give one output for each.</exception>
    public static Figure TrainingWithBoundary(
        TrainingHistory history,
        Module model,
        TensorDataset points,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂",
        string measure = "loss")
    {
        ArgumentNullException.ThrowIfNull(history);
        var (labelled, plane) = InPlane(model, points, classNames, LabelledPoints.DefaultMargin);
        string now = history.Epochs == 0 ? "before the first epoch" : string.Create(CultureInfo.InvariantCulture, $"epoch {history.Epochs}, {measure} {history.Loss[^1]:G4}");
        if (history.ValidationLoss.Count > 0)
            now += string.Create(CultureInfo.InvariantCulture, $", validation {history.ValidationLoss[^1]:G4}");
        if (history.StopReason is not null)
            now += $" ({history.StopReason})";
        return Figure.Grid(1, 2,
        [
            TrainingCurves(history, measure: measure),
            Boundary(labelled, plane.Probabilities, WatchedResolution, x1Name, x2Name).Title("Decision boundary"),
        ]).Title("Training", now).Legend(LegendPosition.Top);
    }

    /// <summary>Where a model decides for which of two classes; all points of the picture are asked for at once.</summary>
    /// <param name="model">Takes N x 2 and gives N x 1: the probability of class 1 where its last module is a <see cref="Sigmoid"/>, and else the logit. It is asked as in use (<see cref="Module.Eval"/>) and left as it was.</param>
    /// <param name="points">The points shown, N x 2, of the classes 0 and 1.</param>
    /// <param name="classNames">The classes' names, the first for class 0.</param>
    /// <param name="x1Name">The first axis, with its unit.</param>
    /// <param name="x2Name">The second axis, with its unit.</param>
    /// <param name="margin">The room around the points, as a share of their range.</param>
    /// <exception cref="ArgumentException">The points are not N x 2, their classes not 0 and 1, or the model does not give one output for each.</exception>
    /// <example><code>TeachingFigures.DecisionBoundary(model, Synthetic.Moons(160))</code></example>
    public static Figure DecisionBoundary(
        Module model,
        TensorDataset points,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂",
        double margin = LabelledPoints.DefaultMargin)
    {
        var (labelled, plane) = InPlane(model, points, classNames, margin);
        return Boundary(labelled, plane.Probabilities, StillResolution, x1Name, x2Name).Title("Decision boundary");
    }

    private static (LabelledPoints Labelled, PlaneModel Plane) InPlane(Module model, TensorDataset points, IReadOnlyList<string>? classNames, double margin)
    {
        var plane = new PlaneModel(model, points);
        double[] places = points.Inputs.ToDoubleArray(); // x1, x2, x1, x2, ...
        int[] labels = PlaneModel.Labels(points);
        return (new LabelledPoints(places.Where((_, i) => i % 2 == 0), places.Where((_, i) => i % 2 == 1), labels, classNames, margin), plane);
    }
}
