using CourseKit.Session.Cells;
using CourseKit.Session.Magics;

namespace CourseKit.Session.Guarding;

/// <summary>Finds the lines of an untrusted cell that would bring in code that nobody has looked at.</summary>
internal static class DirectiveCheck
{
    public static IReadOnlyList<Suspicion> Find(IEnumerable<CellPart> parts) =>
        [.. parts.SelectMany(part => part.Opening is { } opening ? part.Directives.Append(opening) : part.Directives).Where(IsForbidden).Distinct()
            .Select(directive => new Suspicion(directive.Line, $"#{directive.Name} {directive.Text}, which brings in code from a file", true))];

    private static bool IsForbidden(Directive directive) =>
        directive.Name is "i" or "load" or "!import" || (directive.Name == "r" && !directive.Argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase));
}
