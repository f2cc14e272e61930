using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Guarding;

/// <summary>
/// A test cell is the author's, but the compiler may bind what stands in it to an answer's own operators: a type with an
/// == that is always true, or that turns into every number. A test that would ask the answer whether it is right is
/// refused, unless the exercise asks for that very operator.
/// </summary>
/// <param name="model">What the test cell's names mean.</param>
/// <param name="untrusted">The assemblies of the cells that students write.</param>
/// <param name="expected">Operators that exercises ask for, as type and token.</param>
internal sealed class BindingCheck(SemanticModel model, IReadOnlySet<string> untrusted, IReadOnlySet<string> expected)
{
    public IEnumerable<Suspicion> Find(SyntaxTree tree)
    {
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is not (ExpressionSyntax or ArgumentSyntax) || OwnJudgement(node) is not { } judge)
                continue;
            yield return new Suspicion(CellGuard.LineOf(node), $"the answer decides itself whether it is right, by {judge}; return plain values", true);
        }
    }

    private string? OwnJudgement(SyntaxNode node)
    {
        if (node is not ExpressionSyntax expression)
            return null;
        if (model.GetSymbolInfo(expression).Symbol is IMethodSymbol method)
        {
            if (IsOperator(method) && IsForeign(method))
                return $"its own {method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}";
            if (ComparedType(method) is { } compared)
                return $"the Equals of its own type {compared.Name}";
        }

        return model.GetConversion(expression).MethodSymbol is { } conversion && IsForeign(conversion)
            ? $"a conversion of its own type {conversion.ContainingType.Name}"
            : null;
    }

    // Check.Equal compares with Equals; a record's, which the compiler wrote, is honest.
    private ITypeSymbol? ComparedType(IMethodSymbol method) =>
        method is { ContainingType: { Name: "Check", ContainingNamespace.Name: "Exercises" }, IsGenericMethod: true }
            ? method.TypeArguments.FirstOrDefault(DecidesEquality)
            : null;

    private bool DecidesEquality(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => DecidesEquality(array.ElementType),
        INamedTypeSymbol named when named.TypeArguments.Any(DecidesEquality) => true,
        _ => IsUntrusted(type.ContainingAssembly) && type.GetMembers().OfType<IMethodSymbol>()
            .Any(member => !member.IsImplicitlyDeclared && !IsExpected(member) && (member.Name is "Equals" or "GetEnumerator" || member.MethodKind == MethodKind.UserDefinedOperator)),
    };

    private bool IsForeign(IMethodSymbol method) => IsUntrusted(method.ContainingAssembly) && !IsExpected(method);

    private bool IsExpected(IMethodSymbol method) => method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        OperatorDeclarationSyntax declared => expected.Contains($"{method.ContainingType.Name} {declared.OperatorToken.Text}"),
        ConversionOperatorDeclarationSyntax declared => expected.Contains($"{method.ContainingType.Name} {declared.ImplicitOrExplicitKeyword.Text} {declared.Type}"),
        MethodDeclarationSyntax declared => expected.Contains($"{method.ContainingType.Name} {declared.Identifier.Text}"),
        _ => false,
    };

    private static bool IsOperator(IMethodSymbol method) => method.MethodKind is MethodKind.UserDefinedOperator or MethodKind.Conversion;

    private bool IsUntrusted(IAssemblySymbol? assembly) => assembly is not null && untrusted.Contains(assembly.Name);
}
