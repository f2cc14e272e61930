using System.Text.Json.Nodes;
using CourseKit.Notebook;

[assembly: AssemblyFixture(typeof(CourseKit.EndToEnd.ChapterRun))]

namespace CourseKit.EndToEnd;

/// <summary>
/// <c>coursekit run</c> on every chapter, once for all tests that look at what it leaves. Where everything is wanted all are
/// run; elsewhere what has not changed is taken from this user's last run, of the tests or by hand.
/// </summary>
public sealed class ChapterRun : IAsyncLifetime
{
    private static readonly TemporaryFolder Folder = new();

    /// <summary>Where commands that run chapters keep them, as environment variables.</summary>
    internal static Dictionary<string, string?> Store => new() { [CourseKitCommand.Cache] = LongTests.AreWanted ? Folder.Of("cache") : Environment.GetEnvironmentVariable(CourseKitCommand.Cache) };

    internal CourseKitCommand.Answer Answer { get; private set; } = null!;

    /// <summary>The folder with executed notebooks and pages.</summary>
    internal string Output { get; } = Folder.Of("out");

    internal string Page(string chapter) => Path.Combine(Output, Path.ChangeExtension(chapter, ".html"));

    /// <summary>What a cell of a chapter printed and gave as its value, as text.</summary>
    internal string TextOf(string chapter, string cell) =>
        string.Join('\n', CellOf(chapter, cell).Outputs.Select(output => Joined(output!["text"] ?? output["data"]?["text/plain"])));

    internal string SourceOf(string chapter, string cell) => CellOf(chapter, cell).Source;

    private NotebookCell CellOf(string chapter, string cell) => NotebookDocument.Load(Path.Combine(Output, chapter)).Cells.Single(candidate => candidate.Id == cell);

    // nbformat keeps a text as one string or as a list of lines.
    private static string Joined(JsonNode? text) => text switch
    {
        JsonArray lines => string.Concat(lines.Select(line => (string)line!)),
        null => "",
        _ => (string)text!,
    };

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Answer = await CourseKitCommand.RunAsync(Checkout.Root, Store, ["run", "--json", "-o", Output, .. LongTests.AreWanted ? ["--fresh"] : Array.Empty<string>()]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
