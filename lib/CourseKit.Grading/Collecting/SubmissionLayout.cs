using System.Globalization;

namespace CourseKit.Grading.Collecting;

/// <summary>Finds out whose file is whose: from nbgrader's, Moodle's, Canvas's and plain folders.</summary>
internal static class SubmissionLayout
{
    /// <summary>What one student handed in: one notebook, or a sentence about why there is none.</summary>
    public sealed record HandedIn(Student Student, string Number, string Place, SourceEntry? Notebook, DateTimeOffset? SubmittedAt, string? Problem);

    public static List<HandedIn> Arrange(IReadOnlyList<SourceEntry> entries, string assignment, SubmissionSource source)
    {
        var files = WithoutFoldersAround(entries, assignment);
        if (files.Any(file => IsOfNbgrader(file, assignment)))
            files = [.. files.Where(file => IsOfNbgrader(file, assignment))];
        var notebooksAbove = files.Where(file => file is { Segments.Count: 1, IsNotebook: true }).ToList();
        var isCanvas = notebooksAbove.Count > 0 && notebooksAbove.All(file => StudentNames.OfCanvas(file.Name) is not null);
        return [.. files
            .GroupBy(file => OwnerOf(file, isCanvas))
            .Where(group => group.Key is not null)
            .Select(group => HandIn(group.Key!, [.. group], assignment, source))
            .OfType<HandedIn>()];
    }

    /// <summary>All files are one student's, as on Gradescope.</summary>
    public static HandedIn OfOne(Student student, List<SourceEntry> files, string assignment, string place)
    {
        var (notebook, problem) = Choose([.. files.Where(file => file.IsNotebook)], files, assignment);
        return new HandedIn(student, "", notebook?.Path ?? place, notebook, null, notebook?.Problem ?? problem);
    }

    /// <summary>Who a file belongs to. A file that lies alone belongs to somebody only where it is a notebook.</summary>
    private sealed record Owner(Student Student, string Number, string Place, bool IsSurelyAStudent);

    private static Owner? OwnerOf(SourceEntry file, bool isCanvas)
    {
        var first = file.Segments[0];
        if (StudentNames.OfMoodle(first) is { } moodle)
            return new Owner(moodle.Student, moodle.Number, "", true);
        if (file.Segments.Count > 1)
            return new Owner(new Student(StudentNames.Clean(first)), "", first, false);
        // What is refused may be somebody's folder, such as a link to one.
        if (!file.IsNotebook && file.Problem is null)
            return null;
        if (isCanvas && StudentNames.OfCanvas(first) is { } canvas)
            return new Owner(canvas.Student, canvas.Number, "", true);
        // Its place makes two files of one name in an archive two owners.
        return new Owner(new Student(StudentNames.Clean(file.Stem)), "", file.Path, true);
    }

    private static HandedIn? HandIn(Owner owner, List<SourceEntry> files, string assignment, SubmissionSource source)
    {
        var notebooks = files.Where(file => file.IsNotebook).ToList();
        if (notebooks.Count == 0 && !owner.IsSurelyAStudent && files.All(file => file.Problem is null))
            return new HandedIn(owner.Student, owner.Number, files[0].Path, null, null, null);
        var place = FolderOf(files[0]);
        var (notebook, problem) = Choose(notebooks, files, assignment);
        var submittedAt = notebook is null ? null : TimeOf(notebook, files, source) ?? notebook.Modified;
        return new HandedIn(owner.Student, owner.Number, notebook?.Path ?? place, notebook, submittedAt, notebook?.Problem ?? problem);
    }

    private static (SourceEntry? Notebook, string? Problem) Choose(List<SourceEntry> notebooks, List<SourceEntry> files, string assignment)
    {
        if (notebooks.Count == 0)
        {
            var refused = files.Find(file => file.Problem is not null);
            return (refused, refused is null ? $"there is no notebook in it; what is there: {(files.Count == 0 ? "nothing" : string.Join(", ", files.Take(3).Select(file => file.Name)))}." : null);
        }
        if (notebooks.Count == 1)
            return (notebooks[0], null);
        var named = notebooks.Where(file => file.Stem.Equals(assignment, StringComparison.OrdinalIgnoreCase)).ToList();
        // Platforms put the student before the name and a number of the upload after it: the last upload counts.
        if (named.Count == 0)
            named = [.. notebooks.Where(file => file.Stem.Contains(assignment, StringComparison.OrdinalIgnoreCase))];
        if (named.Count == 0 && notebooks.All(file => StudentNames.OfCanvas(file.Name) is not null))
            named = notebooks;
        if (named.Count == 0)
            return (null, $"there are {notebooks.Count} notebooks ({string.Join(", ", notebooks.Take(3).Select(file => file.Name))}) and none is called {assignment}.ipynb; keep the one that counts.");
        return (named.OrderBy(file => file.Modified ?? DateTimeOffset.MinValue).ThenBy(file => file.Name, NumbersInOrder).Last(), null);
    }

    private static StringComparer NumbersInOrder { get; } = StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);

    /// <summary>nbgrader leaves the time beside the notebook, as Python prints it.</summary>
    private static DateTimeOffset? TimeOf(SourceEntry notebook, List<SourceEntry> files, SubmissionSource source)
    {
        var stamp = files.Find(file => file.Name == "timestamp.txt" && file.Problem is null && file.Length is > 0 and < 200
            && file.Segments.SkipLast(1).SequenceEqual(notebook.Segments.SkipLast(1)));
        if (stamp is null)
            return null;
        string text;
        try
        {
            text = System.Text.Encoding.UTF8.GetString(source.Read(stamp, 200)).Trim();
        }
        catch (InvalidDataException)
        {
            return null;
        }
        if (text.EndsWith("UTC", StringComparison.Ordinal))
            text = text[..^3].TrimEnd();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    /// <summary>nbgrader's <c>submitted/</c>, and the one folder that some programs wrap an archive in.</summary>
    private static List<SourceEntry> WithoutFoldersAround(IReadOnlyList<SourceEntry> entries, string assignment)
    {
        var submitted = entries.Where(entry => entry.Segments.Count >= 3 && entry.Segments[0] == "submitted").Select(entry => entry.Below(1)).ToList();
        if (submitted.Count > 0)
            return submitted;
        var files = entries.ToList();
        while (IsWrapped(files, assignment))
            files = [.. files.Where(file => file.Segments.Count > 1).Select(file => file.Below(1))];
        return files;
    }

    /// <summary>Whether everything lies in one folder that is no student's: it holds several notebooks, or folders with notebooks, and not the assignment itself.</summary>
    private static bool IsWrapped(List<SourceEntry> files, string assignment)
    {
        var notebooks = files.Where(file => file.IsNotebook).ToList();
        if (notebooks.Count < 2 || notebooks.Any(file => file.Segments.Count < 2 || file.Segments[0] != notebooks[0].Segments[0]))
            return false;
        var folder = notebooks[0].Segments[0];
        return StudentNames.OfMoodle(folder) is null
            && !notebooks.Any(file => file.Segments.Count == 2 && file.Stem.Equals(assignment, StringComparison.OrdinalIgnoreCase))
            && !notebooks.Any(file => IsOfNbgrader(file, assignment) && file.Segments.Count == 3);
    }

    private static bool IsOfNbgrader(SourceEntry file, string assignment) =>
        file.Segments.Count >= 3 && file.Segments[1].Equals(assignment, StringComparison.OrdinalIgnoreCase);

    private static string FolderOf(SourceEntry file) =>
        file.Segments.Count > 1 ? file.Path[..Math.Max(0, file.Path.Length - file.Name.Length)] : file.Path;
}
