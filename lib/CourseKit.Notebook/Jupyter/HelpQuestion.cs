using System.Text.RegularExpressions;

namespace CourseKit.Notebook.Jupyter;

/// <summary>
/// A cell that is a name with a question mark before or after it, as people know it from IPython: <c>Console.WriteLine?</c>.
/// It is answered in the page's pager; two question marks ask for more.
/// </summary>
internal static partial class HelpQuestion
{
    /// <summary>The name that is asked for and how much is wanted of it; null for any other cell.</summary>
    public static (string Name, int Detail)? Parse(string code)
    {
        var match = Pattern().Match(code);
        if (!match.Success || match.Groups["before"].Length + match.Groups["after"].Length is 0)
            return null;
        var isLong = match.Groups["before"].Length == 2 || match.Groups["after"].Length == 2;
        return (match.Groups["name"].Value, isLong ? 1 : 0);
    }

    [GeneratedRegex(@"\A\s*(?<before>\?{0,2})\s*(?<name>[\p{L}_][\w.]*)\s*(?<after>\?{0,2})\s*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
