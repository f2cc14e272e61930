using System.CommandLine;
using System.Globalization;
using CourseKit.Cli.Runs;
using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using CourseKit.Notebook;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit run</c>: executes notebooks headless and writes executed copies and pages.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var notebooks = CommonOptions.Notebooks("Notebooks, folders or patterns; every chapter in notebooks/ by default.");
        var output = new Option<string>("--output", "-o") { Description = "The folder for executed notebooks and pages.", DefaultValueFactory = _ => "out" };
        var timeout = CommonOptions.Timeout();
        var jobs = CommonOptions.Jobs();
        var fresh = CommonOptions.Fresh();
        var json = CommonOptions.Json();
        var command = new Command("run", """
            Execute notebooks from a clean session and write an executed copy and a page of each. A notebook is taken from
            the last run if its code, the data it can read and the kit are what they were.

            Examples:
              coursekit run
              coursekit run notebooks/01-*.ipynb -o out
              coursekit run --fresh --jobs 2
              coursekit run --json > run.json
            """) { notebooks, output, timeout, jobs, fresh, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(notebooks) ?? [],
            parsed.GetValue(output)!,
            new ChapterRuns(parsed.GetValue(fresh), TimeSpan.FromSeconds(parsed.GetValue(timeout))),
            parsed.GetValue(jobs),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, string output, ChapterRuns runs, int? jobs, bool asJson, CancellationToken cancellation)
    {
        await using var ended = runs;
        var (files, problems) = NotebookFiles.Find(arguments);
        foreach (var problem in problems)
            Failures.Write(problem);
        if (files.Count == 0)
            return (int)ExitCode.UsedWrongly;

        if (ChapterSite.Conflict(output, files) is { } conflict)
        {
            Failures.Write(conflict);
            return (int)ExitCode.UsedWrongly;
        }
        var site = new ChapterSite(output, files);
        site.RemoveLeftovers();
        var finished = new Chapter?[files.Count];
        await CellReporter.ForEachAsync(files, ChapterRuns.Jobs(jobs, files.Count), async (place, report) =>
        {
            if (!cancellation.IsCancellationRequested)
                finished[place] = await RunChapterAsync(files[place], place, site, runs, report, cancellation);
        });
        var chapters = finished.OfType<Chapter>().ToList();
        var failed = problems.Count > 0;
        try
        {
            site.Finish();
        }
        catch (Exception exception) when (Failures.Sentence(exception, output) is { } sentence)
        {
            Failures.Write(sentence);
            failed = true;
        }

        if (runs.Problem is { } unkept)
            Failures.Write(unkept);
        foreach (var chapter in chapters)
            foreach (var sentence in chapter.Failures)
                Failures.Write(sentence);
        if (asJson)
            Json.Write(new { Chapters = chapters.Select(chapter => chapter.Row), Kit.NetworkNeed });
        else
            WriteTable(chapters, site);
        if (cancellation.IsCancellationRequested)
        {
            Failures.Write($"Stopped. What was finished is in {output}.");
            return (int)ExitCode.Stopped;
        }
        return (int)(failed || chapters.Any(chapter => chapter.Failures.Count > 0) ? ExitCode.SomethingFailed : ExitCode.Fine);
    }

    /// <summary>What became of one chapter; null where the command was stopped before its first cell.</summary>
    private static async Task<Chapter?> RunChapterAsync(string file, int place, ChapterSite site, ChapterRuns runs, INotebookReport report, CancellationToken cancellation)
    {
        try
        {
            var (run, taken) = await runs.RunAsync(NotebookDocument.Load(file), report, cancellation);
            var scores = NotebookScores.From(run);
            site.Write(place, run, scores, pagesNow: !taken);
            return new Chapter(
                new ChapterRow(file, run.Cells.Count, run.Failures + run.NotRun, Math.Round(run.Elapsed.TotalSeconds, 2), taken, scores.Exercises.Count, scores.Points, scores.Possible, scores.ManualPoints),
                [.. FailuresOf(file, run)]);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (Failures.Sentence(exception, file) is { } sentence)
        {
            return new Chapter(new ChapterRow(file, 0, 1, 0, false, 0, 0, 0, 0), [sentence]);
        }
    }

    private static IEnumerable<string> FailuresOf(string file, NotebookRun run)
    {
        foreach (var cell in run.Cells.Where(cell => cell.IsFailure))
            yield return $"{file}, cell {cell.Number}{(cell.Id is null ? "" : $" ({cell.Id})")}: {cell.Error}";
        if (run.NotRun > 0)
            yield return run.NotRun == 1 ? $"{file}: the cell after it was not run." : $"{file}: the {run.NotRun} cells after it were not run.";
    }

    private static void WriteTable(List<Chapter> chapters, ChapterSite site)
    {
        var table = Tables.Create(("Chapter", false), ("Cells", true), ("Errors", true), ("Seconds", true), ("Exercises", true), ("Points", true), ("Graded by hand", true));
        foreach (var (row, _) in chapters)
            table.AddRow(
                Markup.Escape(Path.GetFileNameWithoutExtension(row.File)),
                row.Cells.ToString(CultureInfo.InvariantCulture),
                row.Errors == 0 ? "0" : $"[red]{row.Errors}[/]",
                Tables.Seconds(row.Seconds, row.Taken),
                row.Exercises.ToString(CultureInfo.InvariantCulture),
                $"{Tables.Points(row.Points)}/{Tables.Points(row.Possible)}",
                Tables.Points(row.Manual));
        Tables.Write(table);
        if (site.Index is { } index)
            Console.Out.WriteLine($"Pages: {index}{(Kit.NetworkNeed is { } need ? $"\n{need}" : "")}");
    }

    private sealed record Chapter(ChapterRow Row, IReadOnlyList<string> Failures);

    /// <summary>
    /// One chapter in the JSON answer. Points are those of the automatically graded exercises; <c>Manual</c> are left to a
    /// teacher. Where <c>Taken</c> is true, the run is one that was kept, and the seconds are those it took then.
    /// </summary>
    private sealed record ChapterRow(string File, int Cells, int Errors, double Seconds, bool Taken, int Exercises, double Points, double Possible, double Manual);
}
