using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>A function of one number with its derivative, in doubles (obviously right) and in 16 lanes of float32 (fast). Every device applies these.</summary>
public interface IUnaryOperation
{
    /// <summary>f(x).</summary>
    double Forward(double x);

    /// <summary>f'(x); y = f(x) is given because many derivatives are shorter in it.</summary>
    double Derivative(double x, double y);

    /// <summary>f(x), lane by lane.</summary>
    Vector512<float> Forward(Vector512<float> x);

    /// <summary>f'(x), lane by lane.</summary>
    Vector512<float> Derivative(Vector512<float> x, Vector512<float> y);
}

/// <summary>A function of two numbers with both partial derivatives.</summary>
public interface IBinaryOperation
{
    /// <summary>f(a, b).</summary>
    double Forward(double a, double b);

    /// <summary>The derivative by a.</summary>
    double DerivativeLeft(double a, double b);

    /// <summary>The derivative by b.</summary>
    double DerivativeRight(double a, double b);

    /// <summary>f(a, b), lane by lane.</summary>
    Vector512<float> Forward(Vector512<float> a, Vector512<float> b);

    /// <summary>The derivative by a, lane by lane.</summary>
    Vector512<float> DerivativeLeft(Vector512<float> a, Vector512<float> b);

    /// <summary>The derivative by b, lane by lane.</summary>
    Vector512<float> DerivativeRight(Vector512<float> a, Vector512<float> b);
}
