namespace CourseKit;

/// <summary>While this is open on a thread, operations are not recorded: for evaluation, and for changing parameters by hand.</summary>
/// <example><code>using (new NoGrad()) accuracy = Metrics.Accuracy(model.Forward(x), y);</code></example>
public sealed class NoGrad : IDisposable
{
    [ThreadStatic]
    private static int depth;

    private bool closed;

    /// <summary>Stops recording on this thread until disposed; nests.</summary>
    public NoGrad() => depth++;

    internal static bool IsRecording => depth == 0;

    /// <summary>Goes back to what was before.</summary>
    public void Dispose()
    {
        if (!closed)
            depth--;
        closed = true;
    }
}
