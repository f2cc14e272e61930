using CourseKit.Grading.Gradebooks;

namespace CourseKit.Grading;

/// <summary>Joins the grade folders of shards into one.</summary>
public static class GradebookMerge
{
    /// <summary>
    /// Puts the results and gradebooks of several folders into another, which may exist. Where two graded the same
    /// submission, the newest grading counts and the others are history. Doing it twice changes nothing.
    /// </summary>
    /// <returns>How many result files the folders had, and a sentence about each that could not be read.</returns>
    /// <exception cref="GradingException">A folder holds no grades.</exception>
    public static async Task<(int Results, IReadOnlyList<string> Problems)> MergeAsync(
        IReadOnlyList<GradeFolder> parts, GradeFolder whole, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(whole);
        foreach (var part in parts)
        {
            if (!Directory.Exists(part.Results) && !File.Exists(part.Database))
                throw new GradingException($"{part.Path}: there are no grades in this folder; name the folders that were given to grade with -o.");
            if (part.Path == whole.Path)
                throw new GradingException($"{part.Path}: the folder to join into (-o) is one of those to join; name another, then remove the parts.");
        }

        using var gradebook = await Gradebook.OpenToWriteAsync(whole, cancellationToken).ConfigureAwait(false);
        var results = 0;
        var problems = new List<string>();
        foreach (var part in parts)
        {
            foreach (var path in new ResultStore(part).Paths())
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    Merge(path, whole);
                    results++;
                }
                catch (GradingException damage)
                {
                    problems.Add(damage.Message);
                }
            }
            if (File.Exists(part.Database))
            {
                using var other = Gradebook.OpenToRead(part);
                gradebook.TakeAll(other);
            }
        }
        problems.AddRange(gradebook.TakeResults().Problems);
        return (results, problems);
    }

    private static void Merge(string path, GradeFolder whole)
    {
        var record = ResultStore.Read(path);
        // Names of files are unique in one collection; these may come from two.
        var (fileName, there) = new ResultStore(whole).Locate(record.Result.Assignment, record.Student.Id, Path.GetFileNameWithoutExtension(path));
        var target = whole.ResultOf(record.Result.Assignment, fileName);
        var (newest, older) = there is null ? (record, null) : IsNewer(record, there) ? (record, there) : (there, record);
        if (newest == record)
        {
            var executed = Path.ChangeExtension(path, ".ipynb");
            if (File.Exists(executed))
            {
                CourseKit.Notebook.AtomicFile.Write(Path.ChangeExtension(target, ".ipynb"), stream =>
                {
                    using var source = File.OpenRead(executed);
                    source.CopyTo(stream);
                });
            }
        }
        ResultStore.Write(target, older is null ? newest : newest with { History = Joined(newest, older) });
    }

    private static bool IsNewer(GradingRecord a, GradingRecord b) =>
        (a.GradedAt, a.Id).CompareTo((b.GradedAt, b.Id)) > 0;

    private static List<PastGrading> Joined(GradingRecord newest, GradingRecord older) =>
        [.. newest.History.Concat(older.History).Append(older.ToPast())
            .Where(past => past.Id != newest.Id)
            .DistinctBy(past => past.Id)
            .OrderBy(past => past.GradedAt).ThenBy(past => past.Id)];
}
