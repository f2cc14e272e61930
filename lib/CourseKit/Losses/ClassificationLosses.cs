namespace CourseKit;

/// <summary>Cross-entropy of scores: -ln softmax(scores)[class]. The softmax is inside: give it scores, not probabilities. A Softmax before it is not noticed (nor in PyTorch), and trains slowly to a poor end.</summary>
/// <param name="reduction">What to make of the values, one for each example. The mean is weighted by the classes' weights, as in PyTorch.</param>
/// <param name="classWeights">What each class counts (see <see cref="ClassWeights"/>); by default all count 1.</param>
/// <param name="labelSmoothing">How much of each target's probability is spread evenly over all classes, 0 to 1 (Szegedy et al. 2016).</param>
/// <param name="ignoreIndex">A class index that marks places without a class: they count nothing.</param>
/// <exception cref="ArgumentOutOfRangeException">The label smoothing is outside 0 to 1.</exception>
public sealed class CrossEntropyLoss(Reduction reduction = Reduction.Mean, Tensor? classWeights = null, double labelSmoothing = 0, int ignoreIndex = ClassTargets.IgnoreIndex)
{
    private readonly double smoothing = ArgumentCheck.Between(nameof(CrossEntropyLoss), "label smoothing", labelSmoothing, 0, 1, "it is the share of probability that is taken from the true class");

    /// <summary>The loss of scores (N x classes) and one class index for each row (N), or of N x classes x height x width and N x height x width.</summary>
    /// <exception cref="ShapeException">The targets are not one for each place, the weights not one for each class, or the mean of no targets was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class index is not one of the classes.</exception>
    public Tensor Forward(Tensor scores, IntTensor classes)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(classes);
        ShapeCheck.ClassTargets(nameof(CrossEntropyLoss), scores.Shape, classes.Shape);
        return ClassTargets.NegativeLogLikelihood(nameof(CrossEntropyLoss), scores.LogSoftmax(1), classes, reduction, classWeights, smoothing, ignoreIndex);
    }

    /// <summary>
    /// The loss of scores (N x classes, or N x classes x ...) and a probability for each class in the same shape. The probabilities of
    /// one example sum to 1; as in PyTorch that is not checked.
    /// </summary>
    /// <exception cref="ShapeException">The shapes differ, the weights are not one for each class, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability is outside 0 to 1.</exception>
    public Tensor Forward(Tensor scores, Tensor probabilities)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(probabilities);
        ShapeCheck.SameShape(nameof(CrossEntropyLoss), scores.Shape, probabilities.Shape);
        ShapeCheck.Classes(nameof(CrossEntropyLoss), scores.Shape);
        RangeCheck.Within(0, 1, probabilities, nameof(CrossEntropyLoss), "target probability", "each row says how probable each class is; class indices come as an IntTensor");
        var logarithms = scores.LogSoftmax(1);
        if (smoothing > 0)
            probabilities = probabilities * (1 - smoothing) + smoothing / scores.Shape[1];
        if (classWeights is not null)
        {
            ShapeCheck.ClassWeights(nameof(CrossEntropyLoss), classWeights.Shape, scores.Shape[1]);
            probabilities *= ClassTargets.AlongClasses(classWeights, scores);
        }
        return reduction.Apply(nameof(CrossEntropyLoss), -ClassTargets.Counting(logarithms, probabilities).Sum(1));
    }
}

/// <summary>Negative log-likelihood: minus the log-probability of the true class. After a log-softmax it is the cross-entropy.</summary>
/// <param name="reduction">What to make of the values, one for each example. The mean is weighted by the classes' weights, as in PyTorch.</param>
/// <param name="classWeights">What each class counts (see <see cref="ClassWeights"/>); by default all count 1.</param>
/// <param name="ignoreIndex">A class index that marks places without a class: they count nothing.</param>
public sealed class NLLLoss(Reduction reduction = Reduction.Mean, Tensor? classWeights = null, int ignoreIndex = ClassTargets.IgnoreIndex)
{
    /// <summary>The loss of log-probabilities (N x classes, or N x classes x ...) and one class index for each row or place.</summary>
    /// <exception cref="ShapeException">The targets are not one for each place, the weights not one for each class, or the mean of no targets was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class index is not one of the classes, or a log-probability is above 0 (which PyTorch lets pass).</exception>
    public Tensor Forward(Tensor logProbabilities, IntTensor classes)
    {
        ArgumentNullException.ThrowIfNull(logProbabilities);
        ArgumentNullException.ThrowIfNull(classes);
        RangeCheck.LogProbabilities(logProbabilities, nameof(NLLLoss), "end the network with a LogSoftmax, or leave it out and take CrossEntropyLoss");
        return ClassTargets.NegativeLogLikelihood(nameof(NLLLoss), logProbabilities, classes, reduction, classWeights, 0, ignoreIndex);
    }
}

/// <summary>
/// Focal loss of scores, -w_y (1 - p_y)^gamma ln p_y with the softmax's probability p_y of the true class (Lin et al. 2017).
/// The mean divides by the number of examples, not by their weights. For two classes and one logit there is <see cref="BinaryFocalLoss"/>.
/// </summary>
/// <param name="gamma">How fast an example loses weight as it becomes right; 0 makes it <see cref="CrossEntropyLoss"/>.</param>
/// <param name="classWeights">What each class counts, the paper's alpha; by default all count 1.</param>
/// <param name="reduction">What to make of the values, one for each example.</param>
/// <exception cref="ArgumentOutOfRangeException">gamma is negative.</exception>
public sealed class FocalLoss(double gamma = 2, Tensor? classWeights = null, Reduction reduction = Reduction.Mean)
{
    private readonly FocalLogLikelihood error = new(ArgumentCheck.NotNegative(nameof(FocalLoss), nameof(gamma), gamma));

