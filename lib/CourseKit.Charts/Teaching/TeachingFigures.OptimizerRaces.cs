using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const int RaceFrames = 40;

    /// <summary>
    /// Several optimizers on one error surface, step by step under a slider: their ways over lines of equal error, and
    /// beside them how the error of each falls.
    /// </summary>
    /// <param name="error">The error at two weights.</param>
    /// <param name="w1">The range of the first weight.</param>
    /// <param name="w2">The range of the second weight.</param>
    /// <param name="paths">For each optimizer its name and the weights after each step, the start first.</param>
    /// <param name="logarithmic">True draws lines of the error's power of ten, and the errors on a logarithmic axis.</param>
    /// <example><code>TeachingFigures.OptimizerRace((a, b) => a * a + 10 * b * b, (-2, 2), (-2, 2), [("SGD", sgdSteps), ("momentum", momentumSteps)])</code></example>
    public static Figure OptimizerRace(
        Func<double, double, double> error,
        (double From, double To) w1,
        (double From, double To) w2,
        IEnumerable<(string Name, IEnumerable<(double W1, double W2)> Steps)> paths,
        bool logarithmic = false)
    {
        ArgumentNullException.ThrowIfNull(error);
        Walk[] walks = Racers(paths);
        Figure ground = ContourGround(error, w1, w2, logarithmic, resolution: 60);
        double[][] errors = [.. walks.Select(walk => walk.Steps.Select(step => error(step.W1, step.W2)).ToArray())];
        int last = errors.Max(values => values.Length) - 1;
        (double low, double high) = Sampling.Around(errors.SelectMany(values => values.Select(value => logarithmic && value <= 0 ? double.NaN : value)).Where(value => Math.Abs(value) < 1e6), 0.04);
        if (logarithmic)
            low = errors.SelectMany(values => values).Where(value => value > 1e-12).DefaultIfEmpty(1e-3).Min() / 2;
        return Figure.Animate(
            Shown(last, RaceFrames).Select(step => (step.ToString(CultureInfo.InvariantCulture), Figure.Grid(1, 2,
            [
                WithPaths(ground, walks, step).Title("the way"),
                Errors(step).Title("the error").XAxis("step", (0, Math.Max(1, last))).YAxis("error", (low, high), logarithmic),
            ]).Title("Optimizers on one surface").Legend(LegendPosition.Top))), "step ");

        Figure Errors(int until)
        {
            var figure = Figure.Empty();
            for (int i = 0; i < walks.Length; i++)
            {
                double[] done = [.. errors[i].Take(until + 1)];
                figure = figure
                    .Add(Figure.Line(Enumerable.Range(0, errors[i].Length), errors[i])
                        .SetTrace(0, "line", Line(Palette.Faint(PathColour(i), 0.25), 1)).SetTrace(0, "hoverinfo", "skip"))
                    .Add(Figure.Line(Enumerable.Range(0, done.Length), done, walks[i].Name)
                        .SetTrace(0, "line", Line(PathColour(i), 2.5, Palette.Dash(i))));
            }
            return figure;
        }
    }

    /// <summary>The same race in three dimensions, on the surface itself; drag it to look from another side.</summary>
    /// <param name="error">The error at two weights.</param>
    /// <param name="w1">The range of the first weight.</param>
    /// <param name="w2">The range of the second weight.</param>
    /// <param name="paths">For each optimizer its name and the weights after each step, the start first.</param>
    /// <param name="resolution">How many points of the surface along each weight.</param>
    public static Figure OptimizerRace3d(
        Func<double, double, double> error,
        (double From, double To) w1,
        (double From, double To) w2,
        IEnumerable<(string Name, IEnumerable<(double W1, double W2)> Steps)> paths,
        int resolution = 50)
    {
        ArgumentNullException.ThrowIfNull(error);
        Walk[] walks = Racers(paths);
        Figure ground = Figure.Surface(error, w1, w2, resolution, "error")
            .SetTrace(0, "colorscale", Palette.Ground()).SetTrace(0, "showscale", false).SetTrace(0, "showlegend", false)
            .XAxis("w₁", w1).YAxis("w₂", w2).ZAxis("error");
        // A way within the surface would flicker with it.
        double lift = 0.02 * Height(ground);
        int last = walks.Max(walk => walk.Steps.Length) - 1;
        return Figure.Animate(Shown(last, RaceFrames).Select(step => (step.ToString(CultureInfo.InvariantCulture), At(step))), "step ");

        Figure At(int until)
        {
            Figure figure = ground;
            for (int i = 0; i < walks.Length; i++)
            {
                (double W1, double W2)[] done = [.. walks[i].Steps.Take(until + 1).Where(step => Inside(step.W1, w1) && Inside(step.W2, w2))];
                figure = figure.Add(Figure.Line3d(done.Select(step => step.W1), done.Select(step => step.W2), done.Select(step => error(step.W1, step.W2) + lift), walks[i].Name)
                    .SetTrace(0, "line.color", PathColour(i))
                    .SetTrace(0, "marker.color", PathColour(i))
                    .SetTrace(0, "marker.size", PlotlyJson.Numbers(Enumerable.Range(0, done.Length).Select(k => k == done.Length - 1 ? 7 : k == 0 ? 4 : 0))));
            }
            return figure.Title("Optimizers on one surface").Legend(LegendPosition.Top);
        }

        static bool Inside(double value, (double From, double To) range) => value >= range.From && value <= range.To;
    }

    private static Walk[] Racers(IEnumerable<(string Name, IEnumerable<(double W1, double W2)> Steps)> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Walk[] walks = Walk.All(paths);
        return walks.Length > 0 && walks.All(walk => walk.Steps.Length > 0) ? walks
            : throw new ArgumentException("A race needs at least one optimizer, each with its steps, such as (\"SGD\", [(2.0, 1.0), (1.8, 0.2)]).", nameof(paths));
    }

    /// <summary>At most so many steps, evenly spread, the first and the last among them: thousands would make a page of many megabytes.</summary>
    private static IEnumerable<int> Shown(int last, int most)
    {
        int frames = Math.Min(last + 1, most);
        return Enumerable.Range(0, frames).Select(i => frames == 1 ? 0 : (int)Math.Round((double)i * last / (frames - 1))).Distinct();
    }
}
