using System.Text.Json.Nodes;
using CourseKit.Notebook;

namespace CourseKit.EndToEnd.Chapters;

/// <summary><c>coursekit run</c> on the two chapters about loss functions, once for the tests that read their numbers.</summary>
public sealed class LossChapterRun : IAsyncLifetime
{
    public const string Regression = "04-loss-functions-for-regression.ipynb";
    public const string Classification = "05-loss-functions-for-classification-and-segmentation.ipynb";

    private readonly TemporaryFolder folder = new();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var answer = await CourseKitCommand.RunAsync(Checkout.Root, "run", $"notebooks/{Regression}", $"notebooks/{Classification}", "-o", folder.Path, "--json");
        Assert.True(answer.ExitCode == 0, answer.Errors);
    }

    /// <summary>What a cell printed and gave as its value, as text.</summary>
    internal string TextOf(string chapter, string cell)
    {
        var outputs = NotebookDocument.Load(folder.Of(chapter)).Cells.Single(candidate => candidate.Id == cell).Outputs;
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
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
