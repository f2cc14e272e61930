namespace CourseKit.Session.Language.Completing;

/// <summary>How well a name fits what was typed of it.</summary>
internal enum MatchGrade
{
    Prefix,
    PrefixInOtherCase,
    Humps,
    None,
}

/// <summary>Compares names with what was typed: as a prefix, or as the beginnings of its words (<c>WL</c> for <c>WriteLine</c>).</summary>
internal static class NameMatcher
{
    public static MatchGrade Grade(string name, string typed) =>
        name.StartsWith(typed, StringComparison.Ordinal) ? MatchGrade.Prefix
        : name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? MatchGrade.PrefixInOtherCase
        : typed.Length > 1 && typed.Any(char.IsUpper) && IsSame(name[0], typed[0]) && FitsHumps(name, 1, typed, 1) ? MatchGrade.Humps
        : MatchGrade.None;

    // What is typed goes on in the same word, or at the beginning of a later one.
    private static bool FitsHumps(string name, int at, string typed, int next)
    {
        if (next == typed.Length)
            return true;
        if (at >= name.Length)
            return false;
        if (IsSame(name[at], typed[next]) && FitsHumps(name, at + 1, typed, next + 1))
            return true;
        for (var hump = at + 1; hump < name.Length; hump++)
        {
            if (IsHump(name, hump) && IsSame(name[hump], typed[next]) && FitsHumps(name, hump + 1, typed, next + 1))
                return true;
        }

        return false;
    }

    private static bool IsHump(string name, int at) =>
        (char.IsUpper(name[at]) && !(char.IsUpper(name[at - 1]) && (at + 1 == name.Length || char.IsUpper(name[at + 1]))))
        || (char.IsDigit(name[at]) && !char.IsDigit(name[at - 1]))
        || name[at - 1] == '_';

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);
}
