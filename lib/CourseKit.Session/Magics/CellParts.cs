using System.Collections.Immutable;
using CourseKit.Session.Cells;
using CourseKit.Session.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CourseKit.Session.Magics;

/// <summary>Cuts a cell at its language lines, and its C# at the commands that act between two statements.</summary>
internal static class CellParts
{
    public static ImmutableArray<CellPart> Split(string code, CancellationToken cancellationToken) =>
        IsPlain(code) ? [Plain(code)] : new Splitter(code, cancellationToken).Split();

    /// <summary>Whether a cell has no line that could begin with a <c>#</c>.</summary>
    public static bool IsPlain(string code) => !code.Contains('#', StringComparison.Ordinal);

    /// <summary>A cell that is all C#.</summary>
    public static CellPart Plain(string code) => new(CellLanguages.CSharp, code, null, []);

    /// <summary>A cell's lines, empty: what stands in them keeps its position.</summary>
    public static char[] Blank(string code) => [.. code.Select(character => character is '\r' or '\n' ? character : ' ')];

    private sealed class Splitter(string code, CancellationToken cancellationToken)
    {
        private readonly SourceText _text = SourceText.From(code);
        private readonly ImmutableArray<CellPart>.Builder _parts = ImmutableArray.CreateBuilder<CellPart>();
        private readonly List<Directive> _directives = [];
        private readonly HashSet<int> _blank = [];
        private string _language = CellLanguages.CSharp;
        private Directive? _opening;
        private int _start;

        // What the C# from the last language line on looks like to the compiler; read when a line of it begins with '#'.
        private SyntaxNode? _syntax;
        private int _syntaxStart;

        public ImmutableArray<CellPart> Split()
        {
            foreach (var line in _text.Lines)
            {
                var text = _text.ToString(line.Span);
                if (IsDirective(text) && !IsText(line.Start))
                    Take(Directive.Parse(text, line.LineNumber + 1), line);
            }

            End(_text.Length);
            return _parts.ToImmutable();
        }

        private void Take(Directive directive, TextLine line)
        {
            if (CellLanguages.Of(directive.Name) is { } language)
            {
                End(line.Start);
                (_language, _opening, _start) = (language, directive, line.EndIncludingLineBreak);
                (_syntax, _syntaxStart) = (null, _start);
            }
            else if (_language != CellLanguages.CSharp)
            {
                // In a page's language a line may well begin with '#': only what is known is taken for a command.
                if (MagicCommands.IsKnown(directive.Name))
                    _directives.Add(directive);
            }
            else if (MagicCommands.ActsInPlace(directive.Name))
            {
                End(line.Start);
                _parts.Add(new CellPart(null, "", directive, []));
                _start = line.EndIncludingLineBreak;
            }
            else if (directive.Name.StartsWith("!/", StringComparison.Ordinal) && directive.Line == 1)
            {
                // It says which program runs the script.
                _blank.Add(line.LineNumber);
            }
            else
            {
                _directives.Add(directive);
            }
        }

        private void End(int end)
        {
            var isBlank = _text.ToString(TextSpan.FromBounds(_start, end)).AsSpan().IsWhiteSpace();
            if (!isBlank || _directives.Count > 0 || (_opening is not null && _language != CellLanguages.CSharp))
                _parts.Add(new CellPart(_language, _language == CellLanguages.CSharp ? CSharp(end) : Content(end), _opening, [.. _directives]));
            _directives.Clear();
            _opening = null;
        }

        private string CSharp(int end)
        {
            if (_start == 0 && end == _text.Length && _directives.Count == 0 && _blank.Count == 0)
                return code;
            var characters = Blank(code);
            code.AsSpan(_start, end - _start).CopyTo(characters.AsSpan(_start));
            foreach (var line in _text.Lines.Where(line => line.Start >= _start && line.Start < end && IsOurs(line)))
                Array.Fill(characters, ' ', line.Start, line.Span.Length);
            return new string(characters);
        }

        private bool IsOurs(TextLine line) => _blank.Contains(line.LineNumber) || _directives.Any(directive => directive.Line == line.LineNumber + 1);

        private string Content(int end) => string.Join('\n', _text.Lines
            .Where(line => line.Start >= _start && line.Start < end && _directives.All(directive => directive.Line != line.LineNumber + 1))
            .Select(line => _text.ToString(line.Span))).Trim('\n');

        private static bool IsDirective(string line)
        {
            var start = line.AsSpan().TrimStart();
            return start.StartsWith("#!", StringComparison.Ordinal) || IsWord(start, "#r") || IsWord(start, "#i");
        }

        // "#r" begins "#region" as well, and "#i" "#if".
        private static bool IsWord(ReadOnlySpan<char> line, string word) =>
            line.StartsWith(word, StringComparison.Ordinal) && (line.Length == word.Length || line[word.Length] is ' ' or '\t' or '"');

        // Inside a literal, a comment or code that #if switches off, a line says what the user says.
        private bool IsText(int position)
        {
            if (_language != CellLanguages.CSharp)
                return false;
            _syntax ??= CSharpSyntaxTree.ParseText(_text.GetSubText(TextSpan.FromBounds(_syntaxStart, _text.Length)), CellCompiler.ParseOptions, cancellationToken: cancellationToken).GetRoot(cancellationToken);
            var token = _syntax.FindToken(position - _syntaxStart);
            if (token.SpanStart < position - _syntaxStart && position - _syntaxStart < token.Span.End)
                return true;
            var trivia = _syntax.FindTrivia(position - _syntaxStart);
            if (trivia.GetStructure() is DirectiveTriviaSyntax { IsActive: false })
            {
                // The compiler minds "#!" even where it is switched off.
                _blank.Add(_text.Lines.GetLineFromPosition(position).LineNumber);
                return true;
            }

            return trivia.Kind() is SyntaxKind.DisabledTextTrivia or SyntaxKind.MultiLineCommentTrivia;
        }
    }
}
