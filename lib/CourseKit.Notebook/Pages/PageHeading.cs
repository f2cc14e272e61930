namespace CourseKit.Notebook;

/// <summary>A heading of a page, for its table of contents.</summary>
/// <param name="Level">1 for the title, 2 for a section, and so on.</param>
/// <param name="Id">The fragment that leads to it.</param>
/// <param name="Html">Its text as HTML, without links.</param>
/// <param name="Text">Its text alone, formulas as TeX.</param>
internal sealed record PageHeading(int Level, string Id, string Html, string Text);