    /// <summary>The loss of scores (N x classes, or N x classes x ...) and one class index for each row or place.</summary>
    /// <exception cref="ShapeException">The targets are not one for each place, the weights not one for each class, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class index is not one of the classes.</exception>
    public Tensor Forward(Tensor scores, IntTensor classes)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(classes);
        ClassTargets.Check(nameof(FocalLoss), scores.Shape, classes, ignoreIndex: null);
        var values = ClassTargets.Pick(scores.LogSoftmax(1), classes, ignoreIndex: null).Map(error);
        if (classWeights is not null)
        {
            ShapeCheck.ClassWeights(nameof(FocalLoss), classWeights.Shape, scores.Shape[1]);
            values *= ClassTargets.Weights(classes, classWeights, ignoreIndex: null, scores.Device);
        }
        return reduction.Apply(nameof(FocalLoss), values);
    }
}

/// <summary>
/// The multi-class hinge loss of a support vector machine: the sum over the wrong classes j of max(0, margin + s_j - s_y)^p
/// (Crammer, Singer 2001; in the form of Weston, Watkins 1999). By default it is divided by the number of classes, as in PyTorch;
/// the lecture takes the sum.
/// </summary>
/// <param name="margin">By how much the true class's score must lead.</param>
/// <param name="p">1, or 2 for the squared hinge.</param>
/// <param name="divideByClasses">Whether the sum is divided by the number of classes; false gives the lecture's form.</param>
/// <param name="classWeights">What an example of each class counts; by default all count 1.</param>
/// <param name="reduction">What to make of the values, one for each example.</param>
/// <exception cref="ArgumentOutOfRangeException">p is neither 1 nor 2.</exception>
public sealed class MultiMarginLoss(double margin = 1, int p = 1, bool divideByClasses = true, Tensor? classWeights = null, Reduction reduction = Reduction.Mean)
{
    private readonly double power = ArgumentCheck.Between(nameof(MultiMarginLoss), nameof(p), p, 1, 2, "1 is the hinge, 2 the squared hinge");

    /// <summary>The loss of scores (N x classes) and one class index for each row (N).</summary>
    /// <exception cref="ShapeException">The scores are no matrix, the targets not one for each row, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class index is not one of the columns.</exception>
    public Tensor Forward(Tensor scores, IntTensor classes)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(classes);
        ShapeCheck.Matrix(nameof(MultiMarginLoss), scores.Shape);
        ClassTargets.Check(nameof(MultiMarginLoss), scores.Shape, classes, ignoreIndex: null);
        var (rows, count) = (scores.Shape[0], scores.Shape[1]);

        var column = Tensor.Arange(count, scores.Device).Reshape(1, count);
        var trueColumn = Tensor.From([.. classes.AsSpan().ToArray().Select(index => (double)index)], [rows, 1], scores.Device);
        var margins = (1 - column.EqualTo(trueColumn)) * margin; // (N, C)
        var trueScore = ClassTargets.Pick(scores, classes, ignoreIndex: null).Reshape(rows, 1);
        var hinge = (scores - trueScore + margins).Relu(); // the true class has no margin and gives 0, without a gradient
        var values = (power == 2 ? hinge.Square() : hinge).Sum(1);
        if (divideByClasses)
            values /= count;
        if (classWeights is not null)
        {
            ShapeCheck.ClassWeights(nameof(MultiMarginLoss), classWeights.Shape, count);
            values *= ClassTargets.Weights(classes, classWeights, ignoreIndex: null, scores.Device);
        }
        return reduction.Apply(nameof(MultiMarginLoss), values);
    }
}

/// <summary>
/// Kullback-Leibler divergence of a distribution q from p, p ln(p/q) element by element, of log-probabilities ln q and probabilities p.
/// The divergence itself is the sum over the classes: <see cref="Reduction.BatchMean"/> gives its mean over the examples, and
/// <see cref="Reduction.Mean"/>, the default as in PyTorch, divides by the number of classes too.
/// </summary>
/// <param name="reduction">What to make of the values, one for each element.</param>
/// <param name="logTarget">Whether the targets are log-probabilities too.</param>
public sealed class KLDivLoss(Reduction reduction = Reduction.Mean, bool logTarget = false)
{
    /// <summary>The loss of log-probabilities and of probabilities (or their logarithms) in one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ, or the batch is empty and its mean was asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability of the target is outside 0 to 1, or a log-probability above 0 (which PyTorch lets pass).</exception>
    public Tensor Forward(Tensor logProbabilities, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(logProbabilities);
        ArgumentNullException.ThrowIfNull(target);
        ShapeCheck.SameShape(nameof(KLDivLoss), logProbabilities.Shape, target.Shape);
        RangeCheck.LogProbabilities(logProbabilities, nameof(KLDivLoss), "its first argument is LogSoftmax of scores, or Log of probabilities");
        if (logTarget)
            RangeCheck.LogProbabilities(target, nameof(KLDivLoss), "with logTarget: true the target is a logarithm too");
        else
            RangeCheck.Within(0, 1, target, nameof(KLDivLoss), "target probability", "take the softmax of scores; for log-probabilities say logTarget: true");
        return reduction.Apply(nameof(KLDivLoss), logTarget
            ? Tensor.Zip(nameof(KLDivLoss), new DivergenceOfLogProbability(), logProbabilities, target)
            : Tensor.Zip(nameof(KLDivLoss), new DivergenceOfProbability(), logProbabilities, target));
    }
}
