using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Compiling;

/// <summary>
/// Makes <c>using var file = ...;</c> possible in a cell. A script takes every <c>using</c> for a directive; so the word
/// becomes blanks, the variable one like any other, and the session disposes of what it holds when the cell ends, as at
/// the end of any block.
/// </summary>
internal static class UsingDeclarations
{
    private static readonly CSharpParseOptions s_program = CellCompiler.ParseOptions.WithKind(SourceCodeKind.Regular);

    /// <summary>The code without those words.</summary>
    /// <param name="code">A cell.</param>
    /// <param name="variables">The variables that they stood before, in their order.</param>
    /// <returns>The code, of the same length.</returns>
    public static string Lift(string code, out IReadOnlyList<string> variables)
    {
        variables = [];
        if (!code.Contains("using", StringComparison.Ordinal))
            return code;

        // In a program the statement is what it looks like.
        var declarations = ((CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, s_program).GetRoot()).Members.OfType<GlobalStatementSyntax>()
            .Select(member => member.Statement).OfType<LocalDeclarationStatementSyntax>()
            .Where(statement => !statement.UsingKeyword.IsKind(SyntaxKind.None)).ToArray();
        if (declarations.Length == 0)
            return code;
        var lifted = new StringBuilder(code);
        foreach (var token in declarations.SelectMany(statement => new[] { statement.AwaitKeyword, statement.UsingKeyword }).Where(token => token.Span.Length > 0))
            lifted.Remove(token.SpanStart, token.Span.Length).Insert(token.SpanStart, new string(' ', token.Span.Length));
        variables = [.. declarations.SelectMany(statement => statement.Declaration.Variables).Select(variable => variable.Identifier.ValueText)];
        return lifted.ToString();
    }
}
