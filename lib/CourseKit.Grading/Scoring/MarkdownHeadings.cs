namespace CourseKit.Grading.Scoring;

/// <summary>
/// The headings of a Markdown cell, as text. Read line by line and without a regular expression: a student's line of a
/// million number signs must cost no more than its length.
/// </summary>
internal static class MarkdownHeadings
{
    public static IEnumerable<(int Level, string Text)> Of(string markdown)
    {
        var isInCode = false;
        foreach (var line in markdown.Split('\n'))
        {
            var text = line.TrimStart(' ');
            if (line.Length - text.Length > 3)
                continue;
            if (text.StartsWith("```", StringComparison.Ordinal) || text.StartsWith("~~~", StringComparison.Ordinal))
                isInCode = !isInCode;
            else if (!isInCode && Heading(text) is { } heading)
                yield return heading;
        }
    }

    private static (int Level, string Text)? Heading(string line)
    {
        var level = line.AsSpan().IndexOfAnyExcept('#');
        if (level is < 1 or > 6 || line[level] is not (' ' or '\t'))
            return null;
        var text = line[level..].Trim();
        var withoutClosing = text.TrimEnd('#');
        if (withoutClosing.Length == 0 || withoutClosing[^1] is ' ' or '\t')
            text = withoutClosing.TrimEnd();
        return text.Length == 0 ? null : (level, text);
    }
}
