using System.Text.RegularExpressions;
using CourseKit.Grading.Releasing;
using CourseKit.Notebook;

namespace CourseKit.Grading;

/// <summary>
/// Makes the students' version of an instructor's notebook, as nbgrader's generate_assignment does: solutions become
/// stubs; hidden tests, mark schemes and outputs go; cells are locked; checksums are set.
/// </summary>
public static partial class ReleaseNotebook
{
    /// <summary>A new document; the reference is not changed. Nothing is run: see <see cref="ReleaseBuilder"/>.</summary>
    /// <exception cref="ReleaseRefusedException">Metadata or markers are wrong; all problems are listed.</exception>
    public static NotebookDocument Strip(NotebookDocument reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var problems = new List<NotebookProblem>();
        if (reference.Language != "csharp")
        {
            problems.Add(new NotebookProblem(reference.Name, null, null,
                $"the notebook's language is {reference.Language}; only C# notebooks can be released."));
        }
        problems.AddRange(NbgraderValidation.Validate(reference));
        if (!reference.Cells.Any(cell => NbgraderMetadata.Read(cell) is { Grade: true } or { Task: true }))
        {
            problems.Add(new NotebookProblem(reference.Name, null, null,
                "no cell gives points; mark the test cells of its exercises with nbgrader metadata (grade, grade_id, points)."));
        }

        var release = reference.Clone();
        release.Metadata.Remove("celltoolbar");
        // The state of widgets holds what the instructor's run showed.
        release.Metadata.Remove("widgets");
        foreach (var cell in release.Cells)
        {
            StripSource(release, cell, problems);
            ClearRun(cell);
            DropUnusedAttachments(cell);
            if (NbgraderMetadata.Read(cell) is { Kind: not null } metadata) Seal(cell, metadata);
        }
        return problems.Count == 0 ? release : throw new ReleaseRefusedException(problems);
    }

    private static void StripSource(NotebookDocument document, NotebookCell cell, List<NotebookProblem> problems)
    {
        var before = problems.Count;
        var metadata = NbgraderMetadata.Read(cell) ?? new NbgraderMetadata();
        var original = cell.Source.Split('\n');
        var lines = RemoveSolution(original);
        lines = Remove(lines, Marker.HiddenTests, metadata.Grade, "a graded test cell");
        lines = Remove(lines, Marker.MarkScheme, metadata.Task, "a task cell");
        if (problems.Count > before) return;

        CheckWhatIsLeft();
        cell.Source = string.Join('\n', lines);

        string[] RemoveSolution(string[] source)
        {
            var regions = Find(source, Marker.Solution, metadata.Solution, "a solution cell");
            if (!metadata.Solution) return source;
            if (cell.Kind == CellKind.Code && cell.Language != "csharp")
            {
                Report(null, $"a solution in {cell.Language}: only C# and Markdown cells can be solved.");
                return source;
            }
            if (regions.Count == 0) return [cell.Kind == CellKind.Code ? SolutionStub.Comment : SolutionStub.Text];
            return cell.Kind == CellKind.Code
                ? SolutionStub.ReplaceCode(source, regions)
                : SolutionStub.ReplaceText(source, regions);
        }

        string[] Remove(string[] source, Marker marker, bool allowed, string place) =>
            MarkedRegion.Replace(source, Find(source, marker, allowed, place), _ => []);

        List<MarkedRegion> Find(string[] source, Marker marker, bool allowed, string place)
        {
            var regions = MarkedRegion.Find(source, marker, Report);
            if (regions.Count > 0 && !allowed)
                Report(regions[0].First, $"{marker.Begin} stands outside {place}; mark the cell so, or remove the region.");
            return regions;
        }

        void CheckWhatIsLeft()
        {
            var leftover = Array.FindIndex(lines, line => MisspeltMarker().IsMatch(line));
            if (leftover >= 0)
            {
                Report(Array.IndexOf(original, lines[leftover]),
                    $"\"{lines[leftover].Trim()}\" looks like a marker but is not spelled as one, so its text would be published; "
                    + "write BEGIN/END SOLUTION, HIDDEN TESTS or MARK SCHEME in capitals.");
            }
            if (cell is { Kind: CellKind.Code, Language: "csharp" }
                && ScriptSyntax.FirstError(original) is null
                && ScriptSyntax.FirstError(lines) is { } error)
            {
                Report(null,
                    $"without its regions the cell is no longer C# ({error.Message} in what is left: \"{lines[error.Line].Trim()}\"); "
                    + "a region must hold whole statements, and a variable gets a default value before its region.");
            }
        }

        void Report(int? line, string message) =>
            problems.Add(NotebookProblem.In(document, cell, message, line + 1));
    }

    private static void ClearRun(NotebookCell cell)
    {
        if (cell.Kind != CellKind.Code) return;
        cell.Outputs.Clear();
        cell.ExecutionCount = null;
        foreach (var trace in (string[])["collapsed", "scrolled", "execution", "ExecuteTime"])
            cell.Metadata.Remove(trace);
    }

    /// <summary>A picture of the solution must not stay behind when the line that showed it is gone.</summary>
    private static void DropUnusedAttachments(NotebookCell cell)
    {
        if (cell.Attachments is not { } attachments) return;
        var source = Uri.UnescapeDataString(cell.Source);
        foreach (var name in attachments.Select(attachment => attachment.Key).ToArray())
        {
            if (!source.Contains($"attachment:{Uri.UnescapeDataString(name)}", StringComparison.Ordinal))
                attachments.Remove(name);
        }
    }

    private static void Seal(NotebookCell cell, NbgraderMetadata metadata)
    {
        if (metadata.Solution)
            cell.Metadata["deletable"] = false;
        if (metadata.IsLocked)
        {
            cell.Metadata["deletable"] = false;
            cell.Metadata["editable"] = false;
        }
        // nbgrader gives a task that is not locked no checksum.
        if (!metadata.Solution && !metadata.IsLocked) return;
        var sealedMetadata = metadata with
        {
            Checksum = NbgraderChecksum.Compute(cell, metadata),
            CellType = NbgraderChecksum.TypeName(cell.Kind),
        };
        sealedMetadata.Write(cell);
    }

    [GeneratedRegex(@"\b(begin|end)[\s_\-]*(solution|hidden[\s_\-]*test|mark(ing)?[\s_\-]*scheme)s?\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MisspeltMarker();
}
