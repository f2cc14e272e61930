using CourseKit.Session.Cells;
using CourseKit.Session.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CourseKit.Session.Language;

/// <summary>A cell while it is written, with a cursor in it.</summary>
internal sealed class CellDraft
{
    private readonly CellCompiler _compiler;
    private readonly DirectiveLines _lines;
    private readonly Lazy<SemanticModel> _model;

    private CellDraft(CellSource source, DirectiveLines lines, string code, int cursor, CellCompiler compiler, CancellationToken cancellationToken)
    {
        Source = source;
        Cursor = cursor;
        _compiler = compiler;
        _lines = lines;
        Text = SourceText.From(code);
        var compilation = compiler.Draft(source.Code, cursor, cancellationToken);
        Tree = compilation.Tree;
        Root = Tree.GetRoot(cancellationToken);
        _model = new Lazy<SemanticModel>(() => compilation.Compile().GetSemanticModel(Tree, ignoreAccessibility: false));
    }

    /// <summary>The code as it was written.</summary>
    public SourceText Text { get; }

    /// <summary>The code with its directives blanked out.</summary>
    public CellSource Source { get; }

    public int Cursor { get; }

    public SyntaxTree Tree { get; }

    public SyntaxNode Root { get; }

    public SemanticModel Model => _model.Value;

    /// <summary>The line for the session that the cursor is in; null where it stands in code.</summary>
    public Directive? Directive => _lines.At(Line);

    public bool IsInAnotherLanguage => _lines.IsAnotherLanguage(Line);

    // From 1.
    private int Line => Text.Lines.GetLineFromPosition(Cursor).LineNumber + 1;

    public static CellDraft Read(string code, int cursor, CellCompiler compiler, CancellationToken cancellationToken) =>
        new(CellSource.Parse(code, cancellationToken), DirectiveLines.Read(code, cancellationToken), code, Clamp(code, cursor), compiler, cancellationToken);

    /// <summary>The same cell with other characters from <paramref name="start"/> to the cursor.</summary>
    public CellDraft Replace(int start, string replacement, CancellationToken cancellationToken)
    {
        var code = string.Concat(Source.Code.AsSpan(0, start), replacement, Source.Code.AsSpan(Cursor));
        return new CellDraft(Source with { Code = code }, _lines, code, start + replacement.Length, _compiler, cancellationToken);
    }

    /// <summary>Whether the cursor is inside a text, a comment or code that is switched off: there are no names there.</summary>
    public bool IsInsideText()
    {
        var trivia = Root.FindTrivia(Math.Max(Cursor - 1, 0));
        if (Cursor > 0 && IsRemark(trivia) && (Cursor < trivia.FullSpan.End || !IsClosed(trivia)))
            return true;
        var token = Root.FindToken(Math.Max(Cursor - 1, 0));
        return token.Kind() switch
        {
            SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.CharacterLiteralToken
                or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken
                => Cursor > token.SpanStart && (Cursor < token.Span.End || IsUnterminated(token)),
            SyntaxKind.InterpolatedStringTextToken => Cursor > token.SpanStart && Cursor <= token.Span.End,
            SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
                or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken => Cursor > token.SpanStart,
            _ => false,
        };
    }

    private static bool IsRemark(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia or SyntaxKind.DisabledTextTrivia
        or SyntaxKind.PreprocessingMessageTrivia;

    private static bool IsClosed(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) && trivia.ToString().EndsWith("*/", StringComparison.Ordinal);

    private static bool IsUnterminated(SyntaxToken token) =>
        token.GetDiagnostics().Any(remark => remark.Severity == DiagnosticSeverity.Error);

    // A cursor between the halves of a character outside the first plane stands before it.
    private static int Clamp(string code, int cursor)
    {
        cursor = Math.Clamp(cursor, 0, code.Length);
        return cursor > 0 && cursor < code.Length && char.IsLowSurrogate(code[cursor]) && char.IsHighSurrogate(code[cursor - 1]) ? cursor - 1 : cursor;
    }
}
