namespace CourseKit.EndToEnd;

/// <summary><c>coursekit book</c>, once for all tests that look at what it leaves, when the first of them asks. What it shows as <see cref="ChapterRun"/> ran it, the appendices, is taken from there.</summary>
public sealed class BookRun : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private readonly Lazy<Task<CourseKitCommand.Answer>> answer;

    public BookRun() => answer = new(() => CourseKitCommand.RunAsync(Checkout.Root, ChapterRun.Store, ["book", .. Notebooks.Select(notebook => Path.Combine(Checkout.Notebooks, notebook)), "--json", "-o", folder.Of("book")]));

    /// <summary>Where everything is wanted, the chapters to check; elsewhere two chapters and an appendix, which take less time.</summary>
    internal static IReadOnlyList<string> Notebooks { get; } = LongTests.AreWanted ? ChaptersToCheck.All : [.. Checkout.AllNotebooks.Where(notebook => notebook[..2] is "01" or "06" or "A2")];

    internal CourseKitCommand.Answer Answer => answer.Value.GetAwaiter().GetResult();

    /// <summary>The path of a file of the book.</summary>
    internal string Of(string name) => Answer.ExitCode == 0 ? Path.Combine(folder.Of("book"), name) : throw new InvalidOperationException(Answer.Errors);

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
