namespace CourseKit.Tests;

/// <summary>
/// Every differentiable operation, layer and loss, written down once. A new one is added here and is then checked against
/// differences, and on every device; <see cref="OperationCatalogTests"/> fails until it is.
/// </summary>
internal static partial class OperationCatalog
{
    // The shapes in which two operands can meet. The size n stands on another axis in each.
    private static readonly (string Name, Func<int, Shape> Left, Func<int, Shape> Right)[] Broadcasts =
    [
        ("same shape", n => [n], n => [n]),
        ("same shape, two axes", n => [3, n], n => [3, n]),
        ("a scalar at the right", n => [2, n], _ => []),
        ("a scalar at the left", _ => [], n => [2, n]),
        ("one number at the right", n => [2, n], _ => [1]),
        ("a row at the right", n => [3, n], n => [n]),
        ("a row at the left", n => [1, n], n => [3, n]),
        ("a long batch and a row", n => [n, 3], _ => [3]),
        ("a column at the right", n => [3, n], _ => [3, 1]),
        ("a column at the left", n => [n, 1], n => [n, 3]),
        ("the middle axis stretched", n => [2, 3, n], n => [2, 1, n]),
        ("a long middle axis stretched", n => [2, 1, 3], n => [2, n, 3]),
        ("first and last axis stretched", n => [2, n, 3], n => [1, n, 1]),
        ("both stretched, column and row", _ => [3, 1], n => [1, n]),
        ("both stretched, three axes", n => [2, 1, n], _ => [1, 3, 1]),
        ("ranks 3 and 1", n => [2, 3, n], n => [n]),
        ("ranks 2 and 4", n => [3, n], n => [2, 2, 1, n]),
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Binary("a + b", "op_Addition(Tensor, Tensor)", (a, b) => a + b),
        .. Binary("a - b", "op_Subtraction(Tensor, Tensor)", (a, b) => a - b),
        .. Binary("a * b", "op_Multiply(Tensor, Tensor)", (a, b) => a * b),
        .. Binary("a / b", "op_Division(Tensor, Tensor)", (a, b) => a / b, right: Values.AwayFromZero),
        .. Elementwise(),
        .. Reductions(),
        .. MatrixProducts(),
        .. BatchedMatrixProducts(),
        .. Shaping(),
        .. Indexing(),
        .. Comparisons(),
        .. Statistics(),
        .. Activations(),
        .. Layers(),
        .. Sequences(),
        .. Losses(),
        .. SparseOperators(),
        .. Graphs(),
        .. Compositions(),
        .. Convolutions(),
        .. Regularizers(),
    ];

    public static Operation Find(string name) => All.Single(operation => operation.Name == name);

    private static IEnumerable<Operation> Binary(string name, string member, Func<Tensor, Tensor, Tensor> function, Values right = Values.Any)
        => Broadcasts.Select(shapes => new Operation($"{name}, {shapes.Name}", member, x => function(x[0], x[1]),
            [new(shapes.Left, Values.Any), new(shapes.Right, right)],
            // The gradient of a stretched operand is a sum of rounded numbers.
            Terms: n => shapes.Left(n).Equals(shapes.Right(n)) ? 1 : n));

    private static IEnumerable<Operation> Elementwise() =>
    [
        Unary("a + number", "op_Addition(Tensor, Double)", x => x + 1.25),
        Unary("number + a", "op_Addition(Double, Tensor)", x => -0.3 + x),
        Unary("a - number", "op_Subtraction(Tensor, Double)", x => x - 0.7),
        Unary("number - a", "op_Subtraction(Double, Tensor)", x => 0.7 - x),
        Unary("a * number", "op_Multiply(Tensor, Double)", x => x * -1.7),
        Unary("number * a", "op_Multiply(Double, Tensor)", x => 3.1 * x),
        Unary("a / number", "op_Division(Tensor, Double)", x => x / 3),
        Unary("number / a", "op_Division(Double, Tensor)", x => 2.5 / x, Values.AwayFromZero),
        Unary("-a", "op_UnaryNegation(Tensor)", x => -x),
        Unary("Exp", "Exp()", x => x.Exp()),
        Unary("Log", "Log()", x => x.Log(), Values.Positive),
        Unary("LogGamma", "LogGamma()", x => x.LogGamma(), Values.Positive),
        Unary("Sqrt", "Sqrt()", x => x.Sqrt(), Values.Positive),
        Unary("Sin", "Sin()", x => (x * 3).Sin()),
        Unary("Cos", "Cos()", x => (x * 3).Cos()),
        Unary("Abs", "Abs()", x => x.Abs(), Values.AwayFromZero),
        Unary("Square", "Square()", x => x.Square()),
        Unary("Pow 3", "Pow(Double)", x => x.Pow(3), Values.AwayFromZero),
        Unary("Pow 1.5", "Pow(Double)", x => x.Pow(1.5), Values.Positive),
        Unary("Pow -2", "Pow(Double)", x => x.Pow(-2), Values.AwayFromZero),
    ];

