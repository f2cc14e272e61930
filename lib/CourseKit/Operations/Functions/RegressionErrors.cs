using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

// What regression losses make of one error e = prediction - target: each a function with its derivative, twice
// (double and 16 lanes of float32). None of the derivatives uses the function's value y.

/// <summary>A function of the error a - b of a prediction a and a target b, so that its two derivatives differ in sign alone.</summary>
internal readonly struct ErrorOf<TFunction>(TFunction function) : IBinaryOperation where TFunction : struct, IUnaryOperation
{
    public double Forward(double a, double b) => function.Forward(a - b);
    public double DerivativeLeft(double a, double b) => function.Derivative(a - b, double.NaN);
    public double DerivativeRight(double a, double b) => -function.Derivative(a - b, double.NaN);
    public V Forward(V a, V b) => function.Forward(a - b);
    public V DerivativeLeft(V a, V b) => function.Derivative(a - b, V.Zero);
    public V DerivativeRight(V a, V b) => -function.Derivative(a - b, V.Zero);
}

/// <summary>e^2 / 2 within plus or minus delta, a straight line beyond (Huber 1964).</summary>
internal readonly struct HuberError(double delta) : IUnaryOperation
{
    public double Forward(double x) => Math.Abs(x) > delta ? delta * (Math.Abs(x) - delta / 2) : x * x / 2;
    public double Derivative(double x, double y) => x > delta ? delta : x < -delta ? -delta : x;

    public V Forward(V x)
    {
        var (magnitude, bound) = (Vector512.Abs(x), Vector512.Create((float)delta));
        return Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, bound), bound * (magnitude - Vector512.Create((float)(delta / 2))), x * x * Vector512.Create(0.5f));
    }

    public V Derivative(V x, V y) => Vector512.Min(Vector512.Max(x, Vector512.Create((float)-delta)), Vector512.Create((float)delta));
}

/// <summary>e^2 / (2 beta) within plus or minus beta, |e| - beta/2 beyond (Girshick 2015); |e| for a beta of 0.</summary>
internal readonly struct SmoothAbsoluteError(double beta) : IUnaryOperation
{
    public double Forward(double x) => Math.Abs(x) < beta ? x * x / (2 * beta) : Math.Abs(x) - beta / 2;
    public double Derivative(double x, double y) => Math.Abs(x) < beta ? x / beta : x > 0 ? 1 : x < 0 ? -1 : 0;

    public V Forward(V x)
    {
        var magnitude = Vector512.Abs(x);
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create((float)beta)), x * x / Vector512.Create((float)(2 * beta)), magnitude - Vector512.Create((float)(beta / 2)));
    }

    public V Derivative(V x, V y)
        => Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create((float)beta)), x / Vector512.Create((float)beta), Lanes.Sign(x));
}

/// <summary>c^2/6 (1 - (1 - (e/c)^2)^3) within plus or minus c, the constant c^2/6 beyond, where the derivative is 0 (Beaton, Tukey 1974).</summary>
internal readonly struct BiweightError(double c) : IUnaryOperation
{
    public double Forward(double x)
    {
        var u = x / c * (x / c);
        return u > 1 ? c * c / 6 : x * x / 6 * (3 - u * (3 - u)); // multiplied out: no digits are lost near 0
    }

    public double Derivative(double x, double y)
    {
        var u = x / c * (x / c);
        return u > 1 ? 0 : x * (1 - u) * (1 - u);
    }

    public V Forward(V x)
    {
        var u = Squared(x / Vector512.Create((float)c));
        var inside = x * x * (Vector512.Create(3f) - u * (Vector512.Create(3f) - u)) / Vector512.Create(6f);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(u, V.One), Vector512.Create((float)(c * c / 6)), inside);
    }

    public V Derivative(V x, V y)
    {
        var u = Squared(x / Vector512.Create((float)c));
        return Vector512.ConditionalSelect(Vector512.GreaterThan(u, V.One), V.Zero, x * Squared(V.One - u));
    }

    private static V Squared(V x) => x * x;
}

