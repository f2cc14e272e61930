namespace CourseKit.Grading.Collecting;

/// <summary>A folder or an archive with submissions in it. Nothing is ever unpacked to the disk.</summary>
internal abstract class SubmissionSource : IDisposable
{
    private readonly Lock reading = new();

    /// <summary>All files, in the order of their paths.</summary>
    public abstract IReadOnlyList<SourceEntry> Entries { get; }

    public static SubmissionSource Open(string path, CollectingOptions options)
    {
        if (Directory.Exists(path))
            return new FolderSource(path, options);
        if (!File.Exists(path))
            throw new GradingException($"{path}: there is no such folder or file; name the folder with the submissions, or the .zip that Moodle or Canvas gave you.");
        if (path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
            return new SingleFileSource(path);
        return new ZipSource(path, options);
    }

    /// <summary>Reads a file, but no more bytes than the limit, whatever its size claims to be.</summary>
    /// <exception cref="InvalidDataException">It is larger, or damaged; the message is a sentence.</exception>
    public byte[] Read(SourceEntry entry, long limit)
    {
        // Nothing empty is opened: a pipe or a device placed here claims to be empty, and opening one may wait forever.
        if (entry.Length == 0)
            return [];
        if (entry.Length > limit)
            throw TooLarge(limit);
        lock (reading)
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream((int)Math.Min(entry.Length, 1 << 20));
            var buffer = new byte[81920];
            for (int count; (count = stream.Read(buffer)) > 0;)
            {
                if (bytes.Length + count > limit)
                    throw TooLarge(limit);
                bytes.Write(buffer, 0, count);
            }
            return bytes.ToArray();
        }
    }

    private static InvalidDataException TooLarge(long limit) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the file is larger than the {limit / 1048576.0:0.#} MB that are read of a submission."));

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class SingleFileSource(string path) : SubmissionSource
    {
        public override IReadOnlyList<SourceEntry> Entries { get; } =
            [new([Path.GetFileName(path)], path, new FileInfo(path).Length, null, null, () => File.OpenRead(path))];
    }
}
