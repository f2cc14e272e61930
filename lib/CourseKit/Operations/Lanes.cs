using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

/// <summary>
/// Functions on 16 lanes of float32, and loads and stores that handle a tail. A tail goes through the same vector code as
/// the rest, so a number's bits never depend on where it stands or how the work was cut.
/// </summary>
internal static class Lanes
{
    public const int Width = 16;

    /// <summary>Loads 16 numbers, or the last few padded with <paramref name="padding"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref readonly float start, int index, int length, float padding = 0)
        => index + Width <= length ? Vector512.LoadUnsafe(in start, (nuint)index) : LoadTail(in start, index, length, padding);

    /// <summary>Stores 16 numbers, or as many as are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, ref float start, int index, int length)
    {
        if (index + Width <= length)
            value.StoreUnsafe(ref start, (nuint)index);
        else
            StoreTail(value, ref start, index, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V LoadTail(ref readonly float start, int index, int length, float padding)
    {
        Span<float> lanes = stackalloc float[Width];
        lanes.Fill(padding);
        for (var i = index; i < length; i++)
            lanes[i - index] = Unsafe.Add(ref Unsafe.AsRef(in start), i);
        return Vector512.Create<float>(lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreTail(V value, ref float start, int index, int length)
    {
        for (var i = index; i < length; i++)
            Unsafe.Add(ref start, i) = value.GetElement(i - index);
    }

    /// <summary>1 / (1 + e^-x) without overflow.</summary>
    public static V Sigmoid(V x)
    {
        var e = Vector512.Exp(-Vector512.Abs(x));
        return Vector512.ConditionalSelect(Vector512.LessThan(x, V.Zero), e, V.One) / (V.One + e);
    }

    /// <summary>tanh: a polynomial near 0, where the exponential form would lose digits (coefficients of the Cephes library, Moshier 1989), else 1 - 2/(e^2|x| + 1).</summary>
    public static V Tanh(V x)
    {
        var magnitude = Vector512.Abs(x);
        var square = x * x;
        var p = Vector512.Create(-5.70498872745e-3f);
        p = p * square + Vector512.Create(2.06390887954e-2f);
        p = p * square + Vector512.Create(-5.37397155531e-2f);
        p = p * square + Vector512.Create(1.33314422036e-1f);
        p = p * square + Vector512.Create(-3.33332819422e-1f);
        var near = p * square * x + x;
        var far = V.One - Vector512.Create(2f) / (Vector512.Exp(magnitude + magnitude) + V.One);
        far = Vector512.ConditionalSelect(Vector512.LessThan(x, V.Zero), -far, far);
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0.625f)), near, far);
    }

    /// <summary>ln(1 + x) for x of 0 to 1, right to the last digits also where x is tiny (Kahan's correction).</summary>
    public static V LogOnePlus(V x)
    {
        var u = V.One + x;
        var log = Vector512.Log(u) * x / (u - V.One);
        return Vector512.ConditionalSelect(Vector512.Equals(u, V.One), x, log);
    }

    /// <summary>x to a power, lane by lane: there is no vector form that is right for negative numbers.</summary>
    public static V Power(V x, float exponent)
    {
        Span<float> lanes = stackalloc float[Width];
        x.CopyTo(lanes);
        for (var i = 0; i < Width; i++)
            lanes[i] = MathF.Pow(lanes[i], exponent);
        return Vector512.Create<float>(lanes);
    }
}
