using ILGPU;

namespace CourseKit;

/// <summary>Makes one number of two.</summary>
internal interface IPairing
{
    double Of(double a, double b);
}

internal readonly struct SumOfTwo : IPairing
{
    public double Of(double a, double b) => a + b;
}

internal readonly struct LargestOfTwo : IPairing
{
    public double Of(double a, double b) => Largest.IsLess(a, b) ? b : a;
}

/// <summary>Threads that make one result together.</summary>
internal static class Groups
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Makes one number of all threads' numbers and tells it to each. Always the same two are paired, so the order of a sum is fixed.</summary>
    /// <param name="shared">A number for each thread, in the memory that the group shares; may be used again afterwards.</param>
    /// <param name="value">This thread's number.</param>
    public static double Reduce<TPairing>(ArrayView<double> shared, double value) where TPairing : struct, IPairing
    {
        var thread = Group.IdxX;
        shared[thread] = value;
        for (var half = Threads / 2; half > 0; half /= 2)
        {
            Group.Barrier();
            if (thread < half)
                shared[thread] = default(TPairing).Of(shared[thread], shared[thread + half]);
        }
        Group.Barrier();
        var all = shared[0];
        Group.Barrier();
        return all;
    }
}
