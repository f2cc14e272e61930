namespace CourseKit;

// Operations number by number. What each computes, and its derivative, is its struct in UnaryOperations.cs or
// BinaryOperations.cs; here is only how any such struct becomes an operation on tensors that is recorded on the tape.
public sealed partial class Tensor
{
    /// <summary>y = f(x) for any function of one number.</summary>
    internal Tensor Map<TOperation>(TOperation operation) where TOperation : struct, IUnaryOperation
    {
        var y = Empty(Shape, Device);
        Device.Map(operation, View, y.View);
        return Records(this) ? RecordMap(operation, y) : y;
    }

    // Apart, so that the closure is allocated only when something is recorded.
    private Tensor RecordMap<TOperation>(TOperation operation, Tensor y) where TOperation : struct, IUnaryOperation
        => y.Record(result => Device.MapBackward(operation, View, result.View, result.grad!.View, GradTarget(out var accumulate), accumulate), this);

    /// <summary>y = f(a, b) for any function of two numbers, broadcast to their common shape.</summary>
    internal static Tensor Zip<TOperation>(string name, TOperation operation, Tensor a, Tensor b) where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        SameDevice(name, a, b);
        var shape = Shape.Broadcast(a.Shape, b.Shape, name);
        var y = Empty(shape, a.Device);
        var plan = new BroadcastPlan(a.Shape, b.Shape, shape);
        a.Device.Zip(operation, a.View, b.View, y.View, plan);
        return Records(a, b) ? RecordZip(operation, a, b, y, plan) : y;
    }

    private static Tensor RecordZip<TOperation>(TOperation operation, Tensor a, Tensor b, Tensor y, BroadcastPlan plan) where TOperation : struct, IBinaryOperation
        => y.Record(result =>
        {
            if (typeof(TOperation) == typeof(Addition))
            {
                HandOnAsItIs(a, b, result);
                return;
            }
            if (a.requiresGrad)
                HandOn(left: true, a, result);
            if (b.requiresGrad)
                HandOn(left: false, b, result);

            void HandOn(bool left, Tensor operand, Tensor from)
            {
                var dy = from.grad!;
                if (operand.Shape.ElementCount == from.Shape.ElementCount)
                {
                    a.Device.ZipBackward(operation, left, a.View, b.View, dy.View, operand.GradTarget(out var accumulate), plan, accumulate);
                    return;
                }
                // The operand was stretched: each of its numbers gets the sum of what its copies get.
                var full = EmptyOutsideScopes(from.Shape, from.Device);
                a.Device.ZipBackward(operation, left, a.View, b.View, dy.View, full.View, plan, accumulate: false);
                SumTo(full, operand);
                full.Release();
            }
        }, a, b);

    /// <summary>The gradients of a sum's operands are the sum's own.</summary>
    private static void HandOnAsItIs(Tensor a, Tensor b, Tensor result)
    {
        var (aIsWhole, bIsWhole) = (a.Count == result.Count, b.Count == result.Count);
        if (a.requiresGrad && !aIsWhole)
            SumTo(result.grad!, a);
        if (b.requiresGrad && !bIsWhole)
            SumTo(result.grad!, b);
        // The last one may take the memory over.
        if (a.requiresGrad && aIsWhole && b.requiresGrad && bIsWhole)
            result.Device.Copy(result.grad!.View, a.GradTarget(out var accumulate), accumulate);
        else if (a.requiresGrad && aIsWhole)
            result.HandGradTo(a);
        if (b.requiresGrad && bIsWhole)
            result.HandGradTo(b);
    }

    /// <summary>Adds a gradient of a broadcast shape to the gradient of the smaller operand, summing over every stretched run of axes.</summary>
    private static void SumTo(Tensor full, Tensor operand)
    {
        var (from, to) = (full.Shape, operand.Shape);
        var current = full.View;
        Tensor? temporary = null;
        // Runs of stretched axes from the first to the last; what stands before a run is summed already or kept.
        var lengths = from.AsSpan().ToArray();
        var remaining = 0;
        for (var axis = 0; axis < from.Rank; axis++)
            if (Stretched(axis))
                remaining++;
        for (var axis = 0; axis < from.Rank; axis++)
        {
            if (!Stretched(axis))
                continue;
            int outer = 1, inner = 1, length = 1;
            for (var i = 0; i < axis; i++)
                outer *= lengths[i];
            var last = axis;
            while (last < from.Rank && (Stretched(last) || lengths[last] == 1))
            {
                if (Stretched(last))
                    remaining--;
                length *= lengths[last];
                lengths[last++] = 1;
            }
            for (var i = last; i < from.Rank; i++)
                inner *= lengths[i];
            if (remaining == 0)
            {
                full.Device.Sum(current, operand.GradTarget(out var accumulate), outer, length, inner, 1, accumulate);
                break;
            }
            var partial = EmptyOutsideScopes(Shape.Create(outer * inner), full.Device);
            full.Device.Sum(current, partial.View, outer, length, inner, 1, accumulate: false);
            temporary?.Release();
            (temporary, current, axis) = (partial, partial.View, last - 1);
        }
        temporary?.Release();

        bool Stretched(int axis)
        {
            var inOperand = axis - (from.Rank - to.Rank);
            return lengths[axis] != 1 && (inOperand < 0 || to[inOperand] == 1);
        }
    }

    private static void SameDevice(string name, Tensor a, Tensor b)
    {
        if (a.Device != b.Device)
            throw new InvalidOperationException($"{name} got one tensor on {a.Device} and one on {b.Device}: move one with To(device).");
    }

    /// <summary>a + b, broadcast.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Zip("Add", new Addition(), a, b);

    /// <summary>a - b, broadcast.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Zip("Subtract", new Subtraction(), a, b);

    /// <summary>a times b, number by number, broadcast. For the matrix product see <see cref="MatMul(Tensor, bool, bool)"/>.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Zip("Multiply", new Multiplication(), a, b);

    /// <summary>a / b, broadcast.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Zip("Divide", new Division(), a, b);

    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor a, double b) => a.Map(new Affine(1, b));

    /// <summary>a + b.</summary>
    public static Tensor operator +(double a, Tensor b) => b.Map(new Affine(1, a));

    /// <summary>a - b.</summary>
    public static Tensor operator -(Tensor a, double b) => a.Map(new Affine(1, -b));

    /// <summary>a - b.</summary>
    public static Tensor operator -(double a, Tensor b) => b.Map(new Affine(-1, a));

    /// <summary>a times b.</summary>
    public static Tensor operator *(Tensor a, double b) => a.Map(new Affine(b, 0));

    /// <summary>a times b.</summary>
    public static Tensor operator *(double a, Tensor b) => b.Map(new Affine(a, 0));

    /// <summary>a / b.</summary>
    public static Tensor operator /(Tensor a, double b) => a.Map(new Quotient(b));

    /// <summary>a / b.</summary>
    public static Tensor operator /(double a, Tensor b) => b.Map(new Reciprocal(a));

    /// <summary>-a.</summary>
    public static Tensor operator -(Tensor a) => a.Map(new Affine(-1, 0));

    /// <summary>e to the power of each number.</summary>
    public Tensor Exp() => Map(new Exponential());

    /// <summary>The natural logarithm of each number.</summary>
    public Tensor Log() => Map(new Logarithm());

    /// <summary>
    /// The logarithm of the gamma function of each number (PyTorch's lgamma), for densities such as the beta and Student's t;
    /// its derivative is the digamma function. For numbers above 0; elsewhere it is NaN.
    /// </summary>
    public Tensor LogGamma() => Map(new LogGammaFunction());

    /// <summary>The square root of each number.</summary>
    public Tensor Sqrt() => Map(new SquareRoot());

    /// <summary>The sine of each number, in radians.</summary>
    public Tensor Sin() => Map(new Sine());

    /// <summary>The cosine of each number, in radians.</summary>
    public Tensor Cos() => Map(new Cosine());

    /// <summary>The magnitude of each number.</summary>
    public Tensor Abs() => Map(new AbsoluteValue());

    /// <summary>The square of each number.</summary>
    public Tensor Square() => Map(new Square());

    /// <summary>Each number to a constant power.</summary>
    public Tensor Pow(double exponent) => Map(new Power(exponent));
}
