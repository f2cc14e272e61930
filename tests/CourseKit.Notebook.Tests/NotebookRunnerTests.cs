using System.Text.Json.Nodes;

namespace CourseKit.Notebook.Tests;

/// <summary>Whole runs in real sessions.</summary>
public sealed class NotebookRunnerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // No cell runs so long by itself, on whatever machine: the test of the limit sets its own.
    private static Task<NotebookRun> RunAsync(NotebookDocument document, NotebookRunOptions? options = null) =>
        NotebookRunner.RunAsync(document, (options ?? new NotebookRunOptions()) with { CellTimeout = TimeSpan.FromMinutes(30) }, Cancellation);

    private static string TextOf(NotebookCell cell) => string.Concat(cell.Outputs.Select(output =>
        MultilineText.Join(output!["text"]) + MultilineText.Join(output["data"]?["text/plain"]) + MultilineText.Join(output["evalue"])));

    [Fact]
    public async Task Cells_share_one_state_and_the_notebook_itself_stays_as_it_was()
    {
        var document = NotebookText.Code("var x = 20;\nConsole.WriteLine(\"é\");", "x + 1", "x * 2.5");
        document.Cells.Insert(1, NotebookCell.CreateMarkdown("# text"));
        var before = document.ToText();
        var run = await RunAsync(document);

        Assert.True(run.Succeeded, run.FirstFailure?.Error);
        Assert.Equal(before, document.ToText());
        Assert.Equal([1, null, 2, 3], run.Executed.Cells.Select(cell => cell.ExecutionCount));
        Assert.Equal("é\n", TextOf(run.Executed.Cells[0]));
        Assert.Equal(["21", "50"], run.Executed.Cells.Skip(2).Select(TextOf));
        Assert.Equal([0, 2, 3], run.Cells.Select(cell => cell.Index));
        Assert.Equal(document.Cells[2].Id, run.Cells[1].Id);

        var result = run.Executed.Cells[2].Outputs[0]!;
        Assert.Equal("execute_result", result["output_type"]!.GetValue<string>());
        Assert.Equal(2, result["execution_count"]!.GetValue<int>());
        Assert.IsType<JsonArray>(result["data"]!["text/plain"]);
        Assert.Equal(["data", "execution_count", "metadata", "output_type"], result.AsObject().Select(field => field.Key));
        // What was written reads back as a notebook.
        Assert.Equal(4, NotebookDocument.Parse(run.Executed.ToText(), "again").Cells.Count);
    }

    [Fact]
    public async Task After_a_failing_cell_the_later_ones_still_run()
    {
        var document = NotebookText.Code("var x = 1;", "throw new InvalidOperationException(\"on purpose\");", "int y = \"no number\";", "x");
        var run = await RunAsync(document);

        Assert.Equal([CellRunStatus.Ok, CellRunStatus.Error, CellRunStatus.Error, CellRunStatus.Ok], run.Cells.Select(cell => cell.Status));
        Assert.Equal((2, 0, false), (run.Failures, run.NotRun, run.Succeeded));
        Assert.Contains("on purpose", run.FirstFailure!.Error, StringComparison.Ordinal);
        Assert.Contains("CS0029", run.Cells[2].Error, StringComparison.Ordinal);
        Assert.Equal("error", Assert.Single(run.Executed.Cells[1].Outputs)!["output_type"]!.GetValue<string>());
        Assert.Equal("1", TextOf(run.Executed.Cells[3]));
    }

    [Fact]
    public async Task After_a_crash_the_remaining_cells_are_marked_not_run()
    {
        var document = NotebookText.Code("1", "Environment.Exit(3);", "2", "3");
        document.Cells[2].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "stale" });
        document.Cells[2].ExecutionCount = 7;
        var run = await RunAsync(document);

        Assert.Equal([CellRunStatus.Ok, CellRunStatus.Crashed, CellRunStatus.NotRun, CellRunStatus.NotRun], run.Cells.Select(cell => cell.Status));
        Assert.Equal(2, run.NotRun);
        Assert.Contains("Exit", run.Cells[1].Error, StringComparison.Ordinal);
        Assert.Equal("error", run.Executed.Cells[1].Outputs[^1]!["output_type"]!.GetValue<string>());
        // Outputs of an earlier run would pretend that the cell ran.
        Assert.Empty(run.Executed.Cells[2].Outputs);
        Assert.Null(run.Executed.Cells[2].ExecutionCount);
    }

    [Fact]
    public async Task An_endless_cell_is_stopped_and_the_remaining_cells_are_marked_not_run()
    {
        var document = NotebookText.Code("Console.WriteLine(1); while (true) { }", "2");
        var limit = TimeSpan.FromSeconds(1);
        var run = await LimitedAsync();

        // A busy machine may need all that time to begin: then the cell is given more.
        while (!TextOf(run.Executed.Cells[0]).StartsWith("1\n", StringComparison.Ordinal))
        {
            Assert.Equal(CellRunStatus.TimedOut, run.Cells[0].Status);
            limit *= 2;
            run = await LimitedAsync();
        }

        Assert.Equal([CellRunStatus.TimedOut, CellRunStatus.NotRun], run.Cells.Select(cell => cell.Status));
        Assert.Contains($"longer than {limit.TotalSeconds} s", run.Cells[0].Error, StringComparison.Ordinal);

        Task<NotebookRun> LimitedAsync() => NotebookRunner.RunAsync(document, new NotebookRunOptions { CellTimeout = limit }, Cancellation);
    }

    [Fact]
    public async Task A_cancelled_run_returns_what_it_has()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var document = NotebookText.Code("1", "while (true) { }", "3");
        var options = new NotebookRunOptions
        {
            OnProgress = progress =>
            {
                if (progress.Number == 2 && progress.Finished is null)
                    cancellation.CancelAfter(TimeSpan.FromMilliseconds(300));
            },
        };
        var run = await NotebookRunner.RunAsync(document, options, cancellation.Token);

        Assert.Equal([CellRunStatus.Ok, CellRunStatus.Cancelled, CellRunStatus.NotRun], run.Cells.Select(cell => cell.Status));
        Assert.Equal("1", TextOf(run.Executed.Cells[0]));
    }

    [Fact]
    public async Task Progress_names_each_cell_when_it_starts_and_when_it_ends()
    {
        var seen = new List<string>();
        var document = NotebookText.Code("\n  // first\n1", "throw new Exception(\"b\");");
        await RunAsync(document, new NotebookRunOptions
        {
            OnProgress = progress => seen.Add($"{progress.Number}/{progress.Count} {progress.FirstLine} {progress.Finished?.Status.ToString() ?? "starts"}"),
        });

        Assert.Equal(["1/2 // first starts", "1/2 // first Ok", "2/2 throw new Exception(\"b\"); starts", "2/2 throw new Exception(\"b\"); Error"], seen);
    }

    [Fact]
    public async Task A_cell_tagged_to_be_skipped_keeps_its_outputs()
    {
        var document = NotebookText.Code("1", "throw new Exception();", "3");
        document.Cells[1].Metadata["tags"] = new JsonArray("skip-execution");
        document.Cells[1].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "kept" });
        var run = await RunAsync(document);

        Assert.True(run.Succeeded);
        Assert.Equal([CellRunStatus.Ok, CellRunStatus.Skipped, CellRunStatus.Ok], run.Cells.Select(cell => cell.Status));
        Assert.Equal([1, null, 2], run.Executed.Cells.Select(cell => cell.ExecutionCount));
        Assert.Equal("kept", TextOf(run.Executed.Cells[1]));
    }

    [Fact]
    public async Task Cells_in_languages_of_a_page_are_shown()
    {
        var document = NotebookText.Code("#!html\n<b>x</b>", "#!javascript\nlet a = 1;", "# heading", "#!mermaid\ngraph TD", "#!csharp\n1 + 1");
        document.Cells[2].Metadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = "markdown" };
        var run = await RunAsync(document);

        Assert.True(run.Succeeded, run.FirstFailure?.Error);
        string Form(int cell, string mediaType) => MultilineText.Join(run.Executed.Cells[cell].Outputs[0]!["data"]![mediaType]);
        Assert.Equal("<b>x</b>", Form(0, "text/html"));
        Assert.Contains("let a = 1;", Form(1, "text/html"), StringComparison.Ordinal);
        Assert.Equal("# heading", Form(2, "text/markdown"));
        Assert.Equal("graph TD", Form(3, "text/vnd.mermaid"));
        Assert.Equal("2", Form(4, "text/plain"));
    }

    [Fact]
    public async Task A_cell_in_a_language_nobody_speaks_fails_by_name_and_the_others_run()
    {
        var document = NotebookText.Code("1", "#!fsharp\nlet x = 1");
        document.Cells.Add(NotebookCell.CreateCode("2"));
        var run = await RunAsync(document);

        Assert.Equal([CellRunStatus.Ok, CellRunStatus.Error, CellRunStatus.Ok], run.Cells.Select(cell => cell.Status));
        Assert.StartsWith("test.ipynb, cell 2: ", run.Cells[1].Error, StringComparison.Ordinal);
        Assert.Contains("\"fsharp\"", run.Cells[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_of_another_kernel_is_refused_by_name()
    {
        var document = NotebookText.Code("print(1)");
        document.Metadata["kernelspec"] = new JsonObject { ["name"] = "python3", ["language"] = "python", ["display_name"] = "Python 3" };
        var error = await Assert.ThrowsAsync<NotebookFormatException>(() => RunAsync(document));

        Assert.Contains("test.ipynb", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"python\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_see_the_notebooks_folder_as_their_current_directory()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("data.txt"), "beside");
        NotebookText.Code("System.IO.File.ReadAllText(\"data.txt\")").Save(folder.File("a.ipynb"));
        var run = await RunAsync(NotebookDocument.Load(folder.File("a.ipynb")));

        Assert.Contains("beside", TextOf(run.Executed.Cells[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_display_that_a_later_cell_updates_is_updated_where_it_stands()
    {
        var document = NotebookText.Code("var shown = display(\"before\");", "shown.Update(\"after\");");
        var run = await RunAsync(document);

        Assert.True(run.Succeeded, run.FirstFailure?.Error);
        Assert.Contains("after", TextOf(run.Executed.Cells[0]), StringComparison.Ordinal);
        Assert.Empty(run.Executed.Cells[1].Outputs);
    }
}
