using System.CommandLine;
using CourseKit.Cli.Terminal;
using CourseKit.Grading;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit grade</c>: grades what a class handed in.</summary>
internal static class GradeCommand
{
    private sealed record Request(
        string Reference, string Submissions, GradeFolder Output, GradingOptions Grading, ClassGradingOptions Class,
        string? Roster, DateTimeOffset? Due, CoursePlatform? Format, double? FailUnder, bool AsJson);

    public static Command Create()
    {
        var reference = new Option<string>("--reference", "-r") { Description = "The instructor's notebook, with solutions and hidden tests.", Required = true, HelpName = "notebook" };
        var submissions = new Option<string>("--submissions", "-s") { Description = "What was handed in: a folder, or the .zip of Moodle or Canvas.", Required = true, HelpName = "folder or zip" };
        var output = new Option<string>("--output", "-o") { Description = "The folder for results, gradebook and tables.", DefaultValueFactory = _ => "grades" };
        var jobs = GradingOptionParsers.Jobs();
        var timeout = CommonOptions.Timeout();
        var memory = GradingOptionParsers.Memory();
        var sandbox = GradingOptionParsers.Sandbox();
        var image = new Option<string?>("--image") { Description = "The image that --sandbox docker grades in: one with .NET 10 and ASP.NET, pulled or built before.", HelpName = "name" };
        var shard = GradingOptionParsers.Shard();
        var regrade = new Option<string[]>("--regrade") { Description = "Run only this exercise again (its grade_id), after its tests were corrected. May be given several times.", HelpName = "exercise" };
        var force = new Option<bool>("--force") { Description = "Grade again also what has a result from the same file and the same tests." };
        var roster = new Option<string?>("--roster") { Description = "Who is to hand in: a .csv as Moodle, Canvas, Gradescope or nbgrader export it. Who handed in nothing is in all tables with 0 points. The gradebook keeps it for later runs.", HelpName = "file.csv" };
        var due = GradingOptionParsers.Due();
        var format = GradingOptionParsers.Format();
        var failUnder = new Option<double?>("--fail-under") { Description = "Exit with 1 where a submission has less than this percentage of the points: for a student's own CI.", HelpName = "percent" };
        var json = CommonOptions.Json();
        var command = new Command("grade", """
            Grade what a class handed in: folders or the .zip of Moodle, Canvas, nbgrader or Gradescope. Each result is kept as
            soon as it is there: stop at any time and give the same command again, and it goes on. Several may grade into one
            folder at once.

            Examples:
              coursekit grade --reference notebooks/06-*.ipynb --submissions submitted -o grades
              coursekit grade -r notebooks/06-logistic-regression.ipynb -s moodle.zip -o grades --jobs 8 --memory 2G
              coursekit grade -r notebooks/06-logistic-regression.ipynb -s moodle.zip -o grades --roster participants.csv
              coursekit grade -r notebooks/06-logistic-regression.ipynb -s submitted -o grades --regrade sigmoid
              coursekit grade -r notebooks/06-logistic-regression.ipynb -s submitted -o part2 --shard 2/8
              coursekit grade -r /autograder/source/06-logistic-regression.ipynb -s /autograder --format gradescope
            """) { reference, submissions, output, jobs, timeout, memory, sandbox, image, shard, regrade, force, roster, due, format, failUnder, json };
        command.SetAction((parsed, cancellation) =>
        {
            var again = (parsed.GetValue(regrade) ?? []).ToHashSet(StringComparer.Ordinal);
            return GradeAsync(new Request(
                parsed.GetValue(reference)!,
                parsed.GetValue(submissions)!,
                new GradeFolder(parsed.GetValue(output)!),
                new GradingOptions
                {
                    Jobs = parsed.GetValue(jobs),
                    CellTimeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                    // Who gives a cell longer than all had together gives them all longer.
                    SubmissionTimeout = TimeSpan.FromSeconds(Math.Max(new GradingOptions().SubmissionTimeout.TotalSeconds, 10 * parsed.GetValue(timeout))),
                    OnWaiting = ErrorConsole.Say,
                    MemoryBytes = parsed.GetValue(memory),
                    Sandbox = parsed.GetValue(sandbox),
                    DockerImage = parsed.GetValue(image),
                    OnlyExercises = again.Count > 0 ? again : null,
                },
                new ClassGradingOptions
                {
                    Jobs = parsed.GetValue(jobs),
                    Shard = parsed.GetValue(shard) ?? Shard.Whole,
                    Regrade = again,
                    Force = parsed.GetValue(force),
                },
                parsed.GetValue(roster),
                parsed.GetValue(due),
                parsed.GetValue(format),
                parsed.GetValue(failUnder),
                parsed.GetValue(json)), cancellation);
        });
        return command;
    }

