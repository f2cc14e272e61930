using ILGPU;

namespace CourseKit;

// One thread for each number of the result. Formulas are the ones of every device, in doubles.
internal static class ElementwiseKernels
{
    public static void Fill(Index1D i, ArrayView<float> target, float value) => target[i] = value;

    public static void Copy(Index1D i, ArrayView<float> source, ArrayView<float> target, int accumulate)
        => target[i] = accumulate != 0 ? target[i] + source[i] : source[i];

    public static void CopyStrided(Index1D i, ArrayView<float> source, ArrayView<float> target, Walk walk, int accumulate)
    {
        var (s, t) = walk.At(i);
        target[t] = accumulate != 0 ? target[t] + source[s] : source[s];
    }

    /// <summary>One thread walks alone, in the walk's order: for the few walks that meet a number of the target more than once.</summary>
    public static void CopyStridedInOrder(Index1D _, ArrayView<float> source, ArrayView<float> target, Walk walk, int count, int accumulate)
    {
        for (var i = 0; i < count; i++)
        {
            var (s, t) = walk.At(i);
            target[t] = accumulate != 0 ? target[t] + source[s] : source[s];
        }
    }

    public static void Map<TOperation>(Index1D i, ArrayView<float> x, ArrayView<float> y, TOperation operation) where TOperation : struct, IUnaryOperation
        => y[i] = (float)operation.Forward((double)x[i]);

    /// <summary>y + each channel's bias and, where that is asked for, nothing below 0.</summary>
    public static void AddBias(Index1D i, ArrayView<float> y, ArrayView<float> bias, int area, int rectified)
    {
        var value = y[i] + bias[i / area % bias.IntLength];
        y[i] = rectified != 0 ? (float)new RectifiedLinear().Forward((double)value) : value;
    }

    public static void MapBackward<TOperation>(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, TOperation operation, int accumulate) where TOperation : struct, IUnaryOperation
    {
        var gradient = (float)(dy[i] * operation.Derivative((double)x[i], (double)y[i]));
        dx[i] = accumulate != 0 ? dx[i] + gradient : gradient;
    }

    public static void Zip<TOperation>(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Walk walk, TOperation operation) where TOperation : struct, IBinaryOperation
    {
        var (left, right) = walk.At(i);
        y[i] = (float)operation.Forward((double)a[left], (double)b[right]);
    }

    /// <summary>The gradient goes to d in y's shape; part 0 is the left operand's, 1 the right one's, and 2 more adds to what is there.</summary>
    public static void ZipBackward<TOperation>(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<float> dy, ArrayView<float> d, Walk walk, ZipPart<TOperation> part) where TOperation : struct, IBinaryOperation
    {
        var (left, right) = walk.At(i);
        double l = a[left], r = b[right];
        var gradient = (float)(dy[i] * (part.IsLeft != 0 ? part.Operation.DerivativeLeft(l, r) : part.Operation.DerivativeRight(l, r)));
        d[i] = part.Accumulate != 0 ? d[i] + gradient : gradient;
    }
}

/// <summary>Which operand's derivative of an operation is asked for.</summary>
internal readonly struct ZipPart<TOperation>(TOperation operation, bool isLeft, bool accumulate) where TOperation : struct, IBinaryOperation
{
    public readonly TOperation Operation = operation;
    public readonly int IsLeft = isLeft ? 1 : 0;
    public readonly int Accumulate = accumulate ? 1 : 0;
}

/// <summary>Two steps along up to eight axes, innermost first, in a form that a kernel takes: where number i of a walk stands in both tensors.</summary>
internal struct Walk
{
    public int FirstStart, SecondStart;
    private int length0, length1, length2, length3, length4, length5, length6, length7;
    private int first0, first1, first2, first3, first4, first5, first6, first7;
    private int second0, second1, second2, second3, second4, second5, second6, second7;

    /// <summary>Adds an axis; the first one given is the innermost.</summary>
    public void Set(int axis, int length, int first, int second)
    {
        switch (axis)
        {
            case 0: (length0, first0, second0) = (length, first, second); break;
            case 1: (length1, first1, second1) = (length, first, second); break;
            case 2: (length2, first2, second2) = (length, first, second); break;
            case 3: (length3, first3, second3) = (length, first, second); break;
            case 4: (length4, first4, second4) = (length, first, second); break;
            case 5: (length5, first5, second5) = (length, first, second); break;
            case 6: (length6, first6, second6) = (length, first, second); break;
            default: (length7, first7, second7) = (length, first, second); break;
        }
    }

    public readonly (int First, int Second) At(int index)
    {
        int first = FirstStart, second = SecondStart;
        Step(ref index, length0, first0, second0, ref first, ref second);
        Step(ref index, length1, first1, second1, ref first, ref second);
        Step(ref index, length2, first2, second2, ref first, ref second);
        Step(ref index, length3, first3, second3, ref first, ref second);
        Step(ref index, length4, first4, second4, ref first, ref second);
        Step(ref index, length5, first5, second5, ref first, ref second);
        Step(ref index, length6, first6, second6, ref first, ref second);
        Step(ref index, length7, first7, second7, ref first, ref second);
        return (first, second);
    }

    // An axis that is not there has length 0, and so have those after it.
    private static void Step(ref int index, int length, int firstStep, int secondStep, ref int first, ref int second)
    {
        if (length == 0)
            return;
        var at = index % length;
        index /= length;
        first += at * firstStep;
        second += at * secondStep;
    }
}
