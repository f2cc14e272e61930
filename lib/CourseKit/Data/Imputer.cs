namespace CourseKit;

/// <summary>What a missing number is replaced by.</summary>
public enum ImputerStrategy
{
    /// <summary>The median of the feature, which outliers do not move.</summary>
    Median,

    /// <summary>The mean of the feature.</summary>
    Mean,
}

/// <summary>Fills missing numbers (NaN) with the median or the mean of the same feature in the training part. What it learned from the test part would leak into training.</summary>
public sealed class Imputer
{
    private readonly double[] fill;

    private Imputer(double[] fill) => this.fill = fill;

    /// <summary>What each feature's missing numbers are replaced by.</summary>
    public IReadOnlyList<double> Fill => fill;

    /// <summary>Measures each feature of a matrix of examples x features, over the numbers that are there.</summary>
    /// <exception cref="ShapeException">Not a matrix.</exception>
    /// <exception cref="ArgumentException">A feature is missing in every row.</exception>
    public static Imputer Fit(Tensor train, ImputerStrategy strategy = ImputerStrategy.Median)
    {
        ArgumentNullException.ThrowIfNull(train);
        ShapeCheck.Matrix("Imputer", train.Shape);
        var (values, width) = (train.ToDoubleArray(), train.Shape[1]);
        return new Imputer([.. Enumerable.Range(0, width).Select(feature =>
        {
            var known = Enumerable.Range(0, train.Shape[0]).Select(row => values[row * width + feature]).Where(value => !double.IsNaN(value)).Order().ToArray();
            if (known.Length == 0)
                throw new ArgumentException($"Imputer: feature {feature} has no number in any of the {train.Shape[0]} training rows, so there is nothing to fill its gaps with; leave it out.");
            return strategy == ImputerStrategy.Mean ? known.Average() : (known[(known.Length - 1) / 2] + known[known.Length / 2]) / 2;
        })]);
    }

    /// <summary>A copy in which every NaN is replaced.</summary>
    /// <exception cref="ShapeException">Not a matrix of as many features as in training.</exception>
    public Tensor Transform(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        ShapeCheck.Features("Imputer", fill.Length, features.Shape);
        var values = features.ToDoubleArray();
        for (var i = 0; i < values.Length; i++)
            if (double.IsNaN(values[i]))
                values[i] = fill[i % fill.Length];
        return Tensor.From((ReadOnlySpan<double>)values, features.Shape, features.Device);
    }

    /// <summary>A data set with the gaps of its inputs filled.</summary>
    public TensorDataset Transform(TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.WithInputs(Transform(data.Inputs));
    }
}
