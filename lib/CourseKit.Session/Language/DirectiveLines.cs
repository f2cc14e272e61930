using System.Collections.Immutable;
using CourseKit.Session.Cells;
using CourseKit.Session.Magics;

namespace CourseKit.Session.Language;

/// <summary>The lines of a cell that are for the session, and what language the others are in.</summary>
internal sealed class DirectiveLines
{
    private readonly ImmutableArray<CellPart> _parts;

    private DirectiveLines(ImmutableArray<CellPart> parts) => _parts = parts;

    /// <summary>Whether the cell's last part is in another language than C#, none of the compiler's business.</summary>
    public bool EndInAnotherLanguage => IsAnotherLanguage(int.MaxValue);

    public static DirectiveLines Read(string code, CancellationToken cancellationToken) => new(CellParts.Split(code, cancellationToken));

    /// <summary>The directive in a line, from 1; null where there is none.</summary>
    public Directive? At(int line) => _parts.SelectMany(part => part.Opening is { } opening ? part.Directives.Add(opening) : part.Directives)
        .FirstOrDefault(directive => directive.Line == line);

    public bool IsAnotherLanguage(int line) =>
        _parts.LastOrDefault(part => part.Language is not null && (part.Opening?.Line ?? 0) < line)?.Language is { } language && language != CellLanguages.CSharp;
}
