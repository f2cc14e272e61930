namespace CourseKit.Exercises;

/// <summary>
/// Exceptions by which a kernel stops a cell. They are not the student's, and must pass through a check:
/// swallowing one would let a stopped cell go on with its next part.
/// </summary>
internal static class HostSignal
{
    // The kit's own kernel throws it from its stop checks. Known by name, like the formatters: no reference either way.
    private const string CellStopped = "CellStoppedException";

    public static bool Is(Exception exception) =>
        ExceptionText.Unwrap(exception) is var cause
        && (cause is ThreadInterruptedException || cause.GetType().Name == CellStopped);
}
