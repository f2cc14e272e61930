namespace CourseKit;

/// <summary>
/// Shifts and scales each feature to mean 0 and standard deviation 1 (dividing by N, as the lecture and scikit-learn do).
/// Fitted on the training part alone: what the scaler knew of the test part would leak into training.
/// </summary>
public sealed class StandardScaler
{
    // The distance from 1 to the next double: what one addition can be off by.
    private const double RelativeRounding = 2.220446049250313e-16;

    private StandardScaler(Tensor mean, Tensor standardDeviation) => (Mean, StandardDeviation) = (mean, standardDeviation);

    /// <summary>The mean of each feature of the training part.</summary>
    public Tensor Mean { get; }

    /// <summary>The standard deviation of each feature of the training part; 1 for a feature that does not vary.</summary>
    public Tensor StandardDeviation { get; }

    /// <summary>Measures each feature of a matrix of examples x features.</summary>
    /// <exception cref="ShapeException">Not a matrix, or it has no row.</exception>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public static StandardScaler Fit(Tensor train)
    {
        ArgumentNullException.ThrowIfNull(train);
        ShapeCheck.SomeExamples("StandardScaler", train.Shape);
        using var _ = new NoGrad();
        var mean = train.Mean(0); // (features)
        var deviations = (train - mean).Square().Mean(0).Sqrt().ToDoubleArray();
        // Of a feature that does not vary the mean can be off by rounding, and what is left is no deviation.
        var means = mean.ToDoubleArray();
        for (var i = 0; i < deviations.Length; i++)
        {
            ShapeCheck.FiniteFeature("StandardScaler", i, deviations[i]);
            if (deviations[i] <= train.Shape[0] * RelativeRounding * Math.Abs(means[i]))
                deviations[i] = 1;
        }
        return new StandardScaler(mean.Keep(), Tensor.From(deviations, mean.Shape, train.Device).Keep());
    }

    /// <summary>The features, shifted and scaled by the training part's mean and standard deviation.</summary>
    /// <exception cref="ShapeException">Not a matrix of as many features as in training.</exception>
    public Tensor Transform(Tensor features) => (Checked(features) - Mean) / StandardDeviation;

    /// <summary>A data set with its inputs shifted and scaled.</summary>
    public TensorDataset Transform(TensorDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.WithInputs(Transform(data.Inputs));
    }

    /// <summary>Back to the units the training part was in.</summary>
    /// <exception cref="ShapeException">Not a matrix of as many features as in training.</exception>
    public Tensor Inverse(Tensor scaled) => Checked(scaled) * StandardDeviation + Mean;

    private Tensor Checked(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        ShapeCheck.Features("StandardScaler", Mean.Count, features.Shape);
        return features;
    }
}
