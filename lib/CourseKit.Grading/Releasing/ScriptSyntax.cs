using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CourseKit.Grading.Releasing;

/// <summary>What the release must know about a cell's C#: does it parse, and is a line inside a function's body?</summary>
internal static class ScriptSyntax
{
    private static readonly CSharpParseOptions Script =
        CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Preview);

    /// <summary>The first syntax error and its line, from 0; null when the cell parses.</summary>
    public static (int Line, string Message)? FirstError(string[] lines)
    {
        var error = Parse(lines).GetDiagnostics().FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error);
        return error is null
            ? null
            : (error.Location.GetLineSpan().StartLinePosition.Line,
                error.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Whether code in this line runs only when a function is called: a method, local function, lambda, constructor or
    /// accessor has its body, in braces or after an arrow, around the line.
    /// </summary>
    public static bool IsInsideFunction(string[] lines, int line)
    {
        var tree = Parse(lines);
        var text = tree.GetText();
        var position = text.Lines[line].Start + Indentation(lines[line]).Length;
        return tree.GetRoot().DescendantNodes().Any(node => Body(node) is { } body && body.Contains(position));
    }

    public static string Indentation(string line) => line[..(line.Length - line.AsSpan().TrimStart().Length)];

    private static TextSpan? Body(SyntaxNode node) => node switch
    {
        BlockSyntax
        {
            Parent: BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax
            or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax
        } block =>
            TextSpan.FromBounds(block.OpenBraceToken.Span.End, block.CloseBraceToken.Span.End),
        ArrowExpressionClauseSyntax arrow =>
            TextSpan.FromBounds(arrow.ArrowToken.Span.End, arrow.FullSpan.End),
        LambdaExpressionSyntax { ExpressionBody: { } expression } lambda =>
            TextSpan.FromBounds(lambda.ArrowToken.Span.End, expression.FullSpan.End),
        _ => null,
    };

    private static SyntaxTree Parse(string[] lines) => CSharpSyntaxTree.ParseText(
        SourceText.From(string.Join('\n', lines.Select(WithoutMagic))), Script);

    // Magic commands are the kernel's; as C# they would be errors. The line stays, so that numbers agree.
    private static string WithoutMagic(string line) =>
        line.AsSpan().TrimStart() is var start
        && (start.StartsWith("#!", StringComparison.Ordinal) || start.StartsWith("#i ", StringComparison.Ordinal)
            || start.StartsWith("#r ", StringComparison.Ordinal))
            ? ""
            : line;
}
