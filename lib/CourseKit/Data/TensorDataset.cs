namespace CourseKit;

/// <summary>
/// Examples: what goes into a network and what should come out, one row for each. What goes in is numbers
/// (<see cref="Inputs"/>) or tokens (<see cref="Tokens"/>, for an embedding); what should come out is numbers
/// (<see cref="Targets"/>) or classes (<see cref="Classes"/>).
/// </summary>
public sealed class TensorDataset
{
    private readonly Tensor? inputs, targets;
    private readonly IntTensor? tokens, classes;

    /// <summary>Numbers in, numbers out.</summary>
    /// <exception cref="ShapeException">There is not one target for each input.</exception>
    public TensorDataset(Tensor inputs, Tensor targets)
    {
        (this.inputs, this.targets) = (inputs, targets);
        Check(inputs?.Shape, targets?.Shape);
    }

    /// <summary>Numbers in, classes out.</summary>
    /// <exception cref="ShapeException">There is not one class for each input.</exception>
    public TensorDataset(Tensor inputs, IntTensor classes)
    {
        (this.inputs, this.classes) = (inputs, classes);
        Check(inputs?.Shape, classes?.Shape);
    }

    /// <summary>Tokens in, numbers out.</summary>
    /// <exception cref="ShapeException">There is not one target for each row of tokens.</exception>
    public TensorDataset(IntTensor tokens, Tensor targets)
    {
        (this.tokens, this.targets) = (tokens, targets);
        Check(tokens?.Shape, targets?.Shape);
    }

    /// <summary>Tokens in, classes out: one for each row, or one for each token.</summary>
    /// <exception cref="ShapeException">There is not one class, or row of classes, for each row of tokens.</exception>
    public TensorDataset(IntTensor tokens, IntTensor classes)
    {
        (this.tokens, this.classes) = (tokens, classes);
        Check(tokens?.Shape, classes?.Shape);
    }

    private static void Check(Shape? inputs, Shape? targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ShapeCheck.OneTargetEach(inputs, targets);
    }

    /// <summary>The inputs, N x ....</summary>
    /// <exception cref="InvalidOperationException">What goes in is tokens.</exception>
    public Tensor Inputs => inputs ?? throw new InvalidOperationException("The inputs of this data set are tokens, whole numbers for an embedding: use Tokens.");

    /// <summary>The tokens, N x length.</summary>
    /// <exception cref="InvalidOperationException">What goes in is numbers.</exception>
    public IntTensor Tokens => tokens ?? throw new InvalidOperationException("The inputs of this data set are numbers, not tokens: use Inputs.");

    /// <summary>The targets, N x ....</summary>
    /// <exception cref="InvalidOperationException">The targets are classes.</exception>
    public Tensor Targets => targets ?? throw new InvalidOperationException("The targets of this data set are class indices: use Classes and a loss of classes (CrossEntropyLoss), or WithClassesAsTargets() to have them as numbers.");

    /// <summary>The class of each example, N, or of each token, N x length.</summary>
    /// <exception cref="InvalidOperationException">The targets are numbers.</exception>
    public IntTensor Classes => classes ?? throw new InvalidOperationException("The targets of this data set are numbers, not class indices: use Targets and a loss of numbers (MSELoss, BCEWithLogitsLoss), or make the data set with an IntTensor of classes.");

    /// <summary>Whether what goes in is tokens.</summary>
    public bool HasTokens => tokens is not null;

    /// <summary>Whether the targets are classes.</summary>
    public bool HasClasses => classes is not null;

    /// <summary>The number of examples.</summary>
    public int Count => (inputs?.Shape ?? tokens!.Shape)[0];

    /// <summary>What is in tensors: inputs and targets that are numbers.</summary>
    internal IEnumerable<Tensor> Numbers => new[] { inputs, targets }.OfType<Tensor>();

    /// <summary>Some of the examples, in the given order, as a copy.</summary>
    public TensorDataset Rows(ReadOnlySpan<int> rows)
    {
        var indices = IntTensor.From(rows);
        return With(inputs?.Rows(indices), tokens?.Rows(rows), targets?.Rows(indices), classes?.Rows(rows));
    }

    /// <summary>The same targets with other inputs, such as scaled or augmented ones.</summary>
    /// <exception cref="ShapeException">There is not one target for each input.</exception>
    public TensorDataset WithInputs(Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return With(inputs, null, targets, classes);
    }

    /// <summary>The same examples with their numbers on another device: moved there once, batches are then put together there, and only their row numbers travel. Classes and tokens stay where they are.</summary>
    public TensorDataset To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return With(inputs?.To(device), tokens, targets?.To(device), classes);
    }

    /// <summary>The same inputs with their classes as numbers, N x 1: what a binary loss wants, where class 1 is the positive one.</summary>
    /// <exception cref="InvalidOperationException">The targets are numbers already.</exception>
    public TensorDataset WithClassesAsTargets()
        => With(inputs, tokens, Tensor.From([.. Classes.AsSpan().ToArray().Select(index => (double)index)], [Count, Classes.Count / Math.Max(1, Count)], inputs?.Device), null);

    private static TensorDataset With(Tensor? inputs, IntTensor? tokens, Tensor? targets, IntTensor? classes) => (inputs, classes) switch
    {
        (not null, not null) => new(inputs, classes),
        (not null, null) => new(inputs, targets!),
        (null, not null) => new(tokens!, classes),
        _ => new(tokens!, targets!),
    };

    /// <summary>
    /// Splits the examples at random into a part to learn from, a part to choose by and a part to report on once.
    /// Fractions are of the whole; what is left over after rounding goes to the test part.
    /// </summary>
    /// <exception cref="ArgumentException">A fraction is negative or they do not sum to 1, or a part with a fraction above 0 would be empty.</exception>
    public DataSplit Split(double train = 0.7, double validation = 0.15, double test = 0.15, Generator? generator = null)
    {
        if (!(train >= 0 && validation >= 0 && test >= 0 && Math.Abs(train + validation + test - 1) <= 1e-9))
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
