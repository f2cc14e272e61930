using System.Diagnostics;
using System.Globalization;
using CourseKit.Grading;
using CourseKit.Notebook;
using Microsoft.Data.Sqlite;

namespace CourseKit.EndToEnd.Classes;

/// <summary>An assignment of two small exercises and a class that handed it in.</summary>
internal sealed class SmallClass : IDisposable
{
    private const string FirstCell = """
        #r "nuget: CourseKit.Exercises"
        using CourseKit.Exercises;
        """;

    private readonly TemporaryFolder folder = new();

    public SmallClass()
    {
        var reference = NotebookDocument.Create("squares.ipynb");
        reference.Cells.Add(NotebookCell.CreateCode(FirstCell));
        reference.Cells.Add(Marked(new NbgraderMetadata { Solution = true, GradeId = "square-answer" }, """
            double Square(double x)
            {
                // BEGIN SOLUTION
                return x * x;
                // END SOLUTION
            }
            """));
        reference.Cells.Add(Marked(new NbgraderMetadata { Grade = true, Locked = true, GradeId = "square", Points = 2 }, """
            Check.Exercise("square")
                .Part("of two", 1, () => Check.Equal(4.0, Square(2)))
                .Part("of three", 1, () => Check.Equal(9.0, Square(3)))
            """));
        reference.Save(Reference);
        Release = ReleaseNotebook.Strip(reference);
    }

    public string Path => folder.Path;

    public string Reference => folder.Of("squares.ipynb");

    public string HandedIn => folder.Of("class");

    private NotebookDocument Release { get; }

    public string Of(string name) => folder.Of(name);

    /// <summary>Hands in an answer in the students' version of the notebook.</summary>
    public void HandIn(string student, string body)
    {
        var notebook = Release.Clone();
        notebook.Cells[1].Source = $"double Square(double x) => {body};";
        notebook.Save(System.IO.Path.Combine(HandedIn, student + ".ipynb"));
    }

    /// <summary>Right, half right and wrong answers in turn.</summary>
    public void HandInMany(int count)
    {
        string[] answers = ["x * x", "x + x", "0"];
        for (var number = 0; number < count; number++)
            HandIn(string.Create(CultureInfo.InvariantCulture, $"student{number:00}"), answers[number % answers.Length]);
    }

    /// <summary>Two at once for more than four students: each job has a compiler of its own, which takes longer to start than those few.</summary>
    public string[] Command(string output, params string[] more) =>
        ["grade", "--reference", Reference, "--submissions", HandedIn, "--output", output, "--sandbox", "process", "--jobs", Directory.GetFiles(HandedIn).Length > 4 ? "2" : "1", "--timeout", "3600", .. more];

    public Task<CourseKitCommand.Answer> GradeAsync(string output, params string[] more) =>
        CourseKitCommand.RunAsync(Path, Command(output, more));

    /// <summary>The command as a process that a test can stop and kill.</summary>
    public Process Start(string output, params string[] more) => Signals.StartInterruptible(new ProcessStartInfo("dotnet", [System.IO.Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll"), .. Command(output, more)])
    {
        WorkingDirectory = Path,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        // One that is killed would leave the runtime's own debugging pipes in the temporary folder.
        Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
    });

    /// <summary>All that two gradebooks of the same class must agree in: everything but the times.</summary>
    public async Task<string> ContentsAsync(string output)
    {
        var shown = await CourseKitCommand.RunAsync(Path, "gradebook", "show", output, "--json");
        Assert.True(shown.ExitCode == 0, shown.Errors);
        var answer = shown.Json;
        foreach (var student in answer["students"]!.AsArray())
            student!.AsObject().Remove("gradedAt");
        return answer.ToJsonString();
    }

    public static string Integrity(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }

    public void Dispose() => folder.Dispose();

    private static NotebookCell Marked(NbgraderMetadata metadata, string source)
    {
        var cell = NotebookCell.CreateCode(source);
        metadata.Write(cell);
        return cell;
    }
}
