using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// Short runs of numbers, copied or added. What is done to each number does not depend on the vector it is in, so a tail steps down to narrower
/// ones, or is done twice where that changes nothing.
/// </summary>
internal static class Runs
{
    /// <summary>Copies neighbours, or every second number, or every third.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyEvery(int step, ref float from, ref float to, int count)
    {
        if (step == 1)
        {
            Copy(ref from, ref to, count);
            return;
        }
        var i = 0;
        if (step == 2)
            for (; i + Vector128<float>.Count < count; i += Vector128<float>.Count) // the last number read is before the last one wanted
                Lanes.Evens(Vector128.LoadUnsafe(ref from, (nuint)(2 * i)), Vector128.LoadUnsafe(ref from, (nuint)(2 * i + Vector128<float>.Count))).StoreUnsafe(ref to, (nuint)i);
        for (; i < count; i++)
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i * step);
    }

    /// <summary>Two runs become one in which their numbers take turns, each shifted by its own constant, or added to what is there.</summary>
    public static void Interleave(ref float even, float evenShift, ref float odd, float oddShift, ref float to, int count, bool accumulate)
    {
        var (evenShifts, oddShifts) = (Vector128.Create(evenShift), Vector128.Create(oddShift));
        var i = 0;
        for (; i + Vector128<float>.Count <= count; i += Vector128<float>.Count)
        {
            var (a, b) = (Vector128.LoadUnsafe(ref even, (nuint)i) + evenShifts, Vector128.LoadUnsafe(ref odd, (nuint)i) + oddShifts);
            var (low, high) = (Lanes.InterleaveLow(a, b), Lanes.InterleaveHigh(a, b));
            if (accumulate)
            {
                low += Vector128.LoadUnsafe(ref to, (nuint)(2 * i));
                high += Vector128.LoadUnsafe(ref to, (nuint)(2 * i + Vector128<float>.Count));
            }
            low.StoreUnsafe(ref to, (nuint)(2 * i));
            high.StoreUnsafe(ref to, (nuint)(2 * i + Vector128<float>.Count));
        }
        for (; i < count; i++)
        {
            Unsafe.Add(ref to, 2 * i) = Unsafe.Add(ref even, i) + evenShift + (accumulate ? Unsafe.Add(ref to, 2 * i) : 0);
            Unsafe.Add(ref to, 2 * i + 1) = Unsafe.Add(ref odd, i) + oddShift + (accumulate ? Unsafe.Add(ref to, 2 * i + 1) : 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ref float from, ref float to, int count)
    {
        if (count >= Vector512<float>.Count)
        {
            var last = count - Vector512<float>.Count;
            for (var i = 0; i < last; i += Vector512<float>.Count)
                Vector512.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
            Vector512.LoadUnsafe(ref from, (nuint)last).StoreUnsafe(ref to, (nuint)last);
        }
        else if (count >= Vector256<float>.Count)
        {
            var last = (nuint)(count - Vector256<float>.Count);
            var (first, second) = (Vector256.LoadUnsafe(ref from), Vector256.LoadUnsafe(ref from, last));
            first.StoreUnsafe(ref to);
            second.StoreUnsafe(ref to, last);
        }
        else if (count >= Vector128<float>.Count)
        {
            var last = (nuint)(count - Vector128<float>.Count);
            var (first, second) = (Vector128.LoadUnsafe(ref from), Vector128.LoadUnsafe(ref from, last));
            first.StoreUnsafe(ref to);
            second.StoreUnsafe(ref to, last);
        }
        else
            for (var i = 0; i < count; i++)
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
    }

    /// <summary>to = from + shift; the two runs must not overlap.</summary>
    public static void CopyShifted(ref float from, ref float to, int count, float shift)
    {
        if (count < Vector512<float>.Count)
        {
            for (var i = 0; i < count; i++)
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i) + shift;
            return;
        }
        var shifts = Vector512.Create(shift);
        var last = count - Vector512<float>.Count;
        for (var i = 0; i < last; i += Vector512<float>.Count)
            (Vector512.LoadUnsafe(ref from, (nuint)i) + shifts).StoreUnsafe(ref to, (nuint)i);
        (Vector512.LoadUnsafe(ref from, (nuint)last) + shifts).StoreUnsafe(ref to, (nuint)last);
    }

    /// <summary>to = from + shift where that is not below 0, else 0; the two runs must not overlap.</summary>
    public static void CopyRectified(ref float from, ref float to, int count, float shift)
    {
        var relu = default(RectifiedLinear);
        if (count < Vector512<float>.Count)
        {
            for (var i = 0; i < count; i++)
                Unsafe.Add(ref to, i) = (float)relu.Forward(Unsafe.Add(ref from, i) + shift);
            return;
        }
        var shifts = Vector512.Create(shift);
        var last = count - Vector512<float>.Count;
        for (var i = 0; i < last; i += Vector512<float>.Count)
            relu.Forward(Vector512.LoadUnsafe(ref from, (nuint)i) + shifts).StoreUnsafe(ref to, (nuint)i);
        relu.Forward(Vector512.LoadUnsafe(ref from, (nuint)last) + shifts).StoreUnsafe(ref to, (nuint)last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref float from, ref float to, int count)
    {
        var i = 0;
        for (; i + Vector512<float>.Count <= count; i += Vector512<float>.Count)
            (Vector512.LoadUnsafe(ref from, (nuint)i) + Vector512.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i + Vector128<float>.Count <= count; i += Vector128<float>.Count)
            (Vector128.LoadUnsafe(ref from, (nuint)i) + Vector128.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < count; i++)
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
    }
}
