using System.Text.RegularExpressions;
using CourseKit.Notebook;

namespace CourseKit.Grading.Releasing;

/// <summary>Takes out of a reference what students must not see, and seals the cells they must not change.</summary>
internal static partial class NotebookStripper
{
    /// <summary>The students' version, and everything that speaks against publishing it.</summary>
    /// <param name="reference">The instructor's notebook; it stays as it is.</param>
    /// <param name="mutants">Wrong answers that must not be in it either.</param>
    public static (NotebookDocument Release, List<NotebookProblem> Problems) Strip(NotebookDocument reference, MutantFile? mutants = null)
    {
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
        if (problems.Count == 0)
            problems.AddRange(SecretSearch.Find(release, SecretSearch.Secrets(reference, release, mutants)));
        return (release, problems);
    }

    private static void StripSource(NotebookDocument document, NotebookCell cell, List<NotebookProblem> problems)
    {
        var before = problems.Count;
        var metadata = NbgraderMetadata.Read(cell) ?? new NbgraderMetadata();
        var isCSharp = cell is { Kind: CellKind.Code, Language: "csharp" };
        var original = cell.Source.Split('\n');

        // Each kind is looked for outside the regions of the kinds before it.
        var solutions = Find(original, Marker.Solution, metadata.Solution, "a solution cell");
        var rest = MarkedRegion.Blank(original, solutions);
        var hidden = Find(rest, Marker.HiddenTests, metadata.Grade, "a graded test cell");
        rest = MarkedRegion.Blank(rest, hidden);
        var schemes = Find(rest, Marker.MarkScheme, metadata.Task, "a task cell");
        if (metadata.Solution && cell.Kind == CellKind.Code && !isCSharp)
            Report(null, $"a solution in {cell.Language}: only C# and Markdown cells can be solved.");
        if (problems.Count > before) return;

        var lines = metadata.Solution && solutions.Count == 0
            ? [isCSharp ? SolutionStub.Comment : SolutionStub.Text]
            : WithoutRegions();
        CheckWhatIsLeft();
        cell.Source = string.Join('\n', lines);

        string[] WithoutRegions()
        {
            var left = original;
            // From the last to the first, so that the lines of those still to come keep their numbers.
            foreach (var region in solutions.Concat(hidden).Concat(schemes).OrderByDescending(region => region.First))
            {
                left = !solutions.Contains(region) ? region.ReplaceIn(left, [])
                    : isCSharp ? SolutionStub.ReplaceCode(left, region)
                    : SolutionStub.ReplaceText(left, region);
            }
            return left;
        }

        List<MarkedRegion> Find(string[] lines, Marker marker, bool allowed, string place)
        {
            var regions = MarkedRegion.Find(lines, marker, (line, message) => Report(line, message));
            if (regions.Count > 0 && !allowed)
                Report(regions[0].First, $"{marker.Begin} stands outside {place}; mark the cell so, or remove the region.");
            if (isCSharp && regions.SelectMany(region => (int[])[region.First, region.Last])
                    .FirstOrDefault(line => HoldsCode(lines[line]), -1) is var mixed and >= 0)
                Report(mixed, "the marker's line holds code as well, which would go with it; give the marker a line of its own.");
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
            if (isCSharp
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

    private static bool HoldsCode(string markerLine) =>
        markerLine.AsSpan().Trim() is { Length: > 0 } text && !text.StartsWith("//") && !text.StartsWith("/*")
        && !text.StartsWith("*") && !text.StartsWith("#");

    private static void ClearRun(NotebookCell cell)
    {
        cell.Outputs.Clear();
        if (cell.Kind != CellKind.Code) return;
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
