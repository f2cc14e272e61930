using System.Text.Json;
using CourseKit.Grading.Collecting;
using CourseKit.Notebook;

namespace CourseKit.Grading.Gradebooks;

/// <summary>The result files of a grade folder. Each is written beside its place and renamed: whoever reads sees a whole one or none.</summary>
internal sealed class ResultStore(GradeFolder folder)
{
    // A result lists points and messages; what a student's code printed stands in the executed notebook.
    private const long MaximumSize = 256L << 20;

    /// <summary>
    /// What a student's files are called, and the result that is there. Once given, a name stays, also when somebody joins
    /// the class whose name differs in case alone: else a result would be lost from sight and its student graded again.
    /// </summary>
    /// <param name="assignment">The assignment.</param>
    /// <param name="student">The student's id.</param>
    /// <param name="wanted">What to call the files where there is no result yet; null decides by what is there.</param>
    /// <exception cref="GradingException">A result file is damaged.</exception>
    public (string FileName, GradingRecord? Record) Locate(string assignment, string student, string? wanted = null)
    {
        var (plain, hashed) = (SafeFileName.Of(student), SafeFileName.WithHash(student));
        var isTaken = false;
        foreach (var name in plain == hashed ? [plain] : (string[])[plain, hashed])
        {
            if (Find(assignment, name) is not { } record)
                continue;
            if (record.Student.Id == student)
                return (name, record);
            isTaken = true;
        }
        return (isTaken ? hashed : wanted ?? plain, null);
    }

    public GradingRecord? Find(string assignment, string fileName)
    {
        var path = folder.ResultOf(assignment, fileName);
        return File.Exists(path) ? Read(path) : null;
    }

    /// <exception cref="GradingException">The file is no result of this version.</exception>
    public static GradingRecord Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumSize)
                throw new GradingException($"{path}: the result file is larger than any result; remove it and grade again.");
            using var stream = File.OpenRead(path);
            var record = JsonSerializer.Deserialize(stream, GradingJson.Default.GradingRecord);
            return record is { Version: GradingRecord.CurrentVersion }
                ? record
                : throw new GradingException($"{path}: the result was written by another version of the kit (form {record?.Version}); update the kit, or remove the file and grade again.");
        }
        catch (JsonException damage)
        {
            throw new GradingException($"{path}: the result file is damaged ({damage.Message}); remove it and grade again.", damage);
        }
    }

    /// <summary>Every result file, in the order of their names.</summary>
    public IEnumerable<string> Paths() => Directory.Exists(folder.Results)
        ? Directory.EnumerateDirectories(folder.Results).Order(StringComparer.Ordinal)
            .SelectMany(assignment => Directory.EnumerateFiles(assignment, "*.json").Where(IsResult).Order(StringComparer.Ordinal))
        : [];

    /// <summary>The notebook first: once the result is there, all of it is.</summary>
    public void Write(string fileName, GradingRecord record, NotebookDocument? executed)
    {
        executed?.Save(folder.ExecutedOf(record.Result.Assignment, fileName));
        Write(folder.ResultOf(record.Result.Assignment, fileName), record);
    }

    public static void Write(string path, GradingRecord record) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, record, GradingJson.Default.GradingRecord));

    /// <summary>Removes what a grader that was killed left half-written of this submission. Only for who holds its claim.</summary>
    public void RemoveLeftovers(string assignment, string fileName)
    {
        var results = folder.ResultsOf(assignment);
        if (!Directory.Exists(results))
            return;
        foreach (var final in (string[])[folder.ResultOf(assignment, fileName), folder.ExecutedOf(assignment, fileName)])
            foreach (var leftover in Directory.EnumerateFiles(results, ".*.tmp").Where(file => IsLeftoverOf(file, Path.GetFileName(final))).ToList())
                File.Delete(leftover);
    }

    private static bool IsLeftoverOf(string file, string final)
    {
        var name = Path.GetFileName(file.AsSpan());
        // As AtomicFile names them: a dot, the name, 32 digits, .tmp
        return name.Length == final.Length + 38 && name[1..].StartsWith(final, StringComparison.Ordinal);
    }

    private static bool IsResult(string path) => !Path.GetFileName(path).StartsWith('.');
}