    private static async Task<int> GradeAsync(Request request, CancellationToken cancellation)
    {
        var (files, problems) = NotebookFiles.Find([request.Reference]);
        if (files.Count != 1)
        {
            Failures.Write(problems.Count > 0 ? problems[0] : $"--reference names {files.Count} notebooks ({string.Join(", ", files.Select(Path.GetFileName))}); name the one that was handed out.");
            return (int)ExitCode.UsedWrongly;
        }
        var place = files[0];
        try
        {
            var reference = GradingReference.Load(files[0]);
            place = request.Roster ?? place;
            var roster = request.Roster is null ? null : Roster.Load(request.Roster);
            place = request.Submissions;
            using var collection = SubmissionCollection.Open(request.Submissions, reference.Assignment);
            place = request.Output.Path;
            var match = roster is null ? null : RosterMatch.Of(roster.Students, collection.Submissions.Select(submission => submission.Student));
            List<string> odd = [.. collection.Problems, .. roster?.Problems ?? [], .. match?.Problems ?? []];
            foreach (var problem in odd)
                Failures.Write(Printable.Of(problem));
            var report = await RunAsync(request, reference, collection, cancellation);
            return await AnswerAsync(request, reference, collection, roster is null ? null : PartOf(roster, match!, request.Class.Shard), odd, report);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Stopped(request);
        }
        catch (Exception exception) when (Failures.Sentence(exception, place) is { } sentence)
        {
            Failures.Write(exception is IOException && place == request.Output.Path
                ? $"{sentence} What was finished is kept: make room or mend the disk, and give the same command again."
                : sentence);
            return (int)ExitCode.SomethingFailed;
        }
    }

    /// <summary>Who is to be in this part of the class: all but those whose submission another part grades.</summary>
    private static List<RosterStudent> PartOf(Roster roster, RosterMatch match, Shard shard)
    {
        var elsewhere = match.Found.Where(pair => !shard.Contains(pair.Key)).Select(pair => pair.Value.Id).ToHashSet(StringComparer.Ordinal);
        return [.. roster.Students.Where(student => !elsewhere.Contains(student.Id))];
    }

    private static async Task<ClassGradingReport> RunAsync(Request request, GradingReference reference, SubmissionCollection collection, CancellationToken cancellation)
    {
        var warning = "";
        var report = await GradingReporter.RunAsync(reference.Assignment, report =>
            new ClassGrading(request.Output, reference, collection, StartAsync, request.Class with { OnProgress = report }).RunAsync(cancellation));
        // Not while the bar is drawn.
        if (warning.Length > 0)
            Failures.Write(warning);
        return report;

        async Task<ISubmissionGrader> StartAsync()
        {
            var grader = await SubmissionGrader.CreateAsync(reference.Notebook, request.Grading with { KitPackages = Kit.Packages }, cancellation);
            warning = grader.SandboxWarning;
            return grader;
        }
    }

