namespace CourseKit;

/// <summary>
/// How a copy walks two tensors at once: over the same axes, each with steps of its own. A transpose, a slice, a flip and a
/// concatenation are all such walks. Neighbouring axes that behave alike are merged, so most are one or two plain loops.
/// </summary>
public readonly struct StridePlan
{
    private readonly AxisNumbers lengths, sourceSteps, targetSteps;

    /// <summary>Plans a walk; axes are given slowest first, as in a shape.</summary>
    /// <param name="lengths">How many numbers each axis has.</param>
    /// <param name="sourceSteps">How far the source moves along each axis; negative walks backwards, 0 repeats.</param>
    /// <param name="targetSteps">How far the target moves along each axis.</param>
    /// <param name="sourceStart">Where the source begins.</param>
    /// <param name="targetStart">Where the target begins.</param>
    public StridePlan(ReadOnlySpan<int> lengths, ReadOnlySpan<int> sourceSteps, ReadOnlySpan<int> targetSteps, int sourceStart = 0, int targetStart = 0)
    {
        (SourceStart, TargetStart, Count) = (sourceStart, targetStart, 1);
        var rank = 0;
        for (var axis = lengths.Length - 1; axis >= 0; axis--)
        {
            var length = lengths[axis];
            Count *= length;
            if (length == 1)
                continue;
            var merges = rank > 0
                && sourceSteps[axis] == this.sourceSteps[rank - 1] * this.lengths[rank - 1]
                && targetSteps[axis] == this.targetSteps[rank - 1] * this.lengths[rank - 1];
            if (merges)
            {
                this.lengths[rank - 1] *= length;
                continue;
            }
            this.lengths[rank] = length;
            this.sourceSteps[rank] = sourceSteps[axis];
            this.targetSteps[rank] = targetSteps[axis];
            rank++;
        }
        if (rank == 0)
            (this.lengths[0], this.sourceSteps[0], this.targetSteps[0]) = (Count, 1, 1);
        Rank = Math.Max(1, rank);
    }

    private StridePlan(in StridePlan forward)
    {
        (lengths, sourceSteps, targetSteps) = (forward.lengths, forward.targetSteps, forward.sourceSteps);
        (SourceStart, TargetStart, Count, Rank) = (forward.TargetStart, forward.SourceStart, forward.Count, forward.Rank);
    }

    /// <summary>The number of axes after merging, at least 1; axis 0 is the innermost.</summary>
    public int Rank { get; }

    /// <summary>How many numbers are copied.</summary>
    public int Count { get; }

    /// <summary>Where the source begins.</summary>
    public int SourceStart { get; }

    /// <summary>Where the target begins.</summary>
    public int TargetStart { get; }

    /// <summary>The length of a merged axis, its step in the source and its step in the target.</summary>
    public (int Length, int SourceStep, int TargetStep) this[int axis] => (lengths[axis], sourceSteps[axis], targetSteps[axis]);

    /// <summary>The walk with source and target exchanged: what carries a gradient back.</summary>
    public StridePlan Reversed => new(this);

    /// <summary>Whether each run of an axis ends in the target before the next one begins: no number is met twice.</summary>
    public bool FillsInOrder
    {
        get
        {
            var extent = 1;
            for (var axis = 0; axis < Rank; axis++)
            {
                if (targetSteps[axis] < extent)
                    return false;
                extent = targetSteps[axis] * lengths[axis];
            }
            return true;
        }
    }

    /// <summary>How many times the loops over the axes before <paramref name="first"/> run.</summary>
    public int OuterCount(int first = 1)
    {
        var count = 1;
        for (var axis = first; axis < Rank; axis++)
            count *= lengths[axis];
        return count;
    }

    /// <summary>Where source and target stand when the loops inside axis <paramref name="first"/> begin for the <paramref name="index"/>-th time.</summary>
    public (int Source, int Target) OffsetsOf(int index, int first = 1)
    {
        var (source, target) = (SourceStart, TargetStart);
        for (var axis = first; axis < Rank; axis++)
        {
            (index, var at) = Math.DivRem(index, lengths[axis]);
            source += at * sourceSteps[axis];
            target += at * targetSteps[axis];
        }
        return (source, target);
    }
}
