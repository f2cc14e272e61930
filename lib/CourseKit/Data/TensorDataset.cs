namespace CourseKit;

/// <summary>Inputs and targets, one row for each example. Targets are numbers (<see cref="Targets"/>) or classes (<see cref="Classes"/>).</summary>
public sealed class TensorDataset
{
    private readonly Tensor? targets;
    private readonly IntTensor? classes;

    /// <summary>Examples with numbers as targets.</summary>
    /// <exception cref="ShapeException">There is not one target for each input.</exception>
    public TensorDataset(Tensor inputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ShapeCheck.OneTargetEach(inputs.Shape, targets.Shape);
        (Inputs, this.targets) = (inputs, targets);
    }

    /// <summary>Examples with classes as targets.</summary>
    /// <exception cref="ShapeException">There is not one class for each input.</exception>
    public TensorDataset(Tensor inputs, IntTensor classes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(classes);
        ShapeCheck.OneTargetEach(inputs.Shape, classes.Shape);
        (Inputs, this.classes) = (inputs, classes);
    }

    /// <summary>The inputs, N x ....</summary>
    public Tensor Inputs { get; }

    /// <summary>The targets, N x ....</summary>
    /// <exception cref="InvalidOperationException">The targets are classes.</exception>
    public Tensor Targets => targets ?? throw new InvalidOperationException("The targets of this data set are class indices: use Classes.");

    /// <summary>The class of each example, N.</summary>
    /// <exception cref="InvalidOperationException">The targets are numbers.</exception>
    public IntTensor Classes => classes ?? throw new InvalidOperationException("The targets of this data set are numbers, not class indices: use Targets.");

    /// <summary>Whether the targets are classes.</summary>
    public bool HasClasses => classes is not null;

    /// <summary>The number of examples.</summary>
    public int Count => Inputs.Shape[0];

    /// <summary>Some of the examples, in the given order, as a copy.</summary>
    public TensorDataset Rows(ReadOnlySpan<int> rows)
    {
        var picked = Inputs.Rows(IntTensor.From(rows));
        return classes is not null ? new TensorDataset(picked, classes.Rows(rows)) : new TensorDataset(picked, Targets.Rows(IntTensor.From(rows)));
    }

    /// <summary>
    /// Splits the examples at random into a part to learn from, a part to choose by and a part to report on once.
    /// Fractions are of the whole; what is left over after rounding goes to the test part.
    /// </summary>
    /// <exception cref="ArgumentException">A fraction is negative or they do not sum to 1, or a part with a fraction above 0 would be empty.</exception>
    public DataSplit Split(double train = 0.7, double validation = 0.15, double test = 0.15, Generator? generator = null)
    {
        if (train < 0 || validation < 0 || test < 0 || Math.Abs(train + validation + test - 1) > 1e-9)
            throw new ArgumentException(FormattableString.Invariant($"The parts must be fractions of the whole that sum to 1, and {train} + {validation} + {test} = {train + validation + test}."));
        var order = (generator ?? Generator.Default).Permutation(Count);
        var trainCount = (int)Math.Round(Count * train);
        var validationCount = Math.Min(Count - trainCount, (int)Math.Round(Count * validation));
        var testCount = Count - trainCount - validationCount;
        if ((train > 0 && trainCount == 0) || (validation > 0 && validationCount == 0) || (test > 0 && testCount == 0))
            throw new ArgumentException(FormattableString.Invariant($"{Count} examples are too few for parts of {train}, {validation} and {test}: one of them would be empty."));
        return new DataSplit(
            Rows(order.AsSpan(0, trainCount)),
            Rows(order.AsSpan(trainCount, validationCount)),
            Rows(order.AsSpan(trainCount + validationCount, testCount)));
    }
}

/// <summary>The three parts of a data set.</summary>
/// <param name="Train">To fit parameters, and everything else that is fitted, such as a scaler.</param>
/// <param name="Validation">To choose between models.</param>
/// <param name="Test">To report on, once.</param>
public sealed record DataSplit(TensorDataset Train, TensorDataset Validation, TensorDataset Test);
