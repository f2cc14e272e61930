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
    public string PlatformResultsOf(CoursePlatform platform, string assignment, string fileName) =>
        System.IO.Path.Combine(PlatformResultsOf(platform, assignment), fileName, "results.json");

    internal string PlatformResultsOf(CoursePlatform platform, string assignment) =>
        Of(System.IO.Path.Combine(platform == CoursePlatform.Gradescope ? "gradescope" : "prairielearn", SafeAssignment(assignment)));

    /// <summary>
    /// Where an assignment's pages stand. They are called after students, so each assignment has a place of its own; that
    /// of the first one stays the folder itself, also when others follow.
    /// </summary>
    internal string PagesOf(string assignment, string? first) =>
        assignment == first ? Path : Of(System.IO.Path.Combine("reports", SafeAssignment(assignment)));

    private string Of(string name) => System.IO.Path.Combine(Path, name);

    private static string SafeAssignment(string assignment) => Collecting.SafeFileName.Of(assignment);
}
