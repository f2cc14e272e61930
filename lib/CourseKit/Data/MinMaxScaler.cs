namespace CourseKit;

/// <summary>
/// Stretches each feature so that the training part fills a range, 0 to 1 by default. Fitted on the training part alone;
/// what lies outside its range there lies outside the result's range too.
/// </summary>
public sealed class MinMaxScaler
{
    private readonly double low, high;
    private readonly Tensor range;

    private MinMaxScaler(Tensor minimum, Tensor maximum, Tensor range, double low, double high)
    {
        (Minimum, Maximum, this.range) = (minimum, maximum, range);
        (this.low, this.high) = (low, high);
    }

    /// <summary>The smallest number of each feature of the training part.</summary>
    public Tensor Minimum { get; }

    /// <summary>The largest number of each feature of the training part.</summary>
    public Tensor Maximum { get; }

    /// <summary>Measures each feature of a matrix of examples x features.</summary>
    /// <param name="train">The training part.</param>
    /// <param name="low">What the smallest number becomes; a feature that does not vary becomes this too.</param>
    /// <param name="high">What the largest number becomes.</param>
    /// <exception cref="ShapeException">Not a matrix, or it has no row.</exception>
    /// <exception cref="ArgumentException">A number is NaN or infinite, or <paramref name="low"/> is not below <paramref name="high"/>.</exception>
    public static MinMaxScaler Fit(Tensor train, double low = 0, double high = 1)
    {
        ArgumentNullException.ThrowIfNull(train);
        ShapeCheck.SomeExamples("MinMaxScaler", train.Shape);
        if (!(low < high))
            throw new ArgumentException(FormattableString.Invariant($"MinMaxScaler got the range {low} to {high}: the first must be below the second."));
        var (values, width) = (train.ToDoubleArray(), train.Shape[1]);
        var (minimum, maximum) = (values[..width], values[..width]);
        for (var i = 0; i < values.Length; i++)
        {
            ShapeCheck.FiniteFeature("MinMaxScaler", i % width, values[i]);
            minimum[i % width] = Math.Min(minimum[i % width], values[i]);
            maximum[i % width] = Math.Max(maximum[i % width], values[i]);
        }
        var range = minimum.Zip(maximum, (a, b) => b > a ? b - a : 1).ToArray();
        return new MinMaxScaler(Of(minimum), Of(maximum), Of(range), low, high);

        Tensor Of(double[] numbers) => Tensor.From(numbers, [width], train.Device).Keep();
    }

    /// <summary>The features in the range.</summary>
    /// <exception cref="ShapeException">Not a matrix of as many features as in training.</exception>
    public Tensor Transform(Tensor features) => (Checked(features) - Minimum) / range * (high - low) + low;

    /// <summary>A data set with its inputs in the range.</summary>
    public TensorDataset Transform(TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.WithInputs(Transform(data.Inputs));
    }

    /// <summary>Back to the units the training part was in.</summary>
    /// <exception cref="ShapeException">Not a matrix of as many features as in training.</exception>
    public Tensor Inverse(Tensor scaled) => (Checked(scaled) - low) / (high - low) * range + Minimum;

    private Tensor Checked(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        ShapeCheck.Features("MinMaxScaler", Minimum.Count, features.Shape);
        return features;
    }
}
