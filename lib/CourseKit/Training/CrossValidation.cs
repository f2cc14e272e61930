using System.Globalization;

namespace CourseKit;

/// <summary>
/// Cross-validation: train on all folds but one, test on that one, for each fold in turn. The score of a model on data it
/// has not seen, with its spread, from one small data set.
/// </summary>
public static class CrossValidation
{
    /// <summary>Trains and scores once for each fold.</summary>
    /// <param name="data">All examples.</param>
    /// <param name="folds">How they are cut, for example <c>new StratifiedKFold(10)</c>.</param>
    /// <param name="trainAndScore">
    /// Makes a new model, trains it on the first data set and scores it on the second. Everything that is fitted belongs
    /// in here, the scaler too: fitted outside, it would know the test part.
    /// </param>
    /// <exception cref="ArgumentException">The data cannot be cut into these folds.</exception>
    /// <exception cref="ArithmeticException">A fold's score is not a number.</exception>
    /// <exception cref="OperationCanceledException">The host asked to stop.</exception>
    /// <example><code>
    /// var result = CrossValidation.Run(data, new StratifiedKFold(10), (train, test) =>
    /// {
    ///     var scaler = StandardScaler.Fit(train.Inputs);
    ///     var model = Fitted(scaler.Transform(train));
    ///     return Metrics.Accuracy(model.Forward(scaler.Transform(test.Inputs)).ArgMax(1), test.Classes);
    /// });
    /// </code></example>
    public static CrossValidationResult Run(TensorDataset data, FoldSplitter folds, Func<TensorDataset, TensorDataset, double> trainAndScore)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(folds);
        return Run(data, folds.Split(data), trainAndScore);
    }

    /// <inheritdoc cref="Run(TensorDataset, FoldSplitter, Func{TensorDataset, TensorDataset, double})"/>
    public static CrossValidationResult Run(TensorDataset data, IReadOnlyList<Fold> folds, Func<TensorDataset, TensorDataset, double> trainAndScore)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(trainAndScore);
        TrainingCheck.SomeFolds(folds.Count);
        var scores = new List<double>(folds.Count);
        foreach (var fold in folds)
        {
            StopRequest.ThrowIfRequested();
            scores.Add(trainAndScore(data.Rows([.. fold.Train]), data.Rows([.. fold.Test])));
            TrainingCheck.FoldScore(scores[^1], scores.Count, folds.Count);
        }
        return new CrossValidationResult(scores);
    }
}

/// <summary>The scores of a cross-validation.</summary>
/// <param name="Scores">One for each fold, in the folds' order.</param>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed record CrossValidationResult(IReadOnlyList<double> Scores)
{
    /// <summary>The mean score.</summary>
    public double Mean => Scores.Average();

    /// <summary>
    /// How far the folds' scores spread: the sample standard deviation (dividing by their number less one), 0 for a single fold.
    /// The training parts overlap, so this divided by the root of the folds understates the error of <see cref="Mean"/>.
    /// </summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return Scores.Count < 2 ? 0 : Math.Sqrt(Scores.Sum(score => (score - mean) * (score - mean)) / (Scores.Count - 1));
        }
    }

    /// <summary>Mean, spread and every fold.</summary>
    public override string ToString() => FormattableString.Invariant($"{Mean:F4} +- {StandardDeviation:F4} over {Scores.Count} folds: ")
        + string.Join(", ", Scores.Select(score => score.ToString("F4", CultureInfo.InvariantCulture)));
}
