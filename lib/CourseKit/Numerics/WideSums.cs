using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>
/// A sum in 16 lanes of doubles, added up in a fixed order at the end: float32 sums of a million numbers drift, these do not.
/// Sums live in registers only as long as nothing is called, so a loop over them takes whole vectors, and the tail comes after it.
/// </summary>
internal struct WideSums
{
    private Vector512<double> low, high;

    /// <summary>The sum of the lanes.</summary>
    public readonly double Total => Lanes.Sum(low + high);

    /// <summary>The lanes themselves, each the sum of a column.</summary>
    public readonly (Vector512<double> Low, Vector512<double> High) Columns => (low, high);

    /// <summary>Adds 16 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<float> x) => Add(Vector512.WidenLower(x), Vector512.WidenUpper(x));

    /// <summary>Adds 16 numbers that are doubles already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<double> lower, Vector512<double> upper)
    {
        low += lower;
        high += upper;
    }

    /// <summary>Adds 16 products, each rounded once, with its sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(Vector512<double> lower, Vector512<double> upper, Vector512<double> otherLower, Vector512<double> otherUpper)
    {
        low = Vector512.FusedMultiplyAdd(lower, otherLower, low);
        high = Vector512.FusedMultiplyAdd(upper, otherUpper, high);
    }

    /// <summary>Adds all numbers of a run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRun(ref float start, int length)
    {
        var i = 0;
        for (; i + Lanes.Width <= length; i += Lanes.Width)
            Add(Vector512.LoadUnsafe(ref start, (nuint)i));
        if (i < length)
            Add(Lanes.Load(ref start, i, length));
    }
}
