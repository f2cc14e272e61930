using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Notebook.Jupyter;

/// <summary>The patterns by which a front end searches the history: <c>*</c>, <c>?</c> and <c>[sets]</c>, for a whole cell.</summary>
internal static class Glob
{
    public static Regex ToRegex(string pattern)
    {
        var expression = new StringBuilder(@"\A");
        for (var index = 0; index < pattern.Length; index++)
        {
            // A bracket right after the opening one is in the set; without a closing one it is only a bracket.
            var end = pattern[index] == '[' ? pattern.IndexOf(']', Math.Min(index + 2, pattern.Length)) : -1;
            if (end > 0)
            {
                expression.Append(ToSet(pattern[(index + 1)..end]));
                index = end;
            }
            else
            {
                expression.Append(pattern[index] switch
                {
                    '*' => ".*",
                    '?' => ".",
                    var other => Regex.Escape(other.ToString()),
                });
            }
        }

        // Without backtracking no pattern takes long, whatever is asked for.
        return new Regex(expression.Append(@"\z").ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    private static string ToSet(string characters)
    {
        var isInverted = characters[0] == '^' && characters.Length > 1;
        var set = new StringBuilder(isInverted ? "[^" : "[");
        for (var index = isInverted ? 1 : 0; index < characters.Length; index++)
        {
            var isRange = index + 2 < characters.Length && characters[index + 1] == '-' && characters[index] <= characters[index + 2];
            set.Append(Escape(characters[index]));
            if (isRange)
            {
                set.Append('-').Append(Escape(characters[index + 2]));
                index += 2;
            }
        }

        return set.Append(']').ToString();

        static string Escape(char character) => $@"\u{(int)character:X4}";
    }
}
