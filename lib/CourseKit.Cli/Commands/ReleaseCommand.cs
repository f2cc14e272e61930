using System.CommandLine;
using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using CourseKit.Notebook;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit release</c>: makes the students' version of instructors' notebooks.</summary>
internal static class ReleaseCommand
{
    public static Command Create()
    {
        var notebooks = CommonOptions.Notebooks("The instructor's notebooks.");
        notebooks.Arity = ArgumentArity.OneOrMore;
        var output = new Option<string>("--output", "-o") { Description = "The folder for the students' versions.", Required = true };
        var noRun = new Option<bool>("--no-run") { Description = "Do not run the reference (which must reach full points), the release (which must score 0) and the mutants beside the notebook (each must fail)." };
        var timeout = CommonOptions.Timeout();
        var json = CommonOptions.Json();
        var command = new Command("release", """
            Make the students' version of a notebook: solutions become stubs, hidden tests go, cells are locked.
            Both versions are run first, and so is every mutant in NN-title.mutants.json beside the notebook. A release
            that students could not work with, or whose tests let a wrong answer pass, is refused.

            Examples:
              coursekit release notebooks/06-logistic-regression.ipynb -o release
              coursekit release notebooks/*.ipynb -o release --json
            """) { notebooks, output, noRun, timeout, json };
        command.SetAction((parsed, cancellation) => ReleaseAsync(
            parsed.GetValue(notebooks)!,
            parsed.GetValue(output)!,
            !parsed.GetValue(noRun),
            TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> ReleaseAsync(string[] arguments, string output, bool verify, TimeSpan cellTimeout, bool asJson, CancellationToken cancellation)
    {
        var (files, problems) = NotebookFiles.Find(arguments);
        foreach (var problem in problems)
            Failures.Write(problem);
        files = NotebookFiles.WithExercises(files);
        if (files.Count == 0)
            return (int)ExitCode.UsedWrongly;

        var failed = problems.Count > 0;
        var reports = new List<ReleaseReport>();
        await using var compilers = new CompilerPool();
        await CellReporter.ForEachAsync(files, async (file, report) =>
        {
            if (cancellation.IsCancellationRequested)
                return;
            try
            {
                reports.Add(await ReleaseNotebook.ReleaseAsync(file, output, new ReleaseOptions { Verify = verify, Run = Kit.RunOptions(cellTimeout, report, compilers), OnMutant = progress => report(CellReporter.Of(progress)) }, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Said below: nothing was written for this one.
            }
            catch (Exception exception) when (Failures.Sentence(exception, file) is { } sentence)
            {
                Failures.Write(sentence);
                failed = true;
            }
        });
        foreach (var problem in reports.SelectMany(report => report.Problems))
            Failures.Write(problem.ToString());
        if (asJson)
            Json.Write(new { Releases = reports.Select(Answer) });
        else
            WriteTable(reports);
        if (cancellation.IsCancellationRequested)
        {
            Failures.Write("Stopped. A release is written only once it is verified; nothing is half-written.");
            return (int)ExitCode.Stopped;
        }
        return (int)(failed || reports.Any(report => !report.Accepted) ? ExitCode.SomethingFailed : ExitCode.Fine);
    }

    private static object Answer(ReleaseReport report) => new
    {
        report.Notebook,
        Target = report.Accepted ? report.Target : null,
        report.Accepted,
        Exercises = report.ReferenceScores?.Exercises.Count,
        Points = report.ReferenceScores?.Points,
        report.ReferenceScores?.Possible,
        Manual = report.ReferenceScores?.ManualPoints,
        Release = report.ReleaseScores?.Points,
        Mutants = report.Mutants.Count,
        Killed = report.Mutants.Count(mutant => mutant.IsKilled),
        Problems = report.Problems.Select(problem => problem.ToString()),
    };

    private static void WriteTable(List<ReleaseReport> reports)
    {
        var table = Tables.Create(("Notebook", false), ("Exercises", true), ("Reference", true), ("Release", true), ("Mutants killed", true), ("Result", false));
        foreach (var report in reports)
        {
            var (reference, release) = (report.ReferenceScores, report.ReleaseScores);
            table.AddRow(
                Markup.Escape(Path.GetFileName(report.Notebook)),
                reference is null ? "" : Tables.Points(reference.Exercises.Count),
                reference is null ? "not run" : $"{Tables.Points(reference.Points)}/{Tables.Points(reference.Possible)}",
                release is null ? "not run" : $"{Tables.Points(release.Points)}/{Tables.Points(release.Possible)}",
                report.Mutants.Count == 0 ? "" : $"{report.Mutants.Count(mutant => mutant.IsKilled)}/{report.Mutants.Count}",
                report.Accepted ? Markup.Escape(report.Target) : $"[red]refused[/], {report.Problems.Count} problems");
        }
        Tables.Write(table);
    }
}
