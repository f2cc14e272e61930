namespace CourseKit;

/// <summary>
/// How two operands are walked to fill a broadcast result. Neighbouring axes that behave alike are merged, so most
/// operations become one or two plain loops: a bias added to a batch is (rows) x (columns), stepping (columns, 1) and (0, 1).
/// </summary>
public readonly struct BroadcastPlan
{
    private readonly AxisNumbers lengths, leftSteps, rightSteps;

    /// <summary>The number of axes after merging, at least 1.</summary>
    public int Rank { get; }

    /// <summary>Plans the walk of <paramref name="left"/> and <paramref name="right"/> over <paramref name="result"/>.</summary>
    public BroadcastPlan(Shape left, Shape right, Shape result)
    {
        var rank = 0;
        int leftStride = 1, rightStride = 1;
        // From the last axis to the first: a step is the stride, or 0 where the operand is stretched.
        for (var fromEnd = 1; fromEnd <= result.Rank; fromEnd++)
        {
            var length = result[-fromEnd];
            var leftLength = fromEnd <= left.Rank ? left[-fromEnd] : 1;
            var rightLength = fromEnd <= right.Rank ? right[-fromEnd] : 1;
            var leftStep = leftLength == 1 ? 0 : leftStride;
            var rightStep = rightLength == 1 ? 0 : rightStride;
            leftStride *= leftLength;
            rightStride *= rightLength;
            if (length == 1)
                continue;
            var merges = rank > 0
                && leftStep == leftSteps[rank - 1] * lengths[rank - 1]
                && rightStep == rightSteps[rank - 1] * lengths[rank - 1];
            if (merges)
            {
                lengths[rank - 1] *= length;
                continue;
            }
            lengths[rank] = length;
            leftSteps[rank] = leftStep;
            rightSteps[rank] = rightStep;
            rank++;
        }
        if (rank == 0)
            lengths[rank++] = result.ElementCount;
        Rank = rank;
    }

    /// <summary>The length of a merged axis, and how far the left and the right operand move along it; axis 0 is the innermost.</summary>
    public (int Length, int LeftStep, int RightStep) this[int axis] => (lengths[axis], leftSteps[axis], rightSteps[axis]);

    /// <summary>The length of the innermost loop.</summary>
    public int Inner => lengths[0];

    /// <summary>How far the left operand moves in the innermost loop: 1, or 0 where it is stretched.</summary>
    public int LeftStep => leftSteps[0];

    /// <summary>How far the right operand moves in the innermost loop.</summary>
    public int RightStep => rightSteps[0];

    /// <summary>How many times the innermost loop runs.</summary>
    public int OuterCount
    {
        get
        {
            var count = 1;
            for (var axis = 1; axis < Rank; axis++)
                count *= lengths[axis];
            return count;
        }
    }

    /// <summary>Where both operands stand when the innermost loop runs for the <paramref name="index"/>-th time.</summary>
    public (int Left, int Right) OffsetsOf(int index)
    {
        int left = 0, right = 0;
        for (var axis = 1; axis < Rank; axis++)
        {
            (index, var at) = Math.DivRem(index, lengths[axis]);
            left += at * leftSteps[axis];
            right += at * rightSteps[axis];
        }
        return (left, right);
    }
}
