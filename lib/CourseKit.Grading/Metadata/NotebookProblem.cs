using System.Globalization;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>Something in a notebook that must be put right, and where.</summary>
/// <param name="File">The notebook.</param>
/// <param name="Cell">The cell by its nbgrader id, else its notebook id, else its number; null for the whole file.</param>
/// <param name="Line">The line in the cell, from 1; null for the whole cell.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record NotebookProblem(string File, string? Cell, int? Line, string Message)
{
    internal static NotebookProblem In(NotebookDocument document, NotebookCell cell, string message, int? line = null) =>
        new(document.Name, NameOf(document, cell), line, message);

    internal static string NameOf(NotebookDocument document, NotebookCell cell)
    {
        if (NbgraderMetadata.Read(cell) is { GradeId.Length: > 0 } metadata) return metadata.GradeId;
        return cell.Id ?? string.Create(CultureInfo.InvariantCulture, $"number {document.Cells.IndexOf(cell) + 1}");
    }

    /// <summary><c>06.ipynb, cell loss, line 4: ...</c></summary>
    public override string ToString()
    {
        var cell = Cell is null ? "" : $", cell {Cell}";
        var line = Line is { } number ? string.Create(CultureInfo.InvariantCulture, $", line {number}") : "";
        return $"{File}{cell}{line}: {Message}";
    }
}
