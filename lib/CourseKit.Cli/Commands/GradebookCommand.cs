using System.CommandLine;
using CourseKit.Cli.Terminal;
using CourseKit.Grading;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit gradebook</c>: shows, exports and joins gradebooks, and enters what people decide.</summary>
internal static class GradebookCommand
{
    public static Command Create() => new("gradebook", """
        Look into a gradebook that grade has made, give points by hand, and hand it on.

        Examples:
          coursekit gradebook show grades
          coursekit gradebook show grades "Lovelace Ada"
          coursekit gradebook grade grades "Lovelace Ada" essay 3.5 --comment "Well argued."
          coursekit gradebook penalty grades "Lovelace Ada" 2
          coursekit gradebook export grades --format csv -o grades.csv
          coursekit gradebook merge part1 part2 -o grades
        """)
    {
        CreateShow(), CreateExport(), CreateGrade(), CreateComment(), CreatePenalty(), CreateMerge(),
    };

    private static Argument<string> Folder() => new("folder") { Description = "The folder that was given to grade with -o." };

    private static Argument<string> Student() => new("student") { Description = "The student, as gradebook show lists them." };

    private static Option<string?> Assignment() => new("--assignment", "-a") { Description = "Which assignment, where the gradebook has several.", HelpName = "name" };

