namespace CourseKit.Exercises;

/// <summary>
/// Tells the exceptions by which a kernel stops a cell from the student's own. They must pass through a check:
/// swallowing one would let a stopped cell go on with its next part.
/// </summary>
internal static class HostSignal
{
    // Published by the kit's session for libraries that know nothing of sessions; null in other kernels.
    private const string StopRequested = "CourseKit.StopRequested";

    public static bool Is(Exception exception) =>
        exception is ThreadInterruptedException
        || (AppContext.GetData(StopRequested) is Func<bool> isStopping && isStopping());
}
