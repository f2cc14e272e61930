using System.Globalization;
using CourseKit.Notebook;

namespace CourseKit.Grading.Restoring;

/// <summary>
/// Puts a submission right before it runs: every cell with an id of the assignment stands once, in the assignment's
/// order, and all that students must not change is the assignment's. Cells that a student added stay behind the cell
/// they followed.
/// </summary>
/// <remarks>
/// Of several cells with one id, the last whose text differs from the one that was handed out is graded, else the last;
/// the others are left out. Points, flags and ids always come from the assignment, never from the submission.
/// </remarks>
internal static class NotebookRestorer
{
    public static RestoredNotebook Restore(Assignment assignment, NotebookDocument submitted)
    {
        var flags = new List<SubmissionFlag>();
        var released = assignment.Release.Cells
            .Select(cell => (Cell: cell, Metadata: NbgraderMetadata.Read(cell)))
            .Where(entry => entry.Metadata is { Kind: not null, GradeId.Length: > 0 })
            .Select(entry => new ReleasedCell(entry.Cell, entry.Metadata!))
            .ToList();
        var byId = released.ToDictionary(cell => cell.Metadata.GradeId, StringComparer.Ordinal);
        var chosen = Choose(submitted, byId, flags);
        var additions = Additions(submitted, byId, chosen);

        var restored = assignment.Release.Clone();
        restored.Cells.Clear();
        var cells = new List<RestoredCell>();
        AddAll(additions.GetValueOrDefault("") ?? []);
        foreach (var cell in released)
        {
            var mine = chosen.GetValueOrDefault(cell.Metadata.GradeId);
            var settled = Settle(cell, mine, flags);
            restored.Cells.Add(settled);
            cells.Add(new RestoredCell(settled, cell.Metadata, IsTrusted: cell.Metadata.IsLocked || (settled.Kind == CellKind.Code && assignment.IsCourseCell(settled))));
            AddAll(additions.GetValueOrDefault(cell.Metadata.GradeId) ?? []);
        }

        return new RestoredNotebook(restored, cells, flags);

        void AddAll(List<NotebookCell> added)
        {
            foreach (var cell in added)
            {
                // The text, and nothing that says how it is to be run or graded.
                var copy = NotebookCell.Create(cell.Kind, cell.Source);
                restored.Cells.Add(copy);
                cells.Add(new RestoredCell(copy, null, IsTrusted: copy.Kind == CellKind.Code && assignment.IsCourseCell(copy)));
            }
        }
    }

    private static Dictionary<string, NotebookCell> Choose(NotebookDocument submitted, Dictionary<string, ReleasedCell> released, List<SubmissionFlag> flags)
    {
        var chosen = new Dictionary<string, NotebookCell>(StringComparer.Ordinal);
        foreach (var group in submitted.Cells.Where(cell => IdOf(cell) is { } id && released.ContainsKey(id)).GroupBy(cell => IdOf(cell)!))
        {
            var cells = group.ToList();
            var given = SourceText.Normalize(released[group.Key].Cell.Source);
            chosen[group.Key] = cells.LastOrDefault(cell => SourceText.Normalize(cell.Source) != given) ?? cells[^1];
            if (cells.Count > 1)
            {
                flags.Add(new SubmissionFlag(SubmissionFlagKind.Duplicated, group.Key, string.Create(CultureInfo.InvariantCulture,
                    $"{cells.Count} cells have this id; the last one that was changed is graded, and the others are left out.")));
            }
        }

        return chosen;
    }

    /// <summary>The student's own cells, by the id of the cell they stand behind.</summary>
    private static Dictionary<string, List<NotebookCell>> Additions(NotebookDocument submitted, Dictionary<string, ReleasedCell> released, Dictionary<string, NotebookCell> chosen)
    {
        var additions = new Dictionary<string, List<NotebookCell>>(StringComparer.Ordinal);
        var behind = "";
        foreach (var cell in submitted.Cells)
        {
            if (IdOf(cell) is { } id && released.ContainsKey(id))
            {
                if (ReferenceEquals(chosen[id], cell))
                    behind = id;
                continue;
            }

            if (!additions.TryGetValue(behind, out var list))
                additions[behind] = list = [];
            list.Add(cell);
        }

        return additions;
    }

    private static NotebookCell Settle(ReleasedCell released, NotebookCell? mine, List<SubmissionFlag> flags)
    {
        var id = released.Metadata.GradeId;
        if (mine is null)
        {
            flags.Add(new SubmissionFlag(SubmissionFlagKind.Missing, id, "The cell is not in the submission; the one that was handed out stands in its place."));
            return released.Cell.Clone();
        }

        var said = NbgraderMetadata.Read(mine)!;
        if (released.Metadata.Grade && said.Points is { } points && !points.Equals(released.Metadata.Points ?? 0))
        {
            flags.Add(new SubmissionFlag(SubmissionFlagKind.PointsChanged, id, string.Create(CultureInfo.InvariantCulture,
                $"The submission says {points} points, the assignment {released.Metadata.Points ?? 0}; the assignment counts.")));
        }

        var isChanged = SourceText.Normalize(mine.Source) != SourceText.Normalize(released.Cell.Source);
        if (mine.Kind != released.Cell.Kind)
            flags.Add(new SubmissionFlag(SubmissionFlagKind.Tampered, id, $"The cell was turned into a {mine.Kind} cell; it is taken as the {released.Cell.Kind} cell that was handed out."));
        else if (released.Metadata.IsLocked && isChanged)
            flags.Add(new SubmissionFlag(SubmissionFlagKind.Tampered, id, "The cell is locked and was changed; the one that was handed out is used."));
        else if ((said.Grade, said.Solution, said.IsLocked) != (released.Metadata.Grade, released.Metadata.Solution, released.Metadata.IsLocked))
            flags.Add(new SubmissionFlag(SubmissionFlagKind.Tampered, id, "The cell's grading flags were changed; those that were handed out count."));

        var settled = released.Cell.Clone();
        if (!released.Metadata.IsLocked)
            settled.Source = mine.Source;
        return settled;
    }

    private static string? IdOf(NotebookCell cell) => NbgraderMetadata.Read(cell)?.GradeId is { Length: > 0 } id ? id : null;

    private sealed record ReleasedCell(NotebookCell Cell, NbgraderMetadata Metadata);
}

/// <summary>A submission that was put right.</summary>
/// <param name="Notebook">What runs.</param>
/// <param name="Cells">Its cells, with what is known about each.</param>
/// <param name="Flags">What had to be put right.</param>
internal sealed record RestoredNotebook(NotebookDocument Notebook, IReadOnlyList<RestoredCell> Cells, IReadOnlyList<SubmissionFlag> Flags);

/// <summary>A cell of it.</summary>
/// <param name="Cell">The cell in the notebook.</param>
/// <param name="Metadata">The assignment's metadata; null for a cell of the student's own.</param>
/// <param name="IsTrusted">The author's, word for word.</param>
internal sealed record RestoredCell(NotebookCell Cell, NbgraderMetadata? Metadata, bool IsTrusted);
