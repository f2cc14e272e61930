using System.Globalization;
using CourseKit.Grading;
using CourseKit.Notebook;
using Spectre.Console;

namespace CourseKit.Cli.Terminal;

/// <summary>
/// Progress of long work: a bar for each notebook on a terminal, a plain line for each cell elsewhere (a log, CI).
/// It goes to standard error, so that what the command answers can be piped on.
/// </summary>
internal static class CellReporter
{
    private static readonly IAnsiConsole Console = ErrorConsole.Console;

    /// <summary>Does work on each file and reports its cells.</summary>
    /// <param name="files">The notebooks.</param>
    /// <param name="work">Runs one and tells the reporter of each cell.</param>
    public static async Task ForEachAsync(IReadOnlyList<string> files, Func<string, Action<CellProgress>, Task> work)
    {
        if (System.Console.IsErrorRedirected || !Console.Profile.Capabilities.Ansi)
        {
            foreach (var file in files)
                await work(file, progress => WriteLine(file, progress));
            return;
        }

        await Console.Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var tasks = files.Select(file => context.AddTask(Markup.Escape(Name(file)), autoStart: false)).ToList();
                for (var i = 0; i < files.Count; i++)
                {
                    var task = tasks[i];
                    task.StartTask();
                    await work(files[i], progress => Show(task, progress));
                    task.Value = task.MaxValue;
                    task.StopTask();
                }
            });
    }

    /// <summary>A mutant's turn as one more cell.</summary>
    public static CellProgress Of(MutantProgress progress)
    {
        var run = new CellRun
        {
            Index = -1,
            Number = progress.Number,
            FirstLine = $"{progress.Verdict.Exercise}: {progress.Verdict.Mutant}",
            Status = progress.Verdict.IsKilled ? CellRunStatus.Ok : CellRunStatus.Error,
            Elapsed = progress.Verdict.Elapsed,
        };
        return new CellProgress(progress.Number, progress.Count, run.FirstLine, run);
    }

    private static void Show(ProgressTask task, CellProgress progress)
    {
        task.MaxValue = progress.Count;
        task.Value = progress.Finished is null ? progress.Number - 1 : progress.Number;
    }

    private static void WriteLine(string file, CellProgress progress)
    {
        if (progress.Finished is not { } cell)
            return;
        var state = cell.Status == CellRunStatus.Ok ? "ok" : cell.Status.ToString();
        System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Name(file)}  {progress.Number,3}/{progress.Count}  {cell.Elapsed.TotalSeconds,6:F2} s  {state,-8}  {Shorten(cell.FirstLine)}"));
    }

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
