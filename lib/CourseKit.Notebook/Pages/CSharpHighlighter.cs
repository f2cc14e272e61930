using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Notebook;

/// <summary>
/// Colours C# by its syntax tree, as static HTML: every character of the source is there, unfinished code included.
/// Names are told apart by where they stand, as no compilation is made.
/// </summary>
internal static class CSharpHighlighter
{
    private static readonly CSharpParseOptions Script = new(LanguageVersion.Preview, kind: SourceCodeKind.Script);

    // The parser descends once for each of some ten thousand brackets and ends the process when its stack is full. A
    // student's answer must not be able to do that: long code stays uncoloured, all other has a stack that suffices.
    private const int LongestSource = 16_000;
    private const int StackSize = 128 * 1024 * 1024;

    // Beyond this the parser needs seconds, and nobody reads it.
    private const int DeepestNesting = 300;

    /// <summary>The source with its tokens in spans; their classes are those of style.css.</summary>
    public static string Highlight(string source)
    {
        if (source.Length > LongestSource || Nesting(source) > DeepestNesting)
            return WebUtility.HtmlEncode(source);
        string? html = null;
        var thread = new Thread(() => html = HighlightOrEncode(source), StackSize);
        thread.Start();
        thread.Join();
        return html!;
    }

    /// <summary>A rough count of open brackets, good enough to tell code from an attack: strings and comments count too.</summary>
    private static int Nesting(string source)
    {
        var deepest = 0;
        var brackets = 0;
        var angles = 0;
        foreach (var character in source)
        {
            switch (character)
            {
                case '(' or '[' or '{':
                    brackets++;
                    break;
                case ')' or ']' or '}':
                    brackets = Math.Max(0, brackets - 1);
                    break;
                case '<':
                    angles++;
                    break;
                case '>':
                    angles = Math.Max(0, angles - 1);
                    break;
                // "Less than" has no partner; it is forgotten with its statement.
                case ';':
                    angles = 0;
                    break;
            }

            deepest = Math.Max(deepest, brackets + angles);
        }

        return deepest;
    }

    private static string HighlightOrEncode(string source)
    {
        try
        {
            return HighlightTokens(source);
        }
        catch (Exception error) when (error is InsufficientExecutionStackException or InvalidOperationException)
        {
            return WebUtility.HtmlEncode(source);
        }
    }

    private static string HighlightTokens(string source)
    {
        var html = new StringBuilder(source.Length * 2);
        var root = CSharpSyntaxTree.ParseText(source, Script).GetRoot();
        foreach (var token in root.DescendantTokens())
        {
            Append(html, token.LeadingTrivia);
            Append(html, token.Text, ClassOf(token));
            Append(html, token.TrailingTrivia);
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, SyntaxTriviaList trivia)
    {
        foreach (var piece in trivia)
            Append(html, piece.ToFullString(), ClassOf(piece));
    }

    private static void Append(StringBuilder html, string text, string? cssClass)
    {
        if (text.Length == 0)
            return;
        var encoded = WebUtility.HtmlEncode(text);
        if (cssClass is null)
            html.Append(encoded);
        else
            html.Append("<span class=\"").Append(cssClass).Append("\">").Append(encoded).Append("</span>");
    }

    private static string? ClassOf(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia => "comment",
        _ => trivia.IsDirective ? "directive" : null,
    };

    private static string? ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "number",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.Utf8StringLiteralToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            or SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken
            or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringEndToken
            or SyntaxKind.InterpolatedRawStringEndToken => "string",
        SyntaxKind.IdentifierToken => ClassOfName(token),
        _ => token.IsKeyword() || SyntaxFacts.IsContextualKeyword(token.Kind()) ? "keyword" : null,
    };

    private static string? ClassOfName(SyntaxToken name) => name.Parent switch
    {
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or TypeParameterSyntax or ConstructorDeclarationSyntax => "type",
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => "method",
        SimpleNameSyntax { IsVar: true } or IdentifierNameSyntax { Identifier.Text: "nameof" } => "keyword",
        SimpleNameSyntax used when IsCalled(used) => "method",
        SimpleNameSyntax used when IsType(used) => "type",
        _ => null,
    };

    private static bool IsCalled(SimpleNameSyntax name) =>
        name.Parent is InvocationExpressionSyntax call && call.Expression == name
        || name.Parent is MemberAccessExpressionSyntax access && access.Name == name && access.Parent is InvocationExpressionSyntax
        || name.Parent is MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax };

    /// <summary>A name in a place where only types stand, or the capitalized start of <c>Math.Sqrt</c>.</summary>
    private static bool IsType(SimpleNameSyntax name) =>
        SyntaxFacts.IsInTypeOnlyContext(name) && !IsNamespace(name)
        || name.Parent is AttributeSyntax
        || name.Parent is MemberAccessExpressionSyntax access && access.Expression == name && char.IsUpper(name.Identifier.ValueText.FirstOrDefault());

    private static bool IsNamespace(SimpleNameSyntax name) =>
        name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { } directive && directive.StaticKeyword.IsKind(SyntaxKind.None);
}
