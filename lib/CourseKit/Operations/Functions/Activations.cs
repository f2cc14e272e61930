using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

// The activation functions, each one struct: the function and its derivative, twice (double and 16 lanes of float32).
// At a kink the derivative is the one PyTorch takes; far out nothing overflows and nothing becomes NaN.

/// <summary>The step neuron: 1 where x is at least 0, else 0 (Rosenblatt 1958). Its derivative is 0 wherever it exists, so nothing can be learned through it.</summary>
internal readonly struct HeavisideStep : IUnaryOperation
{
    public double Forward(double x) => x >= 0 ? 1 : double.IsNaN(x) ? x : 0;
    public double Derivative(double x, double y) => 0;
    public V Forward(V x) => Vector512.ConditionalSelect(Vector512.Equals(x, x), Vector512.GreaterThanOrEqual(x, V.Zero) & V.One, x);
    public V Derivative(V x, V y) => V.Zero;
}

/// <summary>y = 1 / (1 + e^-x), written on e^-|x| so that nothing overflows.</summary>
internal readonly struct LogisticSigmoid : IUnaryOperation
{
    public double Forward(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    public double Derivative(double x, double y) => y * (1 - y);
    public V Forward(V x) => Lanes.Sigmoid(x);
    public V Derivative(V x, V y) => y * (V.One - y);
}

/// <summary>y = tanh x.</summary>
internal readonly struct HyperbolicTangent : IUnaryOperation
{
    public double Forward(double x) => Math.Tanh(x);
    public double Derivative(double x, double y) => 1 - y * y;
    public V Forward(V x) => Lanes.Tanh(x);
    public V Derivative(V x, V y) => V.One - y * y;
}

/// <summary>y = max(x, 0); a NaN stays a NaN. The derivative at 0 is taken as 0, as PyTorch does.</summary>
internal readonly struct RectifiedLinear : IUnaryOperation
{
    public double Forward(double x) => x < 0 ? 0 : x;
    public double Derivative(double x, double y) => x > 0 ? 1 : 0;
    public V Forward(V x) => Vector512.ConditionalSelect(Vector512.LessThan(x, V.Zero), V.Zero, x);
    public V Derivative(V x, V y) => Vector512.GreaterThan(x, V.Zero) & V.One;
}

/// <summary>y = x where x is positive, else slope x: leaky ReLU (Maas, Hannun, Ng 2013). The derivative at 0 is the slope, as in PyTorch.</summary>
internal readonly struct LeakyRectifiedLinear(double slope) : IUnaryOperation
{
    public double Forward(double x) => x > 0 ? x : slope * x;
    public double Derivative(double x, double y) => x > 0 ? 1 : slope;
    public V Forward(V x) => Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), x, Vector512.Create((float)slope) * x);
    public V Derivative(V x, V y) => Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), V.One, Vector512.Create((float)slope));
}

/// <summary>Leaky ReLU of x with a slope that is learned (He, Zhang, Ren, Sun 2015).</summary>
internal readonly struct ParametricRectifiedLinear : IBinaryOperation
{
    public double Forward(double x, double slope) => x > 0 ? x : slope * x;
    public double DerivativeLeft(double x, double slope) => x > 0 ? 1 : slope;
    public double DerivativeRight(double x, double slope) => x > 0 ? 0 : x;
    public V Forward(V x, V slope) => Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), x, slope * x);
    public V DerivativeLeft(V x, V slope) => Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), V.One, slope);
    public V DerivativeRight(V x, V slope) => Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), V.Zero, x);
}

/// <summary>y = ln(1 + e^(beta x)) / beta, a smooth ReLU (Dugas et al. 2001), and x itself where beta x is above the threshold, as in PyTorch.</summary>
internal readonly struct SmoothRectifiedLinear(double beta, double threshold) : IUnaryOperation
{
    // ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|): nothing overflows, whatever the threshold.
    public double Forward(double x)
        => beta * x > threshold ? x : (Math.Max(beta * x, 0) + SpecialFunctions.LogOnePlus(Math.Exp(-Math.Abs(beta * x)))) / beta;

    public double Derivative(double x, double y) => beta * x > threshold ? 1 : SpecialFunctions.Sigmoids(beta * x).Sigmoid;

    public V Forward(V x)
    {
        var z = Vector512.Create((float)beta) * x;
        var y = (Vector512.Max(z, V.Zero) + Lanes.LogOnePlus(Lanes.Exp(-Vector512.Abs(z)))) / Vector512.Create((float)beta);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(z, Vector512.Create((float)threshold)), x, y);
    }

    public V Derivative(V x, V y)
    {
        var z = Vector512.Create((float)beta) * x;
        return Vector512.ConditionalSelect(Vector512.GreaterThan(z, Vector512.Create((float)threshold)), V.One, Lanes.Sigmoid(z));
    }
}

/// <summary>The Gaussian error linear unit y = x Phi(x), with the normal distribution's cumulative probability Phi (Hendrycks, Gimpel 2016).</summary>
internal readonly struct GaussianErrorLinear : IUnaryOperation
{
    public double Forward(double x) => SpecialFunctions.Finite(x) * SpecialFunctions.NormalProbability(x);
    public double Derivative(double x, double y) => SpecialFunctions.NormalProbability(x) + SpecialFunctions.Finite(x) * SpecialFunctions.NormalDensity(x);
    public V Forward(V x) => Lanes.Finite(x) * Lanes.NormalProbability(x);
    public V Derivative(V x, V y) => Vector512.FusedMultiplyAdd(Lanes.Finite(x), Lanes.NormalDensity(x), Lanes.NormalProbability(x));
}

