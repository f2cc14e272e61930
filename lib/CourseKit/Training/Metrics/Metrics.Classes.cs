namespace CourseKit;

/// <summary>How a measure of one class against the rest becomes one number for all classes, as in scikit-learn.</summary>
public enum Average
{
    /// <summary>Two classes: class 1 is the positive one, and its number is the answer.</summary>
    Binary,

    /// <summary>The mean over the classes, each counting the same however rare it is.</summary>
    Macro,

    /// <summary>Of all decisions "this class or not" together. For precision, recall and F1 of one class each example, this is the accuracy.</summary>
    Micro,

    /// <summary>The mean over the classes, each weighted by how many examples it has.</summary>
    Weighted,
}

/// <summary>One class against the rest.</summary>
/// <param name="Class">The class.</param>
/// <param name="TruePositives">Members of the class predicted as such.</param>
/// <param name="FalsePositives">Others predicted as the class.</param>
/// <param name="FalseNegatives">Members of the class predicted as another.</param>
/// <param name="TrueNegatives">Others predicted as others.</param>
public readonly record struct ClassCounts(int Class, int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>Of those predicted as the class, the share that is right; 0 where none is predicted.</summary>
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>Of the members of the class, the share that is found (sensitivity); 0 where it has none.</summary>
    public double Recall => Share(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Of those that are not in the class, the share that is not taken for it; 0 where all are in it.</summary>
    public double Specificity => Share(TrueNegatives, TrueNegatives + FalsePositives);

    /// <summary>The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN); 0 where all three are 0.</summary>
    public double F1 => Share(2.0 * TruePositives, 2.0 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Members of the class.</summary>
    public int Support => TruePositives + FalseNegatives;

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}

public static partial class Metrics
{
    /// <summary>True and false positives and negatives of each class that is predicted or present, ascending.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static IReadOnlyList<ClassCounts> PerClass(IntTensor predicted, IntTensor actual)
    {
        MetricCheck.Pairs("PerClass", predicted, actual);
        return [.. predicted.ToArray().Concat(actual.ToArray()).Distinct().Order().Select(label => Count(label, predicted, actual))];
    }

    /// <summary>Of what is predicted as positive, the share that is right: TP / (TP + FP), 0 where nothing is predicted as positive (as in scikit-learn).</summary>
    /// <param name="predicted">Predicted classes; 0 and 1 for <see cref="Average.Binary"/>.</param>
    /// <param name="actual">True classes, of the same shape.</param>
    /// <param name="average">How several classes become one number. The classes are those that are predicted or present.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example, or a class other than 0 and 1 with <see cref="Average.Binary"/>.</exception>
    public static double Precision(IntTensor predicted, IntTensor actual, Average average = Average.Binary)
        => Averaged("Precision", predicted, actual, average, counts => counts.Precision);

    /// <summary>Of what is positive, the share that is found: TP / (TP + FN), 0 where nothing is positive. Also called sensitivity.</summary>
    /// <inheritdoc cref="Precision"/>
    public static double Recall(IntTensor predicted, IntTensor actual, Average average = Average.Binary)
        => Averaged("Recall", predicted, actual, average, counts => counts.Recall);

    /// <summary>The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN), 0 where all three are 0.</summary>
    /// <inheritdoc cref="Precision"/>
    public static double F1(IntTensor predicted, IntTensor actual, Average average = Average.Binary)
        => Averaged("F1", predicted, actual, average, counts => counts.F1);

    /// <summary>Of what is negative, the share that is not raised as an alarm: TN / (TN + FP), 0 where nothing is negative.</summary>
    /// <inheritdoc cref="Precision"/>
    public static double Specificity(IntTensor predicted, IntTensor actual, Average average = Average.Binary)
        => Averaged("Specificity", predicted, actual, average, counts => counts.Specificity);

    /// <summary>The mean recall over the classes that are present: accuracy as if all classes were equally frequent.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static double BalancedAccuracy(IntTensor predicted, IntTensor actual)
    {
        MetricCheck.Pairs("BalancedAccuracy", predicted, actual);
        return PerClass(predicted, actual).Where(counts => counts.Support > 0).Average(counts => counts.Recall);
    }

    private static double Averaged(string metric, IntTensor predicted, IntTensor actual, Average average, Func<ClassCounts, double> measure)
    {
        MetricCheck.Pairs(metric, predicted, actual);
        if (average == Average.Binary)
        {
            MetricCheck.BinaryClasses(metric, predicted, actual);
            return measure(Count(1, predicted, actual));
        }
        var classes = PerClass(predicted, actual);
        return average switch
        {
            Average.Macro => classes.Average(measure),
            Average.Micro => measure(new ClassCounts(-1, classes.Sum(c => c.TruePositives), classes.Sum(c => c.FalsePositives), classes.Sum(c => c.FalseNegatives), classes.Sum(c => c.TrueNegatives))),
            _ => classes.Sum(counts => counts.Support * measure(counts)) / actual.Count,
        };
    }

    private static ClassCounts Count(int label, IntTensor predicted, IntTensor actual)
    {
        int right = 0, alarms = 0, missed = 0;
        for (var i = 0; i < actual.Count; i++)
        {
            if (predicted[i] == label && actual[i] == label)
                right++;
            else if (predicted[i] == label)
                alarms++;
            else if (actual[i] == label)
                missed++;
        }
        return new ClassCounts(label, right, alarms, missed, actual.Count - right - alarms - missed);
    }
}
