using CourseKit.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Grading.Restoring;

/// <summary>
/// The names that an assignment's tests take from libraries: Check, Math, Console. If a cell gave one of them another
/// meaning, the tests would call the answer in place of the library. Whatever the notebook itself defines is not among
/// them, so an exercise may well ask for a class called Linear.
/// </summary>
internal static class ReservedNames
{
    private static readonly string[] Always =
    [
        "Check", "CheckFailedException", "Exercise", "CourseKit", "System", "Console", "Math", "MathF", "Convert", "Environment", "Assert", "Enumerable", "Exception",
        "NotImplementedException", "Action", "Func", "Task", "String", "Array",
    ];

    private static readonly CSharpParseOptions Script = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Preview);

    /// <summary>The names for types, functions and variables, and those for extension methods.</summary>
    public static (IReadOnlyList<string> Names, IReadOnlyList<string> Extensions) Of(NotebookDocument reference)
    {
        var code = reference.Cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => (Metadata: NbgraderMetadata.Read(cell), Root: Parse(cell.Source))).ToList();
        var declared = code.SelectMany(cell => Declared(cell.Root)).ToHashSet(StringComparer.Ordinal);
        var tests = code.Where(cell => cell.Metadata is { IsLocked: true }).SelectMany(cell => cell.Root.DescendantNodes().OfType<SimpleNameSyntax>()).ToList();
        var alone = tests.Where(name => !IsMember(name)).Select(name => name.Identifier.ValueText).Where(name => !declared.Contains(name));
        var members = tests.Where(IsMember).Select(name => name.Identifier.ValueText);
        return ([.. Always.Concat(alone).Where(name => !declared.Contains(name) && name != "var" && name != "_").Distinct(StringComparer.Ordinal)],
            [.. members.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Operators and comparisons that the notebook's own types have, as <see cref="SessionGuard.ExpectedOperators"/> spells them.</summary>
    public static IReadOnlyList<string> OperatorsOf(NotebookDocument reference) =>
        [.. reference.Cells.Where(cell => cell.Kind == CellKind.Code).SelectMany(cell => Parse(cell.Source).DescendantNodes()).Select(node => node switch
        {
            OperatorDeclarationSyntax declared => $"{TypeOf(declared)} {declared.OperatorToken.Text}",
            ConversionOperatorDeclarationSyntax declared => $"{TypeOf(declared)} {declared.ImplicitOrExplicitKeyword.Text} {declared.Type}",
            MethodDeclarationSyntax { Identifier.Text: "Equals" or "GetEnumerator", Parent: TypeDeclarationSyntax } declared => $"{TypeOf(declared)} {declared.Identifier.Text}",
            _ => "",
        }).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];

    private static string TypeOf(SyntaxNode member) => (member.Parent as BaseTypeDeclarationSyntax)?.Identifier.Text ?? "";

    private static SyntaxNode Parse(string source) =>
        CSharpSyntaxTree.ParseText(string.Join('\n', source.Split('\n').Select(line => line.AsSpan().TrimStart().StartsWith("#") ? "" : line)), Script).GetRoot();

    private static bool IsMember(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == name,
        QualifiedNameSyntax qualified => qualified.Right == name,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => true,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } => true,
        _ => false,
    };

    private static IEnumerable<string> Declared(SyntaxNode root) => root.DescendantNodes().Select(node => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        TupleElementSyntax element => element.Identifier.ValueText,
        TypeParameterSyntax parameter => parameter.Identifier.ValueText,
        EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
        ForEachStatementSyntax loop => loop.Identifier.ValueText,
        CatchDeclarationSyntax caught => caught.Identifier.ValueText,
        UsingDirectiveSyntax { Alias: { } alias } => alias.Name.Identifier.ValueText,
        FromClauseSyntax from => from.Identifier.ValueText,
        _ => "",
    }).Where(name => name.Length > 0);
}
