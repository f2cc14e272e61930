using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace CourseKit;

// Each operation of two numbers is one struct: the function and both partial derivatives, twice (double and 16 lanes of float32).

/// <summary>y = a + b.</summary>
internal readonly struct Addition : IBinaryOperation
{
    public double Forward(double a, double b) => a + b;
    public double DerivativeLeft(double a, double b) => 1;
    public double DerivativeRight(double a, double b) => 1;
    public V Forward(V a, V b) => a + b;
    public V DerivativeLeft(V a, V b) => V.One;
    public V DerivativeRight(V a, V b) => V.One;
}

/// <summary>y = a - b.</summary>
internal readonly struct Subtraction : IBinaryOperation
{
    public double Forward(double a, double b) => a - b;
    public double DerivativeLeft(double a, double b) => 1;
    public double DerivativeRight(double a, double b) => -1;
    public V Forward(V a, V b) => a - b;
    public V DerivativeLeft(V a, V b) => V.One;
    public V DerivativeRight(V a, V b) => -V.One;
}

/// <summary>y = a b.</summary>
internal readonly struct Multiplication : IBinaryOperation
{
    public double Forward(double a, double b) => a * b;
    public double DerivativeLeft(double a, double b) => b;
    public double DerivativeRight(double a, double b) => a;
    public V Forward(V a, V b) => a * b;
    public V DerivativeLeft(V a, V b) => b;
    public V DerivativeRight(V a, V b) => a;
}

/// <summary>y = a / b.</summary>
internal readonly struct Division : IBinaryOperation
{
    public double Forward(double a, double b) => a / b;
    public double DerivativeLeft(double a, double b) => 1 / b;
    public double DerivativeRight(double a, double b) => -a / (b * b);
    public V Forward(V a, V b) => a / b;
    public V DerivativeLeft(V a, V b) => V.One / b;
    public V DerivativeRight(V a, V b) => -a / (b * b);
}

/// <summary>1 where a is less than b. Not differentiable: the derivative is 0 wherever it exists.</summary>
internal readonly struct LessThan : IBinaryOperation
{
    public double Forward(double a, double b) => a < b ? 1 : 0;
    public double DerivativeLeft(double a, double b) => 0;
    public double DerivativeRight(double a, double b) => 0;
    public V Forward(V a, V b) => Vector512.LessThan(a, b) & V.One;
    public V DerivativeLeft(V a, V b) => V.Zero;
    public V DerivativeRight(V a, V b) => V.Zero;
}

/// <summary>1 where a is at most b.</summary>
internal readonly struct AtMost : IBinaryOperation
{
    public double Forward(double a, double b) => a <= b ? 1 : 0;
    public double DerivativeLeft(double a, double b) => 0;
    public double DerivativeRight(double a, double b) => 0;
    public V Forward(V a, V b) => Vector512.LessThanOrEqual(a, b) & V.One;
    public V DerivativeLeft(V a, V b) => V.Zero;
    public V DerivativeRight(V a, V b) => V.Zero;
}

/// <summary>1 where a equals b.</summary>
internal readonly struct Equality : IBinaryOperation
{
    public double Forward(double a, double b) => a == b ? 1 : 0;
    public double DerivativeLeft(double a, double b) => 0;
    public double DerivativeRight(double a, double b) => 0;
    public V Forward(V a, V b) => Vector512.Equals(a, b) & V.One;
    public V DerivativeLeft(V a, V b) => V.Zero;
    public V DerivativeRight(V a, V b) => V.Zero;
}

/// <summary>The larger of a and b, NaN where one of them is.</summary>
internal readonly struct LargerOf : IBinaryOperation
{
    public double Forward(double a, double b) => a > b || double.IsNaN(a) ? a : b;
    public double DerivativeLeft(double a, double b) => a > b ? 1 : a == b ? 0.5 : 0;
    public double DerivativeRight(double a, double b) => a < b ? 1 : a == b ? 0.5 : 0;
    public V Forward(V a, V b) => Vector512.ConditionalSelect(Vector512.GreaterThan(a, b) | ~Vector512.Equals(a, a), a, b);
    public V DerivativeLeft(V a, V b) => (Vector512.GreaterThan(a, b) & V.One) + (Vector512.Equals(a, b) & Vector512.Create(0.5f));
    public V DerivativeRight(V a, V b) => (Vector512.LessThan(a, b) & V.One) + (Vector512.Equals(a, b) & Vector512.Create(0.5f));
}

/// <summary>The smaller of a and b, NaN where one of them is.</summary>
internal readonly struct SmallerOf : IBinaryOperation
{
    public double Forward(double a, double b) => a < b || double.IsNaN(a) ? a : b;
    public double DerivativeLeft(double a, double b) => a < b ? 1 : a == b ? 0.5 : 0;
    public double DerivativeRight(double a, double b) => a > b ? 1 : a == b ? 0.5 : 0;
    public V Forward(V a, V b) => Vector512.ConditionalSelect(Vector512.LessThan(a, b) | ~Vector512.Equals(a, a), a, b);
    public V DerivativeLeft(V a, V b) => (Vector512.LessThan(a, b) & V.One) + (Vector512.Equals(a, b) & Vector512.Create(0.5f));
    public V DerivativeRight(V a, V b) => (Vector512.GreaterThan(a, b) & V.One) + (Vector512.Equals(a, b) & Vector512.Create(0.5f));
}

/// <summary>a where b is not 0, else 0: chosen, not multiplied, so that a NaN that is not chosen stays out.</summary>
internal readonly struct KeepWhere : IBinaryOperation
{
    public double Forward(double a, double b) => b != 0 ? a : 0;
    public double DerivativeLeft(double a, double b) => b != 0 ? 1 : 0;
    public double DerivativeRight(double a, double b) => 0;
    public V Forward(V a, V b) => Vector512.ConditionalSelect(Vector512.Equals(b, V.Zero), V.Zero, a);
    public V DerivativeLeft(V a, V b) => Vector512.ConditionalSelect(Vector512.Equals(b, V.Zero), V.Zero, V.One);
    public V DerivativeRight(V a, V b) => V.Zero;
}

/// <summary>a where b is 0, else 0.</summary>
internal readonly struct KeepWhereNot : IBinaryOperation
{
    public double Forward(double a, double b) => b == 0 ? a : 0;
    public double DerivativeLeft(double a, double b) => b == 0 ? 1 : 0;
    public double DerivativeRight(double a, double b) => 0;
    public V Forward(V a, V b) => Vector512.ConditionalSelect(Vector512.Equals(b, V.Zero), a, V.Zero);
    public V DerivativeLeft(V a, V b) => Vector512.Equals(b, V.Zero) & V.One;
    public V DerivativeRight(V a, V b) => V.Zero;
}

/// <summary>A value where b is not 0, else a.</summary>
internal readonly struct FillWhere(double value) : IBinaryOperation
{
    public double Forward(double a, double b) => b != 0 ? value : a;
    public double DerivativeLeft(double a, double b) => b != 0 ? 0 : 1;
    public double DerivativeRight(double a, double b) => 0;
    public V Forward(V a, V b) => Vector512.ConditionalSelect(Vector512.Equals(b, V.Zero), a, Vector512.Create((float)value));
    public V DerivativeLeft(V a, V b) => Vector512.Equals(b, V.Zero) & V.One;
    public V DerivativeRight(V a, V b) => V.Zero;
}
