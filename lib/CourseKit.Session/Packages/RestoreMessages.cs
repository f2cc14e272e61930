using System.Text.RegularExpressions;

namespace CourseKit.Session.Packages;

/// <summary>Turns the SDK's messages about packages into a sentence for whoever wrote the cell.</summary>
internal static partial class RestoreMessages
{
    public static string Explain(string messages, IReadOnlyList<PackageRequest> requests, IReadOnlyCollection<string> loaded)
    {
        var errors = ErrorLine().Matches(messages).Select(match => (Code: match.Groups[1].Value, Text: match.Groups[2].Value.Trim())).Distinct().ToArray();
        var asked = string.Join(", ", requests.Select(request => request.Id));
        if (errors.FirstOrDefault(error => error.Code is "NU1301" or "NU1300") is { Text: not null } unreachable)
            return $"The packages {asked} cannot be fetched: {First(unreachable.Text)} Is there a network? A feed of your own is added by #i \"nuget: SOURCE\".";
        if (errors.FirstOrDefault(error => error.Code == "NU1101") is { Text: not null } missing)
            return $"There is no package {Quoted(missing.Text)} in {Sources(missing.Text)}{NeededBy(Quoted(missing.Text), asked, requests)}. Check how its name is written; a feed of your own is added by #i \"nuget: SOURCE\".";
        if (errors.FirstOrDefault(error => error.Code is "NU1102" or "NU1103") is { Text: not null } version)
        {
            var nearest = Nearest().Match(messages) is { Success: true } match ? $" The nearest there is is {match.Groups[1].Value}." : "";
            return $"There is no such version of a package: {First(version.Text)}.{nearest}".Replace("..", ".", StringComparison.Ordinal);
        }

        if (errors.FirstOrDefault(error => error.Code is "NU1605" or "NU1107" or "NU1608" or "NU1109") is { Text: not null } conflict)
        {
            return $"The versions of packages do not fit together: {First(conflict.Text)}"
                + (loaded.Count == 0 ? "" : $" The session has loaded {string.Join(", ", loaded)} already, and cannot change that: restart the kernel, and ask for all packages in the first cell.");
        }

        if (errors.FirstOrDefault(error => error.Code is "NU1202" or "NU1213") is { Text: not null } unfit)
            return $"A package does not fit .NET {Environment.Version.Major}: {First(unfit.Text)}";
        return errors.Length > 0
            ? $"The packages {asked} could not be fetched: {First(errors[0].Text)} ({errors[0].Code})"
            : $"The packages {asked} could not be fetched. The .NET SDK said: {(messages.Trim() is { Length: > 0 } words ? words : "nothing")}";
    }

    private static string First(string text) => text.TrimEnd('.') + ".";

    private static string Quoted(string text) => text["Unable to find package ".Length..].Split(". No")[0].Trim('\'', '.');

    private static string Sources(string text) => text.Split("source(s): ") is [_, var sources] ? "the feeds " + sources.TrimEnd('.') : "any feed";

    private static string NeededBy(string id, string asked, IReadOnlyList<PackageRequest> requests) =>
        requests.Any(request => request.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) ? "" : $", which {asked} needs";

    [GeneratedRegex(@"error (NU\d+): (.+)")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"Nearest version: (\S+)")]
    private static partial Regex Nearest();
}
