using CourseKit.Session.Cells;
using CourseKit.Session.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Session.Language;

/// <summary>Tells whether a cell is whole, needs another line, or cannot become right by any.</summary>
internal static class CompletenessCheck
{
    private const int IndentSize = 4;

    // What the lexer says of a text that the end of its line cuts off: no further line can mend it.
    private static readonly string[] s_beyondRepair = ["CS1010", "CS1039"];

    public static CompletenessEvent Answer(IsCompleteRequest question, CancellationToken cancellationToken)
    {
        if (DirectiveLines.Read(question.Code, cancellationToken).EndInAnotherLanguage)
            return new CompletenessEvent(question.Id, CompletenessEvent.Complete, "");
        var source = CellSource.Parse(question.Code, cancellationToken);
        var tree = CSharpSyntaxTree.ParseText(UsingDeclarations.Lift(source.Code, out _), CellCompiler.ParseOptions, cancellationToken: cancellationToken);
        var errors = tree.GetDiagnostics(cancellationToken).Where(remark => remark.Severity == DiagnosticSeverity.Error && remark.Id != CellCompiler.NamespaceInScript).ToArray();
        if (errors.Length == 0)
            return new CompletenessEvent(question.Id, CompletenessEvent.Complete, "");
        return errors.Any(IsBeyondRepair) || SyntaxFactory.IsCompleteSubmission(tree)
            ? new CompletenessEvent(question.Id, CompletenessEvent.Invalid, "")
            : new CompletenessEvent(question.Id, CompletenessEvent.Incomplete, NextIndent(source.Code, tree.GetRoot(cancellationToken)));
    }

    private static bool IsBeyondRepair(Diagnostic error)
    {
        // A text over several lines may go on in the next one; the compiler has the same words for it.
        if (!s_beyondRepair.Contains(error.Id, StringComparer.Ordinal))
            return false;
        var token = error.Location.SourceTree!.GetRoot().FindToken(error.Location.SourceSpan.Start);
        return !token.Text.StartsWith('@') && !token.Text.StartsWith("$@", StringComparison.Ordinal);
    }

    private static string NextIndent(string code, SyntaxNode root)
    {
        // Inside a text every space counts, and a text has no indentation of its own.
        if (root.DescendantTokens().LastOrDefault(token => !token.IsMissing && token.Span.Length > 0).Kind()
            is SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken)
        {
            return "";
        }

        var line = code.TrimEnd().Split('\n')[^1];
        var indent = line[..^line.TrimStart().Length];
        var last = root.DescendantTokens().LastOrDefault(token => !token.IsMissing && token.Span.Length > 0);
        return last.Kind() is SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken || IsHeader(last)
            ? indent + new string(' ', IndentSize)
            : indent;
    }

    // if (x), for (...), else: what follows belongs to it.
    private static bool IsHeader(SyntaxToken last) => last.Kind() switch
    {
        SyntaxKind.ElseKeyword or SyntaxKind.DoKeyword or SyntaxKind.TryKeyword or SyntaxKind.FinallyKeyword => true,
        SyntaxKind.CloseParenToken => last.Parent?.Kind() is SyntaxKind.IfStatement or SyntaxKind.ForStatement or SyntaxKind.ForEachStatement
            or SyntaxKind.ForEachVariableStatement or SyntaxKind.WhileStatement or SyntaxKind.UsingStatement or SyntaxKind.LockStatement
            or SyntaxKind.FixedStatement,
        _ => false,
    };
}
