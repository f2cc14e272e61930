using System.Globalization;
using CsvHelper;

namespace CourseKit.Grading;

/// <summary>
/// The gradebook as a table: nbgrader's columns, the status, then one for each exercise. Numbers and times in one form
/// everywhere, times in UTC as nbgrader prints them.
/// </summary>
public static class GradesCsv
{
    private static readonly string[] NbgraderColumns =
        ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score", "late_submission_penalty", "score", "max_score"];

    private static readonly CsvWriterOptions Options = new()
    {
        NewLine = "\n",
        FormatProvider = CultureInfo.InvariantCulture,
        // A spreadsheet would run a student's name that begins like a formula; behind an apostrophe it is text.
        Injection = CsvInjection.Escape,
    };

    /// <summary>Writes the table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rows">The rows; gone through twice.</param>
    public static void Write(TextWriter writer, IEnumerable<GradebookRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        // First the columns, then the rows, so that no more than one row is in memory.
        var exercises = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var exercise in rows.SelectMany(row => row.Exercises))
            if (known.Add(exercise.Id))
                exercises.Add(exercise.Id);

        using var csv = CsvWriter.Create(writer, Options, leaveOpen: true);
        foreach (var column in NbgraderColumns.Append("status").Concat(exercises))
            csv.WriteField(column);
        csv.EndRecord();
        foreach (var row in rows)
        {
            csv.WriteField(row.Assignment);
            csv.WriteField(Time(row.DueDate));
            csv.WriteField(Time(row.SubmittedAt));
            csv.WriteField(row.Student.Id);
            csv.WriteField(row.Student.LastName);
            csv.WriteField(row.Student.FirstName);
            csv.WriteField(row.Student.Email);
            csv.WriteField(row.RawScore);
            csv.WriteField(row.LatePenalty);
            csv.WriteField(row.Score);
            csv.WriteField(row.MaxScore);
            csv.WriteField(row.Status.Name());
            var points = row.Exercises.ToDictionary(exercise => exercise.Id, exercise => exercise.Points, StringComparer.Ordinal);
            foreach (var exercise in exercises)
                csv.WriteField(points.TryGetValue(exercise, out var earned) ? (double?)earned : null);
            csv.EndRecord();
        }
    }

    private static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "";
}
