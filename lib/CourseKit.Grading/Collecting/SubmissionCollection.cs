using CourseKit.Grading.Collecting;

namespace CourseKit.Grading;

/// <summary>
/// What a class handed in for one assignment: a folder of <c>NAME.ipynb</c> or of <c>NAME/notebook.ipynb</c>, a download of
/// Moodle or Canvas (the <c>.zip</c> itself or unpacked), nbgrader's <c>submitted/NAME/ASSIGNMENT/</c>, or the folder that
/// Gradescope gives its autograder. Only names are kept in memory; an archive is read in place and never unpacked.
/// </summary>
public sealed class SubmissionCollection : IDisposable
{
    private readonly SubmissionSource source;
    private readonly CollectingOptions options;

    private SubmissionCollection(SubmissionSource source, CollectingOptions options)
    {
        this.source = source;
        this.options = options;
    }

    /// <summary>The submissions, by student. Also those from which no notebook can be taken: see <see cref="CollectedSubmission.Problem"/>.</summary>
    public IReadOnlyList<CollectedSubmission> Submissions { get; private set; } = [];

    /// <summary>Everything odd about the collection, in sentences.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>Where Gradescope expects <c>results.json</c>; null for every other kind of collection.</summary>
    public string? GradescopeResults { get; private set; }

    /// <summary>When the assignment was due, where the collection tells.</summary>
    public DateTimeOffset? DueDate { get; private set; }

    /// <summary>Looks through a folder or an archive.</summary>
    /// <param name="path">The folder, the .zip, or a single notebook.</param>
    /// <param name="assignment">The assignment's name: which notebook counts where a student handed in several.</param>
    /// <param name="options">Bounds on what is read.</param>
    /// <exception cref="GradingException">Nothing was handed in there, or it cannot be read; the message says why.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static SubmissionCollection Open(string path, string assignment, CollectingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(assignment);
        options ??= new CollectingOptions();
        var source = SubmissionSource.Open(path, options);
        try
        {
            var collection = new SubmissionCollection(source, options);
            collection.Collect(path, assignment);
            return collection;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Reads the bytes of one submission.</summary>
    /// <exception cref="InvalidDataException">It cannot be taken; the message is the sentence to report.</exception>
    /// <exception cref="IOException">The disk failed: that is not the student's doing.</exception>
    public Submission Read(CollectedSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (submission.Problem is not null || submission.Entry is null)
            throw new InvalidDataException(submission.Problem ?? "there is no notebook.");
        return new Submission(submission.Student.Id, submission.Path, source.Read(submission.Entry, options.MaximumFileSize), submission.SubmittedAt);
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private void Collect(string path, string assignment)
    {
        var problems = new List<string>();
        var handedIn = Gradescope(path, assignment) ?? SubmissionLayout.Arrange(source.Entries, assignment, source);
        foreach (var nobody in handedIn.Where(item => item is { Notebook: null, Problem: null }))
            problems.Add($"{nobody.Place}: no notebook (.ipynb) is in this folder, so it was taken for nobody's work.");
        var submissions = Named([.. handedIn.Where(item => item is not { Notebook: null, Problem: null })], problems);
        if (submissions.Count == 0)
        {
            throw new GradingException($"{path}: no submission for {assignment} was found. Expected NAME.ipynb, NAME/notebook.ipynb, "
                + $"submitted/NAME/{assignment}/*.ipynb, or a download of Moodle, Canvas or Gradescope."
                + (problems.Count > 0 ? " " + problems[0] : ""));
        }
        problems.AddRange(submissions.Where(submission => submission.Problem is not null)
            .Select(submission => $"{submission.Student.Id}: {submission.Problem} ({submission.Path})"));
        Submissions = submissions;
        Problems = problems;
    }

    private List<SubmissionLayout.HandedIn>? Gradescope(string path, string assignment)
    {
        var file = source.Entries.FirstOrDefault(entry => entry.Segments.Count == 1 && entry.Name == GradescopeSubmission.FileName);
        if (file is null || !Directory.Exists(path))
            return null;
        var metadata = GradescopeSubmission.Parse(file.Path, source.Read(file, 16 << 20));
        GradescopeResults = Path.Combine(path, "results", "results.json");
        DueDate = metadata.DueDate;
        // Beside the student's files lies the autograder itself, with the reference.
        var files = source.Entries.Where(entry => entry.Segments is ["submission", _, ..]).ToList();
        var chosen = SubmissionLayout.OfOne(metadata.Student, files, assignment, Path.Combine(path, "submission"));
        return [chosen with { SubmittedAt = metadata.SubmittedAt }];
    }

    /// <summary>Gives namesakes names of their own, and everybody a file name.</summary>
    private static List<CollectedSubmission> Named(List<SubmissionLayout.HandedIn> handedIn, List<string> problems)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var named = new List<(SubmissionLayout.HandedIn Item, Student Student)>();
        foreach (var namesakes in handedIn.GroupBy(item => item.Student.Id, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var several = namesakes.Count() > 1;
            foreach (var item in namesakes.OrderBy(item => item.Number, StringComparer.Ordinal).ThenBy(item => item.Place, StringComparer.Ordinal))
            {
                var id = several && item.Number.Length > 0 ? $"{namesakes.Key} ({item.Number})" : namesakes.Key;
                for (var number = 2; !taken.Add(id); number++)
                    id = $"{namesakes.Key} ({number})";
                named.Add((item, item.Student with { Id = id }));
            }
            if (several)
                problems.Add($"{namesakes.Count()} submissions are called {namesakes.Key}; they are told apart as {string.Join(", ", named.TakeLast(namesakes.Count()).Select(pair => $"{pair.Student.Id} ({pair.Item.Place})"))}.");
        }
        var files = SafeFileName.OfAll(named.Select(pair => pair.Student.Id));
        return [.. named.Select(pair => new CollectedSubmission
        {
            Student = pair.Student,
            FileName = files[pair.Student.Id],
            Path = pair.Item.Place,
            SubmittedAt = pair.Item.SubmittedAt,
            Problem = pair.Item.Problem,
            Entry = pair.Item.Notebook,
        }).OrderBy(submission => submission.Student.Id, StringComparer.Ordinal)];
    }
}
