using System.Globalization;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

// Each operation of one number is one struct: the function and its derivative, twice (double and 16 lanes of float32).

/// <summary>y = scale x + shift.</summary>
internal readonly struct Affine(double scale, double shift) : IUnaryOperation
{
    public double Forward(double x) => scale * x + shift;
    public double Derivative(double x, double y) => scale;
    public V Forward(V x) => Vector512.Create((float)scale) * x + Vector512.Create((float)shift);
    public V Derivative(V x, V y) => Vector512.Create((float)scale);
    public override string ToString() => shift == 0
        ? string.Create(CultureInfo.InvariantCulture, $"× {scale:0.####}")
        : scale == 1 ? string.Create(CultureInfo.InvariantCulture, $"{(shift < 0 ? '−' : '+')} {Math.Abs(shift):0.####}")
        : string.Create(CultureInfo.InvariantCulture, $"{scale:0.####}·x {(shift < 0 ? '−' : '+')} {Math.Abs(shift):0.####}");
}

/// <summary>y = x / divisor, a true division: a product with 1 / divisor would round twice, and 49 / 49 would not be 1.</summary>
internal readonly struct Quotient(double divisor) : IUnaryOperation
{
    public double Forward(double x) => x / divisor;
    public double Derivative(double x, double y) => 1 / divisor;
    public V Forward(V x) => x / Vector512.Create((float)divisor);
    public V Derivative(V x, V y) => Vector512.Create((float)(1 / divisor));
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"÷ {divisor:0.####}");
}

/// <summary>y = numerator / x.</summary>
internal readonly struct Reciprocal(double numerator) : IUnaryOperation
{
    public double Forward(double x) => numerator / x;
    public double Derivative(double x, double y) => -y / x;
    public V Forward(V x) => Vector512.Create((float)numerator) / x;
    public V Derivative(V x, V y) => -y / x;
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{numerator:0.####}/x");
}

/// <summary>y = e^x.</summary>
internal readonly struct Exponential : IUnaryOperation
{
    public double Forward(double x) => Math.Exp(x);
    public double Derivative(double x, double y) => y;
    public V Forward(V x) => Lanes.Exp(x);
    public V Derivative(V x, V y) => y;
}

/// <summary>y = ln x.</summary>
internal readonly struct Logarithm : IUnaryOperation
{
    public double Forward(double x) => Math.Log(x);
    public double Derivative(double x, double y) => 1 / x;
    public V Forward(V x) => Lanes.Log(x);
    public V Derivative(V x, V y) => V.One / x;
}

/// <summary>y = ln Gamma(x), lane by lane in doubles: Stirling's series has no short form in single precision.</summary>
internal readonly struct LogGammaFunction : IUnaryOperation
{
    public double Forward(double x) => SpecialFunctions.LogGamma(x);
    public double Derivative(double x, double y) => SpecialFunctions.Digamma(x);
    public V Forward(V x) => Lanes.Each(x, x, static (value, _) => SpecialFunctions.LogGamma(value));
    public V Derivative(V x, V y) => Lanes.Each(x, x, static (value, _) => SpecialFunctions.Digamma(value));
}

/// <summary>y = square root of x.</summary>
internal readonly struct SquareRoot : IUnaryOperation
{
    public double Forward(double x) => Math.Sqrt(x);
    public double Derivative(double x, double y) => 0.5 / y;
    public V Forward(V x) => Vector512.Sqrt(x);
    public V Derivative(V x, V y) => Vector512.Create(0.5f) / y;
}

/// <summary>A length from its square: the square root, with the derivative 0 at 0, where the shortest vector has no direction to grow in.</summary>
internal readonly struct LengthFromSquare : IUnaryOperation
{
    public double Forward(double x) => Math.Sqrt(x);
    public double Derivative(double x, double y) => y == 0 ? 0 : 0.5 / y;
    public V Forward(V x) => Vector512.Sqrt(x);
    public V Derivative(V x, V y) => Vector512.ConditionalSelect(Vector512.Equals(y, V.Zero), V.Zero, Vector512.Create(0.5f) / y);
}

/// <summary>y = sin x, x in radians.</summary>
internal readonly struct Sine : IUnaryOperation
{
    public double Forward(double x) => Math.Sin(x);
    public double Derivative(double x, double y) => Math.Cos(x);
    public V Forward(V x) => Lanes.Sin(x);
    public V Derivative(V x, V y) => Lanes.Cos(x);
}

/// <summary>y = cos x, x in radians.</summary>
internal readonly struct Cosine : IUnaryOperation
{
    public double Forward(double x) => Math.Cos(x);
    public double Derivative(double x, double y) => -Math.Sin(x);
    public V Forward(V x) => Lanes.Cos(x);
    public V Derivative(V x, V y) => -Lanes.Sin(x);
}

/// <summary>y = x cut to an interval; the derivative is 1 inside and at its ends, as in PyTorch. A NaN stays a NaN.</summary>
internal readonly struct Clipping(double low, double high) : IUnaryOperation
{
    public double Forward(double x) => x < low ? low : x > high ? high : x;
    public double Derivative(double x, double y) => x >= low && x <= high ? 1 : 0;
    public V Forward(V x) => Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create((float)low)), Vector512.Create((float)low),
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create((float)high)), Vector512.Create((float)high), x));
    public V Derivative(V x, V y) => Vector512.GreaterThanOrEqual(x, Vector512.Create((float)low)) & Vector512.LessThanOrEqual(x, Vector512.Create((float)high)) & V.One;
}

/// <summary>y = |x|; the derivative at 0 is taken as 0, as PyTorch does.</summary>
internal readonly struct AbsoluteValue : IUnaryOperation
{
    public double Forward(double x) => Math.Abs(x);
    public double Derivative(double x, double y) => x > 0 ? 1 : x < 0 ? -1 : 0;
    public V Forward(V x) => Vector512.Abs(x);
    public V Derivative(V x, V y) => (Vector512.GreaterThan(x, V.Zero) & V.One) - (Vector512.LessThan(x, V.Zero) & V.One);
}

/// <summary>y = x squared.</summary>
internal readonly struct Square : IUnaryOperation
{
    public double Forward(double x) => x * x;
    public double Derivative(double x, double y) => 2 * x;
    public V Forward(V x) => x * x;
    public V Derivative(V x, V y) => x + x;
}

/// <summary>y = x to a constant power. To the power 0 it is 1 everywhere, so the derivative is 0 also at 0, where exponent x^(exponent - 1) is 0 times infinity.</summary>
internal readonly struct Power(double exponent) : IUnaryOperation
{
    public double Forward(double x) => Math.Pow(x, exponent);
    public double Derivative(double x, double y) => exponent == 0 ? 0 : exponent * Math.Pow(x, exponent - 1);
    public V Forward(V x) => Lanes.Power(x, (float)exponent);
    public V Derivative(V x, V y) => exponent == 0 ? V.Zero : Vector512.Create((float)exponent) * Lanes.Power(x, (float)exponent - 1);
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"power {exponent:0.####}");
}
