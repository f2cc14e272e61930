namespace CourseKit.Exercises;

/// <summary>
/// Exceptions by which a kernel stops a cell. They are not the student's, and must pass through a check:
/// swallowing one would let a stopped cell go on with its next part.
/// </summary>
internal static class HostSignal
{
    public static bool Is(Exception exception) => exception is ThreadInterruptedException;
}
