namespace CourseKit.Grading.Collecting;

/// <summary>A folder. Links in it are reported and not followed: they could lead to another student's work or to the tests.</summary>
internal sealed class FolderSource : SubmissionSource
{
    private const int MaximumDepth = 8;

    private readonly CollectingOptions options;
    private readonly List<SourceEntry> entries = [];
    private int seen;

    public FolderSource(string folder, CollectingOptions options)
    {
        this.options = options;
        Walk(new DirectoryInfo(folder), []);
        entries.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
    }

    public override IReadOnlyList<SourceEntry> Entries => entries;

    private void Walk(DirectoryInfo folder, string[] above)
    {
        foreach (var item in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, MatchType = MatchType.Simple }))
        {
            if (++seen > options.MaximumEntries)
                throw new GradingException($"{folder}: there are more than {options.MaximumEntries} files; name the folder that holds the submissions and nothing else.");
            if (item.Name.StartsWith('.') || item.Name is "__MACOSX")
                continue;
            string[] segments = [.. above, item.Name];
            if (item.Attributes.HasFlag(FileAttributes.ReparsePoint))
                Add(item, segments, "it is a link to another place, which is not followed.");
            else if (item is not DirectoryInfo below)
                Add(item, segments, null);
            else if (segments.Length < MaximumDepth)
                Walk(below, segments);
        }
    }

    private void Add(FileSystemInfo item, string[] segments, string? problem)
    {
        var length = problem is null && item is FileInfo file ? file.Length : 0;
        entries.Add(new SourceEntry(segments, item.FullName, length, null, problem, () => File.OpenRead(item.FullName)));
    }
}
