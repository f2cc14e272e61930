namespace CourseKit;

/// <summary>Every complaint of the metrics about numbers is written here; those about shapes are in <see cref="ShapeCheck"/>.</summary>
internal static class MetricCheck
{
    public static void Pairs(string metric, IntTensor predicted, IntTensor actual)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(actual);
        ShapeCheck.SameShape(metric, predicted.Shape, actual.Shape);
        SomeExamples(metric, actual.Count);
    }

    public static (double[] Predicted, double[] Actual) Pairs(string metric, Tensor predicted, Tensor actual)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(actual);
        ShapeCheck.SameShape(metric, predicted.Shape, actual.Shape);
        SomeExamples(metric, actual.Count);
        var (p, a) = (predicted.ToDoubleArray(), actual.ToDoubleArray());
        NoNaN(metric, "prediction", p);
        NoNaN(metric, "target", a);
        return (p, a);
    }

    /// <summary>Scores of the positive class and what is true, as 0 and 1.</summary>
    public static (double[] Scores, int[] Actual) Binary(string metric, Tensor scores, Tensor targets)
    {
        var (s, t) = Pairs(metric, scores, targets);
        foreach (var target in t)
            ZeroOrOne(metric, target);
        return (s, [.. t.Select(target => (int)target)]);
    }

    /// <inheritdoc cref="Binary(string, Tensor, Tensor)"/>
    public static (double[] Scores, int[] Actual) Binary(string metric, Tensor scores, IntTensor actual)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(actual);
        ShapeCheck.ScoreEach(metric, scores.Shape, actual.Shape);
        SomeExamples(metric, actual.Count);
        var s = scores.ToDoubleArray();
        NoNaN(metric, "score", s);
        foreach (var target in actual.AsSpan())
            ZeroOrOne(metric, target);
        return (s, actual.ToArray());
    }

    public static (double[] Rows, int Classes) ScoresOfClasses(string metric, Tensor scores, IntTensor actual)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(actual);
        ShapeCheck.ClassTargets(metric, scores.Shape, actual.Shape);
        SomeExamples(metric, actual.Count);
        var rows = scores.ToDoubleArray();
        NoNaN(metric, "score", rows);
        for (var row = 0; row < actual.Count; row++)
            ShapeCheck.ClassIndex(metric, actual[row], row, scores.Shape[1]);
        return (rows, scores.Shape[1]);
    }

    public static void SomeExamples(string metric, int count)
    {
        if (count == 0)
            throw new ArgumentException($"{metric} got no example, and there is nothing to measure: see what was filtered away or split off before.");
    }

    public static void ClassCount(string metric, int classes)
    {
        if (classes < 1)
            throw new ArgumentException($"{metric} was told that there are {classes} classes: there must be at least one.");
    }

    public static void TopK(int k, int classes)
    {
        if (k < 1 || k > classes)
            throw new ArgumentException($"TopKAccuracy was asked for the best {k} of {classes} classes: k goes from 1 (plain accuracy) to {classes} (always 1).");
    }

    public static void BinaryClasses(string metric, IntTensor predicted, IntTensor actual)
    {
        foreach (var label in (int[])[.. predicted.AsSpan(), .. actual.AsSpan()])
            if (label is not (0 or 1))
                throw new ArgumentException($"{metric} of two classes counts class 1 as positive and 0 as negative, and there is a class {label}: for more classes say how to average, Average.Macro, Average.Micro or Average.Weighted.");
    }

    public static void Masks(string metric, IntTensor predicted, IntTensor actual)
    {
        foreach (var pixel in (int[])[.. predicted.AsSpan(), .. actual.AsSpan()])
            if (pixel is not (0 or 1))
                throw new ArgumentException($"{metric} compares masks of 0 and 1 and there is a {pixel}: for several classes use {metric}PerClass.");
    }

    public static void BothClasses(string metric, int positives, int count)
    {
        if (positives == 0 || positives == count)
            throw new ArgumentException($"{metric} compares examples of two classes, and all {count} are {(positives == 0 ? "negative" : "positive")}: it is not defined there. Stratified splits keep both classes in every part.");
    }

    public static void SomePositive(string metric, int positives, int count)
    {
        if (positives == 0)
            throw new ArgumentException($"{metric} asks how many of the positive examples are found, and none of the {count} is positive: it is not defined there. Stratified splits keep both classes in every part.");
    }

    public static void Probabilities(string metric, double[] values)
    {
        foreach (var value in values)
            if (value is < 0 or > 1)
                throw new ArgumentException(FormattableString.Invariant($"{metric} wants probabilities, 0 to 1, and got {value}: these are scores, turn them into probabilities with Sigmoid() (or Softmax() for several classes)."));
    }

    public static void RowsSumToOne(string metric, double[] rows, int classes)
    {
        Probabilities(metric, rows);
        for (var row = 0; row < rows.Length / classes; row++)
        {
            var sum = rows.AsSpan(row * classes, classes).ToArray().Sum();
            if (Math.Abs(sum - 1) > 1e-3)
                throw new ArgumentException(FormattableString.Invariant($"{metric} wants the probabilities of an example to sum to 1, and those in row {row} sum to {sum:G4}: apply Softmax() to the scores first."));
        }
    }

    public static void Bins(int bins)
    {
        if (bins < 1)
            throw new ArgumentException($"A calibration curve needs at least one bin and {bins} were asked for: 10 are usual.");
    }

    public static void DataRange(string metric, double range)
    {
        if (!(range > 0 && double.IsFinite(range)))
            throw new ArgumentException(FormattableString.Invariant($"{metric} needs the range that pixels can have, and {range} is none: 1 for images from 0 to 1, 255 for bytes."));
    }

    public static void Confidence(double confidence)
    {
        if (!(confidence > 0 && confidence < 1))
            throw new ArgumentException(FormattableString.Invariant($"A confidence lies between 0 and 1, and {confidence} was asked for: 0.95 is usual."));
    }

    public static void Proportion(int successes, int trials)
    {
        if (trials < 1 || successes < 0 || successes > trials)
            throw new ArgumentException($"A proportion is a number of successes out of at least one trial, and {successes} of {trials} is none.");
    }

    public static void BootstrapSample(IReadOnlyList<double> values, int resamples)
    {
        if (values.Count == 0)
            throw new ArgumentException("The bootstrap resamples what was measured, and there is no value.");
        if (resamples < 1)
            throw new ArgumentException($"The bootstrap needs at least one resample and {resamples} were asked for: 10,000 are usual.");
        NoNaN("The bootstrap", "value", values);
    }

    private static void NoNaN(string metric, string what, IReadOnlyList<double> values)
    {
        for (var i = 0; i < values.Count; i++)
            if (double.IsNaN(values[i]))
                throw new ArgumentException($"{metric} got NaN as {what} {i}: an input was not a number, or training diverged.");
    }

    private static void ZeroOrOne(string metric, double target)
    {
        if (target is not (0 or 1))
            throw new ArgumentException(FormattableString.Invariant($"{metric} wants targets of 0 (negative) and 1 (positive) and got {target}."));
    }
}