    private static async Task<int> AnswerAsync(
        Request request, GradingReference reference, SubmissionCollection collection, List<RosterStudent>? roster, List<string> odd, ClassGradingReport report)
    {
        foreach (var problem in report.Problems)
            Failures.Write(Printable.Of(problem));
        // After Ctrl-C too: the tables hold what is finished.
        var students = collection.Submissions.Where(submission => request.Class.Shard.Contains(submission.Student.Id)).Select(submission => submission.Student.Id).ToHashSet(StringComparer.Ordinal);
        List<GradebookRow> rows;
        using (var gradebook = await Gradebook.OpenToWriteAsync(request.Output))
        {
            if (request.Due is { } due)
                gradebook.SetDueDate(reference.Assignment, due);
            if (roster is not null)
                gradebook.SetRoster(reference.Assignment, roster);
            foreach (var problem in GradeFiles.Write(gradebook, FilesOf(request, reference, collection, report)).Problems)
                Failures.Write(Printable.Of(problem));
            rows = [.. gradebook.Rows(reference.Assignment).Where(row => !row.HasSubmission || students.Contains(row.Student.Id))];
        }
        if (request.AsJson)
            Json.Write(Answer(reference, report, rows, [.. odd, .. report.Problems]));
        else
            WriteTable(request, report, rows);
        if (report.IsStopped)
            return Stopped(request);
        var isUnder = request.FailUnder is { } percent && rows.Any(row => row.HasSubmission && row.Score < row.MaxScore * percent / 100 - 1e-9);
        if (isUnder)
            Failures.Write(FormattableString.Invariant($"Not every submission has {request.FailUnder} % of the points."));
        var failed = report.Problems.Count > 0 || report.Of(SubmissionOutcome.Failed) > 0 || isUnder;
        return (int)(failed && !OnlyInUse(report) ? ExitCode.SomethingFailed : ExitCode.Fine);

        // What another grader is at work on is no failure of this one.
        bool OnlyInUse(ClassGradingReport counted) => !isUnder && counted.Of(SubmissionOutcome.Failed) == 0 && counted.Problems.Count == counted.Of(SubmissionOutcome.InUse);
    }

    private static GradeFilesOptions FilesOf(Request request, GradingReference reference, SubmissionCollection collection, ClassGradingReport report) => new()
    {
        Assignment = reference.Assignment,
        IncludesFeedback = !report.IsStopped,
        // Gradescope looks in one place for one student's file, and for no other.
        Platform = collection.GradescopeResults is null ? request.Format : request.Format ?? CoursePlatform.Gradescope,
        Single = collection.GradescopeResults is { } path ? (collection.Submissions[0].Student.Id, path) : null,
    };

    private static object Answer(GradingReference reference, ClassGradingReport report, List<GradebookRow> rows, List<string> problems) => new
    {
        reference.Assignment,
        Submissions = report.Count,
        Graded = report.Of(SubmissionOutcome.Graded),
        UpToDate = report.Of(SubmissionOutcome.UpToDate),
        NotGradedBefore = report.Of(SubmissionOutcome.NotGradedBefore),
        InUse = report.Of(SubmissionOutcome.InUse),
        Failed = report.Of(SubmissionOutcome.Failed),
        Stopped = report.IsStopped,
        Seconds = Math.Round(report.Elapsed.TotalSeconds, 2),
        Students = rows.Select(GradebookJson.Row),
        Problems = problems,
    };

    private static void WriteTable(Request request, ClassGradingReport report, List<GradebookRow> rows)
    {
        if (rows.Count > 0)
            GradeTable.Write(rows);
        var done = $"{report.Of(SubmissionOutcome.Graded)} graded in {Tables.Seconds(report.Elapsed.TotalSeconds)} s";
        if (report.Of(SubmissionOutcome.UpToDate) is > 0 and var upToDate)
            done += $", {upToDate} had their results" + (request.Class.Regrade.Count > 0 ? " from the same tests (--force grades them all the same)" : "");
        if (report.Of(SubmissionOutcome.NotGradedBefore) is > 0 and var notBefore)
            done += $", {notBefore} not: they have no result to put the exercise into, so grade them without --regrade first";
        if (report.Of(SubmissionOutcome.InUse) is > 0 and var inUse)
            done += $", {inUse} left to another grader";
        if (report.Of(SubmissionOutcome.Failed) is > 0 and var failed)
            done += $", {failed} could not be graded";
        Console.Out.WriteLine($"{done}. Gradebook: {request.Output.Database}; table: {request.Output.GradesCsv}");
    }

    private static int Stopped(Request request)
    {
        Failures.Write($"Stopped. What was finished is in {request.Output.Path}; the same command goes on from there.");
        return (int)ExitCode.Stopped;
    }
}
