using CourseKit.Exercises;
using CourseKit.Notebook;

namespace CourseKit.Grading.Tests;

/// <summary>Small notebooks, built as an instructor would write them.</summary>
internal static class Notebooks
{
    public const string FirstCell = """
        #r "nuget: CourseKit.Exercises"
        using CourseKit.Exercises;
        """;

    /// <summary>How the kit's own package is found when a notebook of these tests runs.</summary>
    public static NotebookRunOptions Run => new()
    {
        KitPackages = new Dictionary<string, string> { ["CourseKit.Exercises"] = typeof(Check).Assembly.Location },
        WorkingDirectory = AppContext.BaseDirectory,
        Compilers = Compilers,
        // No cell runs so long by itself, on whatever machine: a test about the limit sets its own.
        CellTimeout = TimeSpan.FromMinutes(30),
    };

    // Every test that runs a notebook would wait for its compiler to become warm. They end with this process.
    private static CompilerPool Compilers { get; } = new();

    public static NotebookDocument Of(params NotebookCell[] cells)
    {
        var document = NotebookDocument.Create("chapter.ipynb");
        foreach (var cell in cells) document.Cells.Add(cell);
        return document;
    }

    public static NotebookCell Code(string source) => NotebookCell.CreateCode(source);

    public static NotebookCell Text(string source) => NotebookCell.CreateMarkdown(source);

    public static NotebookCell Solution(string id, string source) =>
        Marked(NotebookCell.CreateCode(source), new NbgraderMetadata { Solution = true, GradeId = id });

    public static NotebookCell Tests(string id, double points, string source) => Marked(
        NotebookCell.CreateCode(source),
        new NbgraderMetadata { Grade = true, Locked = true, GradeId = id, Points = points });

    public static NotebookCell Answer(string id, double points, string source) => Marked(
        NotebookCell.CreateMarkdown(source),
        new NbgraderMetadata { Grade = true, Solution = true, GradeId = id, Points = points });

    public static NotebookCell TaskCell(string id, double points, string source) => Marked(
        NotebookCell.CreateMarkdown(source),
        new NbgraderMetadata { Task = true, Locked = true, GradeId = id, Points = points });

    public static NotebookCell ReadOnly(string id, string source) =>
        Marked(NotebookCell.CreateCode(source), new NbgraderMetadata { Locked = true, GradeId = id });

    public static NotebookCell Marked(NotebookCell cell, NbgraderMetadata metadata)
    {
        metadata.Write(cell);
        return cell;
    }

    /// <summary>A chapter in small: a function, a variable, a lambda, a property, a written answer and a task.</summary>
    public static NotebookDocument Chapter() => Of(
        Code(FirstCell),
        Text("# Neurons\nRead, run, solve."),
        ReadOnly("data", "double[] inputs = [-2.0, 0.0, 3.0];"),
        Text("## Exercise 1: the step neuron"),
        Solution("step-solution", """
            /// <summary>Fires at zero and above.</summary>
            double Step(double z)
            {
                // BEGIN SOLUTION
                var fires = z >= 0; // secret-of-the-step
                return fires ? 1 : 0;
                // END SOLUTION
            }
            """),
        Tests("step", 3, """
            Check.Exercise("step")
                .Part("fires at zero", 1, () => Check.Equal(1.0, Step(inputs[1])))
                .Part("silent below", 0.5, () => Check.Equal(0.0, Step(inputs[0])))
                // BEGIN HIDDEN TESTS
                .Part("other inputs", 1.5, () => Check.Equal(0.0, Step(-123.456)))
                // END HIDDEN TESTS
            """),
        Text("## Exercise 2: the threshold"),
        Solution("threshold-solution", """
            double threshold = double.NaN;
            // BEGIN SOLUTION
            threshold = 0.731;
            // END SOLUTION
            """),
        Tests("threshold", 1, """
            Check.Exercise("threshold", "Choose a threshold")
                .Part("value", 1, () => Check.Close(0.731, threshold, 1e-3))
            """),
        Solution("perceptron-solution", """
            Func<double, double> activation = z =>
            {
                // BEGIN SOLUTION
                return Math.Max(0, z);
                // END SOLUTION
            };
            class Perceptron
            {
                public double Weight { get; set; } = 2;
                public double Twice
                {
                    get
                    {
                        // BEGIN SOLUTION
                        return Weight * 2;
                        // END SOLUTION
                    }
                }
                public double Half =>
                    // BEGIN SOLUTION
                    Weight / 2;
                    // END SOLUTION
            }
            """),
        Tests("perceptron", 2, """
            Check.Exercise("perceptron")
                .Part("lambda", 1, () => Check.Equal(3.0, activation(3)))
                .Part("properties", 1, () =>
                {
                    Check.Equal(4.0, new Perceptron().Twice);
                    Check.Equal(1.0, new Perceptron().Half);
                })
            """),
        Answer("why", 2, "Because the weighted sum is negative: secret-written-answer."),
        TaskCell("sketch", 1.5, "Sketch a neuron.\n### BEGIN MARK SCHEME\nsecret-mark-scheme: one point for the bias\n### END MARK SCHEME"));
}
