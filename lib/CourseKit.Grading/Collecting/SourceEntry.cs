namespace CourseKit.Grading.Collecting;

/// <summary>A file in a folder or an archive, before anything is known about whose it is.</summary>
/// <param name="Segments">Its folders and its name, inside the collection.</param>
/// <param name="Path">Where it stands, for messages.</param>
/// <param name="Length">Its size as the folder or archive claims.</param>
/// <param name="Modified">The archive's time of it; null in a folder, where copying changes times.</param>
/// <param name="Problem">Why it must not be read; null where it may.</param>
/// <param name="Open">Opens it. A source hands out one stream at a time: read through the source.</param>
internal sealed record SourceEntry(
    IReadOnlyList<string> Segments, string Path, long Length, DateTimeOffset? Modified, string? Problem, Func<Stream> Open)
{
    public string Name => Segments[^1];

    public bool IsNotebook => Name.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name without the ending.</summary>
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Name);

    public SourceEntry Below(int folders) => this with { Segments = [.. Segments.Skip(folders)] };
}
