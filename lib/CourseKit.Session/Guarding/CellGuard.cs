using System.Globalization;
using CourseKit.Session.Cells;
using CourseKit.Session.Magics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Guarding;

/// <summary>
/// Looks at a cell after it was compiled and before any of it is loaded. Tests run in the same process as the answers
/// they test, so an answer that reaches into the process could give itself points: such code is refused, and what only
/// looks odd is reported. The compiler's symbols are asked, not the text, so no spelling gets around it.
/// </summary>
internal sealed class CellGuard(GuardRules rules)
{
    // A cell that repeats itself a thousand times is described well enough by its first places.
    private const int MostFound = 20;

    private readonly HashSet<string> _reserved = new(rules.ReservedNames, StringComparer.Ordinal);
    private readonly HashSet<string> _reservedExtensions = new(rules.ReservedExtensions, StringComparer.Ordinal);

    private readonly HashSet<string> _expectedOperators = new(rules.ExpectedOperators, StringComparer.Ordinal);

    // The assemblies that untrusted cells became.
    private readonly HashSet<string> _untrusted = new(StringComparer.Ordinal);

    /// <summary>What speaks against a cell, in the order of its lines.</summary>
    public IReadOnlyList<Suspicion> Examine(CompiledCell cell, bool isTrusted)
    {
        var compilations = new[] { cell.Compilation, cell.Library?.Compilation }.OfType<CSharpCompilation>();
        var found = isTrusted
            ? compilations.SelectMany(compilation => compilation.SyntaxTrees.SelectMany(tree => new BindingCheck(compilation.GetSemanticModel(tree), _untrusted, _expectedOperators).Find(tree)))
            : compilations.SelectMany(compilation => compilation.SyntaxTrees.SelectMany(tree => ApiCheck.Find(compilation.GetSemanticModel(tree), tree).Concat(ReservedNames(tree))));
        return [.. found.Distinct().OrderByDescending(suspicion => suspicion.IsRefused).ThenBy(suspicion => suspicion.Line).Take(MostFound)];
    }

    /// <summary>The lines of an untrusted cell that would bring in code that nobody has looked at.</summary>
    public static IReadOnlyList<Suspicion> ExamineDirectives(IEnumerable<CellPart> parts) =>
        [.. parts.SelectMany(part => part.Opening is { } opening ? part.Directives.Append(opening) : part.Directives).Where(IsForbidden).Distinct()
            .Select(directive => new Suspicion(directive.Line, $"#{directive.Name} {directive.Text}, which brings in code from a file", true))];

    /// <summary>Notes that a cell's names are an untrusted cell's.</summary>
    public void Remember(CompiledCell cell)
    {
        _untrusted.Add(cell.Compilation.AssemblyName!);
        if (cell.Library is { } library)
            _untrusted.Add(library.Name);
    }

    /// <summary>What the student reads below a cell that was not run.</summary>
    public static CellError Refusal(string cell, Suspicion suspicion)
    {
        var sentence = string.Create(CultureInfo.InvariantCulture,
            $"This cell is not run when it is graded, because of line {suspicion.Line}: {suspicion.What}. Solve the exercise without it.");
        return new CellError("NotAllowedWhenGraded", sentence, [string.Create(CultureInfo.InvariantCulture, $"{cell}({suspicion.Line},1): {sentence}")]);
    }

    private static bool IsForbidden(Directive directive) =>
        directive.Name is "i" or "load" or "!import" || (directive.Name == "r" && !directive.Argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase));

    private IEnumerable<Suspicion> ReservedNames(SyntaxTree tree)
    {
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var (name, isExtension) = node switch
            {
                BaseTypeDeclarationSyntax type => (type.Identifier, false),
                DelegateDeclarationSyntax type => (type.Identifier, false),
                MethodDeclarationSyntax method => (method.Identifier, method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(SyntaxKind.ThisKeyword) == true),
                LocalFunctionStatementSyntax function => (function.Identifier, false),
                PropertyDeclarationSyntax property => (property.Identifier, false),
                VariableDeclaratorSyntax variable => (variable.Identifier, false),
                SingleVariableDesignationSyntax variable => (variable.Identifier, false),
                UsingDirectiveSyntax { Alias.Name.Identifier: var alias } => (alias, false),
                _ => (default, false),
            };
            if (name.ValueText is { Length: > 0 } text && IsSeenByLaterCells(node) && (isExtension ? _reservedExtensions : _reserved).Contains(text))
                yield return new Suspicion(LineOf(node), $"{text} is a name that the tests rely on, and a cell may not give it another meaning", true);
        }
    }

    // What stands inside a function or a type hides nothing from another cell; in an extension block it may.
    private static bool IsSeenByLaterCells(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax or PropertyDeclarationSyntax when node.Parent is TypeDeclarationSyntax type =>
            type.IsKind(SyntaxKind.ExtensionBlockDeclaration) || type.Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => !node.Ancestors().Any(ancestor => ancestor is BaseTypeDeclarationSyntax or BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or BlockSyntax),
    };

    internal static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
