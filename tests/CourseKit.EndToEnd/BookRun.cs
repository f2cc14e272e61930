namespace CourseKit.EndToEnd;

/// <summary><c>coursekit book</c>, once for all tests that look at what it leaves. What it shows as <see cref="ChapterRun"/> ran it, the appendices, is taken from there.</summary>
public sealed class BookRun : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    /// <summary>In continuous integration all notebooks; elsewhere two chapters and an appendix, which take less time.</summary>
    internal static IReadOnlyList<string> Notebooks { get; } = [.. Checkout.AllNotebooks.Where(notebook => LongTests.AreWanted || notebook[..2] is "01" or "06" or "A2")];

    internal CourseKitCommand.Answer Answer { get; private set; } = null!;

    /// <summary>The path of a file of the book.</summary>
    internal string Of(string name) => Path.Combine(folder.Of("book"), name);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Answer = await CourseKitCommand.RunAsync(Checkout.Root, ChapterRun.Store, ["book", .. Notebooks.Select(notebook => Path.Combine(Checkout.Notebooks, notebook)), "--json", "-o", folder.Of("book")]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
