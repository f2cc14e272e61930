namespace CourseKit;

/// <summary>Weights for the classes of an imbalanced data set, from how often each occurs.</summary>
public static class ClassWeights
{
    /// <summary>How often each class occurs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A class index is not one of the classes.</exception>
    public static int[] Counts(IntTensor classes, int classCount)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentCheck.AtLeast(1, "ClassWeights.Counts", nameof(classCount), classCount);
        var counts = new int[classCount];
        for (var i = 0; i < classes.Count; i++)
        {
            ShapeCheck.ClassIndex(nameof(ClassWeights), classes[i], i, classCount);
            counts[classes[i]]++;
        }
        return counts;
    }

    /// <summary>examples / (classes count_c): inversely proportional to the frequency, and 1 where all are equally frequent.</summary>
    /// <exception cref="ArgumentException">There is no class, or one that never occurs.</exception>
    public static Tensor InverseFrequency(IReadOnlyList<int> counts, Device? device = null)
    {
        Check(nameof(InverseFrequency), counts);
        var examples = counts.Sum(count => (double)count);
        return Tensor.From([.. counts.Select(count => examples / ((double)counts.Count * count))], null, device);
    }

    /// <summary>
    /// (1 - beta) / (1 - beta^count_c), the inverse of the effective number of examples (Cui et al. 2019): all 1 for beta = 0, and
    /// inversely proportional to the count as beta tends to 1.
    /// </summary>
    /// <param name="counts">How often each class occurs.</param>
    /// <param name="beta">From 0 to just below 1; the paper takes 0.9 to 0.9999.</param>
    /// <param name="normalize">Whether the weights are scaled to sum to the number of classes, as in the paper's experiments.</param>
    /// <param name="device">Where the weights are; the default device by default.</param>
    /// <exception cref="ArgumentException">There is no class, or one that never occurs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">beta is outside.</exception>
    public static Tensor ClassBalanced(IReadOnlyList<int> counts, double beta = 0.999, bool normalize = false, Device? device = null)
    {
        Check(nameof(ClassBalanced), counts);
        ArgumentCheck.Between(nameof(ClassBalanced), nameof(beta), beta, 0, Math.BitDecrement(1.0), "at 1 every weight is 0");
        // 1 - beta^n = -(e^(n ln beta) - 1), which keeps its digits for a beta near 1.
        var weights = counts.Select(count => beta == 0 ? 1 : (1 - beta) / -SpecialFunctions.ExpMinusOne(count * Math.Log(beta))).ToArray();
        var scale = normalize ? counts.Count / weights.Sum() : 1;
        return Tensor.From([.. weights.Select(weight => weight * scale)], null, device);
    }

    private static void Check(string operation, IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count == 0)
            throw new ArgumentException($"{operation} got no classes: give the count of each, for example ClassWeights.Counts(labels, classCount).");
        for (var c = 0; c < counts.Count; c++)
            if (counts[c] <= 0)
                throw new ArgumentException($"{operation} got a count of {counts[c]} for class {c}: a class without examples has no weight; leave it out or collect some.");
    }
}
