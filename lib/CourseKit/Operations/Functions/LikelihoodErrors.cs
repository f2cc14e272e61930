using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

// Negative log-likelihoods of one number, without the constants that no gradient sees: each the function and its derivatives,
// twice (double and 16 lanes of float32). The left operand is the error (or the rate), the right one the spread.

/// <summary>(ln v + e^2 / v) / 2 of an error e and a variance v that is raised to a floor. As in PyTorch, the floor does not stop the variance's gradient.</summary>
internal readonly struct GaussianError(double floor) : IBinaryOperation
{
    public double Forward(double a, double b)
    {
        var variance = b < floor ? floor : b;
        return 0.5 * (Math.Log(variance) + a * a / variance);
    }

    public double DerivativeLeft(double a, double b) => a / (b < floor ? floor : b);

    public double DerivativeRight(double a, double b)
    {
        var variance = b < floor ? floor : b;
        return 0.5 * (1 - a * a / variance) / variance;
    }

    public V Forward(V a, V b)
    {
        var variance = Vector512.Max(b, Vector512.Create((float)floor));
        return Vector512.Create(0.5f) * (Lanes.Log(variance) + a * a / variance);
    }

    public V DerivativeLeft(V a, V b) => a / Vector512.Max(b, Vector512.Create((float)floor));

    public V DerivativeRight(V a, V b)
    {
        var variance = Vector512.Max(b, Vector512.Create((float)floor));
        return Vector512.Create(0.5f) * (V.One - a * a / variance) / variance;
    }
}

/// <summary>ln s + |e| / s of an error e and a scale s that is raised to a floor.</summary>
internal readonly struct LaplaceError(double floor) : IBinaryOperation
{
    public double Forward(double a, double b)
    {
        var scale = b < floor ? floor : b;
        return Math.Log(scale) + Math.Abs(a) / scale;
    }

    public double DerivativeLeft(double a, double b) => (a > 0 ? 1 : a < 0 ? -1 : 0) / (b < floor ? floor : b);

    public double DerivativeRight(double a, double b)
    {
        var scale = b < floor ? floor : b;
        return (1 - Math.Abs(a) / scale) / scale;
    }

    public V Forward(V a, V b)
    {
        var scale = Vector512.Max(b, Vector512.Create((float)floor));
        return Lanes.Log(scale) + Vector512.Abs(a) / scale;
    }

    public V DerivativeLeft(V a, V b) => Lanes.Sign(a) / Vector512.Max(b, Vector512.Create((float)floor));

    public V DerivativeRight(V a, V b)
    {
        var scale = Vector512.Max(b, Vector512.Create((float)floor));
        return (V.One - Vector512.Abs(a) / scale) / scale;
    }
}

/// <summary>e^a - b a of the logarithm a of a rate and a count b.</summary>
internal readonly struct PoissonErrorOfLogRate : IBinaryOperation
{
    public double Forward(double a, double b) => Math.Exp(a) - b * a;
    public double DerivativeLeft(double a, double b) => Math.Exp(a) - b;
    public double DerivativeRight(double a, double b) => -a;
    public V Forward(V a, V b) => Lanes.Exp(a) - b * a;
    public V DerivativeLeft(V a, V b) => Lanes.Exp(a) - b;
    public V DerivativeRight(V a, V b) => -a;
}

/// <summary>a - b ln(a + epsilon) of a rate a and a count b.</summary>
internal readonly struct PoissonErrorOfRate(double epsilon) : IBinaryOperation
{
    public double Forward(double a, double b) => a - b * Math.Log(a + epsilon);
    public double DerivativeLeft(double a, double b) => 1 - b / (a + epsilon);
    public double DerivativeRight(double a, double b) => -Math.Log(a + epsilon);
    public V Forward(V a, V b) => a - b * Lanes.Log(a + Vector512.Create((float)epsilon));
    public V DerivativeLeft(V a, V b) => V.One - b / (a + Vector512.Create((float)epsilon));
    public V DerivativeRight(V a, V b) => -Lanes.Log(a + Vector512.Create((float)epsilon));
}

/// <summary>Stirling's approximation x ln x - x + ln(2 pi x)/2 of ln x! for counts above 1, and 0 for 0 and 1, where ln x! is 0.</summary>
internal readonly struct StirlingLogFactorial : IUnaryOperation
{
    // ln(2 pi)/2
    private const double HalfLogTwoPi = 0.91893853320467274;

    public double Forward(double x) => x <= 1 ? 0 : (x + 0.5) * Math.Log(x) - x + HalfLogTwoPi;
    public double Derivative(double x, double y) => x <= 1 ? 0 : Math.Log(x) + 0.5 / x;
    public V Forward(V x) => Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, V.One), V.Zero, (x + Vector512.Create(0.5f)) * Lanes.Log(x) - x + Vector512.Create((float)HalfLogTwoPi));
    public V Derivative(V x, V y) => Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, V.One), V.Zero, Lanes.Log(x) + Vector512.Create(0.5f) / x);
}

/// <summary>
/// -k cos e + ln(2 pi I0(k)) of an angle's error e and a concentration k, as 2k sin^2(e/2) + ln(2 pi e^-k I0(k)), in which nothing
/// overflows. Its derivative by k is I1(k)/I0(k) - cos e.
/// </summary>
internal readonly struct VonMisesError : IBinaryOperation
{
    public double Forward(double a, double b)
    {
        var half = Math.Sin(a / 2);
        return 2 * b * half * half + Math.Log(2 * Math.PI * SpecialFunctions.Bessel(b).ScaledI0);
    }

    public double DerivativeLeft(double a, double b) => b * Math.Sin(a);
    public double DerivativeRight(double a, double b) => SpecialFunctions.Bessel(b).Ratio - Math.Cos(a);
    public V Forward(V a, V b) => Lanes.Each(a, b, static (x, y) => new VonMisesError().Forward(x, y));
    public V DerivativeLeft(V a, V b) => Lanes.Each(a, b, static (x, y) => new VonMisesError().DerivativeLeft(x, y));
    public V DerivativeRight(V a, V b) => Lanes.Each(a, b, static (x, y) => new VonMisesError().DerivativeRight(x, y));
}
