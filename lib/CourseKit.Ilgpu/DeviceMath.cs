using System.Reflection;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace CourseKit;

/// <summary>
/// Functions of <see cref="Math"/> that CUDA's instructions do not have in double precision. ILGPU's own go through 53 steps of rotations, one loop
/// for each power of two in their argument (e^-1e9, as a mask has it, would never end), and its <see cref="Math.Max(double, double)"/> loses a NaN.
/// These are short polynomials, right to a few units in the last place of a double, which is far more than float32 keeps.
/// </summary>
internal static class DeviceMath
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10; // ln 2 in two parts, the first with 20 zeros at its end

    /// <summary>Lets kernels for CUDA take these.</summary>
    public static Context.Builder Enable(Context.Builder builder)
    {
        var intrinsics = builder.GetIntrinsicManager();
        foreach (var (kind, name) in new[]
        {
            (UnaryArithmeticKind.ExpF, nameof(Exp)), (UnaryArithmeticKind.LogF, nameof(Log)), (UnaryArithmeticKind.TanhF, nameof(Tanh)),
            (UnaryArithmeticKind.SinF, nameof(Sin)), (UnaryArithmeticKind.CosF, nameof(Cos)),
        })
        {
            intrinsics.RegisterUnaryArithmetic(kind, BasicValueType.Float64, Redirect(name, typeof(double)));
        }
        // Whoever writes kernels in single precision gets them exact too.
        foreach (var (kind, name) in new[] { (UnaryArithmeticKind.ExpF, nameof(ExpSingle)), (UnaryArithmeticKind.LogF, nameof(LogSingle)), (UnaryArithmeticKind.TanhF, nameof(TanhSingle)) })
            intrinsics.RegisterUnaryArithmetic(kind, BasicValueType.Float32, Redirect(name, typeof(float)));
        intrinsics.RegisterBinaryArithmetic(BinaryArithmeticKind.PowF, BasicValueType.Float64, Redirect(nameof(Pow), typeof(double), typeof(double)));
        intrinsics.RegisterBinaryArithmetic(BinaryArithmeticKind.Max, BasicValueType.Float64, Redirect(nameof(Max), typeof(double), typeof(double)));
        intrinsics.RegisterBinaryArithmetic(BinaryArithmeticKind.Min, BasicValueType.Float64, Redirect(nameof(Min), typeof(double), typeof(double)));
        return builder;
    }

    private static PTXIntrinsic Redirect(string name, params Type[] parameters)
        => new(typeof(DeviceMath).GetMethod(name, BindingFlags.Static | BindingFlags.Public, parameters)!, IntrinsicImplementationMode.Redirect);

    /// <summary>e^x.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.782712893384)
            return double.PositiveInfinity;
        if (x < -745.2)
            return 0;
        // x = k ln 2 + r, |r| at most ln 2 / 2: e^x = 2^k e^r.
        var k = RoundToInt(x * 1.4426950408889634);
        var r = x - k * Ln2High - k * Ln2Low;
        // The series of e^r to the 13th power, whose next term is below 5e-18.
        var p = 1.0 / 6227020800;
        p = p * r + 1.0 / 479001600;
        p = p * r + 1.0 / 39916800;
        p = p * r + 1.0 / 3628800;
        p = p * r + 1.0 / 362880;
        p = p * r + 1.0 / 40320;
        p = p * r + 1.0 / 5040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r * r + r + 1;
        // In two steps: 2^k alone may be too large or too small for a double.
        var half = k / 2;
        return p * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    /// <summary>The natural logarithm.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;
        if (x == 0)
            return double.NegativeInfinity;
        if (x > double.MaxValue)
            return x;
        var below = 0;
        if (x < 2.2250738585072014e-308) // without a leading bit
        {
            x *= 18014398509481984; // 2^54
            below = -54;
        }
        // x = 2^k m with m from sqrt(1/2) to sqrt(2): ln x = k ln 2 + ln m.
        var bits = Interop.FloatAsInt(x);
        var k = (int)(bits >> 52) - 1023 + below;
        var m = Interop.IntAsFloat((bits & 0xFFFFFFFFFFFFFUL) | 0x3FF0000000000000UL);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }
        // ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| below 0.172: a series in s^2.
        var f = m - 1;
        var s = f / (m + 1);
        var t = s * s;
        var p = 2.0 / 21;
        p = p * t + 2.0 / 19;
        p = p * t + 2.0 / 17;
        p = p * t + 2.0 / 15;
        p = p * t + 2.0 / 13;
        p = p * t + 2.0 / 11;
        p = p * t + 2.0 / 9;
        p = p * t + 2.0 / 7;
        p = p * t + 2.0 / 5;
        p = p * t + 2.0 / 3;
        // 2s = f - s f, which keeps the digits of f.
        return k * Ln2High + (f - s * (f - p * t) + k * Ln2Low);
    }

    /// <summary>x^y, as <see cref="Math.Pow"/> has it at its corners.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.NaN;
        var size = Math.Abs(x);
        var whole = Math.Abs(y) >= 9007199254740992 || y == Math.Floor(y); // 2^53
        var odd = whole && Math.Abs(y) < 9007199254740992 && Math.Floor(y / 2) * 2 != y;
        if (x < 0 && !whole && size <= double.MaxValue)
            return double.NaN;
        if (size == 1)
            return x < 0 && odd ? -1 : 1;
        var power = size == 0 || size > double.MaxValue || Math.Abs(y) > double.MaxValue
            ? (size < 1) == (y > 0) ? 0 : double.PositiveInfinity
            : whole && Math.Abs(y) <= 64 ? WholePower(size, (int)y) : Exp(y * Log(size));
        return x < 0 && odd ? -power : power;
    }

    // By squaring, which rounds a few times and not by the size of the exponent.
    private static double WholePower(double x, int exponent)
    {
        var left = exponent < 0 ? -exponent : exponent;
        var power = 1.0;
        for (var square = x; left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
                power *= square;
            square *= square;
        }
        return exponent < 0 ? 1 / power : power;
    }

    /// <summary>The hyperbolic tangent.</summary>
    public static double Tanh(double x)
    {
        var size = Math.Abs(x);
        if (size < 0.2)
        {
            // The continued fraction of tanh, which keeps the digits of a small x.
            var square = x * x;
            return x / (1 + square / (3 + square / (5 + square / (7 + square / (9 + square / (11 + square / 13))))));
        }
        var e = Exp(-2 * size);
        var y = (1 - e) / (1 + e);
        return x < 0 ? -y : y;
    }

    /// <summary>The sine; right to 1e-15 for |x| up to about 1e6.</summary>
    public static double Sin(double x) => Turned(x, 0);

    /// <summary>The cosine.</summary>
    public static double Cos(double x) => Turned(x, 1);

    // sin(x + quarters pi/2).
    private static double Turned(double x, int quarters)
    {
        if (!(Math.Abs(x) <= 1e9))
            return double.NaN; // no digit of the angle is left, or there was none
        // x = k pi/2 + r, with pi/2 in three parts.
        var k = RoundToInt(x * 0.6366197723675814);
        var r = x - k * 1.57079632673412561417e+00 - k * 6.07710050630396597660e-11 - k * 2.02226624879595063154e-21;
        var s = r * r;
        var quarter = (k + quarters) & 3;
        double y;
        if ((quarter & 1) == 0)
        {
            y = -1.0 / 1307674368000;
            y = y * s + 1.0 / 6227020800;
            y = y * s - 1.0 / 39916800;
            y = y * s + 1.0 / 362880;
            y = y * s - 1.0 / 5040;
            y = y * s + 1.0 / 120;
            y = y * s - 1.0 / 6;
            y = r + r * s * y;
        }
        else
        {
            y = 1.0 / 20922789888000;
            y = y * s - 1.0 / 87178291200;
            y = y * s + 1.0 / 479001600;
            y = y * s - 1.0 / 3628800;
            y = y * s + 1.0 / 40320;
            y = y * s - 1.0 / 720;
            y = y * s + 1.0 / 24;
            y = 1 - 0.5 * s + s * s * y;
        }
        return quarter >= 2 ? -y : y;
    }

    /// <summary>The larger of two, NaN where one of them is.</summary>
    public static double Max(double a, double b) => a > b || double.IsNaN(a) ? a : b;

    /// <summary>The smaller of two, NaN where one of them is.</summary>
    public static double Min(double a, double b) => a < b || double.IsNaN(a) ? a : b;

    /// <summary>e^x of a single.</summary>
    public static float ExpSingle(float x) => (float)Exp(x);

    /// <summary>The natural logarithm of a single.</summary>
    public static float LogSingle(float x) => (float)Log(x);

    /// <summary>The hyperbolic tangent of a single.</summary>
    public static float TanhSingle(float x) => (float)Tanh(x);

    private static int RoundToInt(double x) => (int)(x + (x < 0 ? -0.5 : 0.5));

    private static double PowerOfTwo(int k) => Interop.IntAsFloat((ulong)(k + 1023) << 52);
}
