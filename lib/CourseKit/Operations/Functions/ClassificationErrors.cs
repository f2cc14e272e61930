using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

// What classification losses compute for one number: the function and its derivatives, twice (double and 16 lanes of float32).

/// <summary>
/// Binary cross-entropy -(b ln a + (1 - b) ln(1 - a)) of a probability a and a target b. Like PyTorch, the logarithms are
/// cut at -100 and the gradient's denominator at 1e-12, so that a confident mistake costs much and never infinity.
/// </summary>
internal readonly struct BinaryCrossEntropy : IBinaryOperation
{
    private const double LogFloor = -100, DenominatorFloor = 1e-12;

    public double Forward(double a, double b) => -(b * Math.Max(Math.Log(a), LogFloor) + (1 - b) * Math.Max(Math.Log(1 - a), LogFloor));
    public double DerivativeLeft(double a, double b) => (a - b) / Math.Max(a * (1 - a), DenominatorFloor);
    public double DerivativeRight(double a, double b) => Math.Max(Math.Log(1 - a), LogFloor) - Math.Max(Math.Log(a), LogFloor);
    public V Forward(V a, V b) => -(b * FlooredLog(a) + (V.One - b) * FlooredLog(V.One - a));
    public V DerivativeLeft(V a, V b) => (a - b) / Vector512.Max(a * (V.One - a), Vector512.Create((float)DenominatorFloor));
    public V DerivativeRight(V a, V b) => FlooredLog(V.One - a) - FlooredLog(a);

    private static V FlooredLog(V x) => Vector512.Max(Lanes.Log(x), Vector512.Create((float)LogFloor));
}

/// <summary>
/// Binary cross-entropy of the logit a and the target b, max(a, 0) - a b + ln(1 + e^-|a|): stable for any logit,
/// and its derivative is sigmoid(a) - b, which does not vanish for a confident mistake.
/// </summary>
internal readonly struct BinaryCrossEntropyWithLogits : IBinaryOperation
{
    public double Forward(double a, double b) => Math.Max(a, 0) - a * b + SpecialFunctions.LogOnePlus(Math.Exp(-Math.Abs(a)));
    public double DerivativeLeft(double a, double b) => new LogisticSigmoid().Forward(a) - b;
    public double DerivativeRight(double a, double b) => -a;
    public V Forward(V a, V b) => Vector512.Max(a, V.Zero) - a * b + Lanes.LogOnePlus(Lanes.Exp(-Vector512.Abs(a)));
    public V DerivativeLeft(V a, V b) => Lanes.Sigmoid(a) - b;
    public V DerivativeRight(V a, V b) => -a;
}

/// <summary>
/// Binary cross-entropy of a logit and a target y, times w q^gamma, where q = 1 - p_t is how far the probability of what is
/// true is from 1, and w is alpha for positives and 1 - alpha for negatives (Lin et al. 2017). The power of q is taken out of
/// the derivatives, so that they stay finite where q is 0.
/// </summary>
internal readonly struct FocalBinaryCrossEntropy(double gamma, double positive, double negative) : IBinaryOperation
{
    private const double Tiny = 1e-30;

    public double Forward(double a, double b)
    {
        var (sigmoid, complement) = SpecialFunctions.Sigmoids(a);
        return (negative + (positive - negative) * b) * Math.Pow(complement * b + sigmoid * (1 - b), gamma) * new BinaryCrossEntropyWithLogits().Forward(a, b);
    }

    public double DerivativeLeft(double a, double b)
    {
        var (sigmoid, complement) = SpecialFunctions.Sigmoids(a);
        var q = complement * b + sigmoid * (1 - b);
        var entropy = new BinaryCrossEntropyWithLogits().Forward(a, b);
        var slope = gamma * (sigmoid * complement / Math.Max(q, Tiny)) * (1 - 2 * b); // of ln q^gamma
        return (negative + (positive - negative) * b) * Math.Pow(q, gamma) * (slope * entropy + sigmoid - b);
    }

    public double DerivativeRight(double a, double b)
    {
        var (sigmoid, complement) = SpecialFunctions.Sigmoids(a);
        var q = complement * b + sigmoid * (1 - b);
        var entropy = new BinaryCrossEntropyWithLogits().Forward(a, b);
        var weight = negative + (positive - negative) * b;
        return Math.Pow(q, gamma) * ((positive - negative) * entropy + weight * (gamma * ((complement - sigmoid) / Math.Max(q, Tiny)) * entropy - a));
    }

    public V Forward(V a, V b) => Weight(b) * ToTheGamma(Misses(a, b, out _, out _)) * new BinaryCrossEntropyWithLogits().Forward(a, b);

    public V DerivativeLeft(V a, V b)
    {
        var q = Misses(a, b, out var sigmoid, out var complement);
        var entropy = new BinaryCrossEntropyWithLogits().Forward(a, b);
        var slope = Vector512.Create((float)gamma) * (sigmoid * complement / AboveZero(q)) * (V.One - b - b);
        return Weight(b) * ToTheGamma(q) * (slope * entropy + sigmoid - b);
    }

    public V DerivativeRight(V a, V b)
    {
        var q = Misses(a, b, out var sigmoid, out var complement);
        var entropy = new BinaryCrossEntropyWithLogits().Forward(a, b);
        var slope = Vector512.Create((float)gamma) * ((complement - sigmoid) / AboveZero(q));
        return ToTheGamma(q) * (Vector512.Create((float)(positive - negative)) * entropy + Weight(b) * (slope * entropy - a));
    }

    private static V Misses(V a, V b, out V sigmoid, out V complement)
    {
        (sigmoid, complement) = Lanes.Sigmoids(a);
        return complement * b + sigmoid * (V.One - b);
    }

    private static V AboveZero(V q) => Vector512.Max(q, Vector512.Create((float)Tiny));

    private V Weight(V b) => Vector512.Create((float)negative) + Vector512.Create((float)(positive - negative)) * b;

    private V ToTheGamma(V q) => FocalLogLikelihood.Power(q, gamma);
}

