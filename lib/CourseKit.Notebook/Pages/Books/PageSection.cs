using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Notebook;

/// <summary>What stands under one heading of a page, for the search and for links to it.</summary>
/// <param name="Id">The fragment that leads there; empty for what stands before the first heading.</param>
/// <param name="Title">The heading's text.</param>
/// <param name="Cell">The index of the cell that holds the heading.</param>
/// <param name="Text">Prose and code in one line; formulas set apart are left out.</param>
internal sealed record PageSection(string Id, string Title, int Cell, string Text);

/// <summary>Cuts a page into the sections between its headings while its cells are written.</summary>
internal sealed partial class PageSections
{
    private readonly List<(PageHeading Heading, int Cell, StringBuilder Text)> _open =
        [(new PageHeading(0, "", "", ""), 0, new StringBuilder())];

    /// <summary>Takes in a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="index">Its place in the notebook.</param>
    /// <param name="html">What became of it, where it is prose.</param>
    /// <param name="headings">The headings that are new with it.</param>
    public void Add(NotebookCell cell, int index, string html, IEnumerable<PageHeading> headings)
    {
        if (cell.Kind == CellKind.Code)
            _open[^1].Text.Append(' ').Append(cell.Source);
        if (cell.Kind != CellKind.Markdown)
            return;
        var at = 0;
        foreach (var heading in headings)
        {
            var start = html.IndexOf($" id=\"{heading.Id}\"", at, StringComparison.Ordinal);
            var end = start < 0 ? -1 : html.IndexOf($"</h{heading.Level}>", start, StringComparison.Ordinal);
            if (end < 0)
                continue;
            _open[^1].Text.Append(' ').Append(PlainText(html[at..html.LastIndexOf('<', start)]));
            _open.Add((heading, index, new StringBuilder()));
            at = end;
        }

        _open[^1].Text.Append(' ').Append(PlainText(html[at..]));
    }

    /// <summary>The sections so far; one without a heading only where something stands before the first.</summary>
    public List<PageSection> ToList() =>
    [
        .. _open.Select(part => new PageSection(part.Heading.Id, part.Heading.Text, part.Cell, Spaces().Replace(part.Text.ToString(), " ").Trim()))
            .Where(section => section.Id.Length > 0 || section.Text.Length > 0),
    ];

    private static string PlainText(string html) =>
        WebUtility.HtmlDecode(Tag().Replace(InlineFormula().Replace(DisplayFormula().Replace(html, " "), Spoken), tag => IsBlock().IsMatch(tag.Value) ? " " : ""));

    /// <summary>A formula between words, without the signs that only TeX needs: sigma^2, vec w.</summary>
    private static string Spoken(Match formula) => TexSigns().Replace(formula.Groups["tex"].Value, "");

    [GeneratedRegex(@"\\\[.*?\\\]|<math display=""block"">.*?</math>", RegexOptions.Singleline)]
    private static partial Regex DisplayFormula();

    [GeneratedRegex(@"\\\((?<tex>.*?)\\\)|<math>.*?<annotation[^>]*>(?<tex>.*?)</annotation></semantics></math>", RegexOptions.Singleline)]
    private static partial Regex InlineFormula();

    [GeneratedRegex(@"[\\{}]")]
    private static partial Regex TexSigns();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("^</?(p|div|li|ul|ol|h[1-6]|tr|td|th|table|pre|blockquote|br|dt|dd)\\b", RegexOptions.IgnoreCase)]
    private static partial Regex IsBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