    private static IEnumerable<Operation> Reductions() =>
    [
        Unary("Sum", "Sum()", x => x.Sum(), shape: n => [3, n]),
        Unary("Sum over the first axis", "Sum(Int32, Boolean)", x => x.Sum(0), shape: n => [3, n]),
        Unary("Sum over a long first axis", "Sum(Int32, Boolean)", x => x.Sum(0), shape: n => [n, 3]),
        Unary("Sum over the last axis", "Sum(Int32, Boolean)", x => x.Sum(-1), shape: n => [3, n]),
        Unary("Sum over the middle axis, kept", "Sum(Int32, Boolean)", x => x.Sum(1, keepDimension: true), shape: n => [2, 3, n]),
        Unary("Mean", "Mean()", x => x.Mean(), shape: n => [3, n]),
        Unary("Mean over the first axis", "Mean(Int32, Boolean)", x => x.Mean(0), shape: n => [n, 3]),
        Unary("Mean over the last axis, kept", "Mean(Int32, Boolean)", x => x.Mean(-1, keepDimension: true), shape: n => [3, n]),
        Unary("Mean over the middle axis", "Mean(Int32, Boolean)", x => x.Mean(1), shape: n => [2, 3, n]),
        Unary("Max over the first axis", "Max(Int32, Boolean)", x => x.Max(0), shape: n => [3, n]),
        Unary("Max over the last axis, kept", "Max(Int32, Boolean)", x => x.Max(-1, keepDimension: true), shape: n => [3, n]),
        Unary("Max over the middle axis", "Max(Int32, Boolean)", x => x.Max(1), shape: n => [2, 3, n]),
    ];

    /// <summary>The four transpose flags, with the size on each of the three axes in turn.</summary>
    private static IEnumerable<Operation> MatrixProducts()
    {
        foreach (var (axis, lengths) in new (string, Func<int, (int M, int N, int K)>)[] { ("rows", n => (n, 3, 2)), ("columns", n => (2, n, 3)), ("terms", n => (3, 2, n)) })
            foreach (var transposeLeft in new[] { false, true })
                foreach (var transposeRight in new[] { false, true })
                    yield return new Operation(
                        $"MatMul, many {axis}{(transposeLeft ? ", left transposed" : "")}{(transposeRight ? ", right transposed" : "")}",
                        "MatMul(Tensor, Boolean, Boolean)",
                        x => x[0].MatMul(x[1], transposeLeft, transposeRight),
                        [
                            new(n => transposeLeft ? [lengths(n).K, lengths(n).M] : [lengths(n).M, lengths(n).K], Values.Any),
                            new(n => transposeRight ? [lengths(n).N, lengths(n).K] : [lengths(n).K, lengths(n).N], Values.Any),
                        ],
                        // The long axis is summed over in the product itself or in one of its two derivatives.
                        Terms: n => n);
    }

    private static IEnumerable<Operation> Layers() =>
    [
        // The input's gradient; those of the parameters are checked by ModuleTests.
        new("Linear, many examples", nameof(Linear), x => FixedLinear(x[0], 2).Forward(x[0]), [new(n => [n, 3], Values.Any)]),
        new("Linear, many features", nameof(Linear), x => FixedLinear(x[0], 2).Forward(x[0]), [new(n => [3, n], Values.Any)], n => n),
        new("Linear, many neurons, no bias", nameof(Linear), x => FixedLinear(x[0], 1000, bias: false).Forward(x[0]), [new(_ => [2, 3], Values.Any)], _ => 1000),
        new("Linear of three axes", nameof(Linear), x => FixedLinear(x[0], 2).Forward(x[0]), [new(n => [2, n, 3], Values.Any)]),
        new("Linear of one example", nameof(Linear), x => FixedLinear(x[0], 2).Forward(x[0]), [new(n => [n], Values.Any)], n => n),
        Unary("Sequential", nameof(Sequential), x => new Sequential(new Tanh(), FixedLinear(x, 4), new Sigmoid()).Forward(x), shape: n => [n, 3]),
    ];

    /// <summary>What single operations do not show: a tensor used more than once, branches that meet, a gradient through a small network.</summary>
    private static IEnumerable<Operation> Compositions() =>
    [
        Unary("a tensor times itself", "", x => x * x),
        Unary("a tensor used in three places", "", x => x.Tanh() * x + (x - x.Mean()) * x.Sigmoid(), shape: n => [2, n]),
        Unary("branches that meet again", "", x => { var y = x.Exp(); return y.Sum(-1, keepDimension: true) * y + y.Reshape(x.Shape.AsSpan()); }, shape: n => [2, n]),
        Unary("a view of a view", "", x => x.Reshape(-1).Rows(1, x.Count - 1).Square() * 0.5, shape: n => [2, n]),
        new("a matrix times itself transposed", "", x => x[0].MatMul(x[0], transposeRight: true), [new(n => [3, n], Values.Any)], n => n),
        new("a network with a loss", "", x => new CrossEntropyLoss().Forward(x[0].MatMul(x[1]).Tanh().MatMul(x[2]), SomeClasses([x[0].Shape[0], 3])),
            [new(n => [n, 4], Values.Any), new(_ => [4, 5], Values.Any), new(_ => [5, 3], Values.Any)], n => n),
    ];

    private static Operation Unary(string name, string member, Func<Tensor, Tensor> function, Values values = Values.Any, Func<int, Shape>? shape = null, Func<int, int>? terms = null)
        => new(name, member, x => function(x[0]), [new(shape ?? (n => [n]), values)], terms);

    /// <summary>A layer that fits the input, with the same parameters at every call.</summary>
    private static Linear FixedLinear(Tensor input, int outputs, bool bias = true)
        => new(input.Shape[-1], outputs, bias, new Generator(3), input.Device);
}
