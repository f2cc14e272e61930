using System.CommandLine;
using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using CourseKit.Notebook;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit check</c>: runs the visible tests of a student's file and prints the points of each exercise.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var notebooks = CommonOptions.Notebooks("The notebooks to check.");
        notebooks.Arity = ArgumentArity.OneOrMore;
        var timeout = CommonOptions.Timeout();
        var json = CommonOptions.Json();
        var command = new Command("check", """
            Run a student's notebook and print the points its visible tests give. The file is not changed.

            Examples:
              coursekit check 01-neurons-and-perceptrons.ipynb
              coursekit check my-solution.ipynb --json
            """) { notebooks, timeout, json };
        command.SetAction((parsed, cancellation) => CheckAsync(
            parsed.GetValue(notebooks)!,
            TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> CheckAsync(string[] arguments, TimeSpan cellTimeout, bool asJson, CancellationToken cancellation)
    {
        var (files, problems) = NotebookFiles.Find(arguments);
        foreach (var problem in problems)
            Failures.Write(problem);
        if (files.Count == 0)
            return (int)ExitCode.UsedWrongly;

        var failed = problems.Count > 0;
        var checkedNotebooks = new List<(string File, NotebookScores Scores)>();
        await CellReporter.ForEachAsync(files, async (file, report) =>
        {
            if (cancellation.IsCancellationRequested)
                return;
            try
            {
                var scores = await CheckNotebook.RunAsync(NotebookDocument.Load(file), Kit.RunOptions(cellTimeout, report), cancellation);
                checkedNotebooks.Add((file, scores));
            }
            catch (Exception exception) when (Failures.Sentence(exception, file) is { } sentence)
            {
                Failures.Write(sentence);
                failed = true;
            }
        });
        if (cancellation.IsCancellationRequested)
            return (int)ExitCode.Stopped;

        foreach (var (file, scores) in checkedNotebooks)
            foreach (var cell in scores.Cells.Where(cell => cell.IsFailure))
            {
                Failures.Write($"{file}, cell {cell.Number}{(cell.Id is null ? "" : $" ({cell.Id})")}: {cell.Error}");
                failed = true;
            }
        if (asJson)
            Json.Write(new { Notebooks = checkedNotebooks.Select(item => Answer(item.File, item.Scores)) });
        else
            foreach (var (file, scores) in checkedNotebooks)
                WriteTable(file, scores);
        var allPoints = checkedNotebooks.All(item => item.Scores.Automatic.All(exercise => exercise.Points >= (exercise.Tested ?? exercise.Possible)));
        return (int)(failed || !allPoints ? ExitCode.SomethingFailed : ExitCode.Fine);
    }

    private static object Answer(string file, NotebookScores scores) => new
    {
        File = file,
        scores.Points,
        scores.Possible,
        Manual = scores.ManualPoints,
        Exercises = scores.Exercises.Select(exercise => new
        {
            exercise.Id,
            exercise.Title,
            exercise.Points,
            exercise.Tested,
            exercise.Possible,
            Status = exercise.Status.Name(),
            exercise.Message,
            Parts = exercise.Parts.Select(part => new { part.Name, part.Points, part.Possible, part.Message }),
        }),
    };

    private static void WriteTable(string file, NotebookScores scores)
    {
        Console.Out.WriteLine(file);
        var table = Tables.Create(("Exercise", false), ("Points", true), ("Status", false), ("What to look at", false));
        foreach (var exercise in scores.Exercises)
        {
            table.AddRow(
                Markup.Escape(exercise.Title),
                $"{Tables.Points(exercise.Points)}/{Tables.Points(exercise.Tested ?? exercise.Possible)}",
                Markup.Escape(exercise.Status.Name()),
                Markup.Escape(exercise.Message));
        }
        Tables.Write(table);
        var hidden = scores.Automatic.Sum(exercise => exercise.Possible - (exercise.Tested ?? exercise.Possible));
        Console.Out.WriteLine($"{Tables.Points(scores.Points)} of {Tables.Points(scores.Possible)} points"
            + (hidden > 0 ? $"; tests for {Tables.Points(hidden)} more points run when your work is graded" : "")
            + (scores.ManualPoints > 0 ? $"; {Tables.Points(scores.ManualPoints)} more points are given by your teacher" : "") + ".");
    }
}