/// <summary>The approximation of GELU by tanh, x/2 (1 + tanh u) = x sigmoid(2u) with u = sqrt(2/pi) (x + 0.044715 x^3).</summary>
internal readonly struct GaussianErrorLinearByTanh : IUnaryOperation
{
    private const double Cubic = 0.044715;

    // 2 sqrt(2/pi)
    private const double Scale = 1.5957691216057308;

    // Beyond it the derivative is 0 or 1 to every digit, and x^2 cannot overflow.
    private const double Far = 30;

    public double Forward(double x) => SpecialFunctions.Finite(x) * SpecialFunctions.Sigmoids(Scale * (x + Cubic * x * x * x)).Sigmoid;

    public double Derivative(double x, double y)
    {
        var near = Math.Min(Math.Max(x, -Far), Far);
        var (sigmoid, complement) = SpecialFunctions.Sigmoids(Scale * (near + Cubic * near * near * near));
        return sigmoid + near * sigmoid * complement * Scale * (1 + 3 * Cubic * near * near);
    }

    public V Forward(V x) => Lanes.Finite(x) * Lanes.Sigmoid(Doubled(x));

    public V Derivative(V x, V y)
    {
        var near = Vector512.Min(Vector512.Max(x, Vector512.Create((float)-Far)), Vector512.Create((float)Far));
        var (sigmoid, complement) = Lanes.Sigmoids(Doubled(near));
        var slope = Vector512.Create((float)Scale) * (V.One + Vector512.Create((float)(3 * Cubic)) * near * near);
        return sigmoid + near * sigmoid * complement * slope;
    }

    private static V Doubled(V x) => Vector512.Create((float)Scale) * (x + Vector512.Create((float)Cubic) * x * x * x);
}

/// <summary>y = x sigmoid(beta x): Swish (Ramachandran, Zoph, Le 2017), and with beta = 1 the sigmoid linear unit SiLU (Elfwing, Uchibe, Doya 2018).</summary>
internal readonly struct SigmoidWeighted(double beta) : IUnaryOperation
{
    public double Forward(double x) => new SigmoidWeightedByOther().Forward(x, beta);
    public double Derivative(double x, double y) => new SigmoidWeightedByOther().DerivativeLeft(x, beta);
    public V Forward(V x) => new SigmoidWeightedByOther().Forward(x, Vector512.Create((float)beta));
    public V Derivative(V x, V y) => new SigmoidWeightedByOther().DerivativeLeft(x, Vector512.Create((float)beta));
}

/// <summary>x sigmoid(beta x) with a beta that is learned.</summary>
internal readonly struct SigmoidWeightedByOther : IBinaryOperation
{
    public double Forward(double x, double beta) => SpecialFunctions.Finite(x) * SpecialFunctions.Sigmoids(beta * SpecialFunctions.Finite(x)).Sigmoid;

    public double DerivativeLeft(double x, double beta)
    {
        var z = SpecialFunctions.Finite(beta * SpecialFunctions.Finite(x));
        var (sigmoid, complement) = SpecialFunctions.Sigmoids(z);
        return sigmoid + z * sigmoid * complement;
    }

    public double DerivativeRight(double x, double beta)
    {
        x = SpecialFunctions.Finite(x);
        var (sigmoid, complement) = SpecialFunctions.Sigmoids(beta * x);
        return x * sigmoid * (x * complement); // each factor is bounded where the other is not
    }

    public V Forward(V x, V beta) => Lanes.Finite(x) * Lanes.Sigmoid(beta * Lanes.Finite(x));

    public V DerivativeLeft(V x, V beta)
    {
        var z = Lanes.Finite(beta * Lanes.Finite(x));
        var (sigmoid, complement) = Lanes.Sigmoids(z);
        return sigmoid + z * sigmoid * complement;
    }

    public V DerivativeRight(V x, V beta)
    {
        x = Lanes.Finite(x);
        var (sigmoid, complement) = Lanes.Sigmoids(beta * x);
        return x * sigmoid * (x * complement);
    }
}

/// <summary>
/// y = scale x where x is positive, else scale alpha (e^x - 1): ELU (Clevert, Unterthiner, Hochreiter 2016), and with the scale lambda SELU
/// (Klambauer et al. 2017). The derivative at 0 is that of the negative side, as in PyTorch.
/// </summary>
internal readonly struct ExponentialLinear(double alpha, double scale) : IUnaryOperation
{
    public double Forward(double x) => scale * (x > 0 ? x : alpha * SpecialFunctions.ExpMinusOne(x));
    public double Derivative(double x, double y) => scale * (x > 0 ? 1 : alpha * Math.Exp(x));

    public V Forward(V x)
        => Vector512.Create((float)scale) * Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), x, Vector512.Create((float)alpha) * Lanes.ExpMinusOne(x));

    public V Derivative(V x, V y)
        => Vector512.Create((float)scale) * Vector512.ConditionalSelect(Vector512.GreaterThan(x, V.Zero), V.One, Vector512.Create((float)alpha) * Lanes.Exp(x));
}

/// <summary>y = erf(x).</summary>
internal readonly struct ErrorFunction : IUnaryOperation
{
    // 2/sqrt(pi)
    private const double Scale = 1.1283791670955126;

    public double Forward(double x) => SpecialFunctions.Erf(x);
    public double Derivative(double x, double y) => Scale * Math.Exp(-x * x);
    public V Forward(V x) => Lanes.Erf(x);
    public V Derivative(V x, V y) => Vector512.Create((float)Scale) * Lanes.Exp(-x * x);
}
