using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

/// <summary>
/// Functions on 16 lanes of float32, and loads and stores that handle a tail. A tail goes through the same vector code as
/// the rest, so a number's bits never depend on where it stands or how the work was cut.
/// </summary>
internal static partial class Lanes
{
    public const int Width = 16;

    private const float LnTwo = 0.693147182f, LnTwoLow = -1.90465430e-9f;

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

    /// <summary>The sum of the 16 lanes, in a fixed order: halves are added, then theirs, whatever the machine's width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V x)
    {
        var eight = x.GetLower() + x.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>The sum of 8 lanes of doubles, in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> x)
    {
        var four = x.GetLower() + x.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    /// <summary>The largest of the 16 lanes, or NaN where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(V x)
    {
        var eight = Vector256.Max(x.GetLower(), x.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[2]), MathF.Max(four[1], four[3]));
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

    /// <summary>
    /// e^x = 2^n e^r with r in plus or minus ln(2)/2, where e^r = 1 + r + r^2 p(r). Written out here, with every multiply-add
    /// named, because the runtime's own gives other bits on other vector widths, and more than 1 for e^0. Within 1 unit in the last place.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        // Beyond these bounds e^x is 0 or infinite in float32.
        var bounded = Vector512.Min(Vector512.Max(x, Vector512.Create(-104f)), Vector512.Create(89f));
        var (n, r) = Split(bounded);
        var y = V.One + Vector512.FusedMultiplyAdd(r * r, ExpTail(r), r);
        // 2^n in two factors: one alone would overflow before the result does, or flush a tiny one to 0. (What n becomes of NaN does not matter.)
        var exponent = Vector512.ConvertToInt32Native(n);
        var half = exponent >> 1;
        y = y * PowerOfTwo(half) * PowerOfTwo(exponent - half);
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), y, x);
    }

    /// <summary>x = n ln(2) + r with a whole number n. ln(2) is in two parts: the product with the first is exact inside the multiply-add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V N, V R) Split(V x)
    {
        var n = Vector512.Round(x * Vector512.Create(1.44269504f));
        return (n, Vector512.FusedMultiplyAdd(n, Vector512.Create(-LnTwoLow), Vector512.FusedMultiplyAdd(n, Vector512.Create(-LnTwo), x)));
    }

    /// <summary>p(r) of e^r = 1 + r + r^2 p(r), to within 5e-11, fitted for the smallest largest error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpTail(V r)
    {
        var p = Vector512.Create(1.9790038895390184e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.3944966021513343e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.333498934277025e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1666290875279635e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.16666665855436072f));
        return Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5000000068785766f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerOfTwo(Vector512<int> exponent) => ((exponent + Vector512.Create(127)) << 23).AsSingle();

    /// <summary>ln x = e ln(2) + ln(1 + t) with x = 2^e (1 + t) and 1 + t from sqrt(1/2) to sqrt(2), where ln(1 + t) = t - t^2/2 + t^3 p(t). Within 1 unit in the last place.</summary>
    public static V Log(V x)
    {
        // A number too small for the usual exponent is scaled up by 2^23 first.
        var tiny = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
        var bits = Vector512.ConditionalSelect(tiny, x * Vector512.Create(8388608f), x).AsInt32();
        var exponent = (bits - Vector512.Create(0x3F3504F3)) >> 23; // the bits of sqrt(1/2)
        var t = (bits - (exponent << 23)).AsSingle() - V.One;
        var e = Vector512.ConvertToSingle(exponent) - (tiny & Vector512.Create(23f));
        var p = Vector512.Create(6.746651263958114e-2f); // p to within 1e-9, fitted for the smallest largest error
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.11675670430190416f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.11888167664485369f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.12405586440507342f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.14219551362553f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.1666799594658831f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.20002118707005478f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.2500000959854576f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.3333331260343011f));
        var square = t * t;
        var y = Vector512.FusedMultiplyAdd(square * t, p, e * Vector512.Create(LnTwoLow));
        y = t + Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), y);
        y = Vector512.FusedMultiplyAdd(e, Vector512.Create(LnTwo), y);
        // What is no ordinary number: infinity stays, 0 gives minus infinity, a negative number and NaN give NaN.
        y = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512.Create(float.PositiveInfinity)), x, y);
        y = Vector512.ConditionalSelect(Vector512.Equals(x, V.Zero), Vector512.Create(float.NegativeInfinity), y);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, V.Zero), y, Vector512.Create(float.NaN));
    }

    /// <summary>1 / (1 + e^-x) without overflow.</summary>
    public static V Sigmoid(V x)
    {
        var e = Exp(-Vector512.Abs(x));
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
        var far = V.One - Vector512.Create(2f) / (Exp(magnitude + magnitude) + V.One);
        far = Vector512.ConditionalSelect(Vector512.LessThan(x, V.Zero), -far, far);
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0.625f)), near, far);
    }

    /// <summary>sin x, computed in doubles: a quarter turn is taken away as often as it goes, and two polynomials do the rest.</summary>
    public static V Sin(V x) => Turned(x, quarters: 0);

    /// <summary>cos x = sin(x + a quarter turn).</summary>
    public static V Cos(V x) => Turned(x, quarters: 1);

    private static V Turned(V x, long quarters)
    {
        // So far out a float32 is many turns wide; what is left is a matter of exactness, not of speed.
        if (Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(1e9f)))
            return EachLane(x, quarters == 0 ? MathF.Sin : MathF.Cos);
        var (lower, upper) = Vector512.Widen(x);
        return Vector512.Narrow(Turned(lower, quarters), Turned(upper, quarters));
    }

    private static Vector512<double> Turned(Vector512<double> x, long quarters)
    {
        var n = Vector512.Round(x * Vector512.Create(2 / Math.PI));
        // pi/2 in two parts: the product with the first is exact inside the multiply-add.
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-6.123233995736766e-17), Vector512.FusedMultiplyAdd(n, Vector512.Create(-1.5707963267948966), x));
        var square = r * r;
        // Taylor's polynomials: on plus or minus pi/4 right to 1e-13, far beyond float32.
        var sine = Vector512.Create(1.0 / 6227020800);
        foreach (var factorial in (ReadOnlySpan<double>)[-39916800, 362880, -5040, 120, -6])
            sine = Vector512.FusedMultiplyAdd(sine, square, Vector512.Create(1 / factorial));
        sine = Vector512.FusedMultiplyAdd(sine * square, r, r);
        var cosine = Vector512.Create(1.0 / 479001600);
        foreach (var factorial in (ReadOnlySpan<double>)[-3628800, 40320, -720, 24, -2, 1])
            cosine = Vector512.FusedMultiplyAdd(cosine, square, Vector512.Create(1 / factorial));
        var quadrant = Vector512.ConvertToInt64(n) + Vector512.Create(quarters);
        var odd = Vector512.Equals(quadrant & Vector512<long>.One, Vector512<long>.One).AsDouble();
        var negative = Vector512.Equals(quadrant & Vector512.Create(2L), Vector512.Create(2L)).AsDouble();
        var y = Vector512.ConditionalSelect(odd, cosine, sine);
        return Vector512.ConditionalSelect(negative, -y, y);
    }

    private static V EachLane(V x, Func<float, float> function)
    {
        Span<float> lanes = stackalloc float[Width];
        x.CopyTo(lanes);
        for (var i = 0; i < Width; i++)
            lanes[i] = function(lanes[i]);
        return Vector512.Create<float>(lanes);
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
