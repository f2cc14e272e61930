using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const int StillResolution = 70;
    private const int MovingResolution = 45;

    /// <summary>Points of classes in the plane: a colour and a symbol for each class.</summary>
    /// <param name="x1">The first feature.</param>
    /// <param name="x2">The second feature.</param>
    /// <param name="labels">The classes, counted from 0.</param>
    /// <param name="classNames">The classes' names, the first for label 0.</param>
    /// <param name="x1Name">The first axis, with its unit.</param>
    /// <param name="x2Name">The second axis, with its unit.</param>
    public static Figure ClassScatter(
        IEnumerable<double> x1,
        IEnumerable<double> x2,
        IEnumerable<int> labels,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂")
    {
        var points = new LabelledPoints(x1, x2, labels, classNames);
        return points.Over(Figure.Empty()).Title("Data by class").XAxis(x1Name, points.Range1).YAxis(x2Name, points.Range2);
    }

    /// <summary>
    /// Where a classifier of two classes decides for which: its probability as the ground, the line where it is 0.5,
    /// and the points on top.
    /// </summary>
    /// <param name="x1">The first feature.</param>
    /// <param name="x2">The second feature.</param>
    /// <param name="labels">The classes, 0 or 1.</param>
    /// <param name="probability">The probability of class 1 at a point (x1, x2), from 0 to 1.</param>
    /// <param name="classNames">The classes' names, the first for label 0.</param>
    /// <param name="x1Name">The first axis, with its unit.</param>
    /// <param name="x2Name">The second axis, with its unit.</param>
    /// <param name="margin">The room around the points, as a share of their range: more of it shows a boundary that passes far off.</param>
    public static Figure DecisionBoundary(
        IEnumerable<double> x1,
        IEnumerable<double> x2,
        IEnumerable<int> labels,
        Func<double, double, double> probability,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂",
        double margin = LabelledPoints.DefaultMargin)
    {
        ArgumentNullException.ThrowIfNull(probability);
        var points = new LabelledPoints(x1, x2, labels, classNames, margin);
        return Boundary(points, probability, StillResolution, x1Name, x2Name).Title("Decision boundary");
    }

    /// <summary>
    /// How the decision boundary of a classifier of two classes moves while it learns, with a slider over the epochs.
    /// Each model is asked before the next one is taken, so that one model may be trained on between them.
    /// </summary>
    /// <param name="x1">The first feature.</param>
    /// <param name="x2">The second feature.</param>
    /// <param name="labels">The classes, 0 or 1.</param>
    /// <param name="models">For each epoch shown, the probability of class 1 at a point (x1, x2).</param>
    /// <param name="classNames">The classes' names, the first for label 0.</param>
    /// <param name="x1Name">The first axis, with its unit.</param>
    /// <param name="x2Name">The second axis, with its unit.</param>
    /// <param name="step">What the slider counts: a picture for each mistake or each batch is of use, too.</param>
    /// <param name="margin">The room around the points, as a share of their range: more of it shows a boundary that passes far off.</param>
    public static Figure DecisionBoundaryOverEpochs(
        IEnumerable<double> x1,
        IEnumerable<double> x2,
        IEnumerable<int> labels,
        IEnumerable<(int Epoch, Func<double, double, double> Model)> models,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂",
        string step = "epoch",
        double margin = LabelledPoints.DefaultMargin)
    {
        ArgumentNullException.ThrowIfNull(models);
        var points = new LabelledPoints(x1, x2, labels, classNames, margin);
        return Figure.Animate(
            models.Select(shown => (
                shown.Epoch.ToString(CultureInfo.InvariantCulture),
                Boundary(points, shown.Model, MovingResolution, x1Name, x2Name).Title("Decision boundary over training"))),
            $"{step} ");
    }

    /// <summary>
    /// The straight boundary of a linear classifier, w1 x1 + w2 x2 + bias = 0, with the side on which the sum is
    /// positive, class 1, shaded.
    /// </summary>
    /// <param name="x1">The first feature.</param>
    /// <param name="x2">The second feature.</param>
    /// <param name="labels">The classes, 0 or 1.</param>
    /// <param name="w1">The weight of the first feature.</param>
    /// <param name="w2">The weight of the second feature.</param>
    /// <param name="bias">The bias.</param>
    /// <param name="classNames">The classes' names, the first for label 0.</param>
    /// <param name="x1Name">The first axis, with its unit.</param>
    /// <param name="x2Name">The second axis, with its unit.</param>
    /// <param name="margin">The room around the points, as a share of their range: more of it shows a boundary that passes far off.</param>
    public static Figure LinearBoundary(
        IEnumerable<double> x1,
        IEnumerable<double> x2,
        IEnumerable<int> labels,
        double w1,
        double w2,
        double bias,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂",
        double margin = LabelledPoints.DefaultMargin)
    {
        var points = new LabelledPoints(x1, x2, labels, classNames, margin);
        return LinearBoundary(points, w1, w2, bias).Title("Linear boundary").XAxis(x1Name, points.Range1).YAxis(x2Name, points.Range2);
    }

    /// <summary>
    /// How the straight boundary of a linear classifier, w1 x1 + w2 x2 + bias = 0, moves while it learns. The side on
    /// which the sum is positive, class 1, is shaded.
    /// </summary>
    /// <param name="x1">The first feature.</param>
    /// <param name="x2">The second feature.</param>
    /// <param name="labels">The classes, 0 or 1.</param>
    /// <param name="boundaries">For each epoch shown, the two weights and the bias.</param>
    /// <param name="classNames">The classes' names, the first for label 0.</param>
    /// <param name="x1Name">The first axis, with its unit.</param>
    /// <param name="x2Name">The second axis, with its unit.</param>
    /// <param name="step">What the slider counts: a picture for each mistake or each batch is of use, too.</param>
    /// <param name="margin">The room around the points, as a share of their range: more of it shows a boundary that passes far off.</param>
    public static Figure LinearBoundaryOverEpochs(
        IEnumerable<double> x1,
        IEnumerable<double> x2,
        IEnumerable<int> labels,
        IEnumerable<(int Epoch, double W1, double W2, double Bias)> boundaries,
        IReadOnlyList<string>? classNames = null,
        string x1Name = "x₁",
        string x2Name = "x₂",
        string step = "epoch",
        double margin = LabelledPoints.DefaultMargin)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        var points = new LabelledPoints(x1, x2, labels, classNames, margin);
        return Figure.Animate(
            boundaries.Select(shown => (
                shown.Epoch.ToString(CultureInfo.InvariantCulture),
                LinearBoundary(points, shown.W1, shown.W2, shown.Bias)
                    .Title("Linear boundary over training").XAxis(x1Name, points.Range1).YAxis(x2Name, points.Range2))),
            $"{step} ");
    }

    private static Figure Boundary(LabelledPoints points, Func<double, double, double> probability, int resolution, string x1Name, string x2Name) =>
        Boundary(points, (xs, ys) => Sampling.Values(probability, xs, ys), resolution, x1Name, x2Name);

    private static Figure Boundary(LabelledPoints points, Func<double[], double[], double[,]> probabilities, int resolution, string x1Name, string x2Name)
    {
        double[] x = Sampling.Steps(points.Range1, resolution), y = Sampling.Steps(points.Range2, resolution);
        double[,] z = probabilities(x, y);
        // Three decimals are more than the eye can tell apart, and they keep animations small.
        foreach (ref double probability in MemoryMarshal.CreateSpan(ref z[0, 0], z.Length))
            probability = Math.Round(probability, 3);
        Figure ground = Figure.Contour(z, x, y, $"probability of {points.ClassName(1)}")
            .SetTrace(0, "colorscale", Palette.Probability())
            .SetTrace(0, "zmin", 0)
            .SetTrace(0, "zmax", 1)
            .SetTrace(0, "colorbar.tickvals", new JsonArray(0, 0.25, 0.5, 0.75, 1))
            .SetTrace(0, "showlegend", false)
            // One contour line only, the boundary; between the grid's points the colours run smoothly.
            .SetTrace(0, "contours", new JsonObject { ["coloring"] = "heatmap", ["start"] = 0.5, ["end"] = 0.5, ["size"] = 1 })
            .SetTrace(0, "line", new JsonObject { ["color"] = "#222222", ["width"] = 2.5 })
            .SetTrace(0, "hovertemplate", "%{x:.3g}, %{y:.3g}<br>probability %{z:.2f}<extra></extra>");
        return points.Over(ground).XAxis(x1Name, points.Range1).YAxis(x2Name, points.Range2);
    }

    private static Figure LinearBoundary(LabelledPoints points, double w1, double w2, double bias)
    {
        HalfPlane side = HalfPlane.In(points.Range1, points.Range2, w1, w2, bias);
        Figure shade = Figure.Line(side.Area.Select(corner => corner.X), side.Area.Select(corner => corner.Y), $"decided: {points.ClassName(1)}")
            .SetTrace(0, "fill", "toself")
            .SetTrace(0, "fillcolor", "rgba(213,94,0,0.16)")
            .SetTrace(0, "line.width", 0)
            .SetTrace(0, "hoverinfo", "skip");
        Figure line = Figure.Line(side.Boundary.Select(end => end.X), side.Boundary.Select(end => end.Y), "boundary")
            .SetTrace(0, "line", new JsonObject { ["color"] = "#8C8C8C", ["width"] = 3 });
        return points.Over(shade.Add(line));
    }
}
