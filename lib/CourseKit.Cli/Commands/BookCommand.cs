using System.CommandLine;
using System.Globalization;
using CourseKit.Cli.Runs;
using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using CourseKit.Notebook;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit book</c>: the course as a site that a teacher puts on a server, or a student opens from a folder.</summary>
internal static class BookCommand
{
    public static Command Create()
    {
        var notebooks = CommonOptions.Notebooks("The instructor's notebooks; every chapter in notebooks/ by default.");
        var output = new Option<string>("--output", "-o") { Description = "The folder for the site.", DefaultValueFactory = _ => "book" };
        var map = new Option<string>("--map") { Description = $"The file with parts, reading order and prerequisites; by default {CourseMap.FileName} beside the first notebook, if it is there.", HelpName = "file" };
        var solutions = new Option<bool>("--solutions") { Description = "Show the instructor's version, with solutions and hidden tests: for yourself, not for students." };
        var timeout = CommonOptions.Timeout();
        var jobs = CommonOptions.Jobs();
        var fresh = CommonOptions.Fresh();
        var json = CommonOptions.Json();
        var command = new Command("book", $"""
            Build the course's site: a landing page with the map of the chapters, a page for each executed chapter, a
            full-text search, a list of the exercises, and the students' notebooks and their data to download. It works
            from a folder, without a server and without the network.

            The pages show the students' version: no solution and no hidden test is in any file of the site.

            Examples:
              coursekit book
              coursekit book notebooks/01-*.ipynb notebooks/06-*.ipynb -o site
              coursekit book --solutions -o mine
              coursekit book --json > book.json
            """) { notebooks, output, map, solutions, timeout, jobs, fresh, json };
        command.SetAction((parsed, cancellation) => BuildAsync(
            parsed.GetValue(notebooks) ?? [],
            parsed.GetValue(output)!,
            parsed.GetValue(map),
            parsed.GetValue(solutions),
            new ChapterRuns(parsed.GetValue(fresh), TimeSpan.FromSeconds(parsed.GetValue(timeout))),
            parsed.GetValue(jobs),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> BuildAsync(string[] arguments, string output, string? mapFile, bool withSolutions, ChapterRuns runs, int? jobs, bool asJson, CancellationToken cancellation)
    {
        await using var ended = runs;
        var (files, problems) = NotebookFiles.Find(arguments);
        foreach (var problem in problems)
            Failures.Write(problem);
        if (files.Count == 0)
            return (int)ExitCode.UsedWrongly;
        if (ChapterSite.Conflict(Path.Combine(output, ChapterFiles.Downloads), files) is { } conflict)
        {
            Failures.Write(conflict);
            return (int)ExitCode.UsedWrongly;
        }

        CourseMap map;
        try
        {
            map = LoadMap(mapFile, files[0]);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            Failures.Write(exception.Message);
            return (int)ExitCode.UsedWrongly;
        }

        var downloads = new ChapterFiles(output);
        foreach (var written in (string[])["", "assets", ChapterFiles.Downloads, Path.Combine(ChapterFiles.Downloads, "data")])
            AtomicFile.RemoveAbandoned(Path.Combine(output, written));
        var failed = problems.Count > 0;
        var ordered = InReadingOrder(files, map);
        var finished = new Chapter?[ordered.Count];
        var sentences = new string?[ordered.Count];
        await CellReporter.ForEachAsync(ordered, ChapterRuns.Jobs(jobs, ordered.Count), async (place, report) =>
        {
            if (cancellation.IsCancellationRequested)
                return;
            try
            {
                finished[place] = await BuildChapterAsync(ordered[place], map, downloads, withSolutions, runs, report, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Said below.
            }
            catch (Exception exception) when (Failures.Sentence(exception, ordered[place]) is { } sentence)
            {
                sentences[place] = sentence;
            }
        });

        var chapters = finished.OfType<Chapter>().ToList();
        foreach (var sentence in sentences.OfType<string>())
        {
            Failures.Write(sentence);
            failed = true;
        }

        if (runs.Problem is { } unkept)
            Failures.Write(unkept);
        foreach (var sentence in chapters.SelectMany(chapter => chapter.Failures))
            Failures.Write(sentence);
        if (cancellation.IsCancellationRequested)
        {
            Failures.Write("Stopped. The pages of a book refer to each other: none was written, and what was in the folder before is as it was.");
            return (int)ExitCode.Stopped;
        }
        var index = chapters.Count == 0 ? null : HtmlSite.Write(output, [.. chapters.Select(chapter => chapter.Page)], new HtmlSiteOptions
        {
            Title = map.Title,
            Description = map.Description,
            Assets = [Kit.Plotly],
            Book = new HtmlBook { Sessions = map.Sessions, Data = downloads.WriteData() },
        });
        if (asJson)
            Json.Write(new { Index = index, Chapters = chapters.Select(chapter => chapter.Row), Kit.NetworkNeed });
        else
            WriteTable(chapters, index);
        return (int)(failed || chapters.Any(chapter => chapter.Failures.Count > 0) ? ExitCode.SomethingFailed : ExitCode.Fine);
    }

    private static CourseMap LoadMap(string? named, string firstNotebook)
    {
        var path = named ?? Path.Combine(Path.GetDirectoryName(firstNotebook) ?? "", CourseMap.FileName);
        return named is null && !File.Exists(path) ? new CourseMap { Title = "CourseKit" } : CourseMap.Load(path);
    }

    /// <summary>Chapters of the map in its order, then the others in theirs, appendices last.</summary>
    private static List<string> InReadingOrder(IReadOnlyList<string> files, CourseMap map)
    {
        var order = map.InReadingOrder().Select((chapter, place) => (chapter.Number, place)).ToDictionary(chapter => chapter.Number, chapter => chapter.place);
        return [.. files.OrderBy(file => CourseMap.NumberOf(file) is { } number && order.TryGetValue(number, out var place) ? place : int.MaxValue).ThenBy(NotebookFiles.IsAppendix)];
    }

    private static async Task<Chapter> BuildChapterAsync(string file, CourseMap map, ChapterFiles downloads, bool withSolutions, ChapterRuns runs, INotebookReport report, CancellationToken cancellation)
    {
        var reference = NotebookDocument.Load(file);
        // Nothing in an appendix is graded: students get it as it is.
        var release = NotebookFiles.IsAppendix(file) ? reference : ReleaseNotebook.Strip(reference);
        var (run, taken) = await runs.RunAsync(withSolutions ? reference : release, report, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var scores = NotebookScores.From(run);
        var failures = run.Cells.Where(cell => cell.IsFailure).Select(cell => $"{file}, cell {cell.Number}{(cell.Id is null ? "" : $" ({cell.Id})")}: {cell.Error}").ToList();
        var cells = run.Executed.Cells.Select((cell, index) => (Id: NbgraderMetadata.Read(cell)?.GradeId, index)).Where(cell => cell.Id is { Length: > 0 }).ToLookup(cell => cell.Id, cell => cell.index);
        var page = new HtmlChapter(run.Executed, Path.GetFileNameWithoutExtension(file) + ".html")
        {
            Status = failures.Count + run.NotRun == 0 ? null : $"{failures.Count + run.NotRun} cells failed or were not run",
            IsAppendix = NotebookFiles.IsAppendix(file),
            Place = CourseMap.NumberOf(file) is { } number ? map.PlaceOf(number) : null,
            Exercises = [.. scores.Exercises.Select(exercise => new ChapterExercise(exercise.Title, exercise.Possible, exercise.Status == ScoreStatus.NeedsManualGrade, cells[exercise.Id].First()))],
            Downloads = downloads.Write(release, Path.GetFileName(file)),
        };
        return new Chapter(page, new ChapterRow(file, page.FileName, run.Cells.Count, failures.Count + run.NotRun, Math.Round(run.Elapsed.TotalSeconds, 2), taken, page.Exercises.Count, page.Exercises.Sum(exercise => exercise.Points)), failures);
    }

    private static void WriteTable(List<Chapter> chapters, string? index)
    {
        var table = Tables.Create(("Chapter", false), ("Cells", true), ("Errors", true), ("Seconds", true), ("Exercises", true), ("Points", true));
        foreach (var (_, row, _) in chapters)
            table.AddRow(
                Markup.Escape(Path.GetFileNameWithoutExtension(row.File)),
                row.Cells.ToString(CultureInfo.InvariantCulture),
                row.Errors == 0 ? "0" : $"[red]{row.Errors}[/]",
                Tables.Seconds(row.Seconds, row.Taken),
                row.Exercises.ToString(CultureInfo.InvariantCulture),
                Tables.Points(row.Points));
        Tables.Write(table);
        if (index is not null)
            Console.Out.WriteLine($"Book: {index}{(Kit.NetworkNeed is { } need ? $"\n{need}" : "")}");
    }

    private sealed record Chapter(HtmlChapter Page, ChapterRow Row, IReadOnlyList<string> Failures);

    /// <summary>One chapter in the JSON answer. Points are those that can be had. Where <c>Taken</c> is true, the run is one that was kept, and the seconds are those it took then.</summary>
    private sealed record ChapterRow(string File, string Page, int Cells, int Errors, double Seconds, bool Taken, int Exercises, double Points);
}
