namespace CourseKit;

/// <summary>What the losses of scores (N, C, ...) and one class index for each place (N, ...) have in common.</summary>
internal static class ClassTargets
{
    /// <summary>PyTorch's mark for a place that has no class.</summary>
    public const int IgnoreIndex = -100;

    /// <summary>Checks shapes and classes.</summary>
    /// <returns>How many places are ignored.</returns>
    public static int Check(string loss, Shape scores, IntTensor classes, int? ignoreIndex)
    {
        ShapeCheck.ClassTargets(loss, scores, classes.Shape);
        var ignored = 0;
        for (var i = 0; i < classes.Count; i++)
        {
            if (classes[i] == ignoreIndex)
                ignored++;
            else
                ShapeCheck.ClassIndex(loss, classes[i], classes.Shape.Rank == 1 ? "row" : "place", i, scores[1]);
        }
        return ignored;
    }

    /// <summary>The score of each place's class (N, ...); of an ignored place that of class 0.</summary>
    public static Tensor Pick(Tensor scores, IntTensor classes, int? ignoreIndex)
    {
        var (_, count, inner) = scores.Shape.Around(1);
        var places = new int[classes.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var (example, place) = Math.DivRem(i, inner);
            places[i] = (example * count + ClassAt(classes, i, ignoreIndex)) * inner + place;
        }
        return scores.At(places, classes.Shape);
    }

    /// <summary>What each place counts (N, ...): the weight of its class, and 0 where it is ignored.</summary>
    public static Tensor Weights(IntTensor classes, Tensor? classWeights, int? ignoreIndex, Device device)
    {
        var counts = new double[classes.Count];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = classes[i] == ignoreIndex ? 0 : 1;
        var weights = Tensor.From((ReadOnlySpan<double>)counts, classes.Shape, device);
        if (classWeights is null)
            return weights;
        var indices = new int[classes.Count];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = ClassAt(classes, i, ignoreIndex);
        return weights * classWeights.To(device).At(indices, classes.Shape);
    }

    private static int ClassAt(IntTensor classes, int index, int? ignoreIndex) => classes[index] == ignoreIndex ? 0 : classes[index];

    /// <summary>A weight for each class (C) in a shape that stretches over (N, C, ...).</summary>
    public static Tensor AlongClasses(Tensor classWeights, Tensor scores)
    {
        Span<int> lengths = stackalloc int[scores.Shape.Rank - 1];
        lengths.Fill(1);
        lengths[0] = scores.Shape[1];
        return classWeights.To(scores.Device).Reshape(lengths);
    }

    /// <summary>
    /// -(1 - s) w_y ln p_y - s/C (sum over the classes of w_c ln p_c) of log-probabilities (N, C, ...), with the smoothing s.
    /// The mean divides by the sum of the weights w_y that count, as in PyTorch.
    /// </summary>
    public static Tensor NegativeLogLikelihood(string loss, Tensor logarithms, IntTensor classes, Reduction reduction, Tensor? classWeights, double smoothing, int ignoreIndex)
    {
        var ignored = Check(loss, logarithms.Shape, classes, ignoreIndex);
        var picked = Pick(logarithms, classes, ignoreIndex);
        if (ignored == 0 && classWeights is null && smoothing == 0)
            return reduction.Apply(loss, -picked);

        var count = logarithms.Shape[1];
        if (classWeights is not null)
            ShapeCheck.ClassWeights(loss, classWeights.Shape, count);
        var weights = Weights(classes, classWeights, ignoreIndex, logarithms.Device);
        var values = -Counting(picked, weights);
        if (smoothing > 0)
        {
            var all = (classWeights is null ? logarithms : logarithms * AlongClasses(classWeights, logarithms)).Sum(1);
            values = (1 - smoothing) * values - smoothing / count * Counting(all, Weights(classes, null, ignoreIndex, logarithms.Device));
        }
        if (reduction != Reduction.Mean)
            return reduction.Apply(loss, values);
        ShapeCheck.MeanOfNothing(loss, values.Shape);
        if (ignored == classes.Count)
            ShapeCheck.AllIgnored(loss, ignoreIndex);
        return values.Sum() / weights.Sum();
    }

    /// <summary>Values times weights, where a weight of 0 makes a 0 of any value.</summary>
    public static Tensor Counting(Tensor values, Tensor weights) => Tensor.Zip("Weight", new WeightedTerm(), values, weights);
}
