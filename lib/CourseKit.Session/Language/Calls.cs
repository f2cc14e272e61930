using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Language;

/// <summary>What a call may mean while its arguments are still being written.</summary>
internal static class Calls
{
    /// <summary>The parameters of every function that the call may mean.</summary>
    public static IEnumerable<ImmutableArray<IParameterSymbol>> Called(SemanticModel model, BaseArgumentListSyntax list, CancellationToken cancellationToken) =>
        Candidates(model, list, cancellationToken).Select(symbol => symbol switch
        {
            IMethodSymbol method => method.Parameters,
            IPropertySymbol property => property.Parameters,
            _ => [],
        });

    /// <summary>The functions that the call may mean, the likeliest first.</summary>
    public static IReadOnlyList<ISymbol> Candidates(SemanticModel model, SyntaxNode list, CancellationToken cancellationToken)
    {
        var (chosen, all) = list.Parent switch
        {
            InvocationExpressionSyntax call => (model.GetSymbolInfo(call, cancellationToken).Symbol, Group(model, call.Expression, cancellationToken)),
            BaseObjectCreationExpressionSyntax creation => (model.GetSymbolInfo(creation, cancellationToken).Symbol, Constructors(TypeOf(model, creation, cancellationToken))),
            ConstructorInitializerSyntax initializer => (model.GetSymbolInfo(initializer, cancellationToken).Symbol, model.GetMemberGroup(initializer, cancellationToken)),
            PrimaryConstructorBaseTypeSyntax basis => (model.GetSymbolInfo(basis, cancellationToken).Symbol, Constructors(model.GetTypeInfo(basis.Type, cancellationToken).Type)),
            AttributeSyntax attribute => (model.GetSymbolInfo(attribute, cancellationToken).Symbol, Constructors(model.GetTypeInfo(attribute, cancellationToken).Type)),
            ElementAccessExpressionSyntax access => (model.GetSymbolInfo(access, cancellationToken).Symbol, Indexers(model, access, cancellationToken)),
            _ => (null, []),
        };
        return chosen is null ? all : [chosen, .. all.Where(other => !SymbolEqualityComparer.Default.Equals(other, chosen) && !SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, chosen.OriginalDefinition))];
    }

    private static ImmutableArray<ISymbol> Group(SemanticModel model, ExpressionSyntax function, CancellationToken cancellationToken)
    {
        var group = model.GetMemberGroup(function, cancellationToken);
        return group.IsEmpty && model.GetTypeInfo(function, cancellationToken).Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } ? [invoke] : group;
    }

    private static ITypeSymbol? TypeOf(SemanticModel model, BaseObjectCreationExpressionSyntax creation, CancellationToken cancellationToken)
    {
        if (creation is ObjectCreationExpressionSyntax { Type: { } type } && model.GetSymbolInfo(type, cancellationToken).Symbol is ITypeSymbol named)
            return named;
        var info = model.GetTypeInfo(creation, cancellationToken);
        return info.Type is null or IErrorTypeSymbol ? info.ConvertedType : info.Type;
    }

    private static ImmutableArray<ISymbol> Constructors(ITypeSymbol? type) =>
        type is INamedTypeSymbol named ? [.. named.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal)] : [];

    private static ImmutableArray<ISymbol> Indexers(SemanticModel model, ElementAccessExpressionSyntax access, CancellationToken cancellationToken) =>
        model.GetTypeInfo(access.Expression, cancellationToken).Type is { } type
            ? [.. type.GetMembers().OfType<IPropertySymbol>().Where(property => property.IsIndexer && property.DeclaredAccessibility == Accessibility.Public)]
            : [];
}
