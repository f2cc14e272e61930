using CourseKit.Notebook;

namespace CourseKit.Grading.Restoring;

/// <summary>An assignment as the grader needs it: the instructor's notebook, what students were given, and its graded cells.</summary>
internal sealed class Assignment
{
    private readonly HashSet<string> _courseCells;

    /// <exception cref="ReleaseRefusedException">Metadata or markers of the reference are wrong; all problems are listed.</exception>
    public Assignment(NotebookDocument reference)
    {
        Reference = reference;
        Release = ReleaseNotebook.Strip(reference);
        Name = Path.GetFileNameWithoutExtension(reference.Name);
        var heading = (string?)null;
        var exercises = new List<GradedCell>();
        for (var index = 0; index < Release.Cells.Count; index++)
        {
            var cell = Release.Cells[index];
            if (cell.Kind == CellKind.Markdown)
                heading = Scoring.MarkdownHeadings.Of(cell.Source).LastOrDefault().Text ?? heading;
            if (NbgraderMetadata.Read(cell) is { } metadata && (metadata.Grade || metadata.Task))
                exercises.Add(new GradedCell(metadata, heading ?? metadata.GradeId, cell.Source, reference.Cells[index].Source));
        }

        Exercises = exercises;
        _courseCells = [.. Release.Cells.Where(cell => cell.Kind == CellKind.Code && NbgraderMetadata.Read(cell) is not { Solution: true }).Select(cell => SourceText.Normalize(cell.Source))];
    }

    /// <summary>The notebook's name without its ending.</summary>
    public string Name { get; }

    /// <summary>The instructor's version.</summary>
    public NotebookDocument Reference { get; }

    /// <summary>What students were given.</summary>
    public NotebookDocument Release { get; }

    /// <summary>The cells that give points, in order.</summary>
    public IReadOnlyList<GradedCell> Exercises { get; }

    /// <summary>Whether a code cell is the author's, word for word, and no answer.</summary>
    public bool IsCourseCell(NotebookCell cell) => _courseCells.Contains(SourceText.Normalize(cell.Source));
}

/// <summary>A cell that gives points.</summary>
/// <param name="Metadata">Its id and points.</param>
/// <param name="Heading">The heading it stands under.</param>
/// <param name="VisibleSource">Its tests as students have them.</param>
/// <param name="FullSource">Its tests with the hidden ones.</param>
internal sealed record GradedCell(NbgraderMetadata Metadata, string Heading, string VisibleSource, string FullSource)
{
    public string Id => Metadata.GradeId;

    public double Possible => Math.Max(0, Metadata.Points ?? 0);

    public bool HasHiddenTests => !Metadata.IsManual && SourceText.Normalize(VisibleSource) != SourceText.Normalize(FullSource);
}
