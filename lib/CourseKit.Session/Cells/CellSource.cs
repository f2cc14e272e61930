using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CourseKit.Session.Magics;

namespace CourseKit.Session.Cells;

/// <summary>A line of a cell that is for the session and not for the compiler: <c>#r</c>, <c>#i</c> or <c>#!magic</c>.</summary>
/// <param name="Name">The word after the <c>#</c>: <c>r</c>, <c>i</c>, <c>!time</c>.</param>
/// <param name="Text">What follows it, as it was written.</param>
/// <param name="Line">Its line, from 1.</param>
internal sealed record Directive(string Name, string Text, int Line)
{
    /// <summary>What follows the name, without quotes around it.</summary>
    [JsonIgnore]
    public string Argument => Text.Trim('"').Trim();

    public static Directive Parse(string line, int number)
    {
        var body = line.Trim()[1..];
        var end = body.AsSpan().IndexOfAny(' ', '\t', '"');
        return end < 0 ? new Directive(body, "", number) : new Directive(body[..end], body[end..].Trim(), number);
    }
}

/// <summary>C# of a cell with blanks where something else stood, so that every position is the user's; and the directives in it.</summary>
internal sealed record CellSource(string Code, ImmutableArray<Directive> Directives)
{
    /// <summary>All C# of a cell: its directives, and its parts in other languages, are blank.</summary>
    public static CellSource Parse(string code, CancellationToken cancellationToken)
    {
        var parts = CellParts.Split(code, cancellationToken);
        var merged = CellParts.Blank(code);
        foreach (var part in parts.Where(part => part.Language == CellLanguages.CSharp))
        {
            for (var i = 0; i < merged.Length; i++)
            {
                if (part.Code[i] != ' ')
                    merged[i] = part.Code[i];
            }
        }

        return new CellSource(new string(merged), [.. parts.SelectMany(part => part.Directives)]);
    }
}
