using System.Globalization;
using System.Numerics;
using System.Text;

namespace CourseKit.Charts;

/// <summary>
/// Figures that are computed once for every value of a parameter, or of two, and then looked through with sliders: in a
/// saved page, too, where nobody computes any more.
/// </summary>
public static class Explore
{
    /// <summary>The most a figure may take in a page, in bytes of JSON.</summary>
    public const int MaximumBytes = 2_000_000;

    /// <summary>One figure for each value, with a slider over them.</summary>
    /// <param name="values">The values, in the order of the slider.</param>
    /// <param name="figure">Draws the figure for a value; all draw the same traces in the same order.</param>
    /// <param name="name">What the parameter is called.</param>
    /// <exception cref="ArgumentException">There are no values, the figures do not draw the same traces, or they take more than <see cref="MaximumBytes"/>.</exception>
    /// <example><code>Explore.Over([0.01, 0.1, 1], rate => TeachingFigures.ErrorContour(Error, (-2, 2), (-2, 2), [("descent", Descend(rate))]), "learning rate")</code></example>
    public static Figure Over<T>(IEnumerable<T> values, Func<T, Figure> figure, string name = "value") where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(figure);
        T[] all = [.. values];
        if (all.Length == 0)
            throw new ArgumentException("There is nothing to explore: give at least one value.", nameof(values));
        return Checked(Figure.Animate(all.Select(value => (Label(value), figure(value))), $"{name} = "), $"{all.Length} values");
    }

    /// <summary>
    /// One figure for each pair of values, with a slider for each of the two parameters. Only traces change: title, notes and
    /// axes are the same for all pairs, and the sliders say which pair is shown.
    /// </summary>
    /// <param name="first">The values of the first parameter.</param>
    /// <param name="second">The values of the second parameter; fewer of them make a smoother page.</param>
    /// <param name="figure">Draws the figure for a pair; all draw the same traces in the same order.</param>
    /// <param name="firstName">What the first parameter is called.</param>
    /// <param name="secondName">What the second parameter is called.</param>
    /// <exception cref="ArgumentException">There are no values, the figures do not draw the same traces under the same title, or they take more than <see cref="MaximumBytes"/>.</exception>
    /// <example><code>Explore.Over(rates, momenta, (rate, momentum) => Path(rate, momentum), "learning rate", "momentum")</code></example>
    public static Figure Over<T1, T2>(IEnumerable<T1> first, IEnumerable<T2> second, Func<T1, T2, Figure> figure, string firstName = "first value", string secondName = "second value")
        where T1 : INumber<T1>
        where T2 : INumber<T2>
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(figure);
        T1[] firsts = [.. first];
        T2[] seconds = [.. second];
        if (firsts.Length == 0 || seconds.Length == 0)
            throw new ArgumentException("There is nothing to explore: give at least one value for each of the two parameters.", nameof(first));
        Figure[][] pictures = [.. firsts.Select(one => seconds.Select(other => figure(one, other)).ToArray())];
        Figure made = Figure.Explored(pictures, [.. firsts.Select(Label)], [.. seconds.Select(Label)], $"{firstName} = ", $"{secondName} = ");
        return Checked(made, $"{firsts.Length} × {seconds.Length} pairs");
    }

    private static string Label<T>(T value) where T : INumber<T> => value.ToString("G6", CultureInfo.InvariantCulture);

    private static Figure Checked(Figure figure, string count)
    {
        int bytes = Encoding.UTF8.GetByteCount(figure.ToJson());
        return bytes <= MaximumBytes ? figure : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"The figures for {count} take {bytes / 1e6:0.0} MB in the page, and at most {MaximumBytes / 1e6:0} MB are allowed: take fewer values, or fewer points in each figure."));
    }
}
