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
