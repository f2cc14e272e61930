namespace CourseKit.Grading;

/// <summary>
/// Where the grades of a class stand: <c>results/ASSIGNMENT/NAME.json</c> with the executed notebook beside it, the
/// gradebook that is made from these files, what is exported from it, and the claims of graders at work.
/// </summary>
public sealed class GradeFolder
{
    /// <summary>Names the places; nothing is made before something is written.</summary>
    /// <param name="path">The folder.</param>
    public GradeFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The gradebook, an SQLite database.</summary>
    public string Database => Of("gradebook.db");

    /// <summary>The table for spreadsheets and course platforms.</summary>
    public string GradesCsv => Of("grades.csv");

    /// <summary>What continuous integration reads.</summary>
    public string JUnit => Of("junit.xml");

    /// <summary>The result files, a folder for each assignment.</summary>
    public string Results => Of("results");

    internal string WriterClaim => Of(System.IO.Path.Combine("claims", "gradebook.claim"));

    internal string ClaimOf(string assignment, string fileName) => Of(System.IO.Path.Combine("claims", SafeAssignment(assignment), fileName + ".claim"));

    /// <summary>The folder of an assignment's result files.</summary>
    public string ResultsOf(string assignment) => System.IO.Path.Combine(Results, SafeAssignment(assignment));

    /// <summary>One submission's result file.</summary>
    public string ResultOf(string assignment, string fileName) => System.IO.Path.Combine(ResultsOf(assignment), fileName + ".json");

    /// <summary>One submission's executed notebook.</summary>
    public string ExecutedOf(string assignment, string fileName) => System.IO.Path.Combine(ResultsOf(assignment), fileName + ".ipynb");

    /// <summary>One submission's <c>results.json</c> for a course platform: <c>gradescope/ASSIGNMENT/NAME/results.json</c>.</summary>
    public string PlatformResultsOf(string platform, string assignment, string fileName) =>
        Of(System.IO.Path.Combine(platform, SafeAssignment(assignment), fileName, "results.json"));

    /// <summary>The feedback of one of several assignments.</summary>
    internal string ReportsOf(string assignment) => Of(System.IO.Path.Combine("reports", SafeAssignment(assignment)));

    private string Of(string name) => System.IO.Path.Combine(Path, name);

    private static string SafeAssignment(string assignment) => Collecting.SafeFileName.Of(assignment);
}
