using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CourseKit.Session.Compiling;

/// <summary>
/// Makes static classes with extension methods possible in a cell. All classes of a script are nested in one of the
/// compiler's own, and there such methods are not allowed; but a script's own functions may extend. So every such
/// method becomes an ordinary one, and a function behind its class, on the same line, extends in its place: earlier
/// cells' types can be extended, and running the cell again replaces the method, as with any function.
/// </summary>
internal static class ExtensionClasses
{
    private static readonly string s_hidden = "global::" + typeof(StackTraceHiddenAttribute).FullName;

    /// <summary>The cell's code with its extension methods lifted out.</summary>
    /// <param name="root">The cell.</param>
    /// <param name="inserted">Where the new code has what the old had not.</param>
    /// <returns>The code; null where there is nothing to lift.</returns>
    public static string? Lift(CompilationUnitSyntax root, out IReadOnlyList<TextSpan> inserted)
    {
        var spans = new List<TextSpan>();
        inserted = spans;
        var classes = root.Members.OfType<ClassDeclarationSyntax>().Where(IsExtensionClass).ToArray();
        if (classes.Length == 0)
            return null;

        var code = new StringBuilder(root.ToFullString());
        foreach (var method in classes.SelectMany(ExtensionMethods))
        {
            // Blanks in its place, so that every column stays what it was.
            var word = method.ParameterList.Parameters[0].Modifiers.First(modifier => modifier.IsKind(SyntaxKind.ThisKeyword)).Span;
            code.Remove(word.Start, word.Length).Insert(word.Start, new string(' ', word.Length));
        }

        var grown = 0;
        foreach (var type in classes)
        {
            var forwarders = string.Concat(ExtensionMethods(type).Where(IsVisible).Select(method => Forwarder(type, method)));
            var end = type.Span.End + grown;
            code.Insert(end, forwarders);
            spans.Add(new TextSpan(end, forwarders.Length));
            grown += forwarders.Length;
        }

        return code.ToString();
    }

    private static bool IsExtensionClass(ClassDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.StaticKeyword) && type.TypeParameterList is null && ExtensionMethods(type).Any();

    private static IEnumerable<MethodDeclarationSyntax> ExtensionMethods(ClassDeclarationSyntax type) =>
        type.Members.OfType<MethodDeclarationSyntax>().Where(method => method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(SyntaxKind.ThisKeyword) == true);

    private static bool IsVisible(MethodDeclarationSyntax method) =>
        method.Modifiers.Any(SyntaxKind.PublicKeyword) || method.Modifiers.Any(SyntaxKind.InternalKeyword);

    private static string Forwarder(ClassDeclarationSyntax type, MethodDeclarationSyntax method)
    {
        var isReference = method.ReturnType is RefTypeSyntax;
        var typeArguments = method.TypeParameterList is { } list ? $"<{string.Join(", ", list.Parameters.Select(parameter => parameter.Identifier.Text))}>" : "";
        var arguments = string.Join(", ", method.ParameterList.Parameters.Select(Argument));
        var isUnsafe = method.Modifiers.Any(SyntaxKind.UnsafeKeyword) || type.Modifiers.Any(SyntaxKind.UnsafeKeyword);
        return OnOneLine(
            $"[{s_hidden}] static {(isUnsafe ? "unsafe " : "")}{method.ReturnType} {method.Identifier.Text}{method.TypeParameterList}{method.ParameterList} {method.ConstraintClauses}"
            + $" => {(isReference ? "ref " : "")}{type.Identifier.Text}.{method.Identifier.Text}{typeArguments}({arguments});");
    }

    private static string Argument(ParameterSyntax parameter) =>
        parameter.Modifiers.Any(SyntaxKind.OutKeyword) ? "out " + parameter.Identifier.Text
        : parameter.Modifiers.Any(SyntaxKind.RefKeyword) && !parameter.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) ? "ref " + parameter.Identifier.Text
        : parameter.Modifiers.Any(SyntaxKind.InKeyword) || parameter.Modifiers.Any(SyntaxKind.RefKeyword) ? "in " + parameter.Identifier.Text
        : parameter.Identifier.Text;

    // A declaration over several lines may have remarks at the end of each; they would swallow what follows.
    private static string OnOneLine(string code)
    {
        var root = SyntaxFactory.ParseSyntaxTree(code, CellCompiler.ParseOptions).GetRoot();
        return " " + string.Join(' ', root.DescendantTokens().Select(token => token.Text)).TrimEnd();
    }
}
