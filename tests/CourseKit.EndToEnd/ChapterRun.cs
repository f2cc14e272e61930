using System.Text.Json.Nodes;
using CourseKit.Notebook;

[assembly: AssemblyFixture(typeof(CourseKit.EndToEnd.ChapterRun))]

namespace CourseKit.EndToEnd;

/// <summary>
/// <c>coursekit run</c> on the chapters to check, once for all tests that look at what it leaves, when the first of them asks.
/// Where everything is wanted all are run; elsewhere what has not changed is taken from this user's last run, of the tests or
/// by hand.
/// </summary>
public sealed class ChapterRun : IDisposable
{
    private static readonly TemporaryFolder Folder = new();

    /// <summary>Where commands that run chapters keep them, as environment variables.</summary>
    internal static Dictionary<string, string?> Store => new() { [CourseKitCommand.Cache] = LongTests.AreWanted ? Folder.Of("cache") : Environment.GetEnvironmentVariable(CourseKitCommand.Cache) };

    private static readonly string Out = Folder.Of("out");

    private readonly Lazy<Task<CourseKitCommand.Answer>> answer = new(() => CourseKitCommand.RunAsync(
        Checkout.Root, Store, ["run", .. ChaptersToCheck.All.Select(notebook => Path.Combine("notebooks", notebook)), "--json", "-o", Out, .. LongTests.AreWanted ? ["--fresh"] : Array.Empty<string>()]));

    internal CourseKitCommand.Answer Answer => answer.Value.GetAwaiter().GetResult();

    /// <summary>The folder with executed notebooks and pages.</summary>
    internal string Output => Answer.ExitCode == 0 ? Out : throw new InvalidOperationException(Answer.Errors);

    internal string Page(string chapter) => Path.Combine(Output, Path.ChangeExtension(chapter, ".html"));

    /// <summary>What a cell of a chapter printed and gave as its value, as text. A test of a chapter that is not checked is skipped here.</summary>
    internal string TextOf(string chapter, string cell) =>
        string.Join('\n', CellOf(chapter, cell).Outputs.Select(output => Joined(output!["text"] ?? output["data"]?["text/plain"])));

    internal string SourceOf(string chapter, string cell) => CellOf(chapter, cell).Source;

    private NotebookCell CellOf(string chapter, string cell)
    {
        ChaptersToCheck.SkipUnlessChecked(chapter);
        return NotebookDocument.Load(Path.Combine(Output, chapter)).Cells.Single(candidate => candidate.Id == cell);
    }

    // nbformat keeps a text as one string or as a list of lines.
    private static string Joined(JsonNode? text) => text switch
    {
        JsonArray lines => string.Concat(lines.Select(line => (string)line!)),
        null => "",
        _ => (string)text!,
    };

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();
}
