using System.Text.Json;
using CourseKit.Grading.Gradebooks;
using Microsoft.Data.Sqlite;

namespace CourseKit.Grading;

/// <summary>
/// The gradebook of a grade folder: an SQLite database with every grading there was and what people entered. Whoever opens
/// it to write is the only one to do so; reading is always possible. Gradings are taken from the result files, each once.
/// </summary>
/// <remarks>
/// A rollback journal, not a write-ahead log: that one needs memory shared between all who open the file, which a network
/// disk does not give. A transaction is either there or not, also after the process was killed or the disk was full.
/// </remarks>
public sealed class Gradebook : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SqliteConnection connection;
    private readonly Claim? claim;

    static Gradebook() => SQLitePCL.Batteries_V2.Init();

    private Gradebook(GradeFolder folder, SqliteConnection connection, Claim? claim)
    {
        Folder = folder;
        this.connection = connection;
        this.claim = claim;
    }

    /// <summary>The folder it stands in.</summary>
    public GradeFolder Folder { get; }

    /// <summary>Opens it to read.</summary>
    /// <exception cref="GradingException">There is none.</exception>
    public static Gradebook OpenToRead(GradeFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!File.Exists(folder.Database))
            throw new GradingException($"{folder.Path}: there is no gradebook.db in this folder; name the folder that was given to grade with -o.");
        // Opened to write all the same: what a killed writer left in its journal is rolled back by the next who opens the file.
        return Open(folder, SqliteOpenMode.ReadWrite, null);
    }

    /// <summary>Opens it to write, as the only one; waits for another writer to finish.</summary>
    /// <exception cref="GradingException">Another process writes all the time, or the file is no gradebook.</exception>
    public static async Task<Gradebook> OpenToWriteAsync(GradeFolder folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var claim = await Claim.TakeAsync(folder.WriterClaim, $"The gradebook in {folder.Path}", Patience, cancellationToken).ConfigureAwait(false);
        try
        {
            return Open(folder, SqliteOpenMode.ReadWriteCreate, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private static Gradebook Open(GradeFolder folder, SqliteOpenMode mode, Claim? claim)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = folder.Database,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 30,
            ForeignKeys = true,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
            if (claim is null)
                GradebookSchema.Check(connection, folder.Database);
            else
                GradebookSchema.Ensure(connection, folder.Database);
            return new Gradebook(folder, connection, claim);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw Explain(folder, error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes in every result file; those it has already change nothing.</summary>
    /// <returns>How many gradings were new, and a sentence about each file that could not be read.</returns>
    public (int Taken, IReadOnlyList<string> Problems) TakeResults()
    {
        var taken = 0;
        var problems = new List<string>();
        Write(transaction =>
        {
            foreach (var path in new ResultStore(Folder).Paths())
            {
                try
                {
                    taken += Take(ResultStore.Read(path), transaction);
                }
                catch (GradingException damage)
                {
                    problems.Add(damage.Message);
                }
            }
        });
        return (taken, problems);
    }

    /// <summary>Takes in gradings, all of them or none.</summary>
    /// <returns>How many were new.</returns>
    public int Take(IEnumerable<GradingRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var taken = 0;
        Write(transaction =>
        {
            foreach (var record in records)
                taken += Take(record, transaction);
        });
        return taken;
    }

    private int Take(GradingRecord record, SqliteTransaction transaction)
    {
        AddAssignment(record.Result.Assignment, transaction);
        connection.Execute("""
            INSERT INTO student (id, last_name, first_name, email) VALUES ($id, $last, $first, $email)
            ON CONFLICT (id) DO UPDATE SET
                last_name = CASE excluded.last_name WHEN '' THEN last_name ELSE excluded.last_name END,
                first_name = CASE excluded.first_name WHEN '' THEN first_name ELSE excluded.first_name END,
                email = CASE excluded.email WHEN '' THEN email ELSE excluded.email END
            """, transaction,
            ("$id", record.Student.Id), ("$last", record.Student.LastName), ("$first", record.Student.FirstName), ("$email", record.Student.Email));
        return record.History.Append(record.ToPast()).Count(grading => Take(record.Student.Id, record.Result.Assignment, grading, transaction));
    }

    private bool Take(string student, string assignment, PastGrading grading, SqliteTransaction transaction)
    {
        var id = grading.Id.ToString("N");
        var isNew = connection.Execute("""
            INSERT OR IGNORE INTO grading
                (id, student, assignment, graded_at, submitted_at, submission_hash, reference_hash, regraded, points, possible, failure, flags, sandbox, seconds)
            VALUES ($id, $student, $assignment, $gradedAt, $submittedAt, $submissionHash, $referenceHash, $regraded, $points, $possible, $failure, $flags, $sandbox, $seconds)
            """, transaction,
            ("$id", id), ("$student", student), ("$assignment", assignment),
            ("$gradedAt", grading.GradedAt.ToText()), ("$submittedAt", grading.SubmittedAt.ToText()),
            ("$submissionHash", grading.SubmissionHash), ("$referenceHash", grading.ReferenceHash), ("$regraded", string.Join(' ', grading.Regraded)),
            ("$points", grading.Points), ("$possible", grading.Possible), ("$failure", grading.Failure),
            ("$flags", JsonSerializer.Serialize(grading.Flags, GradingJson.Default.IReadOnlyListSubmissionFlag)),
            ("$sandbox", grading.Sandbox), ("$seconds", grading.Seconds)) > 0;
        if (!isNew)
            return false;
        for (var position = 0; position < grading.Exercises.Count; position++)
        {
            var exercise = grading.Exercises[position];
            connection.Execute("""
                INSERT INTO exercise_grade (grading, position, exercise, title, points, possible, status, message)
                VALUES ($grading, $position, $exercise, $title, $points, $possible, $status, $message)
                """, transaction,
                ("$grading", id), ("$position", position), ("$exercise", exercise.Exercise), ("$title", exercise.Title),
                ("$points", exercise.Points), ("$possible", exercise.Possible), ("$status", exercise.Status.ToString()), ("$message", exercise.Message));
        }
        return true;
    }

    /// <summary>Notes when an assignment is due.</summary>
    public void SetDueDate(string assignment, DateTimeOffset dueDate) => Write(transaction =>
    {
        AddAssignment(assignment, transaction);
        connection.Execute("UPDATE assignment SET due_date = $due WHERE name = $name", transaction, ("$due", dueDate.ToText()), ("$name", assignment));
    });

    /// <summary>Notes who is to hand in an assignment, in place of whoever was to before.</summary>
    /// <param name="assignment">The assignment.</param>
    /// <param name="roster">Everybody, each id once.</param>
    public void SetRoster(string assignment, IEnumerable<RosterStudent> roster)
    {
        ArgumentNullException.ThrowIfNull(roster);
        Write(transaction =>
        {
            AddAssignment(assignment, transaction);
            connection.Execute("DELETE FROM roster WHERE assignment = $assignment", transaction, ("$assignment", assignment));
            foreach (var student in roster)
            {
                connection.Execute("INSERT INTO roster (assignment, student, last_name, first_name, email, other_ids) VALUES ($assignment, $id, $last, $first, $email, $others)", transaction,
                    ("$assignment", assignment), ("$id", student.Id), ("$last", student.LastName), ("$first", student.FirstName), ("$email", student.Email), ("$others", string.Join('\n', student.OtherIds)));
            }
        });
    }

    /// <summary>Gives an exercise's points by hand; null takes back what was given.</summary>
    /// <exception cref="GradingException">The exercise is not there, or not worth so many points.</exception>
    public void SetManualGrade(string student, string assignment, string exercise, double? points)
    {
        var row = RowOf(student, assignment);
        var score = ScoreOf(row, exercise);
        if (points is { } given && !(given >= 0 && given <= score.Possible))
            throw new GradingException(FormattableString.Invariant($"{exercise} is worth 0 to {score.Possible} points, and {given} were given."));
        Write(transaction => connection.Execute("""
            INSERT INTO manual_grade (id, student, assignment, exercise, points, submission_hash, given_at)
            VALUES ($id, $student, $assignment, $exercise, $points, $hash, $at)
            """, transaction,
            ("$id", NewId()), ("$student", student), ("$assignment", assignment), ("$exercise", exercise), ("$points", points),
            ("$hash", row.SubmissionHash), ("$at", DateTimeOffset.UtcNow.ToText())));
    }

    /// <summary>Adds a comment, on an exercise or, with an empty id, on the whole.</summary>
    /// <exception cref="GradingException">The student or the exercise is not there.</exception>
    public void AddComment(string student, string assignment, string exercise, string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var row = RowOf(student, assignment);
        if (exercise.Length > 0)
            ScoreOf(row, exercise);
        Write(transaction => connection.Execute("""
            INSERT INTO comment (id, student, assignment, exercise, text, given_at) VALUES ($id, $student, $assignment, $exercise, $text, $at)
            """, transaction,
            ("$id", NewId()), ("$student", student), ("$assignment", assignment), ("$exercise", exercise), ("$text", text), ("$at", DateTimeOffset.UtcNow.ToText())));
    }

    /// <summary>Takes points off for lateness; 0 takes nothing off any more.</summary>
    /// <exception cref="GradingException">The student is not there, or the points are no points.</exception>
    public void SetLatePenalty(string student, string assignment, double points)
    {
        RowOf(student, assignment);
        if (!(points >= 0) || double.IsInfinity(points))
            throw new GradingException(FormattableString.Invariant($"A penalty is a number of points from 0 on, and {points} was given."));
        Write(transaction => connection.Execute("""
            INSERT INTO late_penalty (id, student, assignment, points, given_at) VALUES ($id, $student, $assignment, $points, $at)
            """, transaction,
            ("$id", NewId()), ("$student", student), ("$assignment", assignment), ("$points", points), ("$at", DateTimeOffset.UtcNow.ToText())));
    }

    /// <summary>The assignments there are.</summary>
    public IReadOnlyList<string> Assignments() =>
        [.. connection.Query("SELECT name FROM assignment ORDER BY name").Select(reader => reader.GetString(0))];

    /// <summary>The assignment that was graded before all others; null where none was.</summary>
    internal string? FirstAssignment() => connection.Scalar("SELECT assignment FROM grading ORDER BY graded_at, assignment LIMIT 1") as string;

    /// <summary>
    /// One row for each student and assignment, in the order of their names, read one at a time; behind those of an
    /// assignment the rows of who is on its roster and handed in nothing.
    /// </summary>
    /// <param name="assignment">Only this one; null for all.</param>
    /// <param name="student">Only this one; null for all.</param>
    public IEnumerable<GradebookRow> Rows(string? assignment = null, string? student = null) => GradebookReader.Rows(connection, assignment, student);

    /// <summary>Everything that happened to one student's assignment, oldest first.</summary>
    public IReadOnlyList<GradebookEvent> History(string student, string assignment) => GradebookReader.History(connection, student, assignment);

    /// <summary>Takes over everything another gradebook has; what both have is there once.</summary>
    internal void TakeAll(Gradebook other) => Write(transaction =>
    {
        foreach (var reader in other.connection.Query("SELECT name, due_date FROM assignment"))
        {
            connection.Execute("INSERT INTO assignment (name, due_date) VALUES ($name, $due) ON CONFLICT (name) DO UPDATE SET due_date = COALESCE(due_date, excluded.due_date)", transaction,
                ("$name", reader.GetString(0)), ("$due", reader.IsDBNull(1) ? null : reader.GetString(1)));
        }
        foreach (var reader in other.connection.Query("SELECT id, last_name, first_name, email FROM student"))
        {
            connection.Execute("INSERT OR IGNORE INTO student (id, last_name, first_name, email) VALUES ($id, $last, $first, $email)", transaction,
                ("$id", reader.GetString(0)), ("$last", reader.GetString(1)), ("$first", reader.GetString(2)), ("$email", reader.GetString(3)));
        }
        foreach (var table in GradebookSchema.TablesToMerge.Where(table => GradebookSchema.Has(other.connection, table)))
        {
            foreach (var reader in other.connection.Query($"SELECT * FROM {table}"))
            {
                var values = Enumerable.Range(0, reader.FieldCount).Select(column => ($"$p{column}", (object?)reader.GetValue(column))).ToArray();
                connection.Execute($"INSERT OR IGNORE INTO {table} VALUES ({string.Join(", ", values.Select(value => value.Item1))})", transaction, values);
            }
        }
    });

    /// <summary>What SQLite's own check of the file says: <c>ok</c>, or what is wrong.</summary>
    public string CheckIntegrity() =>
        string.Join("\n", connection.Query("PRAGMA integrity_check").Select(reader => reader.GetString(0)));

    /// <inheritdoc/>
    public void Dispose()
    {
        connection.Dispose();
        claim?.Dispose();
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private GradebookRow RowOf(string student, string assignment)
    {
        var row = Rows(assignment, student).FirstOrDefault()
            ?? throw new GradingException($"The gradebook has no submission of {student} for {assignment}; gradebook show lists those it has.");
        return row.HasSubmission ? row : throw new GradingException($"{student} has handed in nothing for {assignment}, so there is nothing to add to; grade what comes late first, with the command that graded the class.");
    }

    private static GradebookScore ScoreOf(GradebookRow row, string exercise) =>
        row.Exercises.FirstOrDefault(score => score.Id == exercise)
        ?? throw new GradingException($"{row.Assignment} has no exercise {exercise}; it has {string.Join(", ", row.Exercises.Select(score => score.Id))}.");

    private void AddAssignment(string assignment, SqliteTransaction transaction) =>
        connection.Execute("INSERT OR IGNORE INTO assignment (name) VALUES ($name)", transaction, ("$name", assignment));

    private void Write(Action<SqliteTransaction> write)
    {
        if (claim is null)
            throw new InvalidOperationException("The gradebook was opened to read.");
        try
        {
            using var transaction = connection.BeginTransaction();
            write(transaction);
            transaction.Commit();
        }
        catch (SqliteException error)
        {
            throw Explain(Folder, error);
        }
    }

    private static GradingException Explain(GradeFolder folder, SqliteException error) => new(error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => $"{folder.Database}: the disk is full. The gradebook is as it was before; make room and run the same command again.",
        SQLitePCL.raw.SQLITE_IOERR => $"{folder.Database}: the disk failed ({error.Message}). The gradebook is as it was before; check the disk and its free space, then run the same command again.",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => $"{folder.Database}: another program keeps the gradebook open; close it and run the same command again.",
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT => $"{folder.Database}: this is no gradebook, or it is damaged. Move it away and run grade again: it is made again from the result files, without what was entered by hand.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN => $"{folder.Database}: the gradebook cannot be opened to write ({error.Message}); check the folder's permissions.",
        _ => $"{folder.Database}: {error.Message}",
    }, error);
}
