using System.CommandLine;
using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using CourseKit.Notebook;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit mutants</c>: whether an instructor's tests fail wrong answers.</summary>
internal static class MutantsCommand
{
    public static Command Create()
    {
        var notebooks = CommonOptions.Notebooks("The instructor's notebooks, each with its NN-title.mutants.json beside it.");
        notebooks.Arity = ArgumentArity.OneOrMore;
        var jobs = new Option<int>("--jobs", "-j") { Description = "Sessions at once; one for each processor unless said otherwise.", DefaultValueFactory = _ => Environment.ProcessorCount, CustomParser = CommonOptions.ParseJobs, HelpName = "n" };
        var timeout = CommonOptions.Timeout();
        var json = CommonOptions.Json();
        var command = new Command("mutants", """
            Prove that the tests of an exercise fail wrong answers: each mutant beside the notebook takes the place of the
            solution, and the tests must not give it full points. The reference must reach them, the untouched release 0.

            Examples:
              coursekit mutants notebooks/06-logistic-regression.ipynb
              coursekit mutants notebooks/*.ipynb --json
            """) { notebooks, jobs, timeout, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(notebooks)!,
            parsed.GetValue(jobs),
            TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, int jobs, TimeSpan cellTimeout, bool asJson, CancellationToken cancellation)
    {
        var (files, problems) = NotebookFiles.Find(arguments);
        foreach (var problem in problems)
            Failures.Write(problem);
        files = NotebookFiles.WithExercises(files);
        if (files.Count == 0)
            return (int)ExitCode.UsedWrongly;

        var failed = problems.Count > 0;
        var reports = new List<MutationReport>();
        await using var compilers = new CompilerPool();
        await CellReporter.ForEachAsync(files, async (file, report) =>
        {
            if (cancellation.IsCancellationRequested)
                return;
            try
            {
                reports.Add(await MutationReport.RunAsync(file, new MutationOptions
                {
                    Run = Kit.RunOptions(cellTimeout, report, compilers),
                    Jobs = jobs,
                    OnVerdict = progress => report(CellReporter.Of(progress)),
                }, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Said below.
            }
            catch (Exception exception) when (Sentence(exception, file) is { } sentence)
            {
                Failures.Write(sentence);
                failed = true;
            }
        });
        if (asJson)
            Json.Write(new { Exercises = reports.SelectMany(Answers) });
        else
            foreach (var report in reports)
                WriteTable(report);
        if (cancellation.IsCancellationRequested)
        {
            Failures.Write("Stopped. Notebooks that were not finished are not in the answer.");
            return (int)ExitCode.Stopped;
        }

        return (int)(failed || reports.Any(report => !report.IsSound) ? ExitCode.SomethingFailed : ExitCode.Fine);
    }

    private static string? Sentence(Exception exception, string file) => exception switch
    {
        FileNotFoundException when !File.Exists(MutantFile.PathFor(file)) => $"{file}: there are no mutants: write wrong answers for its exercises into {MutantFile.PathFor(file)}.",
        FormatException or InvalidOperationException or ReleaseRefusedException => exception.Message,
        _ => Failures.Sentence(exception, file),
    };

    private static IEnumerable<object> Answers(MutationReport report) => report.Exercises.Select(exercise => new
    {
        Notebook = report.Notebook,
        exercise.Id,
        exercise.Points,
        exercise.Reference,
        exercise.Release,
        Mutants = exercise.Mutants.Count,
        exercise.Killed,
    });

    private static void WriteTable(MutationReport report)
    {
        Console.Out.WriteLine(report.Notebook);
        foreach (var exercise in report.Exercises)
        {
            var table = Tables.Create((exercise.Id, false), ("Points", true), ("Result", false));
            table.AddRow("the reference", Of(exercise.Reference), exercise.Reference >= exercise.Points ? "full points" : "[red]misses points[/]");
            table.AddRow("the untouched release", Of(exercise.Release), exercise.Release <= 0 ? "nothing" : "[red]points for nothing[/]");
            foreach (var mutant in exercise.Mutants)
            {
                table.AddRow(
                    Markup.Escape(mutant.Mutant),
                    Of(mutant.Points),
                    mutant.IsKilled ? "killed" : mutant.Problem is { } problem ? $"[red]proves nothing[/]: {Markup.Escape(problem)}" : "[red]survived[/]");
            }

            Tables.Write(table);

            string Of(double points) => $"{Tables.Points(points)}/{Tables.Points(exercise.Points)}";
        }

        var mutants = report.Exercises.Sum(exercise => exercise.Mutants.Count);
        Console.Out.WriteLine($"{report.Exercises.Sum(exercise => exercise.Killed)} of {mutants} mutants killed{(report.IsSound ? "." : "; something is wrong, see above.")}");
    }
}
