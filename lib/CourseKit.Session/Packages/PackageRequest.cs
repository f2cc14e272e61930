using System.Text.RegularExpressions;
using CourseKit.Session.Cells;

namespace CourseKit.Session.Packages;

/// <summary>A package that a cell asks for.</summary>
/// <param name="Directive">The line that asks.</param>
/// <param name="Id">Its name.</param>
/// <param name="Version">A version or a range of them as NuGet writes it; <c>*</c> for the newest.</param>
internal sealed partial record PackageRequest(Directive Directive, string Id, string Version)
{
    /// <exception cref="DirectiveException">The line names no package.</exception>
    public static PackageRequest Parse(Directive directive)
    {
        var words = directive.Argument["nuget:".Length..].Split(',', 2, StringSplitOptions.TrimEntries);
        var version = words.Length > 1 && words[1].Length > 0 ? words[1] : "*";
        if (!IdPattern().IsMatch(words[0]))
            throw new DirectiveException(directive, $"\"{words[0]}\" is no name of a package; write #r \"nuget: ID, VERSION\", such as #r \"nuget: Newtonsoft.Json, 13.0.3\".");
        return VersionPattern().IsMatch(version)
            ? new PackageRequest(directive, words[0], version)
            : throw new DirectiveException(directive, $"\"{version}\" is no version of a package; write one such as 13.0.3, 13.* or [13.0,14.0), or leave it out for the newest.");
    }

    /// <summary>Whether a version is one that is asked for: the same, one of the floating ones, or one in the range.</summary>
    public bool Accepts(string version)
    {
        if (Version.IndexOf('*', StringComparison.Ordinal) is var star && star >= 0)
            return version.StartsWith(Version[..star].TrimEnd('-'), StringComparison.OrdinalIgnoreCase);
        if (Version[0] is not ('[' or '('))
            return version.Equals(Version, StringComparison.OrdinalIgnoreCase) || Compare(version, Version) == 0;
        var ends = Version.Trim('[', '(', ']', ')').Split(',', StringSplitOptions.TrimEntries);
        if (ends.Length == 1)
            return Compare(version, ends[0]) == 0;
        return (ends[0].Length == 0 || Compare(version, ends[0]) is var low && (low > 0 || (low == 0 && Version[0] == '[')))
            && (ends[1].Length == 0 || Compare(version, ends[1]) is var high && (high < 0 || (high == 0 && Version[^1] == ']')));
    }

    // "13.0" and "13.0.0" are one version. Of two with the same numbers, the one with a word behind them comes before.
    private static int Compare(string first, string second)
    {
        var (one, two) = (first.Split('-', 2), second.Split('-', 2));
        var numbers = Numbers(one[0]).CompareTo(Numbers(two[0]));
        return numbers != 0 ? numbers
            : (one.Length, two.Length) switch { (1, 2) => 1, (2, 1) => -1, (1, 1) => 0, _ => string.CompareOrdinal(one[1], two[1]) };
    }

    private static System.Version Numbers(string text) =>
        System.Version.TryParse(text + string.Concat(Enumerable.Repeat(".0", Math.Max(0, 3 - text.Count(character => character == '.')))), out var numbers) ? numbers : new System.Version();

    [GeneratedRegex(@"^[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*$")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[\[(]?[0-9A-Za-z.*+-]*(\s*,\s*[0-9A-Za-z.*+-]*)?[\])]?$")]
    private static partial Regex VersionPattern();
}
