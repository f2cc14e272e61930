using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>Runs a notebook with the tests that are in it, as a student does before handing in.</summary>
public static class CheckNotebook
{
    /// <summary>Runs the file's cells and reads the points. The file is not changed.</summary>
    /// <exception cref="NotebookFormatException">The file is not a C# notebook that can be read.</exception>
    public static Task<NotebookScores> RunAsync(
        string notebook, NotebookRunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(NotebookDocument.Load(notebook), options, cancellationToken);

    /// <summary>Runs the notebook's cells and reads the points. The document is not changed.</summary>
    public static async Task<NotebookScores> RunAsync(
        NotebookDocument notebook, NotebookRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var fresh = notebook.Clone();
        // A cell that is skipped would keep the outputs it came with, and with them their points.
        foreach (var cell in fresh.Cells.Where(cell => cell.Kind == CellKind.Code))
            cell.Outputs.Clear();
        return NotebookScores.From(await NotebookRunner.RunAsync(fresh, options, cancellationToken).ConfigureAwait(false));
    }
}
