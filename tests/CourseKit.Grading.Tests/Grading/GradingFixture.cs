using CourseKit.Exercises;
using CourseKit.Grading.Sandboxes;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests.Grading;

/// <summary>A small assignment and how submissions of it are made and graded.</summary>
internal static class GradingFixture
{
    public const string SquareSolution = "double Square(double x) => x * x;";

    public const string HiddenArgument = "7.25";

    /// <summary>Three exercises: two with hidden tests, one without.</summary>
    public static NotebookDocument Reference() => Notebooks.Of(
        Notebooks.Code(Notebooks.FirstCell),
        Notebooks.Text("## Square"),
        Notebooks.Solution("square", "double Square(double x)\n{\n    // BEGIN SOLUTION\n    return x * x;\n    // END SOLUTION\n}"),
        Notebooks.Tests("square-tests", 3, """
            Check.Exercise("square", "Square a number")
                .Part("of three", 1, () => Check.Close(9, Square(3), hint: "three times three"))
                // BEGIN HIDDEN TESTS
                .Part("of a fraction", 2, () => Check.Close(52.5625, Square(7.25)))
                // END HIDDEN TESTS
            """),
        Notebooks.Text("## Double"),
        Notebooks.Solution("double", "double Twice(double x)\n{\n    // BEGIN SOLUTION\n    return 2 * x;\n    // END SOLUTION\n}"),
        Notebooks.Tests("double-tests", 2, """
            Check.Exercise("double", "Double a number")
                .Part("of four", 1, () => Check.Equal(8.0, Twice(4)))
                // BEGIN HIDDEN TESTS
                .Part("of minus one", 1, () => Check.True(Twice(-1) == -2, "negative numbers as well"))
                // END HIDDEN TESTS
            """),
        Notebooks.Text("## Count"),
        Notebooks.Solution("count", "int Count(int[] numbers)\n{\n    // BEGIN SOLUTION\n    return numbers.Length;\n    // END SOLUTION\n}"),
        Notebooks.Tests("count-tests", 1, """
            Check.Exercise("count", "Count numbers")
                .Part("of three", 1, () => Check.Equal(3, Count([1, 2, 3])))
            """));

    public static GradingOptions Options(SandboxKind? sandbox = null) => new()
    {
        Jobs = 2,
        Sandbox = sandbox,
        // Nothing runs so long by itself, on whatever machine: a test about a limit sets its own.
        CellTimeout = TimeSpan.FromMinutes(30),
        SubmissionTimeout = TimeSpan.FromHours(2),
        MemoryBytes = 1L << 30,
        KitPackages = new Dictionary<string, string> { ["CourseKit.Exercises"] = typeof(Check).Assembly.Location },
    };

    /// <summary>What a student hands in: the released notebook with these answers, in which extra cells may follow a solution.</summary>
    public static Submission Handed(string student, string? square = SquareSolution, string? twice = "double Twice(double x) => 2 * x;", string? count = "int Count(int[] numbers) => numbers.Length;", Action<NotebookDocument>? change = null)
    {
        var notebook = ReleaseNotebook.Strip(Reference());
        Answer(notebook, "square", square);
        Answer(notebook, "double", twice);
        Answer(notebook, "count", count);
        change?.Invoke(notebook);
        return new Submission(student, student + ".ipynb", System.Text.Encoding.UTF8.GetBytes(notebook.ToText()), null);
    }

    public static NotebookCell Cell(NotebookDocument notebook, string gradeId) => notebook.Cells.First(cell => NbgraderMetadata.Read(cell)?.GradeId == gradeId);

    /// <summary>bubblewrap, or a skipped test; where the tests with tools are wanted, a failed one.</summary>
    public static SandboxKind Bubblewrap()
    {
        ToolTests.SkipUnlessWanted();
        Assert.True(File.Exists("/usr/bin/bwrap"), "This test needs bubblewrap, and there is no /usr/bin/bwrap: install bubblewrap.");
        return SandboxKind.Bubblewrap;
    }

    private static void Answer(NotebookDocument notebook, string id, string? source)
    {
        if (source is not null)
            Cell(notebook, id).Source = source;
    }
}
