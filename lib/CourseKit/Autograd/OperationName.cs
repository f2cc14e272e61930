using System.Reflection;

namespace CourseKit;

/// <summary>
/// What a recorded operation is called. The tape does not spend memory on names: an operation records itself in a method
/// named after it (RecordMatMul), and one that is the same for all functions of a number has the function beside it.
/// </summary>
internal static class OperationName
{
    private static readonly Dictionary<Type, string> Functions = new()
    {
        [typeof(Addition)] = "+",
        [typeof(Subtraction)] = "−",
        [typeof(Multiplication)] = "×",
        [typeof(Division)] = "÷",
        [typeof(LargerOf)] = "max",
        [typeof(SmallerOf)] = "min",
        [typeof(Square)] = "square",
        [typeof(SquareRoot)] = "√",
        [typeof(Exponential)] = "exp",
        [typeof(Logarithm)] = "ln",
        [typeof(Sine)] = "sin",
        [typeof(Cosine)] = "cos",
        [typeof(AbsoluteValue)] = "abs",
        [typeof(HeavisideStep)] = "step",
        [typeof(LogisticSigmoid)] = "sigmoid",
        [typeof(HyperbolicTangent)] = "tanh",
        [typeof(RectifiedLinear)] = "ReLU",
        [typeof(LeakyRectifiedLinear)] = "leaky ReLU",
        [typeof(SmoothRectifiedLinear)] = "softplus",
        [typeof(GaussianErrorLinear)] = "GELU",
        [typeof(SigmoidWeighted)] = "swish",
        [typeof(ExponentialLinear)] = "ELU",
        [typeof(ErrorOf<Square>)] = "squared error",
        [typeof(ErrorOf<AbsoluteValue>)] = "absolute error",
    };

    /// <summary>The name of the operation that made a result; its tape is not used up yet.</summary>
    public static string Of(TapeNode node)
    {
        var backward = node.Backward!;
        if (backward.Target is { } closure)
        {
            var function = closure.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .FirstOrDefault(field => typeof(IUnaryOperation).IsAssignableFrom(field.FieldType) || typeof(IBinaryOperation).IsAssignableFrom(field.FieldType));
            if (function is not null)
                return Of(function.GetValue(closure)!);
        }
        // The compiler calls a lambda in RecordMatMul "<RecordMatMul>b__0".
        var method = backward.Method.Name.Split('>')[0].TrimStart('<');
        return method switch
        {
            "RecordReduce" => "sum",
            "RecordLook" => "reshape",
            "RecordLinear" => "linear",
            "RecordMatMul" => "matmul",
            "RecordConvolve" => "convolution",
            _ => Words(method.StartsWith("Record", StringComparison.Ordinal) ? method["Record".Length..] : backward.Target?.GetType().Name ?? method),
        };
    }

    private static string Of(object function) => function switch
    {
        Affine or Quotient or Reciprocal or Power => function.ToString()!,
        _ => Functions.TryGetValue(function.GetType(), out var known) ? known : Words(function.GetType().Name.Split('`')[0]),
    };

    /// <summary>"CumulativeSum" as "cumulative sum".</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
