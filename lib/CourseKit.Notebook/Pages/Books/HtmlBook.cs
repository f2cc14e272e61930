namespace CourseKit.Notebook;

/// <summary>What makes a site of chapters a book: a map, a search, a list of exercises, and files to take along.</summary>
public sealed record HtmlBook
{
    /// <summary>The lectures that the chapters mirror: what each is about, by its short name.</summary>
    public IReadOnlyDictionary<string, string> Sessions { get; init; } = new Dictionary<string, string>();

    /// <summary>Data files to download, each once, however many chapters use it.</summary>
    public IReadOnlyList<PageLink> Data { get; init; } = [];
}

/// <summary>A graded exercise of a chapter.</summary>
/// <param name="Title">Its title; where it says the points too, in brackets at the end, they are left out of a list that has a column for them.</param>
/// <param name="Points">What it is worth.</param>
/// <param name="IsWritten">A person grades it; else tests do.</param>
/// <param name="Cell">The index of its graded cell in the notebook, for a link to the exercise.</param>
public sealed record ChapterExercise(string Title, double Points, bool IsWritten, int Cell);
