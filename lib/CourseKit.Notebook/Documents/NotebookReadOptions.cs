namespace CourseKit.Notebook;

/// <summary>How strictly a notebook is read.</summary>
public sealed record NotebookReadOptions
{
    /// <summary>The largest file that is read, in bytes; 256 MB unless told otherwise.</summary>
    public long MaximumSize { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// Whether two cells may carry the same id. Editors produce such files when a cell is copied; a grader has its own
    /// rule for them, everything else refuses them.
    /// </summary>
    public bool AllowDuplicateIds { get; init; }
}
