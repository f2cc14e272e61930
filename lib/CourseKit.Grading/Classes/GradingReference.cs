using System.Security.Cryptography;
using System.Text;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>What a class is graded against: the instructor's notebook, its exercises, and what their verdicts rest on.</summary>
public sealed class GradingReference
{
    private GradingReference(NotebookDocument notebook, string assignment, IReadOnlyList<ExerciseResult> exercises, IReadOnlyDictionary<string, string> exerciseHashes)
    {
        Notebook = notebook;
        Assignment = assignment;
        Exercises = exercises;
        ExerciseHashes = exerciseHashes;
        Hash = HashOf(exercises.Select(exercise => $"{exercise.Id} {exerciseHashes[exercise.Id]}"));
    }

    /// <summary>The notebook.</summary>
    public NotebookDocument Notebook { get; }

    /// <summary>The assignment's name: the notebook's, without its ending.</summary>
    public string Assignment { get; }

    /// <summary>The exercises in their order, each as if it had not been run.</summary>
    public IReadOnlyList<ExerciseResult> Exercises { get; }

    /// <summary>
    /// For each exercise the hash of its tests, hidden ones included, its points, and the code around that is no student's.
    /// Text, solutions and outputs do not count: correcting a sentence makes no grade old.
    /// </summary>
    public IReadOnlyDictionary<string, string> ExerciseHashes { get; }

    /// <summary>The hash of all exercises.</summary>
    public string Hash { get; }

    /// <summary>Reads the instructor's notebook.</summary>
    /// <exception cref="NotebookFormatException">It is no C# notebook that can be read.</exception>
    /// <exception cref="GradingException">It has nothing to grade, or its nbgrader metadata are not in order.</exception>
    public static GradingReference Load(string path)
    {
        var notebook = NotebookDocument.Load(path);
        return From(notebook, Path.GetFileNameWithoutExtension(path));
    }

    /// <summary>Takes a notebook that was read.</summary>
    public static GradingReference From(NotebookDocument notebook, string assignment)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        if (NbgraderValidation.Validate(notebook) is { Count: > 0 } problems)
            throw new GradingException($"{problems[0]} Nothing was graded.");
        var exercises = NotebookScores.From(notebook).Exercises
            .Select(score => new ExerciseResult { Id = score.Id, Title = score.Title, Possible = score.Possible, Status = score.Status })
            .ToList();
        if (exercises.Count == 0)
            throw new GradingException($"{notebook.Name}: no cell gives points, so there is nothing to grade; name the instructor's notebook, with its nbgrader metadata.");

        var around = HashOf(notebook.Cells.Where(IsAround).Select(cell => cell.Source));
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var cell in notebook.Cells)
        {
            if (NbgraderMetadata.Read(cell) is { } metadata && (metadata.Grade || metadata.Task))
                hashes[metadata.GradeId] = HashOf([around, metadata.Kind.ToString()!, PythonFloat.Text(metadata.Points ?? 0), metadata.IsManual ? "" : cell.Source]);
        }
        return new GradingReference(notebook, assignment, exercises, hashes);
    }

    /// <summary>Code that students get and neither write nor are graded by: it makes the world the tests look at.</summary>
    private static bool IsAround(NotebookCell cell) =>
        cell.Kind == CellKind.Code && NbgraderMetadata.Read(cell) is null or { Solution: false, Grade: false, Task: false };

    private static string HashOf(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