/// <summary>tau times the error of a prediction that is too low, 1 - tau times that of one too high (Koenker, Bassett 1978). The derivative at 0 is taken as 0.</summary>
internal readonly struct QuantileError(double tau) : IUnaryOperation
{
    public double Forward(double x) => x > 0 ? (1 - tau) * x : -tau * x;
    public double Derivative(double x, double y) => x > 0 ? 1 - tau : x < 0 ? -tau : 0;
    public V Forward(V x) => Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), Vector512.Create((float)(1 - tau)), Vector512.Create((float)-tau)) * x;
    public V Derivative(V x, V y) => (Vector512.GreaterThan(x, V.Zero) & Vector512.Create((float)(1 - tau))) - (Vector512.LessThan(x, V.Zero) & Vector512.Create((float)tau));
}

/// <summary>
/// Barron's general robust loss (2019), with w = e/c and b = |alpha - 2|: (b/alpha) ((w^2/b + 1)^(alpha/2) - 1), and its limits at
/// alpha = 2, 0 and minus infinity. It is computed from L = ln(1 + w^2/b) in one of two forms, neither of which divides by something
/// small or subtracts numbers that are nearly equal, so that the limits need no cases of their own:
/// up to alpha = 1 it is (b/2) L (e^t - 1)/t with t = L alpha/2, and above it is (w^2 E + b (E - 1))/alpha with E = e^(L (alpha - 2)/2).
/// Its derivative is w/c e^(L (alpha/2 - 1)).
/// </summary>
internal readonly struct GeneralRobustError(double alpha, double c) : IUnaryOperation
{
    // At alpha = 2 any small b gives the limit, because the exponent that L is multiplied with is 0.
    private const double SmallestB = 1e-30;

    // Below it, single precision does not tell the loss from its limit.
    private const double NearMinusInfinity = -1e12;

    // More than L is for any finite error: with it an infinite error gives no 0 times infinity.
    private const double LargestLog = 3000;

    private double B => Math.Max(Math.Abs(alpha - 2), SmallestB);

    public double Forward(double x)
    {
        var w = x / c;
        if (double.IsNegativeInfinity(alpha))
            return -SpecialFunctions.ExpMinusOne(-w * w / 2);
        var log = LogTerm(w);
        if (alpha <= 1)
            return B / 2 * log * SpecialFunctions.ExpMinusOneOver(alpha / 2 * log);
        var exponent = (alpha - 2) / 2 * log;
        return (w * w * Math.Exp(exponent) + B * SpecialFunctions.ExpMinusOne(exponent)) / alpha;
    }

    public double Derivative(double x, double y)
    {
        var w = x / c;
        return double.IsNegativeInfinity(alpha)
            ? w / c * Math.Exp(-w * w / 2)
            : w / c * Math.Exp((alpha / 2 - 1) * LogTerm(w));
    }

    private double LogTerm(double w)
    {
        var u = w * w / B;
        var log = u > 1e18 ? 2 * Math.Log(Math.Abs(w)) - Math.Log(B) : SpecialFunctions.LogOnePlus(u); // w^2 may overflow
        return Math.Min(log, LargestLog);
    }

    public V Forward(V x)
    {
        var w = x / Vector512.Create((float)c);
        if (alpha < NearMinusInfinity)
            return -Lanes.ExpMinusOne(w * w * Vector512.Create(-0.5f));
        var log = LogTerm(w);
        if (alpha <= 1)
            return Vector512.Create((float)(B / 2)) * log * Lanes.ExpMinusOneOver(Vector512.Create((float)(alpha / 2)) * log);
        var exponent = Vector512.Create((float)((alpha - 2) / 2)) * log;
        return (w * w * Lanes.Exp(exponent) + Vector512.Create((float)B) * Lanes.ExpMinusOne(exponent)) / Vector512.Create((float)alpha);
    }

    public V Derivative(V x, V y)
    {
        var w = x / Vector512.Create((float)c);
        var exponent = alpha < NearMinusInfinity
            ? w * w * Vector512.Create(-0.5f)
            : Vector512.Create((float)(alpha / 2 - 1)) * LogTerm(w);
        return w / Vector512.Create((float)c) * Lanes.Exp(exponent);
    }

    private V LogTerm(V w)
    {
        var u = w * w / Vector512.Create((float)B);
        var far = Vector512.Create(2f) * Lanes.Log(Vector512.Abs(w)) - Vector512.Create((float)Math.Log(B));
        var log = Vector512.ConditionalSelect(Vector512.GreaterThan(u, Vector512.Create(1e9f)), far, Lanes.LogOnePlus(u));
        return Vector512.Min(log, Vector512.Create((float)LargestLog));
    }
}
