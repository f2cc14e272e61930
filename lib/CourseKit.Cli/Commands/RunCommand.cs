using System.CommandLine;
using System.Globalization;
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
        var json = CommonOptions.Json();
        var command = new Command("run", """
            Execute notebooks from a clean session and write an executed copy and a page of each.

            Examples:
              coursekit run
              coursekit run notebooks/01-*.ipynb -o out
              coursekit run --json > run.json
            """) { notebooks, output, timeout, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(notebooks) ?? [],
            parsed.GetValue(output)!,
            TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, string output, TimeSpan cellTimeout, bool asJson, CancellationToken cancellation)
    {
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
        var site = new ChapterSite(output);
        var chapters = new List<Chapter>();
        await CellReporter.ForEachAsync(files, async (file, report) =>
        {
            if (cancellation.IsCancellationRequested)
                return;
            var chapter = await RunChapterAsync(file, site, Kit.RunOptions(cellTimeout, report), cancellation);
            chapters.Add(chapter);
        });

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
        return (int)(problems.Count > 0 || chapters.Any(chapter => chapter.Failures.Count > 0) ? ExitCode.SomethingFailed : ExitCode.Fine);
    }

    private static async Task<Chapter> RunChapterAsync(string file, ChapterSite site, NotebookRunOptions options, CancellationToken cancellation)
    {
        try
        {
            var document = NotebookDocument.Load(file);
            var run = await NotebookRunner.RunAsync(document, options, cancellation);
            var scores = NotebookScores.From(run);
            site.Write(file, run, scores);
            return new Chapter(
                new ChapterRow(file, run.Cells.Count, run.Failures + run.NotRun, Math.Round(run.Elapsed.TotalSeconds, 2), scores.Exercises.Count, scores.Points, scores.Possible, scores.ManualPoints),
                [.. FailuresOf(file, run)]);
        }
        catch (Exception exception) when (Failures.Sentence(exception, file) is { } sentence)
        {
            return new Chapter(new ChapterRow(file, 0, 1, 0, 0, 0, 0, 0), [sentence]);
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
                Tables.Seconds(row.Seconds),
                row.Exercises.ToString(CultureInfo.InvariantCulture),
                $"{Tables.Points(row.Points)}/{Tables.Points(row.Possible)}",
                Tables.Points(row.Manual));
        Tables.Write(table);
        if (site.Index is { } index)
            Console.Out.WriteLine($"Pages: {index}{(Kit.NetworkNeed is { } need ? $"\n{need}" : "")}");
    }

    private sealed record Chapter(ChapterRow Row, IReadOnlyList<string> Failures);

    /// <summary>One chapter in the JSON answer. Points are those of the automatically graded exercises; <c>Manual</c> are left to a teacher.</summary>
    private sealed record ChapterRow(string File, int Cells, int Errors, double Seconds, int Exercises, double Points, double Possible, double Manual);
}
