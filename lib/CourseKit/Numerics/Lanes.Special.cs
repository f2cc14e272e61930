using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

// The 16-lane twins of SpecialFunctions.
internal static partial class Lanes
{
    /// <summary>ln(1 + x) for x of at least 0, right to the last digits also where x is tiny (Kahan's correction).</summary>
    public static V LogOnePlus(V x)
    {
        var u = V.One + x;
        var rounded = u - V.One;
        var log = Log(u);
        log = Vector512.ConditionalSelect(Vector512.Equals(rounded, x), log, log * (x / rounded));
        return Vector512.ConditionalSelect(Vector512.Equals(u, V.One), x, log);
    }

    /// <summary>e^x - 1 = 2^n (e^r - 1) + (2^n - 1), where e^r - 1 needs no subtraction. Within 1 unit in the last place.</summary>
    public static V ExpMinusOne(V x)
    {
        var bounded = Vector512.Min(Vector512.Max(x, Vector512.Create(-30f)), Vector512.Create(88f)); // below, it is -1
        var (n, r) = Split(bounded);
        var scale = PowerOfTwo(Vector512.ConvertToInt32(n));
        var y = Vector512.FusedMultiplyAdd(scale, Vector512.FusedMultiplyAdd(r * r, ExpTail(r), r), scale - V.One);
        y = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(88f)), Exp(x), y);
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), y, x);
    }

    /// <summary>(e^x - 1) / x, which is 1 at 0.</summary>
    public static V ExpMinusOneOver(V x) => Vector512.ConditionalSelect(Vector512.Equals(x, V.Zero), V.One, ExpMinusOne(x) / x);

    /// <summary>1 / (1 + e^-x) and 1 / (1 + e^x), each with all its digits.</summary>
    public static (V Sigmoid, V Complement) Sigmoids(V x)
    {
        var e = Exp(-Vector512.Abs(x));
        var (large, small) = (V.One / (V.One + e), e / (V.One + e));
        var positive = Vector512.GreaterThanOrEqual(x, V.Zero);
        return (Vector512.ConditionalSelect(positive, large, small), Vector512.ConditionalSelect(positive, small, large));
    }

    /// <summary>The error function. Within 2 units in the last place.</summary>
    public static V Erf(V x)
    {
        var magnitude = Vector512.Abs(x);
        // erf(x) / x = 1 + p(x^2) for |x| < 1, p fitted for the smallest largest error (2e-9).
        var p = Polynomial(x * x, [7.875875063e-5f, -8.016864287e-4f, 5.189087423e-3f, -2.685421201e-2f, 0.1128359472f, -0.3761262667f, 0.1283791658f]);
        var near = Vector512.FusedMultiplyAdd(x, p, x);
        var far = V.One - Erfc(magnitude);
        far = Vector512.ConditionalSelect(Vector512.LessThan(x, V.Zero), -far, far);
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, V.One), near, far);
    }

    /// <summary>1 - erf(x), with its digits also where erf(x) is 1.</summary>
    public static V Erfc(V x)
    {
        var z = Vector512.Abs(x);
        var y = ExpMinus(z, 1) * ScaledErfc(z);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, V.Zero), Vector512.Create(2f) - y, y);
    }

    /// <summary>The standard normal distribution's cumulative probability, erfc(-x/sqrt(2))/2.</summary>
    public static V NormalProbability(V x)
    {
        var y = Vector512.Create(0.5f) * ExpMinus(x, 0.5f) * ScaledErfc(Vector512.Abs(x) * Vector512.Create(0.707106781f));
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), V.One - y, y);
    }

    /// <summary>e^(z^2) erfc(z) for z of at least 0; see <see cref="SpecialFunctions"/> for the method, here fitted to within 5e-9.</summary>
    private static V ScaledErfc(V z)
    {
        z = Vector512.Min(z, Vector512.Create(1e9f));
        var t = (z - Vector512.Create(3f)) / (z + Vector512.Create(3f));
        var p = Polynomial(t, [-0.0002601643133f, -0.0007533479767f, 0.002022503502f, 0.00256325314f, -0.02381009277f, 0.0682931306f, -0.1192688997f, 0.1296470333f, -0.04756250164f, -0.1356211658f, 1.25300806f]);
        return p / (V.One + z + z);
    }

    /// <summary>e^(-scale z^2), with the part of z^2 that its rounding cuts off.</summary>
    private static V ExpMinus(V z, float scale)
    {
        z = Vector512.Min(Vector512.Max(z, Vector512.Create(-16f)), Vector512.Create(16f)); // beyond, it is 0 in float32
        var square = z * z;
        var cut = Vector512.FusedMultiplyAdd(z, z, -square);
        return Exp(Vector512.Create(-scale) * square) * (V.One - Vector512.Create(scale) * cut);
    }

    /// <summary>The standard normal distribution's density.</summary>
    public static V NormalDensity(V x) => Exp(Vector512.Create(-0.5f) * x * x) * Vector512.Create(0.398942280f);

    /// <summary>Infinities become the largest finite numbers, so that a product with 0 is 0 and no NaN.</summary>
    public static V Finite(V x) => Vector512.Min(Vector512.Max(x, Vector512.Create(float.MinValue)), Vector512.Create(float.MaxValue));

    /// <summary>-1, 0 or 1.</summary>
    public static V Sign(V x) => (Vector512.GreaterThan(x, V.Zero) & V.One) - (Vector512.LessThan(x, V.Zero) & V.One);

    /// <summary>Lane by lane in doubles: for a rare function that has no vector form.</summary>
    public static V Each(V a, V b, Func<double, double, double> function)
    {
        Span<float> lefts = stackalloc float[Width], rights = stackalloc float[Width];
        a.CopyTo(lefts);
        b.CopyTo(rights);
        for (var i = 0; i < Width; i++)
            lefts[i] = (float)function(lefts[i], rights[i]);
        return Vector512.Create<float>(lefts);
    }

    /// <summary>A polynomial by Horner's rule, highest power first.</summary>
    private static V Polynomial(V x, ReadOnlySpan<float> coefficients)
    {
        var p = Vector512.Create(coefficients[0]);
        foreach (var coefficient in coefficients[1..])
            p = Vector512.FusedMultiplyAdd(p, x, Vector512.Create(coefficient));
        return p;
    }
}
