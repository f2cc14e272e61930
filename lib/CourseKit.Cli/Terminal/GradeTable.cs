using System.Globalization;
using CourseKit.Grading;
using Spectre.Console;

namespace CourseKit.Cli.Terminal;

/// <summary>The rows of a gradebook as a table with a summary.</summary>
internal static class GradeTable
{
    public static void Write(IReadOnlyList<GradebookRow> rows)
    {
        var several = rows.Select(row => row.Assignment).Distinct().Count() > 1;
        var table = Tables.Create(("Student", false), ("Points", true), ("Of", true), ("Look at", false));
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(Printable.Of($"{(several ? $"{row.Assignment}: " : "")}{Name(row)}")),
                Tables.Points(row.Score),
                Tables.Points(row.MaxScore),
                Markup.Escape(Printable.Of(LookAt(row))));
        }
        Tables.Write(table);
        foreach (var assignment in rows.GroupBy(row => row.Assignment))
            Console.Out.WriteLine(Summary(assignment.Key, [.. assignment]));
    }

    /// <summary>tampered 2, missing.</summary>
    public static string Flags(IEnumerable<SubmissionFlag> flags) => string.Join(", ", flags.GroupBy(flag => flag.Kind)
        .Select(kind => kind.Count() == 1 ? Name(kind.Key) : string.Create(CultureInfo.InvariantCulture, $"{Name(kind.Key)} {kind.Count()}")));

    public static string Name(SubmissionFlagKind kind) => kind switch
    {
        SubmissionFlagKind.Tampered => "tampered",
        SubmissionFlagKind.Duplicated => "duplicated",
        SubmissionFlagKind.Missing => "missing",
        SubmissionFlagKind.PointsChanged => "points changed",
        SubmissionFlagKind.Suspicious => "suspicious",
        _ => "not readable",
    };

    /// <summary>The id; and the name of somebody whom the roster alone knows.</summary>
    private static string Name(GradebookRow row)
    {
        var name = $"{row.Student.FirstName} {row.Student.LastName}".Trim();
        return row.HasSubmission || name.Length == 0 ? row.Student.Id : $"{row.Student.Id} ({name})";
    }

    private static string LookAt(GradebookRow row)
    {
        if (!row.HasSubmission)
            return row.Status.Name();
        var notes = new List<string>();
        if (row.IsOnRoster == false)
            notes.Add("not on the roster");
        if (row.Flags.Count > 0)
            notes.Add(Flags(row.Flags));
        else if (row.Failure.Length > 0)
            notes.Add("not graded");
        var odd = row.Exercises.Where(exercise => exercise.Status is ScoreStatus.TimedOut or ScoreStatus.Crashed or ScoreStatus.NotRun or ScoreStatus.NoResult && row.Failure.Length == 0).ToList();
        notes.AddRange(odd.GroupBy(exercise => exercise.Status).Select(status => $"{status.Key.Name()}: {string.Join(", ", status.Select(exercise => exercise.Id))}"));
        if (row.NeedsManualGrade)
            notes.Add($"to grade by hand: {string.Join(", ", row.Exercises.Where(exercise => exercise.NeedsManualGrade).Select(exercise => exercise.Id))}");
        if (row.LatePenalty > 0)
            notes.Add($"late: -{Tables.Points(row.LatePenalty)}");
        else if (row.DueDate is { } due && row.SubmittedAt > due)
            notes.Add("late");
        return string.Join("; ", notes);
    }

    private static string Summary(string assignment, List<GradebookRow> rows)
    {
        var handedIn = rows.Where(row => row.HasSubmission).ToList();
        var without = rows.Count - handedIn.Count;
        var missing = without > 0 ? $"{without} of the roster handed in nothing" : "";
        if (handedIn.Count == 0)
            return $"{assignment}: {missing}.";
        var scores = handedIn.Select(row => row.Score).Order().ToList();
        var median = scores.Count % 2 == 1 ? scores[scores.Count / 2] : (scores[(scores.Count / 2) - 1] + scores[scores.Count / 2]) / 2;
        var manual = handedIn.Count(row => row.NeedsManualGrade);
        var flagged = handedIn.Count(row => row.Flags.Count > 0 || row.Failure.Length > 0);
        return $"{assignment}: {handedIn.Count} {(handedIn.Count == 1 ? "student" : "students")}, mean {Tables.Points(scores.Average())}, median {Tables.Points(median)}, "
            + $"lowest {Tables.Points(scores[0])}, highest {Tables.Points(scores[^1])} of {Tables.Points(handedIn.Max(row => row.MaxScore))} points"
            + (missing.Length > 0 ? $"; {missing}" : "") + (flagged > 0 ? $"; {flagged} to look at" : "") + (manual > 0 ? $"; {manual} with exercises to grade by hand" : "") + ".";
    }
}
