using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

// Softmax along the last axis goes along each row; along any other axis, 16 neighbouring columns at a time. Threads share out rows.
public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    public override void Softmax(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm)
    {
        if (Threads > 1)
            SoftmaxInChunks(x, y, outer, length, inner, logarithm);
        else
            SoftmaxOfSome(x, y, 0, outer, length, inner, logarithm);
    }

    private void SoftmaxInChunks(StorageView x, StorageView y, int outer, int length, int inner, bool logarithm)
        => InRuns(outer, length * inner, (first, count) => SoftmaxOfSome(x, y, first, count, length, inner, logarithm));

    private static void SoftmaxOfSome(StorageView x, StorageView y, int first, int count, int length, int inner, bool logarithm)
    {
        var run = length * inner;
        ref var from = ref Unsafe.Add(ref First(x), first * run);
        ref var to = ref Unsafe.Add(ref First(y), first * run);
        for (var o = 0; o < count; o++, from = ref Unsafe.Add(ref from, run), to = ref Unsafe.Add(ref to, run))
            if (inner == 1)
                SoftmaxOfRow(ref from, ref to, length, logarithm);
            else
                SoftmaxOfColumns(ref from, ref to, length, inner, logarithm);
    }

    // Each loop goes over whole vectors and calls nothing, so that what it gathers stays in registers; the last few numbers come after it.
    private static void SoftmaxOfRow(ref float from, ref float to, int length, bool logarithm)
    {
        var whole = length / Lanes.Width * Lanes.Width;
        var most = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < whole; i += Lanes.Width)
            most = Vector512.Max(most, Vector512.LoadUnsafe(ref from, (nuint)i));
        // Beyond the end e^x is 0.
        var tail = whole < length ? Lanes.Load(ref from, whole, length, float.NegativeInfinity) : Vector512.Create(float.NegativeInfinity);
        var shift = Vector512.Create(Lanes.Max(Vector512.Max(most, tail)));
        if (logarithm)
            LogSoftmaxOfRow(ref from, ref to, length, shift);
        else
            SoftmaxOfRow(ref from, ref to, length, whole, shift, tail);
    }

    private static void SoftmaxOfRow(ref float from, ref float to, int length, int whole, Vector512<float> shift, Vector512<float> tail)
    {
        var sums = new WideSums();
        for (var i = 0; i < whole; i += Lanes.Width)
        {
            var e = Lanes.Exp(Vector512.LoadUnsafe(ref from, (nuint)i) - shift);
            e.StoreUnsafe(ref to, (nuint)i);
            sums.Add(e);
        }
        if (whole < length)
        {
            tail = Lanes.Exp(tail - shift);
            sums.Add(tail);
        }
        var factor = Vector512.Create((float)(1 / sums.Total));
        for (var i = 0; i < whole; i += Lanes.Width)
            (Vector512.LoadUnsafe(ref to, (nuint)i) * factor).StoreUnsafe(ref to, (nuint)i);
        if (whole < length)
            Lanes.Store(tail * factor, ref to, whole, length);
    }

    private static void LogSoftmaxOfRow(ref float from, ref float to, int length, Vector512<float> shift)
    {
        var sums = new WideSums();
        var i = 0;
        for (; i + Lanes.Width <= length; i += Lanes.Width)
            sums.Add(Lanes.Exp(Vector512.LoadUnsafe(ref from, (nuint)i) - shift));
        if (i < length)
            sums.Add(Lanes.Exp(Lanes.Load(ref from, i, length, float.NegativeInfinity) - shift));
        var logSum = Vector512.Create((float)Math.Log(sums.Total));
        for (i = 0; i < length; i += Lanes.Width)
            Lanes.Store(Lanes.Load(ref from, i, length) - shift - logSum, ref to, i, length);
    }

    private static void SoftmaxOfColumns(ref float from, ref float to, int length, int inner, bool logarithm)
    {
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
        if (Threads > 1)
            SoftmaxBackwardInChunks(y, dy, dx, outer, length, inner, logarithm, accumulate);
        else
            SoftmaxBackwardOfSome(y, dy, dx, 0, outer, length, inner, logarithm, accumulate);
    }

    private void SoftmaxBackwardInChunks(StorageView y, StorageView dy, StorageView dx, int outer, int length, int inner, bool logarithm, bool accumulate)
        => InRuns(outer, length * inner, (first, count) => SoftmaxBackwardOfSome(y, dy, dx, first, count, length, inner, logarithm, accumulate));

    private static void SoftmaxBackwardOfSome(StorageView y, StorageView dy, StorageView dx, int first, int count, int length, int inner, bool logarithm, bool accumulate)
    {
        ref var ys = ref First(y);
        ref var dys = ref First(dy);
        ref var dxs = ref First(dx);
        for (var o = first; o < first + count; o++)
        {
            var start = o * length * inner;
            if (inner == 1)
                SoftmaxBackwardOfRow(ref Unsafe.Add(ref ys, start), ref Unsafe.Add(ref dys, start), ref Unsafe.Add(ref dxs, start), length, logarithm, accumulate);
            else
                SoftmaxBackwardOfColumns(ref Unsafe.Add(ref ys, start), ref Unsafe.Add(ref dys, start), ref Unsafe.Add(ref dxs, start), length, inner, logarithm, accumulate);
        }
    }

    private static void SoftmaxBackwardOfRow(ref float ys, ref float dys, ref float dxs, int length, bool logarithm, bool accumulate)
    {
        var sums = new WideSums();
        var i = 0;
        for (; i + Lanes.Width <= length; i += Lanes.Width)
            Add(ref sums, Vector512.LoadUnsafe(ref ys, (nuint)i), Vector512.LoadUnsafe(ref dys, (nuint)i), logarithm);
        if (i < length)
            Add(ref sums, Lanes.Load(ref ys, i, length), Lanes.Load(ref dys, i, length), logarithm);
        var sum = Vector512.Create((float)sums.Total);
        i = 0;
        if (!logarithm && !accumulate)
            for (; i + Lanes.Width <= length; i += Lanes.Width)
                (Vector512.LoadUnsafe(ref ys, (nuint)i) * (Vector512.LoadUnsafe(ref dys, (nuint)i) - sum)).StoreUnsafe(ref dxs, (nuint)i);
        for (; i < length; i += Lanes.Width)
            StoreGradient(Lanes.Load(ref ys, i, length), Lanes.Load(ref dys, i, length), sum, ref dxs, i, length, logarithm, accumulate);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(ref WideSums sums, Vector512<float> y, Vector512<float> dy, bool logarithm)
        {
            var (lower, upper) = Vector512.Widen(dy);
            if (logarithm)
                sums.Add(lower, upper);
            else
                sums.Add(lower * Vector512.WidenLower(y), upper * Vector512.WidenUpper(y));
        }
    }

    private static void SoftmaxBackwardOfColumns(ref float ys, ref float dys, ref float dxs, int length, int inner, bool logarithm, bool accumulate)
    {
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