    private static Command CreateShow()
    {
        var (folder, assignment, json) = (Folder(), Assignment(), CommonOptions.Json());
        var student = new Argument<string?>("student") { Description = "One student, with exercises and history.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("show", """
            Show everybody's points, and, where grade was given a roster, who handed in nothing; or one student's exercises and
            history.

            Examples:
              coursekit gradebook show grades
              coursekit gradebook show grades "Lovelace Ada" --json
            """) { folder, student, assignment, json };
        command.SetAction(parsed => Guarded(parsed.GetValue(folder)!, () =>
        {
            using var gradebook = Gradebook.OpenToRead(new GradeFolder(parsed.GetValue(folder)!));
            var name = parsed.GetValue(student);
            var rows = gradebook.Rows(parsed.GetValue(assignment), name).ToList();
            if (rows.Count == 0)
                throw new GradingException(name is null ? "The gradebook has no submissions yet." : $"The gradebook has no submission of {name}; show without a name lists those it has.");
            if (parsed.GetValue(json))
            {
                Json.Write(new { Students = rows.Select(GradebookJson.Row), History = name is null ? null : rows.Select(row => new { row.Assignment, Events = gradebook.History(name, row.Assignment) }) });
            }
            else if (name is null)
            {
                GradeTable.Write(rows);
            }
            else
            {
                foreach (var row in rows)
                    WriteStudent(row, gradebook.History(name, row.Assignment));
            }
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Command CreateExport()
    {
        var (folder, assignment) = (Folder(), Assignment());
        var output = new Option<string?>("--output", "-o") { Description = "The file to write csv or junit into; by default one in the gradebook's folder.", HelpName = "file" };
        var format = new Option<string>("--format") { Description = "csv (nbgrader's columns and one for each exercise), junit, feedback (pages for students and the class report), or each student's results.json for gradescope or prairielearn.", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "junit", "feedback", "gradescope", "prairielearn");
        var command = new Command("export", """
            Write the grades for another program: as they are now, with points given by hand, comments and penalties.

            Examples:
              coursekit gradebook export grades
              coursekit gradebook export grades --format junit -o grades.xml
              coursekit gradebook export grades --format feedback
              coursekit gradebook export grades --format prairielearn
            """) { folder, assignment, format, output };
        command.SetAction(parsed => Guarded(parsed.GetValue(folder)!, () =>
        {
            var place = new GradeFolder(parsed.GetValue(folder)!);
            using var gradebook = Gradebook.OpenToRead(place);
            var which = parsed.GetValue(assignment);
            var kind = parsed.GetValue(format);
            var file = parsed.GetValue(output) ?? (kind == "junit" ? place.JUnit : place.GradesCsv);
            var problems = new List<string>();
            switch (kind)
            {
                case "csv":
                    GradebookExport.WriteCsv(gradebook, file, which);
                    Console.Out.WriteLine(file);
                    break;
                case "junit":
                    GradebookExport.WriteJUnit(gradebook, file, which);
                    Console.Out.WriteLine(file);
                    break;
                case "feedback":
                    foreach (var name in which is null ? gradebook.Assignments() : [which])
                    {
                        var written = FeedbackExport.Write(gradebook, name);
                        Console.Out.WriteLine(written.Report);
                        problems.AddRange(written.Problems);
                    }
                    break;
                default:
                    if (parsed.GetValue(output) is not null)
                        throw new GradingException($"{kind} is a file for each student, in the folder {kind} of the gradebook's: leave -o away.");
                    var results = GradebookExport.WriteResults(gradebook, kind == "gradescope" ? CoursePlatform.Gradescope : CoursePlatform.PrairieLearn, which);
                    Console.Out.WriteLine($"{results.Count} results.json in {Path.Combine(place.Path, kind!)}");
                    break;
            }
            return problems.Count == 0 ? Task.CompletedTask : throw new GradingException(string.Join(Environment.NewLine, problems));
        }));
        return command;
    }

    private static Command CreateGrade()
    {
        var (folder, student, assignment) = (Folder(), Student(), Assignment());
        var exercise = new Argument<string>("exercise") { Description = "The exercise's grade_id." };
        var points = new Argument<string>("points") { Description = "The points, or none to take back what was given." };
        var comment = new Option<string?>("--comment") { Description = "A word to the student about it.", HelpName = "text" };
        var command = new Command("grade", """
            Give an exercise's points by hand: where a person must, or instead of what the tests gave. What is given stays
            when the submission is graded again. The student's page, the class report and the tables are written anew.

            Examples:
              coursekit gradebook grade grades "Lovelace Ada" essay 3.5 --comment "Well argued."
              coursekit gradebook grade grades "Lovelace Ada" essay none
            """) { folder, student, exercise, points, assignment, comment };
        command.SetAction((parsed, cancellation) => EnterAsync(parsed.GetValue(folder)!, parsed.GetValue(student)!, parsed.GetValue(assignment), (gradebook, name, which) =>
        {
            var given = parsed.GetValue(points)!;
            gradebook.SetManualGrade(name, which, parsed.GetValue(exercise)!, given == "none" ? null : Number(given));
            if (parsed.GetValue(comment) is { Length: > 0 } text)
                gradebook.AddComment(name, which, parsed.GetValue(exercise)!, text);
        }, cancellation));
        return command;
    }

    private static Command CreateComment()
    {
        var (folder, student, assignment) = (Folder(), Student(), Assignment());
        var text = new Argument<string>("text") { Description = "The words." };
        var exercise = new Option<string?>("--exercise") { Description = "The exercise it is about (its grade_id); without, the whole submission.", HelpName = "exercise" };
        var command = new Command("comment", """
            Write a comment for a student, on an exercise or on the whole.

            Examples:
              coursekit gradebook comment grades "Lovelace Ada" "A pleasure to read."
              coursekit gradebook comment grades "Lovelace Ada" "Mind the sign." --exercise gradient
            """) { folder, student, text, exercise, assignment };
        command.SetAction((parsed, cancellation) => EnterAsync(parsed.GetValue(folder)!, parsed.GetValue(student)!, parsed.GetValue(assignment),
            (gradebook, name, which) => gradebook.AddComment(name, which, parsed.GetValue(exercise) ?? "", parsed.GetValue(text)!), cancellation));
        return command;
    }

    private static Command CreatePenalty()
    {
        var (folder, student, assignment) = (Folder(), Student(), Assignment());
        var points = new Argument<string>("points") { Description = "Points to take off the score; 0 takes nothing off any more." };
        var command = new Command("penalty", """
            Take points off for lateness. The score never falls below 0.

            Examples:
              coursekit gradebook penalty grades "Lovelace Ada" 2
              coursekit gradebook penalty grades "Lovelace Ada" 0
            """) { folder, student, points, assignment };
        command.SetAction((parsed, cancellation) => EnterAsync(parsed.GetValue(folder)!, parsed.GetValue(student)!, parsed.GetValue(assignment),
            (gradebook, name, which) => gradebook.SetLatePenalty(name, which, Number(parsed.GetValue(points)!)), cancellation));
        return command;
    }

    private static Command CreateMerge()
    {
        var folders = new Argument<string[]>("folders") { Description = "The folders that were given to grade with -o.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "The folder to join them in; it may exist.", Required = true };
        var command = new Command("merge", """
            Join the gradebooks of several graders: the parts of --shard, or machines that graded on their own. Where two graded
            the same submission, the newest grading counts and the other is history.

            Examples:
              coursekit gradebook merge part1 part2 part3 -o grades
            """) { folders, output };
        command.SetAction((parsed, cancellation) => Guarded(parsed.GetValue(output)!, async () =>
        {
            var whole = new GradeFolder(parsed.GetValue(output)!);
            var (results, problems) = await GradebookMerge.MergeAsync([.. parsed.GetValue(folders)!.Select(folder => new GradeFolder(folder))], whole, cancellation);
            using var gradebook = await Gradebook.OpenToWriteAsync(whole, cancellation);
            var files = GradeFiles.Write(gradebook, new GradeFilesOptions(), cancellation);
            if (problems.Count + files.Problems.Count > 0)
                throw new GradingException(string.Join(Environment.NewLine, problems.Concat(files.Problems)));
            Console.Out.WriteLine($"{results} results of {parsed.GetValue(folders)!.Length} folders, {gradebook.Rows().Count()} submissions in {whole.Database}");
        }));
        return command;
    }

    /// <summary>Enters something about one student, writes what the student and others read anew, and shows what the student has now.</summary>
    private static Task<int> EnterAsync(string folder, string student, string? assignment, Action<Gradebook, string, string> enter, CancellationToken cancellation) =>
        Guarded(folder, async () =>
        {
            var place = new GradeFolder(folder);
            if (!File.Exists(place.Database))
                throw new GradingException($"{place.Path}: there is no gradebook.db in this folder; name the folder that was given to grade with -o.");
            using var gradebook = await Gradebook.OpenToWriteAsync(place, cancellation);
            var assignments = gradebook.Assignments();
            if (assignment is null && assignments.Count != 1)
                throw new GradingException($"The gradebook has {assignments.Count} assignments ({string.Join(", ", assignments)}); name one with --assignment.");
            var which = assignment ?? assignments[0];
            enter(gradebook, student, which);
            var row = gradebook.Rows(which, student).Single();
            Console.Out.WriteLine($"{Printable.Of(row.Student.Id)}: {Tables.Points(row.Score)} of {Tables.Points(row.MaxScore)} points in {row.Assignment}.");
            var files = WriteFiles(gradebook, new GradeFilesOptions { Assignment = which, Students = new HashSet<string> { student } }, cancellation);
            Console.Out.WriteLine($"Written anew: {Printable.Of(string.Join(", ", files.Files.Select(file => Path.GetRelativePath(place.Path, file))))}");
            if (files.Problems.Count > 0)
                throw new GradingException("It is in the gradebook. " + string.Join(Environment.NewLine, files.Problems));
        });

    private static GradeFilesReport WriteFiles(Gradebook gradebook, GradeFilesOptions options, CancellationToken cancellation)
    {
        try
        {
            return GradeFiles.Write(gradebook, options, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GradingException($"It is in the gradebook, and not yet in all files made from it: {exception.Message} Make room or mend the disk, then write them: "
                + $"coursekit gradebook export {gradebook.Folder.Path} --format feedback (and --format csv).", exception);
        }
    }

    private static async Task<int> Guarded(string folder, Func<Task> work)
    {
        try
        {
            await work();
            return (int)ExitCode.Fine;
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Stopped;
        }
        catch (Exception exception) when (Failures.Sentence(exception, folder) is { } sentence)
        {
            Failures.Write(sentence);
            return (int)ExitCode.SomethingFailed;
        }
    }

    private static double Number(string text) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new GradingException($"\"{text}\" is no number of points; write it with a point, such as 3.5.");

    private static void WriteStudent(GradebookRow row, IReadOnlyList<GradebookEvent> history)
    {
        Console.Out.WriteLine($"{Printable.Of(row.Student.Id)}, {row.Assignment}: {(row.HasSubmission ? "" : "no submission, ")}{Tables.Points(row.Score)} of {Tables.Points(row.MaxScore)} points"
            + (row.LatePenalty > 0 ? $" after {Tables.Points(row.LatePenalty)} for lateness" : ""));
        if (row.Failure.Length > 0)
            Console.Out.WriteLine(Printable.Of(row.Failure));
        foreach (var flag in row.Flags)
            Console.Out.WriteLine(Printable.Of($"{GradeTable.Name(flag.Kind)}: {flag.Detail}"));
        var exercises = Tables.Create(("Exercise", false), ("Points", true), ("Of", true), ("Status", false), ("What to look at", false));
        foreach (var exercise in row.Exercises)
            exercises.AddRow(
                Markup.Escape(Printable.Of(exercise.Id)),
                Tables.Points(exercise.Points),
                Tables.Points(exercise.Possible),
                exercise.ManualPoints is null ? exercise.Status.Name() : exercise.IsManualOutdated ? "by hand, for an earlier file" : "by hand",
                Markup.Escape(Printable.Of(exercise.Message)));
        Tables.Write(exercises);
        var events = Tables.Create(("When", false), ("What", false), ("Points", true), ("Tests", false), ("File", false));
        foreach (var item in history)
            events.AddRow(
                item.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
                Markup.Escape(Printable.Of(item.What)),
                item.Points is { } points ? Tables.Points(points) : "",
                item.ReferenceHash.Length > 8 ? item.ReferenceHash[..8] : "",
                item.SubmissionHash.Length > 8 ? item.SubmissionHash[..8] : "");
        Tables.Write(events);
    }
}
