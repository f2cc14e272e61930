namespace CourseKit.Session.Cells;

/// <summary>Disposes of what a cell's <c>using</c> variables hold, the last one first, also when the cell fails.</summary>
internal sealed class Disposal(IReadOnlyList<string> variables, Func<string, object?> valueOf) : IDisposable
{
    public void Dispose()
    {
        foreach (var variable in variables.Reverse())
        {
            switch (valueOf(variable))
            {
                case IAsyncDisposable resource:
                    resource.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    break;
                case IDisposable resource:
                    resource.Dispose();
                    break;
            }
        }
    }
}
