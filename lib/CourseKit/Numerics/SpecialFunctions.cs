namespace CourseKit;

/// <summary>
/// Functions of one double that lose no digits where the plain formula would: the double halves of the operations use these.
/// Plain arithmetic and <see cref="Math"/> alone, so that any device can compile them. Their 16-lane twins are in <see cref="Lanes"/>.
/// </summary>
internal static class SpecialFunctions
{
    /// <summary>ln(1 + x) for x of at least 0, right also where x is tiny (Kahan's correction; double.LogP1 rounds 1 + x first).</summary>
    public static double LogOnePlus(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : u - 1 == x ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>e^x - 1, right also where x is tiny (Kahan's correction; double.ExpM1 subtracts from the rounded e^x).</summary>
    public static double ExpMinusOne(double x)
    {
        var u = Math.Exp(x);
        return u == 1 ? x : Math.Abs(x) > 1 ? u - 1 : (u - 1) * x / Math.Log(u);
    }

    /// <summary>(e^x - 1) / x, which is 1 at 0.</summary>
    public static double ExpMinusOneOver(double x) => x == 0 ? 1 : ExpMinusOne(x) / x;

    /// <summary>1 / (1 + e^-x) and 1 / (1 + e^x), each with all its digits: their sum is 1.</summary>
    public static (double Sigmoid, double Complement) Sigmoids(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        var (large, small) = (1 / (1 + e), e / (1 + e));
        return x >= 0 ? (large, small) : (small, large);
    }

    /// <summary>Infinities become the largest finite numbers, so that a product with 0 is 0 and no NaN.</summary>
    public static double Finite(double x) => x > double.MaxValue ? double.MaxValue : x < double.MinValue ? double.MinValue : x;

    /// <summary>The error function, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.</summary>
    public static double Erf(double x)
    {
        if (!(Math.Abs(x) < 1))
            return x > 0 ? 1 - Erfc(x) : Erfc(-x) - 1;
        // erf(x) / x = 1 + p(x^2) for |x| < 1, p fitted for the smallest largest error (2e-19).
        var s = x * x;
        var p = 5.957176147748911e-11;
        p = p * s - 1.1372848856791674e-09;
        p = p * s + 1.4659775274047436e-08;
        p = p * s - 1.6350312701054695e-07;
        p = p * s + 1.6461000484121368e-06;
        p = p * s - 1.4925595266831182e-05;
        p = p * s + 0.0001205533111164271;
        p = p * s - 0.000854832698083379;
        p = p * s + 0.0052239776248180145;
        p = p * s - 0.026866170645076792;
        p = p * s + 0.11283791670954879;
        p = p * s - 0.3761263890318375;
        p = p * s + 0.1283791670955126;
        return x + x * p;
    }

    /// <summary>1 - erf(x), with its digits also far out, where erf(x) is 1.</summary>
    public static double Erfc(double x)
    {
        var z = Math.Abs(x);
        var y = ExpMinus(z, 1) * ScaledErfc(z);
        return x >= 0 ? y : 2 - y;
    }

    /// <summary>The standard normal distribution's cumulative probability at x, erfc(-x/sqrt(2))/2.</summary>
    public static double NormalProbability(double x)
    {
        // x^2 rather than the square of the rounded x/sqrt(2): far out, every digit of the exponent counts.
        var y = 0.5 * ExpMinus(x, 0.5) * ScaledErfc(Math.Abs(x) * Math.Sqrt(0.5));
        return x <= 0 ? y : 1 - y;
    }

    /// <summary>
    /// e^(z^2) erfc(z) for z of at least 0: 1 + 2z times it is a smooth function of t = (z - 4)/(z + 4) (Shepherd and
    /// Laframboise 1981), fitted here for the smallest largest error (6e-17).
    /// </summary>
    private static double ScaledErfc(double z)
    {
        z = z > 1e9 ? 1e9 : z;
        var t = (z - 4) / (z + 4);
        var p = -1.8206098680308682e-09;
        p = p * t - 1.3670989863347383e-08;
        p = p * t - 7.71541861441783e-09;
        p = p * t + 1.1534943745754157e-07;
        p = p * t + 6.270727157198311e-08;
        p = p * t - 8.351619688696847e-07;
        p = p * t + 3.0135049944875397e-07;
        p = p * t + 5.7178872846321855e-06;
        p = p * t - 1.1224789135154701e-05;
        p = p * t - 2.4403169244974074e-05;
        p = p * t + 0.000150622243948303;
        p = p * t - 0.00019925550755614952;
        p = p * t - 0.00075777334141333;
        p = p * t + 0.005031969755895426;
        p = p * t - 0.016197734059115006;
        p = p * t + 0.03716751556249286;
        p = p * t - 0.06633036581152939;
        p = p * t + 0.09373283499679412;
        p = p * t - 0.10103906603635213;
        p = p * t + 0.06809705425473732;
        p = p * t + 0.01537965210262074;
        p = p * t - 0.1396211168405629;
        p = p * t + 1.2329951186255526;
        return p / (1 + 2 * z);
    }

    /// <summary>e^(-scale z^2), with the part of z^2 that its rounding cuts off.</summary>
    private static double ExpMinus(double z, double scale)
    {
        z = z > 40 ? 40 : z < -40 ? -40 : z; // beyond, it is 0
        var square = z * z;
        var cut = Math.FusedMultiplyAdd(z, z, -square);
        return Math.Exp(-scale * square) * (1 - scale * cut);
    }

    /// <summary>The standard normal distribution's density at x.</summary>
    public static double NormalDensity(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// e^-x I0(x) and I1(x) / I0(x) for x of at least 0, with the modified Bessel functions I0 and I1: their power series
    /// (all terms positive) up to 25, beyond it the asymptotic series (Abramowitz and Stegun 1964, 9.6.10 and 9.7.1). Neither overflows.
    /// </summary>
    public static (double ScaledI0, double Ratio) Bessel(double x)
    {
        double zeroth = 1, first = 1, termZeroth = 1, termFirst = 1;
        if (x <= 25)
        {
            var quarter = x * x / 4;
            for (var k = 1; termZeroth > 1e-17 * zeroth; k++)
            {
                termZeroth *= quarter / ((double)k * k);
                termFirst *= quarter / (k * (k + 1.0));
                zeroth += termZeroth;
                first += termFirst;
            }
            return (Math.Exp(-x) * zeroth, x / 2 * first / zeroth);
        }
        for (var k = 1; k <= 40 && Math.Abs(termZeroth) > 1e-17; k++)
        {
            var odd = (2.0 * k - 1) * (2 * k - 1);
            termZeroth *= odd / (8 * x * k);
            termFirst *= (odd - 4) / (8 * x * k);
            zeroth += termZeroth;
            first += termFirst;
        }
        return (zeroth / Math.Sqrt(2 * Math.PI * x), double.IsPositiveInfinity(x) ? 1 : first / zeroth);
    }

    /// <summary>
    /// ln Gamma(x) for x above 0, else NaN: Stirling's series beyond 10 (Abramowitz and Stegun 1964, 6.1.41), and below it
    /// Gamma(x) = Gamma(x + n) / (x (x + 1) ... (x + n - 1)).
    /// </summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0))
            return double.NaN;
        if (double.IsPositiveInfinity(x))
            return x;
        var product = 1.0;
        for (; x < 10; x++)
            product *= x;
        var square = 1 / (x * x);
        var series = ((((-691.0 / 360360 * square + 1.0 / 1188) * square - 1.0 / 1680) * square + 1.0 / 1260) * square - 1.0 / 360) * square + 1.0 / 12;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series / x - Math.Log(product);
    }

    /// <summary>
    /// The derivative of <see cref="LogGamma"/> for x above 0, else NaN: its asymptotic series beyond 10 (Abramowitz and Stegun
    /// 1964, 6.3.18), and below it digamma(x) = digamma(x + 1) - 1/x.
    /// </summary>
    public static double Digamma(double x)
    {
        if (!(x > 0))
            return double.NaN;
        var shifts = 0.0;
        for (; x < 10; x++)
            shifts += 1 / x;
        var square = 1 / (x * x);
        var series = ((((-691.0 / 32760 * square + 1.0 / 132) * square - 1.0 / 240) * square + 1.0 / 252) * square - 1.0 / 120) * square + 1.0 / 12;
        return Math.Log(x) - 0.5 / x - series * square - shifts;
    }
}
