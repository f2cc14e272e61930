using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CourseKit.Grading.Gradebooks;

/// <summary>The gradebook's tables.</summary>
internal static class GradebookSchema
{
    private const int Version = 1;

    private const string Tables = """
        CREATE TABLE assignment (
            name TEXT PRIMARY KEY,
            due_date TEXT
        );
        CREATE TABLE student (
            id TEXT PRIMARY KEY,
            last_name TEXT NOT NULL,
            first_name TEXT NOT NULL,
            email TEXT NOT NULL
        );
        -- One row for every time a submission was graded; the newest one counts.
        CREATE TABLE grading (
            id TEXT PRIMARY KEY,
            student TEXT NOT NULL REFERENCES student(id),
            assignment TEXT NOT NULL REFERENCES assignment(name),
            graded_at TEXT NOT NULL,
            submitted_at TEXT,
            submission_hash TEXT NOT NULL,
            reference_hash TEXT NOT NULL,
            regraded TEXT NOT NULL,
            points REAL NOT NULL,
            possible REAL NOT NULL,
            failure TEXT NOT NULL,
            flags TEXT NOT NULL,
            sandbox TEXT NOT NULL,
            seconds REAL NOT NULL
        );
        CREATE INDEX grading_of ON grading(assignment, student, graded_at, id);
        CREATE TABLE exercise_grade (
            grading TEXT NOT NULL REFERENCES grading(id),
            position INTEGER NOT NULL,
            exercise TEXT NOT NULL,
            title TEXT NOT NULL,
            points REAL NOT NULL,
            possible REAL NOT NULL,
            status TEXT NOT NULL,
            message TEXT NOT NULL,
            PRIMARY KEY (grading, position)
        ) WITHOUT ROWID;
        -- What people enter is kept row for row too; of several for one exercise the newest counts, and one without points takes it back.
        CREATE TABLE manual_grade (
            id TEXT PRIMARY KEY,
            student TEXT NOT NULL REFERENCES student(id),
            assignment TEXT NOT NULL REFERENCES assignment(name),
            exercise TEXT NOT NULL,
            points REAL,
            submission_hash TEXT NOT NULL,
            given_at TEXT NOT NULL
        );
        CREATE TABLE late_penalty (
            id TEXT PRIMARY KEY,
            student TEXT NOT NULL REFERENCES student(id),
            assignment TEXT NOT NULL REFERENCES assignment(name),
            points REAL NOT NULL,
            given_at TEXT NOT NULL
        );
        CREATE TABLE comment (
            id TEXT PRIMARY KEY,
            student TEXT NOT NULL REFERENCES student(id),
            assignment TEXT NOT NULL REFERENCES assignment(name),
            exercise TEXT NOT NULL,
            text TEXT NOT NULL,
            given_at TEXT NOT NULL
        );
        """;

    // Came later: a gradebook without it is whole, and gets it when it is next written to.
    private const string Roster = """
        -- Who is to hand in. Whether somebody did is looked up when it is asked, so that late work needs no care.
        CREATE TABLE IF NOT EXISTS roster (
            assignment TEXT NOT NULL REFERENCES assignment(name),
            student TEXT NOT NULL,
            last_name TEXT NOT NULL,
            first_name TEXT NOT NULL,
            email TEXT NOT NULL,
            other_ids TEXT NOT NULL, -- one a line
            PRIMARY KEY (assignment, student)
        ) WITHOUT ROWID;
        """;

    /// <summary>The tables whose rows have names of their own, so that gradebooks can be joined; those that others refer to first.</summary>
    public static IReadOnlyList<string> TablesToMerge { get; } =
        ["grading", "exercise_grade", "manual_grade", "late_penalty", "comment", "roster"];

    /// <summary>Whether a gradebook has a table.</summary>
    public static bool Has(SqliteConnection connection, string table) =>
        connection.Scalar("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $table", ("$table", table)) is not null;

    public static void Ensure(SqliteConnection connection, string path)
    {
        var version = VersionOf(connection);
        if (version == 0)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Tables, transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"), transaction);
            transaction.Commit();
        }
        else
        {
            Check(version, path);
        }
        connection.Execute(Roster);
    }

    public static void Check(SqliteConnection connection, string path) => Check(VersionOf(connection), path);

    private static void Check(long version, string path)
    {
        if (version == 0)
            throw new GradingException($"{path}: nothing has been graded into this gradebook yet; run grade first, or again where it was stopped.");
        if (version != Version)
            throw new GradingException($"{path}: the gradebook has form {version} and this version of the kit knows form {Version}; use the kit that wrote it, or make the gradebook again from the result files (remove it, then run grade).");
    }

    private static long VersionOf(SqliteConnection connection) => (long)connection.Scalar("PRAGMA user_version")!;
}
