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
        var p = 5.9571761477489114e-11;
        p = p * s - 1.13728488567916737e-9;
        p = p * s + 1.46597752740474358e-8;
        p = p * s - 1.6350312701054695e-7;
        p = p * s + 1.6461000484121368e-6;
        p = p * s - 1.49255952668311816e-5;
        p = p * s + 1.20553311116427109e-4;
        p = p * s - 8.54832698083378991e-4;
        p = p * s + 5.22397762481801447e-3;
        p = p * s - 2.68661706450767932e-2;
        p = p * s + 1.12837916709548787e-1;
        p = p * s - 3.76126389031837481e-1;
        p = p * s + 1.28379167095512574e-1;
        return x + x * p;
    }

    /// <summary>
    /// 1 - erf(x), with its digits also far out, where erf(x) is 1: (1 + 2x) e^(x^2) erfc(x) is a smooth function of
    /// t = (x - 4)/(x + 4) for x of at least 0 (Shepherd and Laframboise 1981), fitted here for the smallest largest error (1e-17).
    /// </summary>
    public static double Erfc(double x)
    {
        var z = Math.Abs(x);
        if (z > 28)
            return x > 0 ? 0 : 2;
        var t = (z - 4) / (z + 4);
        var p = -1.88225517503935338e-9;
        p = p * t - 1.38706334367527713e-8;
        p = p * t - 7.7708524098686552e-9;
        p = p * t + 1.15795454918177478e-7;
        p = p * t + 6.30993189204812463e-8;
        p = p * t - 8.35540360070808082e-7;
        p = p * t + 3.00822697160670981e-7;
        p = p * t + 5.71801943042863312e-6;
        p = p * t - 1.12244367227017456e-5;
        p = p * t - 2.44031653696271109e-5;
        p = p * t + 1.50622107150578657e-4;
        p = p * t - 1.99255526195209814e-4;
        p = p * t - 7.57773309137933265e-4;
        p = p * t + 5.03196976228473623e-3;
        p = p * t - 1.61977340637104447e-2;
        p = p * t + 3.71675155614830569e-2;
        p = p * t - 6.6330365811154464e-2;
        p = p * t + 9.37328349968726898e-2;
        p = p * t - 1.01039066036367721e-1;
        p = p * t + 6.80970542546347851e-2;
        p = p * t + 1.53796521026209953e-2;
        p = p * t - 1.39621116840562868e-1;
        p = p * t + 1.23299511862555251;
        // e^(-z^2) with the part of z^2 that its rounding cuts off.
        var square = z * z;
        var cut = Math.FusedMultiplyAdd(z, z, -square);
        var y = Math.Exp(-square) * (1 - cut) * p / (1 + 2 * z);
        return x >= 0 ? y : 2 - y;
    }

    /// <summary>The standard normal distribution's cumulative probability at x.</summary>
    public static double NormalProbability(double x) => 0.5 * Erfc(-x * Math.Sqrt(0.5));

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
}
