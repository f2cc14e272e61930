namespace CourseKit.Grading;

/// <summary>
/// The files that people and platforms read of a gradebook: the tables, the students' pages, the class report and
/// <c>results.json</c>. Whatever changes the gradebook calls this, so that none of them says something else than it does.
/// </summary>
public static class GradeFiles
{
    /// <summary>Writes them anew from what the gradebook says now, each whole or not at all.</summary>
    /// <param name="gradebook">The gradebook.</param>
    /// <param name="options">Which of them.</param>
    /// <param name="cancellationToken">Stops between two pages; what is written stays.</param>
    /// <returns>What was written, and a sentence about each page that could not be.</returns>
    /// <exception cref="IOException">The disk is full or failed; the file concerned is as it was before.</exception>
    public static GradeFilesReport Write(Gradebook gradebook, GradeFilesOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gradebook);
        ArgumentNullException.ThrowIfNull(options);
        var folder = gradebook.Folder;
        GradebookExport.WriteCsv(gradebook, folder.GradesCsv);
        GradebookExport.WriteJUnit(gradebook, folder.JUnit);
        List<string> files = [folder.GradesCsv, folder.JUnit];
        var problems = new List<string>();
        foreach (var assignment in options.Assignment is { } only ? [only] : gradebook.Assignments())
        {
            foreach (var platform in Enum.GetValues<CoursePlatform>().Where(platform => platform == options.Platform || Directory.Exists(folder.PlatformResultsOf(platform, assignment))))
                files.AddRange(GradebookExport.WriteResults(gradebook, platform, assignment, options.Students, platform == options.Platform ? options.Single : null));
            if (!options.IncludesFeedback)
                continue;
            var feedback = FeedbackExport.Write(gradebook, assignment, options.Students, cancellationToken);
            files.AddRange([.. feedback.Pages, feedback.Report]);
            problems.AddRange(feedback.Problems);
        }
        return new GradeFilesReport(files, problems);
    }
}

/// <summary>Which files of a gradebook are written. The tables and class reports are always of everybody.</summary>
public sealed record GradeFilesOptions
{
    /// <summary>Pages and <c>results.json</c> of this assignment alone; null for all.</summary>
    public string? Assignment { get; init; }

    /// <summary>Pages and <c>results.json</c> of these students alone, by id; null for all.</summary>
    public IReadOnlySet<string>? Students { get; init; }

    /// <summary>Whether feedback pages and class report are written.</summary>
    public bool IncludesFeedback { get; init; } = true;

    /// <summary>A platform to write <c>results.json</c> for, besides those that have a folder from before.</summary>
    public CoursePlatform? Platform { get; init; }

    /// <summary>Where the <c>results.json</c> of one student goes besides: where Gradescope looks for it.</summary>
    public (string Student, string Path)? Single { get; init; }
}

/// <summary>The files that were written.</summary>
/// <param name="Files">Their paths.</param>
/// <param name="Problems">A sentence about each page that could not be written; one that stood there before is as it was.</param>
public sealed record GradeFilesReport(IReadOnlyList<string> Files, IReadOnlyList<string> Problems);
