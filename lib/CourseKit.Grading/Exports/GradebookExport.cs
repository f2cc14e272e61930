using CourseKit.Grading.Gradebooks;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>Writes what is made from a gradebook: each file whole or not at all, one row in memory at a time.</summary>
public static class GradebookExport
{
    /// <summary>Writes <c>grades.csv</c>.</summary>
    public static void WriteCsv(Gradebook gradebook, string path, string? assignment = null)
    {
        ArgumentNullException.ThrowIfNull(gradebook);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            GradesCsv.Write(writer, gradebook.Rows(assignment));
        });
    }

    /// <summary>Writes JUnit XML.</summary>
    public static void WriteJUnit(Gradebook gradebook, string path, string? assignment = null)
    {
        ArgumentNullException.ThrowIfNull(gradebook);
        AtomicFile.Write(path, stream => JUnitReport.Write(stream, gradebook.Rows(assignment)));
    }

    /// <summary>Writes each student's <c>results.json</c> for a course platform, in the gradebook's own folder.</summary>
    /// <param name="gradebook">The gradebook.</param>
    /// <param name="platform">For which platform.</param>
    /// <param name="assignment">Only this one; null for all.</param>
    /// <param name="students">Only theirs, by id; null for everybody's.</param>
    /// <param name="single">Where the file of the only student goes besides: where Gradescope looks for it.</param>
    /// <returns>The paths of the files in the gradebook's folder.</returns>
    public static IReadOnlyList<string> WriteResults(
        Gradebook gradebook, CoursePlatform platform, string? assignment = null, IReadOnlySet<string>? students = null, (string Student, string Path)? single = null)
    {
        ArgumentNullException.ThrowIfNull(gradebook);
        var files = new List<string>();
        foreach (var entry in Entries(gradebook, assignment, students).Where(entry => entry.Row.HasSubmission))
        {
            var json = PlatformResults.ToJson(platform, entry.Row, entry.Result);
            files.Add(gradebook.Folder.PlatformResultsOf(platform, entry.Row.Assignment, entry.FileName));
            AtomicFile.Write(files[^1], json);
            if (single is { } only && only.Student == entry.Row.Student.Id)
                AtomicFile.Write(only.Path, json);
        }
        return files;
    }

    /// <summary>Each row with the result file it came from, read one at a time.</summary>
    /// <param name="gradebook">The gradebook.</param>
    /// <param name="assignment">Only this one; null for all.</param>
    /// <param name="students">Only theirs, by id; null for everybody's.</param>
    public static IEnumerable<GradebookEntry> Entries(Gradebook gradebook, string? assignment = null, IReadOnlySet<string>? students = null)
    {
        ArgumentNullException.ThrowIfNull(gradebook);
        return gradebook.Rows(assignment).Where(row => students is null || students.Contains(row.Student.Id)).Select(row =>
        {
            var (fileName, result) = ResultOf(gradebook.Folder, row);
            var executed = gradebook.Folder.ExecutedOf(row.Assignment, fileName);
            return new GradebookEntry(row, fileName, result, result is not null && File.Exists(executed) ? executed : null);
        });
    }

    private static (string FileName, SubmissionResult? Result) ResultOf(GradeFolder folder, GradebookRow row)
    {
        if (!row.HasSubmission)
            return (Collecting.SafeFileName.Of(row.Student.Id), null);
        try
        {
            var (fileName, record) = new ResultStore(folder).Locate(row.Assignment, row.Student.Id);
            return (fileName, record?.Result);
        }
        catch (GradingException)
        {
            // Damaged: who takes the results in reports it, and what rests on the gradebook alone can be written.
            return (Collecting.SafeFileName.Of(row.Student.Id), null);
        }
    }
}

/// <summary>A row of the gradebook with what grading left of it on the disk.</summary>
/// <param name="Row">The row: with what people entered, as it counts.</param>
/// <param name="FileName">The name of this submission's files, without ending.</param>
/// <param name="Result">What grading found; null where the result file is gone.</param>
/// <param name="ExecutedPath">The executed notebook; null where there is none.</param>
public sealed record GradebookEntry(GradebookRow Row, string FileName, SubmissionResult? Result, string? ExecutedPath);
