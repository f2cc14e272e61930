using System.Text.RegularExpressions;
using CourseKit.Session.Cells;

namespace CourseKit.Session.Packages;

/// <summary>A package that a cell asks for.</summary>
/// <param name="Directive">The line that asks.</param>
/// <param name="Id">Its name.</param>
/// <param name="Version">A version or a range of them as NuGet writes it; <c>*</c> for the newest.</param>
internal sealed partial record PackageRequest(Directive Directive, string Id, string Version)
{
    /// <summary>Whether the answer may be another tomorrow.</summary>
    public bool IsFloating => Version.Contains('*', StringComparison.Ordinal);

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

    [GeneratedRegex(@"^[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*$")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[\[(]?[0-9A-Za-z.*+-]*(\s*,\s*[0-9A-Za-z.*+-]*)?[\])]?$")]
    private static partial Regex VersionPattern();
}
