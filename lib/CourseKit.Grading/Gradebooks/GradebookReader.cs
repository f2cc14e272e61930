using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CourseKit.Grading.Gradebooks;

/// <summary>Reads rows and histories out of a gradebook's tables.</summary>
internal static class GradebookReader
{
    // Of one student's gradings the newest; the id decides between two of the same moment, the same way on every machine.
    private const string Newest = """
        SELECT g.id, g.student, g.assignment, g.graded_at, g.submitted_at, g.submission_hash, g.failure, g.flags,
            s.last_name, s.first_name, s.email, a.due_date,
            (SELECT COUNT(*) FROM grading c WHERE c.assignment = g.assignment AND c.student = g.student)
        FROM grading g JOIN student s ON s.id = g.student JOIN assignment a ON a.name = g.assignment
        WHERE g.id = (SELECT n.id FROM grading n WHERE n.assignment = g.assignment AND n.student = g.student ORDER BY n.graded_at DESC, n.id DESC LIMIT 1)
            AND g.assignment = $assignment AND ($student IS NULL OR g.student = $student)
        ORDER BY g.student
        """;

    /// <summary>Assignment by assignment: who handed in, then who is on the roster and did not.</summary>
    public static IEnumerable<GradebookRow> Rows(SqliteConnection connection, string? assignment, string? student)
    {
        foreach (var name in assignment is null ? Names(connection, "SELECT name FROM assignment ORDER BY name") : [assignment])
        {
            var match = Roster(connection, name) is { Count: > 0 } roster ? RosterMatch.Of(roster, Students(connection, name)) : null;
            foreach (var row in Graded(connection, name, student))
                yield return match is null ? row : WithRoster(row, match.Found.GetValueOrDefault(row.Student.Id));
            foreach (var missing in (match?.Missing ?? []).Where(missing => student is null || missing.Id == student).OrderBy(missing => missing.Id, StringComparer.Ordinal))
                yield return NoSubmission(connection, name, missing);
        }
    }

    /// <summary>What the collection did not tell of a student, the roster may.</summary>
    private static GradebookRow WithRoster(GradebookRow row, RosterStudent? entry) => row with
    {
        IsOnRoster = entry is not null,
        Student = entry is null ? row.Student : row.Student with
        {
            LastName = row.Student.LastName is { Length: > 0 } last ? last : entry.LastName,
            FirstName = row.Student.FirstName is { Length: > 0 } first ? first : entry.FirstName,
            Email = row.Student.Email is { Length: > 0 } email ? email : entry.Email,
        },
    };

    private static GradebookRow NoSubmission(SqliteConnection connection, string assignment, RosterStudent student) => new()
    {
        Student = student.ToStudent(),
        Assignment = assignment,
        DueDate = connection.Query("SELECT due_date FROM assignment WHERE name = $name", ("$name", assignment)).Select(reader => reader.TimeOrNull(0)).FirstOrDefault(),
        GradedAt = null,
        Gradings = 0,
        HasSubmission = false,
        IsOnRoster = true,
        // The exercises are those of whoever was graded last.
        Exercises = [.. connection.Query("""
            SELECT exercise, title, possible FROM exercise_grade
            WHERE grading = (SELECT id FROM grading WHERE assignment = $assignment ORDER BY graded_at DESC, id DESC LIMIT 1) ORDER BY position
            """, ("$assignment", assignment))
            .Select(reader => new GradebookScore(reader.GetString(0), reader.GetString(1), 0, null, reader.GetDouble(2), ScoreStatus.NotRun, "nothing was handed in", false))],
    };

