namespace CourseKit.Charts;

public static partial class TeachingFigures
{
    private const int FunctionPoints = 401;

    /// <summary>Plots functions of one number, such as activations with their derivatives.</summary>
    /// <param name="from">Where the x axis begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="functions">A name and the function; where its value is not finite, the line has a gap.</param>
    /// <example><code>TeachingFigures.Functions(-4, 4, ("tanh", Math.Tanh), ("its derivative", x => 1 - Math.Pow(Math.Tanh(x), 2)))</code></example>
    public static Figure Functions(double from, double to, params (string Name, Func<double, double> Function)[] functions)
    {
        ArgumentNullException.ThrowIfNull(functions);
        if (functions.Length == 0)
            throw new ArgumentException("A plot of functions needs at least one, such as (\"tanh\", Math.Tanh).", nameof(functions));
        double[] x = Sampling.Steps((from, to), FunctionPoints);
        Figure? figure = null;
        foreach ((string name, Func<double, double> function) in functions)
            figure = figure is null ? Figure.Line(x, x.Select(function), name) : figure.AddLine(x, x.Select(function), name);
        string title = functions.Length <= 3 ? string.Join(", ", functions.Select(function => function.Name)) : "Functions";
        return figure!.Title(title).XAxis("x").YAxis("f(x)").Set("showlegend", true).Legend(LegendPosition.Top);
    }
}
