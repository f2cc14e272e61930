namespace CourseKit;

/// <summary>
/// How good predictions are, in numbers people read. None is differentiable: train with a loss, report with these. All
/// are computed in double precision on the host, and take what was predicted first, then what is true.
/// </summary>
public static partial class Metrics
{
    /// <summary>The share of right classes, 0 to 1.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static double Accuracy(IntTensor predicted, IntTensor actual)
    {
        MetricCheck.Pairs("Accuracy", predicted, actual);
        var right = 0;
        for (var i = 0; i < predicted.Count; i++)
            if (predicted[i] == actual[i])
                right++;
        return (double)right / predicted.Count;
    }

    /// <summary>The share of examples whose class is among the <paramref name="k"/> with the highest scores. Of equal scores the first class counts as higher.</summary>
    /// <param name="scores">Scores or probabilities, N x classes.</param>
    /// <param name="actual">The class of each example, N.</param>
    /// <param name="k">How many guesses are allowed, 1 to the number of classes.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">There is no example, a score is NaN, a class does not exist, or k is out of range.</exception>
    public static double TopKAccuracy(Tensor scores, IntTensor actual, int k)
    {
        var (rows, classes) = MetricCheck.ScoresOfClasses("TopKAccuracy", scores, actual);
        MetricCheck.TopK(k, classes);
        var right = 0;
        for (var row = 0; row < actual.Count; row++)
        {
            var own = rows[row * classes + actual[row]];
            var higher = 0;
            for (var other = 0; other < classes; other++)
            {
                var score = rows[row * classes + other];
                if (score > own || (score == own && other < actual[row]))
                    higher++;
            }
            if (higher < k)
                right++;
        }
        return (double)right / actual.Count;
    }

    /// <summary>The share of probabilities on the right side of a threshold, 0 to 1.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static double BinaryAccuracy(Tensor probabilities, Tensor targets, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(targets);
        ShapeCheck.SameShape("BinaryAccuracy", probabilities.Shape, targets.Shape);
        return Accuracy(Thresholded(probabilities, threshold), Thresholded(targets, 0.5));
    }

    /// <summary>1 where a number is at least the threshold, else 0.</summary>
    public static IntTensor Thresholded(Tensor values, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(values);
        return IntTensor.From([.. values.ToDoubleArray().Select(value => value >= threshold ? 1 : 0)], values.Shape);
    }

    /// <summary>Counts: row = actual class, column = predicted class.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no class, or a class is not one of them.</exception>
    public static int[,] ConfusionMatrix(IntTensor predicted, IntTensor actual, int classes)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(actual);
        ShapeCheck.SameShape("ConfusionMatrix", predicted.Shape, actual.Shape);
        MetricCheck.ClassCount("ConfusionMatrix", classes);
        var counts = new int[classes, classes];
        for (var i = 0; i < predicted.Count; i++)
        {
            ShapeCheck.ClassIndex("ConfusionMatrix", actual[i], i, classes);
            ShapeCheck.ClassIndex("ConfusionMatrix", predicted[i], i, classes);
            counts[actual[i], predicted[i]]++;
        }
        return counts;
    }
}