    private static List<RosterStudent> Roster(SqliteConnection connection, string assignment) => !GradebookSchema.Has(connection, "roster") ? [] :
        [.. connection.Query("SELECT student, last_name, first_name, email, other_ids FROM roster WHERE assignment = $assignment ORDER BY student", ("$assignment", assignment))
            .Select(reader => new RosterStudent(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)) { OtherIds = reader.GetString(4).Split('\n', StringSplitOptions.RemoveEmptyEntries) })];

    private static List<Student> Students(SqliteConnection connection, string assignment) =>
        [.. connection.Query("SELECT id, last_name, first_name, email FROM student WHERE id IN (SELECT student FROM grading WHERE assignment = $assignment) ORDER BY id", ("$assignment", assignment))
            .Select(reader => new Student(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)))];

    private static List<string> Names(SqliteConnection connection, string query) => [.. connection.Query(query).Select(reader => reader.GetString(0))];

    private static IEnumerable<GradebookRow> Graded(SqliteConnection connection, string assignment, string? student)
    {
        foreach (var reader in connection.Query(Newest, ("$assignment", assignment), ("$student", student)))
        {
            var (id, of, hash) = (reader.GetString(0), (Student: reader.GetString(1), Assignment: reader.GetString(2)), reader.GetString(5));
            yield return new GradebookRow
            {
                Student = new Student(of.Student, reader.GetString(8), reader.GetString(9), reader.GetString(10)),
                Assignment = of.Assignment,
                DueDate = reader.TimeOrNull(11),
                SubmittedAt = reader.TimeOrNull(4),
                GradedAt = reader.Time(3),
                Gradings = reader.GetInt32(12),
                SubmissionHash = hash,
                Failure = reader.GetString(6),
                Flags = JsonSerializer.Deserialize(reader.GetString(7), GradingJson.Default.IReadOnlyListSubmissionFlag) ?? [],
                Exercises = Exercises(connection, id, of.Student, of.Assignment, hash),
                LatePenalty = LatePenalty(connection, of.Student, of.Assignment),
                Comments = Comments(connection, of.Student, of.Assignment),
            };
        }
    }

    public static IReadOnlyList<GradebookEvent> History(SqliteConnection connection, string student, string assignment)
    {
        var events = new List<GradebookEvent>();
        (string, object?)[] which = [("$student", student), ("$assignment", assignment)];
        foreach (var reader in connection.Query("""
            SELECT graded_at, regraded, points, possible, reference_hash, submission_hash, failure FROM grading
            WHERE student = $student AND assignment = $assignment
            """, which))
        {
            var what = reader.GetString(6) is { Length: > 0 } failure ? $"not graded: {failure}"
                : reader.GetString(1) is { Length: > 0 } regraded ? $"graded again: {regraded}" : "graded";
            events.Add(new GradebookEvent(reader.Time(0), what, reader.GetDouble(2), reader.GetDouble(3), reader.GetString(4), reader.GetString(5)));
        }
        foreach (var reader in connection.Query("SELECT given_at, exercise, points FROM manual_grade WHERE student = $student AND assignment = $assignment", which))
        {
            double? points = reader.IsDBNull(2) ? null : reader.GetDouble(2);
            events.Add(new GradebookEvent(reader.Time(0), $"{reader.GetString(1)}: {(points is null ? "the grade by hand was taken back" : "graded by hand")}", points, null, "", ""));
        }
        foreach (var reader in connection.Query("SELECT given_at, points FROM late_penalty WHERE student = $student AND assignment = $assignment", which))
            events.Add(new GradebookEvent(reader.Time(0), "late penalty", -reader.GetDouble(1), null, "", ""));
        foreach (var reader in connection.Query("SELECT given_at, exercise, text FROM comment WHERE student = $student AND assignment = $assignment", which))
            events.Add(new GradebookEvent(reader.Time(0), $"comment{(reader.GetString(1) is { Length: > 0 } exercise ? $" on {exercise}" : "")}: {reader.GetString(2)}", null, null, "", ""));
        return [.. events.OrderBy(item => item.At)];
    }

    private static List<GradebookScore> Exercises(SqliteConnection connection, string grading, string student, string assignment, string hash)
    {
        var byHand = new Dictionary<string, (double? Points, string Hash)>();
        foreach (var reader in connection.Query("SELECT exercise, points, submission_hash FROM manual_grade WHERE student = $student AND assignment = $assignment ORDER BY given_at, id",
            ("$student", student), ("$assignment", assignment)))
            byHand[reader.GetString(0)] = (reader.IsDBNull(1) ? null : reader.GetDouble(1), reader.GetString(2));
        var scores = new List<GradebookScore>();
        foreach (var reader in connection.Query("SELECT exercise, title, points, possible, status, message FROM exercise_grade WHERE grading = $grading ORDER BY position", ("$grading", grading)))
        {
            var (points, gradedHash) = byHand.GetValueOrDefault(reader.GetString(0));
            var possible = reader.GetDouble(3);
            scores.Add(new GradebookScore(
                reader.GetString(0), reader.GetString(1), reader.GetDouble(2), points is { } given ? Math.Min(given, possible) : null, possible,
                Enum.Parse<ScoreStatus>(reader.GetString(4)), reader.GetString(5), points is not null && gradedHash != hash));
        }
        return scores;
    }

    private static double LatePenalty(SqliteConnection connection, string student, string assignment) =>
        connection.Scalar("SELECT points FROM late_penalty WHERE student = $student AND assignment = $assignment ORDER BY given_at DESC, id DESC LIMIT 1",
            ("$student", student), ("$assignment", assignment)) as double? ?? 0;

    private static List<GradebookComment> Comments(SqliteConnection connection, string student, string assignment) =>
        [.. connection.Query("SELECT exercise, text, given_at FROM comment WHERE student = $student AND assignment = $assignment ORDER BY given_at, id",
            ("$student", student), ("$assignment", assignment))
            .Select(reader => new GradebookComment(reader.GetString(0), reader.GetString(1), reader.Time(2)))];
}
