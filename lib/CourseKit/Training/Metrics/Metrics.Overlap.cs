namespace CourseKit;

public static partial class Metrics
{
    /// <summary>
    /// Intersection over union of two masks (Jaccard 1901): of the pixels that are predicted or true, the share that is both.
    /// Two empty masks agree: 1.
    /// </summary>
    /// <param name="predicted">A mask of 0 and 1, of any shape.</param>
    /// <param name="actual">The true mask, of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no pixel, or a number is not 0 or 1.</exception>
    public static double IoU(IntTensor predicted, IntTensor actual) => IoUOf(Mask("IoU", predicted, actual), whenBothEmpty: 1);

    /// <summary>
    /// The Dice (1945) coefficient of two masks: twice what they share over the sum of their sizes, 2 IoU / (1 + IoU); the
    /// F1 of pixels. Two empty masks agree: 1, where <see cref="F1"/> says 0.
    /// </summary>
    /// <inheritdoc cref="IoU"/>
    public static double Dice(IntTensor predicted, IntTensor actual) => DiceOf(Mask("Dice", predicted, actual), whenBothEmpty: 1);

    /// <summary>Intersection over union of each class of two label images, NaN for a class that is in neither.</summary>
    /// <param name="predicted">Predicted class of each pixel, of any shape.</param>
    /// <param name="actual">True class of each pixel, of the same shape.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no pixel, or a class is not one of them.</exception>
    public static double[] IoUPerClass(IntTensor predicted, IntTensor actual, int classes)
        => [.. EachClass("IoUPerClass", predicted, actual, classes).Select(counts => IoUOf(counts, whenBothEmpty: double.NaN))];

    /// <summary>The Dice coefficient of each class of two label images, NaN for a class that is in neither.</summary>
    /// <inheritdoc cref="IoUPerClass"/>
    public static double[] DicePerClass(IntTensor predicted, IntTensor actual, int classes)
        => [.. EachClass("DicePerClass", predicted, actual, classes).Select(counts => DiceOf(counts, whenBothEmpty: double.NaN))];

    /// <summary>The mean of <see cref="IoUPerClass"/> over the classes that are in one of the images.</summary>
    /// <inheritdoc cref="IoUPerClass"/>
    public static double MeanIoU(IntTensor predicted, IntTensor actual, int classes)
        => IoUPerClass(predicted, actual, classes).Where(value => !double.IsNaN(value)).Average();

    private static double IoUOf(ClassCounts counts, double whenBothEmpty)
    {
        var union = counts.TruePositives + counts.FalsePositives + counts.FalseNegatives;
        return union == 0 ? whenBothEmpty : (double)counts.TruePositives / union;
    }

    private static double DiceOf(ClassCounts counts, double whenBothEmpty)
        => counts.TruePositives + counts.FalsePositives + counts.FalseNegatives == 0 ? whenBothEmpty : counts.F1;

    private static ClassCounts Mask(string metric, IntTensor predicted, IntTensor actual)
    {
        MetricCheck.Pairs(metric, predicted, actual);
        MetricCheck.Masks(metric, predicted, actual);
        return Count(1, predicted, actual);
    }

    private static IEnumerable<ClassCounts> EachClass(string metric, IntTensor predicted, IntTensor actual, int classes)
    {
        MetricCheck.Pairs(metric, predicted, actual);
        var counts = ConfusionMatrix(predicted, actual, classes);
        return Enumerable.Range(0, classes).Select(label =>
        {
            int shared = counts[label, label], asActual = 0, asPredicted = 0;
            for (var other = 0; other < classes; other++)
                (asActual, asPredicted) = (asActual + counts[label, other], asPredicted + counts[other, label]);
            return new ClassCounts(label, shared, asPredicted - shared, asActual - shared, actual.Count - asPredicted - asActual + shared);
        });
    }
}
