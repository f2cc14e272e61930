using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseKit.Grading;
using CourseKit.Notebook;

namespace CourseKit.EndToEnd;

/// <summary>What every chapter promises: it runs, its reference reaches full points, its release 0, and its tests fail wrong answers.</summary>
[Trait(ToolTests.Trait, ChaptersToCheck.Group)]
public sealed class ChapterTests(ChapterRun run)
{
    public static TheoryData<string> Chapters => Checkout.Chapters;

    public static TheoryData<string> Checked => ChaptersToCheck.Chapters;

    public static TheoryData<string> CheckedWithAppendices => [.. ChaptersToCheck.All];

    public static TheoryData<string> Appendices => Checkout.Appendices;

    public static TheoryData<string> All => [.. Checkout.AllNotebooks];

    [Fact]
    public void The_run_is_without_error_and_the_references_reach_all_points()
    {
        Assert.True(run.Answer.ExitCode == 0, run.Answer.Errors);
        var chapters = run.Answer.Json["chapters"]!.AsArray();
        Assert.Equal(ChaptersToCheck.All.Count, chapters.Count);
        Assert.All(chapters, chapter =>
        {
            Assert.Equal(0, (int)chapter!["errors"]!);
            Assert.True((int)chapter["cells"]! > 10);
            if (!Checkout.IsChapter(Path.GetFileName((string)chapter["file"]!)))
            {
                Assert.Equal(0, (int)chapter["exercises"]!);
                return;
            }
            Assert.True((int)chapter["exercises"]! >= 4, "a chapter has at least four graded exercises");
            Assert.Equal((double)chapter["possible"]!, (double)chapter["points"]!);
            Assert.True((double)chapter["possible"]! + (double)chapter["manual"]! >= 10, "a chapter has 10 points or more");
        });
        Assert.True(File.Exists(Path.Combine(run.Output, "index.html")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_notebook_is_stored_without_outputs(string notebook)
    {
        var document = NotebookDocument.Load(Path.Combine(Checkout.Notebooks, notebook));
        Assert.All(document.Cells.Where(cell => cell.Kind == CellKind.Code), cell =>
        {
            Assert.Empty(cell.Outputs);
            Assert.Null(cell.ExecutionCount);
        });
    }

    [Theory]
    [MemberData(nameof(Appendices))]
    public void An_appendix_has_no_exercises(string appendix)
    {
        var notebook = Path.Combine(Checkout.Notebooks, appendix);
        Assert.All(NotebookDocument.Load(notebook).Cells, cell => Assert.Null(NbgraderMetadata.Read(cell)));
        Assert.False(File.Exists(MutantFile.PathFor(notebook)), "there is nothing for mutants to fail");
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public void A_chapter_is_stored_with_its_mutants(string chapter)
    {
        var notebook = Path.Combine(Checkout.Notebooks, chapter);
        var document = NotebookDocument.Load(notebook);
        Assert.Empty(NbgraderValidation.Validate(document));
        var mutants = MutantFile.Load(MutantFile.PathFor(notebook));
        var graded = document.Cells.Select(NbgraderMetadata.Read).Where(metadata => metadata is { Grade: true, IsManual: false }).Select(metadata => metadata!.GradeId);
        Assert.Equal(graded.Order(), mutants.Exercises.Select(exercise => exercise.Id).Order());
        Assert.All(mutants.Exercises, exercise => Assert.True(exercise.Mutants.Count >= 3, $"{exercise.Id} has fewer than three mutants"));
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Theory]
    [MemberData(nameof(Checked))]
    public async Task A_release_is_accepted_scores_0_fails_every_mutant_and_keeps_no_secret(string chapter)
    {
        LongTests.SkipUnlessWanted();
        using var folder = new TemporaryFolder();
        var release = await CourseKitCommand.RunAsync(Checkout.Root, "release", Path.Combine("notebooks", chapter), "-o", folder.Path, "--json");
        Assert.True(release.ExitCode == 0, release.Errors);
        var answer = Assert.Single(release.Json["releases"]!.AsArray())!;
        Assert.True((bool)answer["accepted"]!);
        Assert.Equal(0.0, (double)answer["release"]!);
        Assert.Equal((double)answer["possible"]!, (double)answer["points"]!);
        Assert.True((int)answer["mutants"]! >= 12, "four exercises have three mutants each");
        Assert.Equal((int)answer["mutants"]!, (int)answer["killed"]!);
        NoSecretIsLeft(Path.Combine(Checkout.Root, (string)answer["notebook"]!), (string)answer["target"]!);

        // A student sees what is missing, exercise by exercise.
        var check = await CourseKitCommand.RunAsync(folder.Path, "check", Path.Combine(folder.Path, chapter), "--json");
        Assert.Equal(1, check.ExitCode);
        Assert.All(check.Json["notebooks"]![0]!["exercises"]!.AsArray(), exercise => Assert.Equal(0.0, (double)exercise!["points"]!));
    }

    /// <summary>No line that stands only in a solution, a hidden test or a mark scheme is anywhere in the released file.</summary>
    private static void NoSecretIsLeft(string notebook, string released)
    {
        var secret = new HashSet<string>();
        var shown = new HashSet<string>();
        foreach (var cell in NotebookDocument.Load(notebook).Cells)
        {
            var hidden = false;
            foreach (var line in cell.Source.Split('\n').Select(line => line.Trim()))
            {
                if (line.Contains("BEGIN SOLUTION", StringComparison.Ordinal) || line.Contains("BEGIN HIDDEN TESTS", StringComparison.Ordinal) || line.Contains("BEGIN MARK SCHEME", StringComparison.Ordinal))
                    hidden = true;
                else if (line.Contains("END SOLUTION", StringComparison.Ordinal) || line.Contains("END HIDDEN TESTS", StringComparison.Ordinal) || line.Contains("END MARK SCHEME", StringComparison.Ordinal))
                    hidden = false;
                else if (line.Length >= 8)
                    (hidden ? secret : shown).Add(line);
            }
        }
        var texts = new List<string>();
        Collect(JsonNode.Parse(File.ReadAllText(released))!, texts);
        var all = string.Join('\n', texts);
        // A line that is a part of one that students see is no secret.
        var secrets = secret.Where(line => !shown.Any(seen => seen.Contains(line, StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(secrets);
        Assert.All(secrets, line => Assert.DoesNotContain(line, all, StringComparison.Ordinal));

        static void Collect(JsonNode? node, List<string> texts)
        {
            if (node is JsonObject fields)
                foreach (var (name, value) in fields)
                {
                    texts.Add(name);
                    Collect(value, texts);
                }
            else if (node is JsonArray items)
                foreach (var item in items)
                    Collect(item, texts);
            else if (node is JsonValue value && value.TryGetValue<string>(out var text))
                texts.Add(text);
        }
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Theory]
    [MemberData(nameof(CheckedWithAppendices))]
    public async Task Jupyters_own_library_accepts_and_renders_the_executed_notebook(string chapter)
    {
        var python = RequiredTools.DebianPython();
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", """
            import sys, nbformat, nbconvert
            notebook = nbformat.read(sys.argv[1], as_version=4)
            nbformat.validate(notebook)
            page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
            print(page.count('coursekit-figure'), len([c for c in notebook.cells if c.cell_type == 'code' and c.execution_count]))
            """, Path.Combine(run.Output, chapter)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        var numbers = (await output).Split(' ', StringSplitOptions.TrimEntries).Select(int.Parse).ToArray();
        Assert.True(numbers[0] > 0, "the page shows no figure");
        Assert.True(numbers[1] > 10, "the cells carry no execution count");
    }

    [Fact]
    public async Task Two_runs_give_the_same_notebooks()
    {
        // Side by side or from a run that is kept, and here one by one: this command's store is its own, and empty.
        using var folder = new TemporaryFolder();
        var notebooks = LongTests.AreWanted ? ChaptersToCheck.All : ChaptersToCheck.All.Take(1).ToList();
        var again = await CourseKitCommand.RunAsync(Checkout.Root, ["run", .. notebooks.Select(notebook => $"notebooks/{notebook}"), "--fresh", "--jobs", "1", "--json", "-o", folder.Path]);
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.All(again.Json["chapters"]!.AsArray(), chapter => Assert.False((bool)chapter!["taken"]!));
        foreach (var notebook in notebooks)
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(run.Output, notebook), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(folder.Of(notebook), TestContext.Current.CancellationToken));
    }
}
