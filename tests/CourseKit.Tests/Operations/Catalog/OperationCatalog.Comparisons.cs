namespace CourseKit.Tests;

internal static partial class OperationCatalog
{
    private static IEnumerable<Operation> Comparisons() =>
    [
        .. Binary("a < b", "op_LessThan(Tensor, Tensor)", (a, b) => a < b),
        .. Binary("Maximum", "Maximum(Tensor, Tensor)", Tensor.Maximum),
        new("a > b", "op_GreaterThan(Tensor, Tensor)", x => x[0] > x[1], [new(n => [3, n], Values.Any), new(n => [n], Values.Any)]),
        new("a <= b", "op_LessThanOrEqual(Tensor, Tensor)", x => x[0] <= x[1], [new(n => [3, n], Values.Any), new(n => [n], Values.Any)]),
        new("a >= b", "op_GreaterThanOrEqual(Tensor, Tensor)", x => x[0] >= x[1], [new(n => [3, n], Values.Any), new(n => [n], Values.Any)]),
        Unary("a < number", "op_LessThan(Tensor, Double)", x => x < 0.1, Values.AwayFromZero),
        Unary("a > number", "op_GreaterThan(Tensor, Double)", x => x > 0.1, Values.AwayFromZero),
        Unary("a <= number", "op_LessThanOrEqual(Tensor, Double)", x => x <= 0.1, Values.AwayFromZero),
        Unary("a >= number", "op_GreaterThanOrEqual(Tensor, Double)", x => x >= 0.1, Values.AwayFromZero),
        new("EqualTo", "EqualTo(Tensor)", x => x[0].EqualTo(x[1]), [new(n => [3, n], Values.Any), new(n => [3, n], Values.Positive)]),
        new("Minimum", "Minimum(Tensor, Tensor)", x => Tensor.Minimum(x[0], x[1]), [new(n => [3, n], Values.Any), new(n => [n], Values.Any)], n => n),
        Unary("Clamp", "Clamp(Double, Double)", x => x.Clamp(-0.2, 1.1), Values.AwayFromZero),
        Unary("Clamp from below", "Clamp(Double, Double)", x => x.Clamp(low: 0.1), Values.AwayFromZero),
        new("Where", "Where(Tensor, Tensor, Tensor)", x => Tensor.Where(x[0] > 0, x[1], x[2]), [new(n => [3, n], Values.AwayFromZero), new(n => [3, n], Values.Any), new(_ => [3, 1], Values.Any)], n => n),
        new("MaskedFill", "MaskedFill(Tensor, Double)", x => x[0].MaskedFill(x[1] > 0, -7), [new(n => [3, n], Values.Any), new(n => [n], Values.AwayFromZero)]),
    ];

    private static IEnumerable<Operation> Statistics() =>
    [
        Unary("CumulativeSum", "CumulativeSum(Int32)", x => x.CumulativeSum(-1), shape: n => [3, n], terms: n => n),
        Unary("CumulativeSum over the first axis", "CumulativeSum(Int32)", x => x.CumulativeSum(0), shape: n => [n, 3], terms: n => n),
        Unary("Variance, dividing by N", "Variance(Int32, Int32, Boolean)", x => x.Variance(-1, correction: 0), shape: n => [3, n]),
        Unary("Variance over the first axis, kept", "Variance(Int32, Int32, Boolean)", x => x.Variance(0, keepDimension: true), shape: n => [n + 1, 3]),
        Unary("StandardDeviation", "StandardDeviation(Int32, Int32, Boolean)", x => x.StandardDeviation(-1), shape: n => [3, n + 1]),
        Unary("Norm", "Norm()", x => x.Norm(), shape: n => [3, n]),
        Unary("Norm over the last axis", "Norm(Int32, Boolean)", x => x.Norm(-1, keepDimension: true), shape: n => [3, n]),
        Unary("LogSumExp", "LogSumExp(Int32, Boolean)", x => x.LogSumExp(-1), shape: n => [3, n]),
        Unary("LogSumExp over the middle axis, kept", "LogSumExp(Int32, Boolean)", x => x.LogSumExp(1, keepDimension: true), shape: n => [2, n, 3]),
        new("Dot", "Dot(Tensor)", x => x[0].Dot(x[1]), [new(n => [n], Values.Any), new(n => [n], Values.Any)], n => n),
        new("Outer", "Outer(Tensor)", x => x[0].Outer(x[1]), [new(n => [n], Values.Any), new(_ => [3], Values.Any)], n => n),
        Unary("Max of all", "Max()", x => x.Max(), shape: n => [3, n]),
        Unary("Min of all", "Min()", x => x.Min(), shape: n => [3, n]),
        Unary("Min over the first axis", "Min(Int32, Boolean)", x => x.Min(0), shape: n => [n, 3]),
    ];

    /// <summary>Batches of matrices, with the size on the batch and on each axis of a matrix, and one matrix shared by the batch.</summary>
    private static IEnumerable<Operation> BatchedMatrixProducts() =>
    [
        Product("a batch", n => [n, 2, 3], n => [n, 3, 4]),
        Product("a batch, left transposed", n => [2, 3, n], n => [2, 3, 2], transposeLeft: true),
        Product("a batch, right transposed", n => [2, 3, n], n => [2, 2, n], transposeRight: true),
        Product("two axes of batches", n => [2, 3, 2, n], n => [2, 3, n, 2]),
        Product("a batch and one matrix", n => [n, 2, 3], _ => [3, 4]),
        Product("a batch, left transposed, and one matrix", n => [3, 2, n], _ => [2, 4], transposeLeft: true),
        Product("one matrix and a batch", _ => [2, 3], n => [n, 3, 2]),
        Product("one matrix and a batch, both transposed", _ => [3, 2], n => [2, n, 3], transposeLeft: true, transposeRight: true),
    ];

    private static Operation Product(string name, Func<int, Shape> left, Func<int, Shape> right, bool transposeLeft = false, bool transposeRight = false)
        => new($"MatMul, {name}", "MatMul(Tensor, Boolean, Boolean)", x => x[0].MatMul(x[1], transposeLeft, transposeRight), [new(left, Values.Any), new(right, Values.Any)], n => n);
}
