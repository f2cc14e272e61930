namespace CourseKit.Tests;

/// <summary>The budget of training: once compiled and with its pools filled, a step allocates little, and never more than before.</summary>
internal static class SteadySteps
{
    private const long BytesForAStep = 16 * 1024; // Tensor objects, shapes and tape nodes of a small network

    /// <param name="steps">How many are measured, twice.</param>
    /// <param name="warmUp">How many come first.</param>
    /// <param name="step">One step of training; it runs in a scope of its own.</param>
    public static void Assert(int steps, int warmUp, Action step)
    {
        Run(warmUp);
        var early = AllocatedBySteps();
        var late = AllocatedBySteps();
        Xunit.Assert.True(early / steps < BytesForAStep, $"{early / steps} bytes a step");
        Xunit.Assert.InRange(late, 0.95 * early, 1.05 * early);

        long AllocatedBySteps()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(steps);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = new TensorScope();
                step();
            }
        }
    }
}
