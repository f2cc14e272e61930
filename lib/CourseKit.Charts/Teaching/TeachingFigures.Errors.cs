using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const int MostFrames = 60;

    /// <summary>The error as a landscape over two weights, with the way that a descent took through it.</summary>
    /// <param name="error">The error at two weights.</param>
    /// <param name="w1">The range of the first weight.</param>
    /// <param name="w2">The range of the second weight.</param>
    /// <param name="path">The weights after each step, the start first.</param>
    /// <param name="resolution">How many points along each weight.</param>
    public static Figure ErrorSurface(
        Func<double, double, double> error,
        (double From, double To) w1,
        (double From, double To) w2,
        IEnumerable<(double W1, double W2)>? path = null,
        int resolution = 60)
    {
        ArgumentNullException.ThrowIfNull(error);
        Figure figure = Figure.Surface(error, w1, w2, resolution, "error").SetTrace(0, "opacity", 0.95);
        if (path is not null)
        {
            (double W1, double W2)[] steps = [.. path];
            // Without a light of its own the way would vanish in the surface where it is steep, so it lies a little above.
            double lift = 0.02 * Height(figure);
            figure = figure.Add(Figure.Line3d(
                steps.Select(step => step.W1),
                steps.Select(step => step.W2),
                steps.Select(step => error(step.W1, step.W2) + lift),
                "descent"));
        }
        return figure.Title("Error surface").XAxis("w₁").YAxis("w₂").ZAxis("error").Legend(LegendPosition.Hidden);
    }

    /// <summary>Lines of equal error over two weights, with the ways that one or several descents took.</summary>
    /// <param name="error">The error at two weights.</param>
    /// <param name="w1">The range of the first weight.</param>
    /// <param name="w2">The range of the second weight.</param>
    /// <param name="paths">For each descent its name and the weights after each step, the start first.</param>
    /// <param name="logarithmic">True draws lines of the error's power of ten, for valleys that are very flat at the bottom.</param>
    /// <param name="resolution">How many points along each weight.</param>
    public static Figure ErrorContour(
        Func<double, double, double> error,
        (double From, double To) w1,
        (double From, double To) w2,
        IEnumerable<(string Name, IEnumerable<(double W1, double W2)> Steps)>? paths = null,
        bool logarithmic = false,
        int resolution = 80)
    {
        ArgumentNullException.ThrowIfNull(error);
        Figure ground = ContourGround(error, w1, w2, logarithmic, resolution).Title("Lines of equal error");
        return WithPaths(ground, Walk.All(paths), int.MaxValue);
    }

    /// <summary>The same as <see cref="ErrorContour"/>, with the descents running together, step by step, under a slider.</summary>
    /// <param name="error">The error at two weights.</param>
    /// <param name="w1">The range of the first weight.</param>
    /// <param name="w2">The range of the second weight.</param>
    /// <param name="paths">For each descent its name and the weights after each step, the start first.</param>
    /// <param name="logarithmic">True draws lines of the error's power of ten, for valleys that are very flat at the bottom.</param>
    /// <param name="resolution">How many points along each weight.</param>
    public static Figure ErrorContourOverSteps(
        Func<double, double, double> error,
        (double From, double To) w1,
        (double From, double To) w2,
        IEnumerable<(string Name, IEnumerable<(double W1, double W2)> Steps)> paths,
        bool logarithmic = false,
        int resolution = 80)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(paths);
        Walk[] walks = Walk.All(paths);
        if (walks.Length == 0)
            throw new ArgumentException("An animated descent needs at least one path, such as (\"gradient descent\", steps).", nameof(paths));
        Figure ground = ContourGround(error, w1, w2, logarithmic, resolution).Title("Descent step by step");
        int last = walks.Max(walk => walk.Steps.Length) - 1;
        return Figure.Animate(
            Shown(last, MostFrames).Select(step => (step.ToString(CultureInfo.InvariantCulture), WithPaths(ground, walks, step))), "step ");
    }

    private static Figure ContourGround(Func<double, double, double> error, (double From, double To) w1, (double From, double To) w2, bool logarithmic, int resolution)
    {
        Func<double, double, double> shown = logarithmic ? (a, b) => Math.Log10(Math.Max(error(a, b), 1e-12)) : error;
        return Figure.Contour(shown, w1, w2, resolution, logarithmic ? "log₁₀ of the error" : "error")
            .SetTrace(0, "colorscale", Palette.Ground())
            .SetTrace(0, "ncontours", 20)
            .SetTrace(0, "showlegend", false)
            .SetTrace(0, "line", new JsonObject { ["width"] = 0.8, ["color"] = "rgba(70,85,100,0.55)" })
            .SetTrace(0, "hovertemplate", "w₁ %{x:.3g}, w₂ %{y:.3g}<br>%{z:.4g}<extra></extra>")
            .XAxis("w₁", w1).YAxis("w₂", w2);
    }

    private static Figure WithPaths(Figure ground, Walk[] walks, int until)
    {
        for (int i = 0; i < walks.Length; i++)
        {
            (double W1, double W2)[] done = [.. walks[i].Steps.Take(until == int.MaxValue ? until : until + 1)];
            string colour = PathColour(i);
            // A few steps are marked one by one; many would run together.
            string mode = walks[i].Steps.Length <= 40 ? "lines+markers" : "lines";
            ground = ground
                .Add(Figure.Line(done.Select(step => step.W1), done.Select(step => step.W2), walks[i].Name)
                    .SetTrace(0, "mode", mode)
                    .SetTrace(0, "showlegend", true)
                    .SetTrace(0, "line", new JsonObject { ["color"] = colour, ["width"] = 2.5, ["dash"] = Palette.Dash(i) })
                    .SetTrace(0, "marker", new JsonObject { ["size"] = 6, ["symbol"] = Palette.Symbol(i), ["color"] = colour }))
                .Add(Ends(done, walks[i].Name, Palette.Symbol(i), colour));
        }
        return walks.Length > 0 ? ground.Legend(LegendPosition.Top) : ground;
    }

    private static double Height(Figure surface)
    {
        double[] heights = [.. surface.Data[0]!["z"]!.AsArray().SelectMany(row => row!.AsArray()).Select(node => node.AsNumber()).OfType<double>()];
        return heights.Length == 0 ? 0 : heights.Max() - heights.Min();
    }

    /// <summary>The class colours, those that stand out most from the blue-grey ground first.</summary>
    private static string PathColour(int path) => Palette.Class(path == 0 ? 1 : path == 1 ? 0 : path);

    /// <summary>A small mark at the start and a large one at the end: the way has a direction in a still picture, too.</summary>
    private static Figure Ends((double W1, double W2)[] steps, string name, string symbol, string colour)
    {
        (double W1, double W2)[] ends = steps.Length == 0 ? [] : [steps[0], steps[^1]];
        return Figure.Scatter(ends.Select(end => end.W1), ends.Select(end => end.W2), name)
            .SetTrace(0, "showlegend", false)
            .SetTrace(0, "hoverinfo", "skip")
            .SetTrace(0, "marker", new JsonObject
            {
                ["size"] = new JsonArray(9, 14),
                ["opacity"] = 1,
                ["symbol"] = symbol,
                ["color"] = colour,
                ["line"] = new JsonObject { ["color"] = "#FFFFFF", ["width"] = 1.5 },
            });
    }

    private sealed record Walk(string Name, (double W1, double W2)[] Steps)
    {
        public static Walk[] All(IEnumerable<(string Name, IEnumerable<(double W1, double W2)> Steps)>? paths) =>
            paths is null ? [] : [.. paths.Select(path => new Walk(path.Name, [.. path.Steps]))];
    }
}
