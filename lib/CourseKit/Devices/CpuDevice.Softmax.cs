using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

// Softmax along the last axis goes along each row; along any other axis, 16 neighbouring columns at a time.
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void Softmax(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm)
    {
        for (var o = 0; o < outer; o++)
        {
            var (xs, ys) = (Part(x, o * length * inner, length * inner), Part(y, o * length * inner, length * inner));
            if (inner == 1)
                SoftmaxOfRow(xs, ys, length, logarithm);
            else
                SoftmaxOfColumns(xs, ys, length, inner, logarithm);
        }
    }

    private static void SoftmaxOfRow(StorageView x, StorageView y, int length, bool logarithm)
    {
        ref var from = ref First(x);
        ref var to = ref First(y);
        var largest = float.NegativeInfinity;
        foreach (var value in Of(x))
            largest = MathF.Max(largest, value);
        var shift = Vector512.Create(largest);
        for (var i = 0; i < length; i += Lanes.Width)
            Lanes.Store(Lanes.Exp(Lanes.Load(ref from, i, length) - shift), ref to, i, length);
        var sum = SumOfRun(ref to, length);
        var logSum = Vector512.Create((float)Math.Log(sum));
        var divisor = Vector512.Create((float)sum);
        for (var i = 0; i < length; i += Lanes.Width)
            Lanes.Store(logarithm ? Lanes.Load(ref from, i, length) - shift - logSum : Lanes.Load(ref to, i, length) / divisor, ref to, i, length);
    }

    private static void SoftmaxOfColumns(StorageView x, StorageView y, int length, int inner, bool logarithm)
    {
        ref var from = ref First(x);
        ref var to = ref First(y);
        for (var i = 0; i < inner; i += Lanes.Width)
        {
            var shift = Vector512.Create(float.NegativeInfinity);
            for (var l = 0; l < length; l++)
                shift = Vector512.Max(shift, Lanes.Load(ref Unsafe.Add(ref from, l * inner), i, inner));
            Vector512<double> low = default, high = default;
            for (var l = 0; l < length; l++)
            {
                var e = Lanes.Exp(Lanes.Load(ref Unsafe.Add(ref from, l * inner), i, inner) - shift);
                Lanes.Store(e, ref Unsafe.Add(ref to, l * inner), i, inner);
                var (lower, upper) = Vector512.Widen(e);
                low += lower;
                high += upper;
            }
            var sum = Vector512.Narrow(low, high);
            var logSum = Lanes.Log(sum);
            for (var l = 0; l < length; l++)
            {
                var result = logarithm
                    ? Lanes.Load(ref Unsafe.Add(ref from, l * inner), i, inner) - shift - logSum
                    : Lanes.Load(ref Unsafe.Add(ref to, l * inner), i, inner) / sum;
                Lanes.Store(result, ref Unsafe.Add(ref to, l * inner), i, inner);
            }
        }
    }

    /// <inheritdoc/>
    public override void SoftmaxBackward(StorageView y, StorageView dy, StorageView dx, int outer, int length, int inner, bool logarithm, bool accumulate)
    {
        for (var o = 0; o < outer; o++)
        {
            var (start, count) = (o * length * inner, length * inner);
            if (inner == 1)
                SoftmaxBackwardOfRow(Part(y, start, count), Part(dy, start, count), Part(dx, start, count), length, logarithm, accumulate);
            else
                SoftmaxBackwardOfColumns(Part(y, start, count), Part(dy, start, count), Part(dx, start, count), length, inner, logarithm, accumulate);
        }
    }

    private static void SoftmaxBackwardOfRow(StorageView y, StorageView dy, StorageView dx, int length, bool logarithm, bool accumulate)
    {
        ref var ys = ref First(y);
        ref var dys = ref First(dy);
        ref var dxs = ref First(dx);
        var total = 0.0;
        for (var i = 0; i < length; i++)
            total += logarithm ? Unsafe.Add(ref dys, i) : (double)Unsafe.Add(ref dys, i) * Unsafe.Add(ref ys, i);
        var sum = Vector512.Create((float)total);
        for (var i = 0; i < length; i += Lanes.Width)
            StoreGradient(Lanes.Load(ref ys, i, length), Lanes.Load(ref dys, i, length), sum, ref dxs, i, length, logarithm, accumulate);
    }

    private static void SoftmaxBackwardOfColumns(StorageView y, StorageView dy, StorageView dx, int length, int inner, bool logarithm, bool accumulate)
    {
        ref var ys = ref First(y);
        ref var dys = ref First(dy);
        ref var dxs = ref First(dx);
        for (var i = 0; i < inner; i += Lanes.Width)
        {
            Vector512<double> low = default, high = default;
            for (var l = 0; l < length; l++)
            {
                var (lower, upper) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref dys, l * inner), i, inner));
                if (!logarithm)
                {
                    var (lowerY, upperY) = Vector512.Widen(Lanes.Load(ref Unsafe.Add(ref ys, l * inner), i, inner));
                    (lower, upper) = (lower * lowerY, upper * upperY);
                }
                low += lower;
                high += upper;
            }
            var sum = Vector512.Narrow(low, high);
            for (var l = 0; l < length; l++)
                StoreGradient(Lanes.Load(ref Unsafe.Add(ref ys, l * inner), i, inner), Lanes.Load(ref Unsafe.Add(ref dys, l * inner), i, inner), sum, ref Unsafe.Add(ref dxs, l * inner), i, inner, logarithm, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreGradient(Vector512<float> y, Vector512<float> dy, Vector512<float> sum, ref float target, int index, int length, bool logarithm, bool accumulate)
    {
        var gradient = logarithm ? dy - Lanes.Exp(y) * sum : y * (dy - sum);
        if (accumulate)
            gradient += Lanes.Load(ref target, index, length);
        Lanes.Store(gradient, ref target, index, length);
    }
}
