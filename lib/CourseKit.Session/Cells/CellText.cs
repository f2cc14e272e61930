namespace CourseKit.Session.Cells;

/// <summary>A text that is run: a cell, or a file that a cell imports.</summary>
/// <param name="Name">What tracebacks call it: <c>Cell[3]</c>, or the file.</param>
/// <param name="Code">The text as it was written.</param>
/// <param name="Folder">Where paths in it begin.</param>
/// <param name="File">The file, with its whole path; null for a cell.</param>
internal sealed record CellText(string Name, string Code, string Folder, string? File = null)
{
    /// <summary>What stands before a position in it: nothing in a cell, which the reader has before their eyes.</summary>
    public string Place => File is null ? "" : Name;

    public string Line(int number) => Code.Split('\n') is var lines && number >= 1 && number <= lines.Length ? lines[number - 1].TrimEnd('\r') : "";
}