/// <summary>-(1 - e^l)^gamma l of the logarithm l of the probability of what is true: the focal loss of one example (Lin et al. 2017).</summary>
internal readonly struct FocalLogLikelihood(double gamma) : IUnaryOperation
{
    public double Forward(double x) => -Math.Pow(-SpecialFunctions.ExpMinusOne(x), gamma) * x;

    public double Derivative(double x, double y)
    {
        var q = -SpecialFunctions.ExpMinusOne(x);
        var overMiss = q == 0 ? -1 : SpecialFunctions.Finite(x) / q; // -1 is the limit
        return Math.Pow(q, gamma) * (gamma * Math.Exp(x) * overMiss - 1);
    }

    public V Forward(V x) => -Power(-Lanes.ExpMinusOne(x), gamma) * x;

    public V Derivative(V x, V y)
    {
        var q = -Lanes.ExpMinusOne(x);
        var overMiss = Vector512.ConditionalSelect(Vector512.Equals(q, V.Zero), -V.One, Lanes.Finite(x) / q);
        return Power(q, gamma) * (Vector512.Create((float)gamma) * Lanes.Exp(x) * overMiss - V.One);
    }

    /// <summary>q to the power gamma; the usual 2 needs no power function.</summary>
    public static V Power(V q, double gamma) => gamma == 2 ? q * q : gamma == 1 ? q : Lanes.Power(q, (float)gamma);
}

/// <summary>b (ln b - a) of a log-probability a and a probability b: one term of the Kullback-Leibler divergence. 0 ln 0 is 0, its limit.</summary>
internal readonly struct DivergenceOfProbability : IBinaryOperation
{
    public double Forward(double a, double b) => b == 0 ? 0 : b * (Math.Log(b) - a);
    public double DerivativeLeft(double a, double b) => -b;
    public double DerivativeRight(double a, double b) => Math.Log(b) - a + 1;
    public V Forward(V a, V b) => Vector512.ConditionalSelect(Vector512.Equals(b, V.Zero), V.Zero, b * (Lanes.Log(b) - a));
    public V DerivativeLeft(V a, V b) => -b;
    public V DerivativeRight(V a, V b) => Lanes.Log(b) - a + V.One;
}

/// <summary>e^b (b - a) of two log-probabilities: one term of the Kullback-Leibler divergence.</summary>
internal readonly struct DivergenceOfLogProbability : IBinaryOperation
{
    public double Forward(double a, double b) => double.IsNegativeInfinity(b) ? 0 : Math.Exp(b) * (b - a);
    public double DerivativeLeft(double a, double b) => -Math.Exp(b);
    public double DerivativeRight(double a, double b) => double.IsNegativeInfinity(b) ? 0 : Math.Exp(b) * (b - a + 1);
    public V Forward(V a, V b) => Vector512.ConditionalSelect(IsImpossible(b), V.Zero, Lanes.Exp(b) * (b - a));
    public V DerivativeLeft(V a, V b) => -Lanes.Exp(b);
    public V DerivativeRight(V a, V b) => Vector512.ConditionalSelect(IsImpossible(b), V.Zero, Lanes.Exp(b) * (b - a + V.One));

    private static V IsImpossible(V b) => Vector512.Equals(b, Vector512.Create(float.NegativeInfinity));
}

/// <summary>a b, and 0 where the weight b is 0, even if a is infinite: what does not count does not count.</summary>
internal readonly struct WeightedTerm : IBinaryOperation
{
    public double Forward(double a, double b) => b == 0 ? 0 : a * b;
    public double DerivativeLeft(double a, double b) => b;
    public double DerivativeRight(double a, double b) => a;
    public V Forward(V a, V b) => Vector512.ConditionalSelect(Vector512.Equals(b, V.Zero), V.Zero, a * b);
    public V DerivativeLeft(V a, V b) => b;
    public V DerivativeRight(V a, V b) => a;
}
