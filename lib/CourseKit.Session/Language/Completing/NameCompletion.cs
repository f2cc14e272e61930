using CourseKit.Session.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Language.Completing;

/// <summary>Finds the names that the compiler would understand at one place of a cell, by what stands around it.</summary>
internal sealed class NameCompletion(CellDraft draft, int position, CancellationToken cancellationToken)
{
    private readonly SemanticModel _model = draft.Model;

    public IEnumerable<Suggestion> Find()
    {
        var token = draft.Root.FindToken(position);
        if (token.Parent is not SimpleNameSyntax name)
            return IsNewName(token) ? BehindName(token) : [];
        return name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => MembersOf(access.Expression),
            MemberBindingExpressionSyntax => MembersOfCondition(name),
            QualifiedNameSyntax qualified when qualified.Right == name => MembersOf(qualified.Left),
            AliasQualifiedNameSyntax alias when alias.Name == name => MembersOf(alias.Alias),
            _ when name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { } directive => InUsing(directive, name),
            AttributeSyntax => Attributes(),
            _ => Plain(name),
        };
    }

    private IEnumerable<Suggestion> MembersOf(ExpressionSyntax left)
    {
        if (left is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NumericLiteralExpression })
            return [];

        // "x." before a line that begins with a name looks like the beginning of a declaration, "x.Type name".
        var expression = left is NameSyntax and not AliasQualifiedNameSyntax && left.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null
            ? SyntaxFactory.ParseExpression(left.ToString())
            : null;
        var symbol = expression is null
            ? _model.GetSymbolInfo(left, cancellationToken)
            : _model.GetSpeculativeSymbolInfo(left.SpanStart, expression, SpeculativeBindingOption.BindAsExpression);
        var type = expression is null
            ? _model.GetTypeInfo(left, cancellationToken).Type
            : _model.GetSpeculativeTypeInfo(left.SpanStart, expression, SpeculativeBindingOption.BindAsExpression).Type;

        if (left is IdentifierNameSyntax identifier && _model.GetAliasInfo(identifier, cancellationToken) is { Target: { } target })
            return MembersOf(target, left);
        var found = symbol.Symbol ?? symbol.CandidateSymbols.FirstOrDefault();
        if (found is INamespaceOrTypeSymbol container)
            return MembersOf(container, left);
        if (type is null or IErrorTypeSymbol)
            type = TypeOf(found);
        if (type is null or IErrorTypeSymbol || type.SpecialType == SpecialType.System_Void || (found is IMethodSymbol && left is NameSyntax or MemberAccessExpressionSyntax))
            return [];
        if (type is IPointerTypeSymbol pointer && left.Parent.IsKind(SyntaxKind.PointerMemberAccessExpression))
            type = pointer.PointedAtType;
        var instance = left is BaseExpressionSyntax ? Suggest(_model.LookupBaseMembers(position)) : InstanceMembers(type);

        // A property named after its type: what follows may be meant for either.
        return found is IPropertySymbol or IFieldSymbol or ILocalSymbol or IParameterSymbol && found.Name == type.Name
            && _model.LookupNamespacesAndTypes(left.SpanStart, name: found.Name).FirstOrDefault() is INamedTypeSymbol namesake
            ? instance.Concat(MembersOf(namesake, left))
            : instance;
    }

    private IEnumerable<Suggestion> MembersOf(INamespaceOrTypeSymbol container, ExpressionSyntax left) => container switch
    {
        INamespaceSymbol => left.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { Alias: null, StaticKeyword.RawKind: 0 }
            ? Suggest(_model.LookupNamespacesAndTypes(position, container).Where(symbol => symbol is INamespaceSymbol))
            : Suggest(_model.LookupNamespacesAndTypes(position, container)),
        _ when SyntaxFacts.IsInTypeOnlyContext(left.Parent as ExpressionSyntax ?? left) && left.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null
            => Suggest(_model.LookupNamespacesAndTypes(position, container)),

        // What object itself has to offer is nothing that anyone looks for behind another type's name.
        _ => Suggest(_model.LookupStaticMembers(position, container)
            .Where(symbol => symbol.ContainingType?.SpecialType != SpecialType.System_Object || container is ITypeSymbol { SpecialType: SpecialType.System_Object })),
    };

    private IEnumerable<Suggestion> MembersOfCondition(SimpleNameSyntax name)
    {
        var condition = name.Ancestors().OfType<ConditionalAccessExpressionSyntax>().FirstOrDefault(access => access.WhenNotNull.Span.Contains(name.Span));
        var type = condition is null ? null : _model.GetTypeInfo(condition.Expression, cancellationToken).Type;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        return type is null or IErrorTypeSymbol ? [] : InstanceMembers(type);
    }

    private IEnumerable<Suggestion> InstanceMembers(ITypeSymbol type) =>
        Suggest(_model.LookupSymbols(position, type, includeReducedExtensionMethods: true)
            .Where(symbol => symbol is not INamespaceOrTypeSymbol && (!symbol.IsStatic || symbol is IMethodSymbol { MethodKind: MethodKind.ReducedExtension })));

    private IEnumerable<Suggestion> InUsing(UsingDirectiveSyntax directive, SimpleNameSyntax name)
    {
        var names = SubmissionNames.TypesAt(_model, position);
        if (directive.StaticKeyword.RawKind != 0 || directive.Alias is { } alias && alias.Name != name)
            return Suggest(names);
        if (directive.Alias?.Name == name)
            return [];
        return Suggest(names.Where(symbol => symbol is INamespaceSymbol)).Append(new Suggestion("static", "keyword"));
    }

    private IEnumerable<Suggestion> Attributes()
    {
        const string suffix = "Attribute";
        return SubmissionNames.TypesAt(_model, position)
            .Where(symbol => symbol is INamespaceSymbol || (symbol is INamedTypeSymbol type && IsAttribute(type)))
            .Select(symbol => symbol is INamedTypeSymbol && symbol.Name.EndsWith(suffix, StringComparison.Ordinal) && symbol.Name.Length > suffix.Length
                ? new Suggestion(symbol.Name[..^suffix.Length], "class", SuggestionRank.Common, symbol)
                : ToSuggestion(symbol));
    }

    private static bool IsAttribute(INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (current is { Name: "Attribute", ContainingNamespace.Name: "System" })
                return true;
        }

        return false;
    }

    private IEnumerable<Suggestion> Plain(SimpleNameSyntax name)
    {
        var expected = new ExpectedNames(_model, name, cancellationToken);
        if (expected.Members() is { } members)
            return members;
        var typesOnly = (SyntaxFacts.IsInTypeOnlyContext(name) && !MayBeStatement(name)) || IsTypeArgument(name);
        var symbols = typesOnly
            ? SubmissionNames.TypesAt(_model, position)
            : SubmissionNames.At(_model, position).Where(symbol => !IsStillToCome(symbol));
        return expected.Find().Concat(Suggest(symbols)).Concat(Keywords.At(name, typesOnly));
    }

    // "Con" before a line that begins with a name looks like the type in "Con name".
    private static bool MayBeStatement(SimpleNameSyntax name) =>
        name.Parent is VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax or FieldDeclarationSyntax } declaration
            && declaration.Variables.FirstOrDefault() is { } first && IsOnLaterLine(name, first.Identifier)
        || name.Parent is VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax { Modifiers.Count: 0 } or FieldDeclarationSyntax { Modifiers.Count: 0 } }
        || name.Parent is IncompleteMemberSyntax { Modifiers.Count: 0 }
        || name.Parent is MethodDeclarationSyntax { Modifiers.Count: 0, Parent: CompilationUnitSyntax } or LocalFunctionStatementSyntax { Modifiers.Count: 0 };

    private static bool IsOnLaterLine(SyntaxNode node, SyntaxToken token) =>
        node.GetLocation().GetLineSpan().EndLinePosition.Line < token.GetLocation().GetLineSpan().StartLinePosition.Line;

    // "List<Poi" is a comparison, until the other bracket comes.
    private bool IsTypeArgument(SimpleNameSyntax name) =>
        name.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression, Left: NameSyntax left } comparison && comparison.Right == name
        && _model.GetSymbolInfo(left, cancellationToken) is var info && (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is INamedTypeSymbol;

    // A variable of this cell can be named below its declaration only.
    private bool IsStillToCome(ISymbol symbol) =>
        symbol is ILocalSymbol or IFieldSymbol
        && symbol.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration
        && declaration.SyntaxTree == draft.Tree
        && (symbol.Locations[0].SourceSpan.End >= position || (declaration.GetSyntax(cancellationToken) is VariableDeclaratorSyntax && declaration.Span.End >= position))
        && declaration.GetSyntax(cancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>() is null;

    // Here something gets its name: var |, class |, (int |.
    private static bool IsNewName(SyntaxToken token) =>
        token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is VariableDeclaratorSyntax or ForEachStatementSyntax;

    // "x i": a name cannot stand here, but what goes on with x can.
    private IEnumerable<Suggestion> BehindName(SyntaxToken token)
    {
        if (token.Parent is ForEachStatementSyntax)
            return [];
        if (token.Parent is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } || declaration.Type is not NameSyntax type || type.IsVar)
            return [];
        var meaning = _model.GetSpeculativeSymbolInfo(type.SpanStart, SyntaxFactory.ParseExpression(type.ToString()), SpeculativeBindingOption.BindAsExpression);
        if (IsOnLaterLine(type, token))
            return Suggest(SubmissionNames.At(_model, position).Where(symbol => !IsStillToCome(symbol))).Concat(Keywords.OfStatement());
        return meaning.Symbol is null or INamespaceOrTypeSymbol ? [] : Keywords.BehindValue();
    }

    private static ITypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol parameter => parameter.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };

    private static IEnumerable<Suggestion> Suggest(IEnumerable<ISymbol> symbols) => symbols
        .Where(symbol => symbol is not IMethodSymbol { MethodKind: not (MethodKind.Ordinary or MethodKind.ReducedExtension or MethodKind.LocalFunction or MethodKind.DeclareMethod) }
            and not IPropertySymbol { IsIndexer: true })
        .Select(ToSuggestion);

    private static Suggestion ToSuggestion(ISymbol symbol) => new(
        SyntaxFacts.GetKeywordKind(symbol.Name) == SyntaxKind.None ? symbol.Name : "@" + symbol.Name,
        SymbolKinds.KindOf(symbol),
        RankOf(symbol),
        symbol);

    private static SuggestionRank RankOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => SuggestionRank.Own,
        IMethodSymbol { MethodKind: MethodKind.ReducedExtension } => SuggestionRank.Extension,
        { ContainingType.SpecialType: SpecialType.System_Object } => SuggestionRank.Universal,
        INamespaceSymbol => SuggestionRank.Common,
        _ when symbol.Locations.Any(location => location.IsInSource) => SuggestionRank.Own,
        _ => SuggestionRank.Common,
    };
}
