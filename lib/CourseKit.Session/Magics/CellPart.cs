using System.Collections.Immutable;
using CourseKit.Session.Cells;

namespace CourseKit.Session.Magics;

/// <summary>A stretch of a cell in one language, or one command between two of them.</summary>
/// <param name="Language">One of <see cref="CellLanguages"/>; null for a command.</param>
/// <param name="Code">C# as long as the cell, with blanks where something else stands; other languages as they are.</param>
/// <param name="Opening">The line that began it; null where the cell did.</param>
/// <param name="Directives">The lines in it that are for the session.</param>
internal sealed record CellPart(string? Language, string Code, Directive? Opening, ImmutableArray<Directive> Directives);
