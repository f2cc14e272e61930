using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CourseKit.Session.Cells;

/// <summary>A line of a cell that is for the session and not for the compiler: <c>#r</c>, <c>#i</c> or <c>#!magic</c>.</summary>
/// <param name="Name">The word after the <c>#</c>: <c>r</c>, <c>i</c>, <c>!time</c>.</param>
/// <param name="Argument">What follows it, without quotes.</param>
/// <param name="Line">Its line, from 1.</param>
internal sealed record Directive(string Name, string Argument, int Line);

/// <summary>A cell taken apart: its directives, and C# with blanks where they stood, so that every position is the user's.</summary>
internal sealed record CellSource(string Code, ImmutableArray<Directive> Directives)
{
    public static CSharpParseOptions ParseOptions { get; } =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    public static CellSource Parse(string code, CancellationToken cancellationToken)
    {
        var text = SourceText.From(code);
        var candidates = text.Lines.Where(line => IsDirective(text.ToString(line.Span))).ToArray();
        if (candidates.Length == 0)
            return new CellSource(code, []);

        var root = CSharpSyntaxTree.ParseText(text, ParseOptions, cancellationToken: cancellationToken).GetRoot(cancellationToken);
        var characters = code.ToCharArray();
        var directives = ImmutableArray.CreateBuilder<Directive>();
        foreach (var line in candidates)
        {
            if (IsInsideLiteral(root, line.Start) || IsSwitchedOff(root, line.Start))
                continue;
            directives.Add(ParseDirective(text.ToString(line.Span), line.LineNumber + 1));
            Array.Fill(characters, ' ', line.Start, line.Span.Length);
        }

        return new CellSource(new string(characters), directives.ToImmutable());
    }

    private static bool IsDirective(string line)
    {
        var start = line.AsSpan().TrimStart();
        return start.StartsWith("#!", StringComparison.Ordinal) || IsWord(start, "#r") || IsWord(start, "#i");
    }

    // "#r" begins "#region" as well, and "#i" "#if".
    private static bool IsWord(ReadOnlySpan<char> line, string word) =>
        line.StartsWith(word, StringComparison.Ordinal) && (line.Length == word.Length || line[word.Length] is ' ' or '\t' or '"');

    private static bool IsInsideLiteral(SyntaxNode root, int position)
    {
        var token = root.FindToken(position);
        return token.SpanStart < position && position < token.Span.End;
    }

    private static bool IsSwitchedOff(SyntaxNode root, int position) =>
        root.FindTrivia(position) is var trivia
        && trivia.Kind() is SyntaxKind.DisabledTextTrivia or SyntaxKind.MultiLineCommentTrivia;

    private static Directive ParseDirective(string line, int number)
    {
        var body = line.Trim()[1..];
        var end = body.AsSpan().IndexOfAny(' ', '\t', '"');
        return end < 0
            ? new Directive(body, "", number)
            : new Directive(body[..end], body[end..].Trim().Trim('"').Trim(), number);
    }
}
