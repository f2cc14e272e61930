using CourseKit.Grading.Sandboxes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Running;

/// <summary>A compiler in a sandbox of its own.</summary>
internal static class GradingCompiler
{
    public static async Task<PooledCompiler> StartAsync(ISandbox sandbox, SessionOptions options, CancellationToken cancellationToken)
    {
        var place = sandbox.Prepare();
        try
        {
            return new PooledCompiler(await CompilerProcess.StartAsync(options with { Launcher = place }, cancellationToken).ConfigureAwait(false), place);
        }
        catch
        {
            await place.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
