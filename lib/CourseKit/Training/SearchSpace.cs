using System.Globalization;

namespace CourseKit;

/// <summary>What a search may choose: named hyperparameters, each with the values it can have. Made by chaining.</summary>
/// <example><code>
/// var space = new SearchSpace()
///     .LogUniform("rate", 1e-4, 1)
///     .Integer("units", 4, 64)
///     .Choice("activation", "relu", "tanh");
/// </code></example>
public sealed class SearchSpace
{
    private readonly List<Dimension> dimensions = [];

    /// <summary>The names, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. dimensions.Select(dimension => dimension.Name)];

    /// <summary>A number whose order of magnitude is unknown, such as a learning rate: its logarithm is drawn evenly.</summary>
    /// <exception cref="ArgumentException">The name is taken, or not 0 &lt; low &lt; high.</exception>
    public SearchSpace LogUniform(string name, double low, double high)
    {
        SearchCheck.Range(name, low, high, low > 0, "above 0, since its logarithm is drawn");
        return Add(new Dimension(name,
            generator => low * Math.Pow(high / low, generator.Uniform()),
            points => [.. Spaced(points).Select(share => (object)(share == 1 ? high : low * Math.Pow(high / low, share)))]));
    }

    /// <summary>A number drawn evenly.</summary>
    /// <exception cref="ArgumentException">The name is taken, or not low &lt; high.</exception>
    public SearchSpace Uniform(string name, double low, double high)
    {
        SearchCheck.Range(name, low, high, true, "");
        return Add(new Dimension(name,
            generator => low + (high - low) * generator.Uniform(),
            points => [.. Spaced(points).Select(share => (object)(share == 1 ? high : low + (high - low) * share))]));
    }

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included, each equally likely.</summary>
    /// <exception cref="ArgumentException">The name is taken, or low is above high.</exception>
    public SearchSpace Integer(string name, int low, int high)
    {
        SearchCheck.Integers(name, low, high);
        var count = high - low + 1;
        return Add(new Dimension(name,
            generator => low + generator.NextInt(count),
            points => count <= points
                ? [.. Enumerable.Range(low, count).Select(value => (object)value)]
                : [.. Spaced(points).Select(share => (object)(low + (int)Math.Round(share * (high - low)))).Distinct()]));
    }

    /// <summary>One of some values, each equally likely.</summary>
    /// <exception cref="ArgumentException">The name is taken, or there is no value.</exception>
    public SearchSpace Choice<T>(string name, params T[] values) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(values);
        SearchCheck.SomeChoice(name, values.Length);
        T[] kept = [.. values];
        return Add(new Dimension(name, generator => kept[generator.NextInt(kept.Length)], _ => [.. kept.Select(value => (object)value)]));
    }

    /// <summary>One value for each name, drawn.</summary>
    internal IReadOnlyDictionary<string, object> Draw(Generator generator)
    {
        SearchCheck.SomeDimension(dimensions.Count);
        return Values(dimensions.Select(dimension => dimension.Draw(generator)));
    }

    /// <summary>Every combination, the last name varying fastest; of a range the given number of evenly spaced points, its ends among them.</summary>
    internal IEnumerable<IReadOnlyDictionary<string, object>> Grid(int points)
    {
        SearchCheck.SomeDimension(dimensions.Count);
        SearchCheck.Points(points);
        IEnumerable<IReadOnlyList<object>> combinations = [[]];
        foreach (var dimension in dimensions)
        {
            var values = dimension.Points(points);
            combinations = combinations.SelectMany(_ => values, (start, value) => (IReadOnlyList<object>)[.. start, value]);
        }
        return combinations.Select(Values);
    }

    private Dictionary<string, object> Values(IEnumerable<object> values)
        => dimensions.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second);

    private SearchSpace Add(Dimension dimension)
    {
        SearchCheck.NewName(dimension.Name, Names);
        dimensions.Add(dimension);
        return this;
    }

    /// <summary>Shares of a range from 0 to 1; a single one is the middle.</summary>
    private static IEnumerable<double> Spaced(int points)
        => points == 1 ? [0.5] : Enumerable.Range(0, points).Select(i => (double)i / (points - 1));

    /// <summary>One hyperparameter: a way to draw it, and its points on a grid.</summary>
    private sealed record Dimension(string Name, Func<Generator, object> Draw, Func<int, IReadOnlyList<object>> Points);
}

/// <summary>One combination of hyperparameters to try, with randomness of its own.</summary>
public sealed class Trial
{
    internal Trial(int index, ulong seed, IReadOnlyDictionary<string, object> parameters)
        => (Index, Seed, Parameters, Generator) = (index, seed, parameters, new Generator(seed));

    /// <summary>The number of the trial, from 0.</summary>
    public int Index { get; }

    /// <summary>This trial's seed: a function of the search's seed and <see cref="Index"/> alone, so a trial can be repeated by itself.</summary>
    public ulong Seed { get; }

    /// <summary>A generator at the beginning of <see cref="Seed"/>: for weights, shuffling, dropout.</summary>
    public Generator Generator { get; }

    /// <summary>The values to try, by name.</summary>
    public IReadOnlyDictionary<string, object> Parameters { get; }

    /// <summary>The value of a name: <c>trial.Value&lt;string&gt;("activation")</c>.</summary>
    /// <exception cref="KeyNotFoundException">The space has no such name; the message lists those there are.</exception>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    public T Value<T>(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        SearchCheck.KnownName(name, Parameters.Keys);
        return SearchCheck.OfType<T>(name, Parameters[name]);
    }

    /// <summary>The value of a name as a number.</summary>
    /// <inheritdoc cref="Value{T}(string)"/>
    public double Number(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        SearchCheck.KnownName(name, Parameters.Keys);
        return Parameters[name] is int or long or float or double ? Convert.ToDouble(Parameters[name], CultureInfo.InvariantCulture) : Value<double>(name);
    }

    /// <summary>The value of a name as a whole number.</summary>
    /// <inheritdoc cref="Value{T}(string)"/>
    public int Integer(string name) => Value<int>(name);
}
