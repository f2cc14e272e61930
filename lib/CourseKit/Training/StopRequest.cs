namespace CourseKit;

/// <summary>
/// How a notebook's host stops a long operation of the library between two steps, with everything intact: it puts a
/// <c>Func&lt;bool&gt;</c> under the name <see cref="Name"/> into the process's <see cref="AppContext"/>. The library knows no notebook.
/// </summary>
public static class StopRequest
{
    /// <summary>The name in <see cref="AppContext"/>.</summary>
    public const string Name = "CourseKit.StopRequested";

    /// <summary>Ends the operation where the host asked to stop.</summary>
    /// <exception cref="OperationCanceledException">The host asked to stop.</exception>
    public static void ThrowIfRequested()
    {
        if (AppContext.GetData(Name) is Func<bool> requested && requested())
            throw new OperationCanceledException("Stopped.");
    }
}
