using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Language.Completing;

/// <summary>What a place asks for by itself: the properties of an object that is being made, a call's parameters, values of an enum.</summary>
internal sealed class ExpectedNames(SemanticModel model, SimpleNameSyntax name, CancellationToken cancellationToken)
{
    /// <summary>The members that alone may stand here; null where other names may as well.</summary>
    public IEnumerable<Suggestion>? Members()
    {
        if (ObjectBeingMade() is { } made)
            return made.Type is null ? [] : Settable(made.Type, Assigned(made.Initializer));
        if (PatternBeingWritten() is { } pattern)
        {
            return model.LookupSymbols(name.SpanStart, pattern)
                .Where(symbol => !symbol.IsStatic && symbol is IPropertySymbol { IsIndexer: false } or IFieldSymbol)
                .Select(symbol => new Suggestion(symbol.Name, SymbolKinds.KindOf(symbol), SuggestionRank.Expected, symbol));
        }

        return null;
    }

    /// <summary>What is likelier than any other name.</summary>
    public IEnumerable<Suggestion> Find() => ParameterNames().Concat(ValuesOf(WantedType()));

    private (ITypeSymbol? Type, InitializerExpressionSyntax Initializer)? ObjectBeingMade()
    {
        // { A = 1, B } as well as { B }, which looks like a list of values.
        var initializer = name.Parent as InitializerExpressionSyntax
            ?? (name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name ? assignment.Parent as InitializerExpressionSyntax : null);
        if (initializer is null || initializer.Kind() is not (SyntaxKind.ObjectInitializerExpression or SyntaxKind.CollectionInitializerExpression or SyntaxKind.WithInitializerExpression))
            return null;
        var type = initializer.Parent switch
        {
            WithExpressionSyntax with => model.GetTypeInfo(with.Expression, cancellationToken).Type,
            BaseObjectCreationExpressionSyntax creation => TypeOf(creation),
            AssignmentExpressionSyntax nested => model.GetTypeInfo(nested.Left, cancellationToken).Type,
            _ => null,
        };

        // A list is filled with values, and any name may be one.
        return initializer.IsKind(SyntaxKind.CollectionInitializerExpression) && type is not null && IsCollection(type) ? null : (type, initializer);
    }

    private ITypeSymbol? TypeOf(BaseObjectCreationExpressionSyntax creation)
    {
        var info = model.GetTypeInfo(creation, cancellationToken);
        return info.Type is null or IErrorTypeSymbol ? info.ConvertedType : info.Type;
    }

    private static bool IsCollection(ITypeSymbol type) =>
        type.SpecialType != SpecialType.System_String && type.AllInterfaces.Any(contract => contract.SpecialType == SpecialType.System_Collections_IEnumerable);

    private static HashSet<string> Assigned(InitializerExpressionSyntax initializer) =>
        [.. initializer.Expressions.OfType<AssignmentExpressionSyntax>().Select(assignment => assignment.Left.ToString())];

    private IEnumerable<Suggestion> Settable(ITypeSymbol type, HashSet<string> assigned) =>
        model.LookupSymbols(name.SpanStart, type)
            .Where(symbol => !symbol.IsStatic && symbol switch
            {
                IPropertySymbol { IsIndexer: false } property => (property.SetMethod is { } setter && model.IsAccessible(name.SpanStart, setter)) || IsCollection(property.Type),
                IFieldSymbol field => !field.IsReadOnly,
                _ => false,
            })
            .Where(symbol => symbol.Name == name.Identifier.ValueText || !assigned.Contains(symbol.Name))
            .Select(symbol => new Suggestion(
                symbol.Name,
                SymbolKinds.KindOf(symbol),
                symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true } ? SuggestionRank.Expected : SuggestionRank.Own,
                symbol));

    private ITypeSymbol? PatternBeingWritten()
    {
        // is { Length } is a pattern without its colon yet.
        if (name.FirstAncestorOrSelf<SubpatternSyntax>() is not { Parent: PropertyPatternClauseSyntax { Parent: RecursivePatternSyntax pattern } } subpattern)
            return null;
        var isName = subpattern.ExpressionColon is { } colon ? colon.Span.Contains(name.Span) : subpattern.Pattern.Span == name.Span;
        if (!isName)
            return null;
        return (model.GetOperation(pattern, cancellationToken) as Microsoft.CodeAnalysis.Operations.IRecursivePatternOperation)?.MatchedType;
    }

    private IEnumerable<Suggestion> ParameterNames()
    {
        if (name.Parent is not ArgumentSyntax { NameColon: null, Parent: BaseArgumentListSyntax list } argument)
            return [];
        var given = list.Arguments.Select(other => other.NameColon?.Name.Identifier.ValueText).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var byPlace = list.Arguments.TakeWhile(other => other != argument && other.NameColon is null).Count();
        return Calls.Called(model, list, cancellationToken)
            .SelectMany(parameters => parameters.Skip(byPlace))
            .Where(parameter => parameter.Name.Length > 0 && !given.Contains(parameter.Name))
            .Select(parameter => new Suggestion(parameter.Name + ":", "named argument", SuggestionRank.Expected));
    }

    // Where a value of an enum is wanted, its values are what most people look for.
    private ITypeSymbol? WantedType() => name.Parent switch
    {
        ArgumentSyntax { Parent: BaseArgumentListSyntax list } argument => WantedBy(argument, list),
        AssignmentExpressionSyntax assignment when assignment.Right == name => model.GetTypeInfo(assignment.Left, cancellationToken).Type,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } comparison when comparison.Right == name
            => model.GetTypeInfo(comparison.Left, cancellationToken).Type,
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: { IsVar: false } type } } }
            => model.GetTypeInfo(type, cancellationToken).Type,
        CaseSwitchLabelSyntax { Parent.Parent: SwitchStatementSyntax choice } => model.GetTypeInfo(choice.Expression, cancellationToken).Type,
        ConstantPatternSyntax { Parent: SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax choice } } => model.GetTypeInfo(choice.GoverningExpression, cancellationToken).Type,
        ConstantPatternSyntax { Parent: IsPatternExpressionSyntax test } => model.GetTypeInfo(test.Expression, cancellationToken).Type,
        _ => null,
    };

    private ITypeSymbol? WantedBy(ArgumentSyntax argument, BaseArgumentListSyntax list)
    {
        var place = list.Arguments.IndexOf(argument);
        var named = argument.NameColon?.Name.Identifier.ValueText;
        return Calls.Called(model, list, cancellationToken)
            .Select(parameters => named is null ? parameters.ElementAtOrDefault(place) : parameters.FirstOrDefault(parameter => parameter.Name == named))
            .FirstOrDefault(parameter => parameter?.Type is { TypeKind: TypeKind.Enum })?.Type;
    }

    private IEnumerable<Suggestion> ValuesOf(ITypeSymbol? type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        if (type is not { TypeKind: TypeKind.Enum })
            return [];
        var prefix = type.ToMinimalDisplayString(model, name.SpanStart);
        return type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)
            .Select(field => new Suggestion($"{prefix}.{field.Name}", "enum member", SuggestionRank.Expected, field));
    }
}
