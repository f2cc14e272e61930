using System.Text.RegularExpressions;

namespace CourseKit.Notebook.Jupyter;

/// <summary>
/// A cell that is a name with a question mark before or after it, as people know it from IPython: <c>Console.WriteLine?</c>.
/// It is answered in the page's pager; two question marks ask for more.
/// </summary>
internal static partial class HelpQuestion
{
    private const int LongestName = 500;

    /// <summary>The name that is asked for and how much is wanted of it; null for any other cell.</summary>
    public static (string Name, int Detail)? Parse(string code)
    {
        var question = code.Trim();
        if (question.Length > LongestName || Pattern().Match(question) is not { Success: true } match || match.Groups["before"].Length + match.Groups["after"].Length is 0)
            return null;
        var isLong = match.Groups["before"].Length == 2 || match.Groups["after"].Length == 2;
        return (match.Groups["name"].Value, isLong ? 1 : 0);
    }

    [GeneratedRegex(@"\A(?<before>\?{0,2})\s*(?<name>[\p{L}_][\w.]*)\s*(?<after>\?{0,2})\z")]
    private static partial Regex Pattern();
}
