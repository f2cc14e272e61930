namespace CourseKit;

/// <summary>How good predictions are, in numbers people read. None is differentiable: train with a loss, report with these.</summary>
public static class Metrics
{
    /// <summary>The share of right classes, 0 to 1.</summary>
    public static double Accuracy(IntTensor predicted, IntTensor actual)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(actual);
        ShapeCheck.SameShape("Accuracy", predicted.Shape, actual.Shape);
        var right = 0;
        for (var i = 0; i < predicted.Count; i++)
            if (predicted[i] == actual[i])
                right++;
        return (double)right / predicted.Count;
    }

    /// <summary>The share of probabilities on the right side of a threshold, 0 to 1.</summary>
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
    public static int[,] ConfusionMatrix(IntTensor predicted, IntTensor actual, int classes)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(actual);
        ShapeCheck.SameShape("ConfusionMatrix", predicted.Shape, actual.Shape);
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
