using System.Runtime.Intrinsics;

namespace CourseKit;

/// <summary>Complaints about the numbers in a tensor. The tensor is counted through on its own device and read only where something is wrong; NaN passes.</summary>
internal static class RangeCheck
{
    /// <summary>Where outcomes are read later and together, so that a device that runs ahead is not waited for: takes the count of numbers outside, or leaves it to be read at once. One for each thread.</summary>
    [ThreadStatic]
    internal static Func<Tensor, bool>? ReadLater;

    /// <exception cref="ArgumentOutOfRangeException">A number lies outside.</exception>
    public static void Within(double low, double high, Tensor values, string operation, string what, string advice, double slack = 0)
    {
        if (!values.Device.HasNumbers)
            return;
        using (new TensorScope())
        {
            var outside = values.Detach().Map(new Outside(low - slack, high + slack)).Sum();
            if (ReadLater?.Invoke(outside) == true || outside.Item() == 0)
                return;
        }
        var numbers = values.ToDoubleArray();
        var at = Array.FindIndex(numbers, number => number < low - slack || number > high + slack);
        var range = double.IsInfinity(high) ? $"{ArgumentCheck.Text(low)} or more" : double.IsInfinity(low) ? $"{ArgumentCheck.Text(high)} or less" : $"from {ArgumentCheck.Text(low)} to {ArgumentCheck.Text(high)}";
        throw new ArgumentOutOfRangeException(null, $"{operation} got the {what} {ArgumentCheck.Text(numbers[at])} at number {at}, and a {what} is {range}: {advice}.");
    }

    /// <summary>For a loss of probabilities.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside 0 to 1.</exception>
    public static void Probabilities(Tensor values, string operation, string advice)
        => Within(0, 1, values, operation, "predicted probability", advice);

    /// <summary>For a loss of the logarithms of probabilities. One that was computed as a difference may be off by rounding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is above 0.</exception>
    public static void LogProbabilities(Tensor values, string operation, string advice)
        => Within(double.NegativeInfinity, 0, values, operation, "log-probability", advice, slack: 1e-3);

    /// <summary>For a loss whose targets are yes, no or something between.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside 0 to 1.</exception>
    public static void BinaryTargets(Tensor values, string operation)
        => Within(0, 1, values, operation, "target", "labels such as -1 and 1 or 1 and 2 must become 0 and 1 first");

    /// <summary>1 where a number is outside, else 0.</summary>
    internal readonly struct Outside(double low, double high) : IUnaryOperation
    {
        public double Forward(double x) => x < low || x > high ? 1 : 0;
        public double Derivative(double x, double y) => 0;

        public Vector512<float> Forward(Vector512<float> x)
            => (Vector512.LessThan(x, Vector512.Create((float)low)) | Vector512.GreaterThan(x, Vector512.Create((float)high))) & Vector512<float>.One;

        public Vector512<float> Derivative(Vector512<float> x, Vector512<float> y) => Vector512<float>.Zero;
    }
}
