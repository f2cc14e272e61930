using CourseKit.Grading.Scoring;
using CourseKit.Notebook;

namespace CourseKit.Grading.Feedback;

/// <summary>Which cells of an executed submission are the answers to which exercise, and where they stand.</summary>
internal sealed class SubmissionOutline
{
    private readonly Dictionary<string, List<NotebookCell>> answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> sections = new(StringComparer.Ordinal);
    private readonly Dictionary<NotebookCell, string> exercises = [];

    /// <param name="executed">The submission as it ran.</param>
    /// <param name="graded">The ids of the exercises.</param>
    public SubmissionOutline(NotebookDocument executed, IReadOnlySet<string> graded)
    {
        var section = "";
        var waiting = new List<NotebookCell>();
        foreach (var cell in executed.Cells)
        {
            if (cell.Kind == CellKind.Markdown && MarkdownHeadings.Of(cell.Source).LastOrDefault().Text is { } heading)
                section = heading;
            if (NbgraderMetadata.Read(cell) is not { } metadata)
                continue;
            if (metadata.Solution)
                waiting.Add(cell);
            if (!graded.Contains(metadata.GradeId) || answers.ContainsKey(metadata.GradeId))
                continue;
            // The tests come after what they test: what was solved since the last ones is theirs.
            answers[metadata.GradeId] = waiting;
            sections[metadata.GradeId] = section;
            foreach (var answer in waiting)
                exercises[answer] = metadata.GradeId;
            waiting = [];
        }
    }

    /// <summary>The cells a student wrote for an exercise.</summary>
    public IReadOnlyList<NotebookCell> AnswersTo(string exercise) => answers.GetValueOrDefault(exercise) ?? [];

    /// <summary>The heading an exercise stands under; empty where there is none.</summary>
    public string SectionOf(string exercise) => sections.GetValueOrDefault(exercise) ?? "";

    /// <summary>The exercise a cell answers, or null.</summary>
    public string? ExerciseOf(NotebookCell cell) => exercises.GetValueOrDefault(cell);
}
