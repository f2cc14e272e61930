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

    /// <summary>Does work on each file, one after another, and reports its cells.</summary>
    /// <param name="files">The notebooks.</param>
    /// <param name="work">Runs one and tells the reporter of each cell.</param>
    public static Task ForEachAsync(IReadOnlyList<string> files, Func<string, Action<CellProgress>, Task> work) =>
        ForEachAsync(files, 1, (index, report) => work(files[index], report.Cell));

    /// <summary>Does work on several files at once. What is said of them comes in their order: one that is ahead of its turn has to wait with it.</summary>
    /// <param name="files">The notebooks.</param>
    /// <param name="jobs">How many at once.</param>
    /// <param name="work">Runs the one at a place in the list, and reports.</param>
    public static async Task ForEachAsync(IReadOnlyList<string> files, int jobs, Func<int, INotebookReport, Task> work)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = jobs };
        if (System.Console.IsErrorRedirected || !Console.Profile.Capabilities.Ansi)
        {
            var lines = new LinesInTurn(files.Count, System.Console.Error.WriteLine);
            await Parallel.ForAsync(0, files.Count, parallel, async (index, _) =>
            {
                try
                {
                    await work(index, new LineReport(Name(files[index]), line => lines.Write(index, line)));
                }
                finally
                {
                    lines.End(index);
                }
            });
            return;
        }

        await Console.Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var tasks = files.Select(file => context.AddTask(Markup.Escape(Name(file)), autoStart: false)).ToList();
                await Parallel.ForAsync(0, files.Count, parallel, async (index, _) =>
                {
                    var task = tasks[index];
                    task.StartTask();
                    await work(index, new BarReport(task));
                    task.Value = task.MaxValue;
                    task.StopTask();
                });
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

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    private sealed class LineReport(string name, Action<string> write) : INotebookReport
    {
        public void Cell(CellProgress progress)
        {
            if (progress.Finished is not { } cell)
                return;
            var state = cell.Status == CellRunStatus.Ok ? "ok" : cell.Status.ToString();
            write(string.Create(CultureInfo.InvariantCulture,
                $"{name}  {progress.Number,3}/{progress.Count}  {cell.Elapsed.TotalSeconds,6:F2} s  {state,-8}  {Shorten(cell.FirstLine)}"));
        }

        public void Say(string words) => write($"{name}  {words}");
    }

    private sealed class BarReport(ProgressTask task) : INotebookReport
    {
        private readonly string name = task.Description;

        public void Cell(CellProgress progress)
        {
            task.MaxValue = progress.Count;
            task.Value = progress.Finished is null ? progress.Number - 1 : progress.Number;
        }

        public void Say(string words) => task.Description = $"{name}  [dim]{Markup.Escape(words)}[/]";
    }
}
