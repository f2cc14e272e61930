using CourseKit.Notebook;

namespace CourseKit.Grading.Gradebooks;

/// <summary>The notebook beside a result, as it ran.</summary>
internal static class ExecutedNotebook
{
    /// <summary>Puts the cells of exercises that ran again into the notebook of the run before; null leaves that one as it is.</summary>
    public static NotebookDocument? Update(string path, NotebookDocument? again, IReadOnlySet<string> exercises)
    {
        if (again is null || !File.Exists(path))
            return again;
        try
        {
            var before = NotebookDocument.Load(path, new NotebookReadOptions { AllowDuplicateIds = true });
            foreach (var cell in before.Cells)
            {
                if (NbgraderMetadata.Read(cell)?.GradeId is not { } id || !exercises.Contains(id))
                    continue;
                if (again.Cells.FirstOrDefault(candidate => NbgraderMetadata.Read(candidate)?.GradeId == id) is not { Kind: CellKind.Code } source || cell.Kind != CellKind.Code)
                    continue;
                cell.Source = source.Source;
                cell.Outputs.Clear();
                foreach (var output in source.Outputs)
                    cell.Outputs.Add(output?.DeepClone());
            }
            return before;
        }
        catch (NotebookFormatException)
        {
            return again;
        }
    }
}
