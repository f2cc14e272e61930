namespace CourseKit.EndToEnd;

/// <summary><c>coursekit book</c> on every chapter, once for all tests that look at what it leaves.</summary>
public sealed class BookRun : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    internal CourseKitCommand.Answer Answer { get; private set; } = null!;

    /// <summary>The path of a file of the book.</summary>
    internal string Of(string name) => Path.Combine(folder.Of("book"), name);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Answer = await CourseKitCommand.RunAsync(Checkout.Root, "book", "--json", "-o", folder.Of("book"));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
