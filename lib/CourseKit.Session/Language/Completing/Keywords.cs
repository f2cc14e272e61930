using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Language.Completing;

/// <summary>The language's own words, by the kind of place: no more than a beginner would expect there.</summary>
internal static class Keywords
{
    private static readonly string[] s_types =
    [
        "bool", "byte", "char", "decimal", "double", "dynamic", "float", "int", "long", "nint", "nuint", "object", "sbyte", "short", "string", "uint", "ulong", "ushort",
    ];

    private static readonly string[] s_expressions =
    [
        "await", "async", "base", "checked", "default", "delegate", "false", "from", "in", "is", "nameof", "new", "not", "null", "out", "ref", "sizeof", "stackalloc", "static", "this",
        "throw", "true", "typeof", "unchecked", "var", "with",
    ];

    private static readonly string[] s_statements =
    [
        "abstract", "await", "break", "case", "catch", "class", "const", "continue", "default", "delegate", "do", "else", "enum", "event", "explicit", "extern", "false",
        "finally", "fixed", "for", "foreach", "goto", "if", "implicit", "init", "interface", "internal", "lock", "namespace", "new", "null", "operator", "override", "params",
        "partial", "private", "protected", "public", "readonly", "record", "ref", "required", "return", "scoped", "sealed", "static", "struct", "switch", "this", "throw", "true",
        "try", "typeof", "unsafe", "using", "var", "virtual", "void", "volatile", "when", "where", "while", "yield", "async", "get", "set", "base", "nameof",
    ];

    private static readonly string[] s_queries = ["ascending", "by", "descending", "equals", "group", "into", "join", "let", "on", "orderby", "select", "where"];

    private static readonly string[] s_behindValue = ["and", "as", "in", "is", "not", "or", "switch", "when", "with"];

    public static IEnumerable<Suggestion> At(SimpleNameSyntax name, bool typesOnly) => Suggest(
        typesOnly ? s_types
        : StartsStatement(name) ? [.. s_types, .. s_statements]
        : name.Ancestors().Any(ancestor => ancestor is QueryExpressionSyntax) ? [.. s_types, .. s_expressions, .. s_queries]
        : [.. s_types, .. s_expressions]);

    public static IEnumerable<Suggestion> OfStatement() => Suggest([.. s_types, .. s_statements]);

    public static IEnumerable<Suggestion> BehindValue() => Suggest(s_behindValue);

    private static bool StartsStatement(SimpleNameSyntax name) => name.Parent is ExpressionStatementSyntax or IncompleteMemberSyntax
        || name.Parent is VariableDeclarationSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or PropertyDeclarationSyntax or ConstructorDeclarationSyntax
        || name.Parent is GlobalStatementSyntax;

    private static IEnumerable<Suggestion> Suggest(IEnumerable<string> words) => words.Select(word => new Suggestion(word, "keyword"));
}
