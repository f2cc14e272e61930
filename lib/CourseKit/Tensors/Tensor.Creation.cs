using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>A tensor of the given numbers, last axis fastest. Without a shape it has one axis.</summary>
    /// <exception cref="ShapeException">The shape holds another number of elements.</exception>
    public static Tensor From(ReadOnlySpan<double> values, Shape? shape = null, Device? device = null)
    {
        var tensor = EmptyFor(values.Length, shape, device);
        tensor.Device.Write(values, tensor.View);
        return tensor;
    }

    /// <inheritdoc cref="From(ReadOnlySpan{double}, Shape?, Device?)"/>
    public static Tensor From(ReadOnlySpan<float> values, Shape? shape = null, Device? device = null)
    {
        var tensor = EmptyFor(values.Length, shape, device);
        tensor.Device.Write(values, tensor.View);
        return tensor;
    }

    /// <inheritdoc cref="From(ReadOnlySpan{double}, Shape?, Device?)"/>
    public static Tensor From(double[] values, Shape? shape = null, Device? device = null) => From((ReadOnlySpan<double>)values, shape, device);

    /// <inheritdoc cref="From(ReadOnlySpan{double}, Shape?, Device?)"/>
    public static Tensor From(float[] values, Shape? shape = null, Device? device = null) => From((ReadOnlySpan<float>)values, shape, device);

    /// <summary>A matrix of the given rows and columns.</summary>
    public static Tensor From(double[,] values, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, double>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length), [values.GetLength(0), values.GetLength(1)], device);
    }

    /// <summary>A tensor that holds one number and has no axis.</summary>
    public static Tensor Scalar(double value, Device? device = null) => Full(Shape.Scalar, value, device);

    /// <summary>A tensor of one value.</summary>
    public static Tensor Full(Shape shape, double value, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var tensor = Empty(shape, device ?? Device.Default);
        tensor.Device.Fill(tensor.View, value);
        return tensor;
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(params ReadOnlySpan<int> shape) => Full(Shape.Create(shape), 0);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(params ReadOnlySpan<int> shape) => Full(Shape.Create(shape), 1);

    /// <summary><paramref name="count"/> numbers from <paramref name="start"/> to <paramref name="end"/>, both included, evenly spaced.</summary>
    public static Tensor Linspace(double start, double end, int count, Device? device = null)
    {
        ArgumentCheck.AtLeast(0, nameof(Linspace), nameof(count), count);
        return From([.. Enumerable.Range(0, count).Select(i => count == 1 ? start : start + (end - start) * i / (count - 1))], null, device);
    }

    /// <summary>The whole numbers from 0 to <paramref name="count"/> - 1.</summary>
    public static Tensor Arange(int count, Device? device = null)
    {
        ArgumentCheck.AtLeast(0, nameof(Arange), nameof(count), count);
        return From([.. Enumerable.Range(0, count).Select(i => (double)i)], null, device);
    }

    /// <summary>Numbers drawn evenly from <paramref name="low"/> (included) to <paramref name="high"/> (excluded).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The low end is above the high one, or one is not finite.</exception>
    public static Tensor Uniform(Shape shape, double low = 0, double high = 1, Generator? generator = null, Device? device = null)
    {
        if (!(low <= high) || double.IsInfinity(high - low))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"Tensor.Uniform got the range {low} to {high}: the low end comes first, and both are finite."));
        return Drawn(Distribution.Uniform, shape, low, high, generator, device);
    }

    /// <summary>Numbers drawn from the normal distribution.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is negative or not finite.</exception>
    public static Tensor Normal(Shape shape, double mean = 0, double standardDeviation = 1, Generator? generator = null, Device? device = null)
        => Drawn(Distribution.Normal, shape, mean, ArgumentCheck.NotNegative("Tensor.Normal", "standard deviation", standardDeviation), generator, device);

    /// <summary>Ones with a probability, else zeros, each drawn for itself: a coin thrown for every number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not from 0 to 1.</exception>
    public static Tensor Bernoulli(Shape shape, double probability, Generator? generator = null, Device? device = null)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"Bernoulli got the probability {probability}: it goes from 0 (never) to 1 (always)."));
        return Uniform(shape, generator: generator, device: device) < probability;
    }

    private static Tensor Drawn(Distribution distribution, Shape shape, double a, double b, Generator? generator, Device? device)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var tensor = Empty(shape, device ?? Device.Default);
        (generator ?? Generator.Default).Fill(distribution, tensor, a, b);
        return tensor;
    }

    private static Tensor EmptyFor(int count, Shape? shape, Device? device)
    {
        shape ??= Shape.Create(count);
        ShapeCheck.Values(count, shape);
        return Empty(shape, device ?? Device.Default);
    }
}
