using System.Diagnostics;
using System.Globalization;
using CourseKit.Grading;
using Spectre.Console;

namespace CourseKit.Cli.Terminal;

/// <summary>
/// Progress of grading a class: a bar with rate and remaining time on a terminal, a line for each submission elsewhere. It
/// goes to standard error, so that what the command answers can be piped on.
/// </summary>
internal sealed class GradingReporter
{
    private static readonly IAnsiConsole Console = ErrorConsole.Console;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int graded;

    /// <summary>Does the work and tells of its progress.</summary>
    public static async Task<T> RunAsync<T>(string assignment, Func<Action<SubmissionProgress>, Task<T>> work)
    {
        var reporter = new GradingReporter();
        if (System.Console.IsErrorRedirected || !Console.Profile.Capabilities.Ansi)
            return await work(reporter.WriteLine);
        return await Console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(assignment));
                return await work(progress =>
                {
                    task.MaxValue = progress.Count;
                    task.Value = progress.Done;
                    task.Description = Markup.Escape($"{assignment}  {progress.Done}/{progress.Count}{reporter.Pace(progress)}");
                });
            });
    }

    private void WriteLine(SubmissionProgress progress)
    {
        var what = progress.Outcome switch
        {
            SubmissionOutcome.Graded => Result(progress.Record!),
            SubmissionOutcome.UpToDate => $"{Result(progress.Record!)}  (had its result)",
            SubmissionOutcome.NotGradedBefore => "not graded before",
            SubmissionOutcome.InUse => "left to another grader",
            _ => "FAILED",
        };
        var number = progress.Done.ToString(CultureInfo.InvariantCulture).PadLeft(progress.Count.ToString(CultureInfo.InvariantCulture).Length);
        System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number}/{progress.Count}  {Printable.Of(progress.Submission.Student.Id),-24}  {what}{Pace(progress)}"));
    }

    private static string Result(GradingRecord record) => record.Result.Failure.Length > 0
        ? "not readable"
        : $"{Tables.Points(record.Points)}/{Tables.Points(record.Possible)}{(record.Result.Flags.Count > 0 ? $"  {GradeTable.Flags(record.Result.Flags)}" : "")}";

    /// <summary>How fast, and how long yet: by what was graded in this run, as what had its result takes no time.</summary>
    private string Pace(SubmissionProgress progress)
    {
        if (progress.Outcome == SubmissionOutcome.Graded)
            graded++;
        if (graded == 0)
            return "";
        var each = clock.Elapsed / graded;
        var rate = graded / clock.Elapsed.TotalMinutes;
        var left = each * (progress.Count - progress.Done);
        return string.Create(CultureInfo.InvariantCulture, $"  {rate:0.#} a minute")
            + (progress.Done == progress.Count ? "" : $", about {(left < TimeSpan.FromMinutes(1) ? $"{Math.Ceiling(left.TotalSeconds):0} s" : $"{Math.Ceiling(left.TotalMinutes):0} min")} left");
    }
}
