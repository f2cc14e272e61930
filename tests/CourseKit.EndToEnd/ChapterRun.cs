namespace CourseKit.EndToEnd;

/// <summary><c>coursekit run</c> on every chapter, once for all tests that look at what it leaves.</summary>
public sealed class ChapterRun : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    internal CourseKitCommand.Answer Answer { get; private set; } = null!;

    /// <summary>The folder with executed notebooks and pages.</summary>
    internal string Output => folder.Of("out");

    internal string Page(string chapter) => Path.Combine(Output, Path.ChangeExtension(chapter, ".html"));

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Answer = await CourseKitCommand.RunAsync(Checkout.Root, "run", "--json", "-o", Output);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
