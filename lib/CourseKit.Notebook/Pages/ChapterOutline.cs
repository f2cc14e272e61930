namespace CourseKit.Notebook;

/// <summary>What an index says about a chapter.</summary>
/// <param name="Title">The first heading, as text.</param>
/// <param name="TitleHtml">The first heading, as HTML without links.</param>
/// <param name="DescriptionHtml">The first paragraph, as HTML without links; empty where there is none.</param>
/// <param name="DescriptionText">The first paragraph, as text.</param>
internal sealed record ChapterOutline(string Title, string TitleHtml, string DescriptionHtml, string DescriptionText)
{
    /// <summary>The outline of a notebook whose Markdown was written.</summary>
    public static ChapterOutline Of(NotebookDocument document, MarkdownWriter markdown)
    {
        var name = Path.GetFileNameWithoutExtension(document.Name);
        var title = markdown.Headings.FirstOrDefault(heading => heading.Level == 1) ?? markdown.Headings.FirstOrDefault();
        var description = markdown.FirstParagraph ?? ("", "");
        return new ChapterOutline(title?.Text ?? name, title?.Html ?? PageShell.Encode(name), description.Html, description.Text);
    }
}
