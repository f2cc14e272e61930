using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.EndToEnd;

/// <summary>What an author begins with.</summary>
public sealed class NewChapterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_chapter_passes_a_release_as_it_is()
    {
        var made = await CourseKitCommand.RunAsync(folder.Path, "new", "chapter", "Réseaux & \"machines\"", "--json");
        Assert.True(made.ExitCode == 0, made.Errors);
        var notebook = Path.Combine("notebooks", "01-reseaux-machines.ipynb");
        Assert.Equal(notebook, (string)made.Json["notebook"]!);
        Assert.StartsWith("# 1. Réseaux & \"machines\"", NotebookDocument.Load(folder.Of(notebook)).Cells[0].Source, StringComparison.Ordinal);

        var release = await CourseKitCommand.RunAsync(folder.Path, "release", notebook, "-o", "release", "--json");
        Assert.True(release.ExitCode == 0, release.Errors);
        var answer = release.Json["releases"]![0]!;
        Assert.Equal((2.0, 2.0, 0.0), ((double)answer["points"]!, (double)answer["possible"]!, (double)answer["release"]!));
        Assert.True((int)answer["mutants"]! >= 3);
        Assert.Equal((int)answer["mutants"]!, (int)answer["killed"]!);
        // As every chapter must be: no outputs, and the same file after reading and writing.
        Assert.All(NotebookDocument.Load(folder.Of(notebook)).Cells, cell => Assert.Empty(cell.Outputs));
        Assert.Empty(NbgraderValidation.Validate(NotebookDocument.Load(folder.Of(notebook))));
    }

    [Fact]
    public async Task Numbers_count_on_and_nothing_is_overwritten()
    {
        await CourseKitCommand.RunAsync(folder.Path, "new", "chapter", "First", "--number", "7");
        var second = await CourseKitCommand.RunAsync(folder.Path, "new", "chapter", "Second", "--json");
        Assert.Equal(Path.Combine("notebooks", "08-second.ipynb"), (string)second.Json["notebook"]!);

        var before = await File.ReadAllTextAsync(folder.Of("notebooks/07-first.ipynb"), TestContext.Current.CancellationToken);
        var again = await CourseKitCommand.RunAsync(folder.Path, "new", "chapter", "Another", "--number", "7");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("07-first.ipynb is there already", again.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(folder.Of("notebooks/07-first.ipynb"), TestContext.Current.CancellationToken));
        Assert.Equal(4, Directory.GetFiles(folder.Of("notebooks")).Length);
    }

    [Theory]
    [InlineData("...")]
    [InlineData("")]
    public async Task A_title_without_a_letter_is_used_wrongly(string title)
    {
        var answer = await CourseKitCommand.RunAsync(folder.Path, "new", "chapter", title);
        Assert.Equal(2, answer.ExitCode);
        Assert.NotEmpty(answer.Errors);
    }
}
