using System.Text.Json.Nodes;
using CourseKit.Notebook;

[assembly: AssemblyFixture(typeof(CourseKit.EndToEnd.ChapterRun))]

namespace CourseKit.EndToEnd;

/// <summary><c>coursekit run</c> on every chapter, once for all tests that look at what it leaves.</summary>
public sealed class ChapterRun : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    internal CourseKitCommand.Answer Answer { get; private set; } = null!;

    /// <summary>The folder with executed notebooks and pages.</summary>
    internal string Output => folder.Of("out");

    internal string Page(string chapter) => Path.Combine(Output, Path.ChangeExtension(chapter, ".html"));

    /// <summary>What a cell of a chapter printed and gave as its value, as text.</summary>
    internal string TextOf(string chapter, string cell)
    {
        var outputs = NotebookDocument.Load(Path.Combine(Output, chapter)).Cells.Single(candidate => candidate.Id == cell).Outputs;
        return string.Join('\n', outputs.Select(output => Joined(output!["text"] ?? output["data"]?["text/plain"])));
    }

    // nbformat keeps a text as one string or as a list of lines.
    private static string Joined(JsonNode? text) => text switch
    {
        JsonArray lines => string.Concat(lines.Select(line => (string)line!)),
        null => "",
        _ => (string)text!,
    };

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Answer = await CourseKitCommand.RunAsync(Checkout.Root, "run", "--json", "-o", Output);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
