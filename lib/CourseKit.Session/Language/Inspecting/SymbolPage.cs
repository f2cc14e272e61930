using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Language.Inspecting;

/// <summary>Describes a symbol: its declaration, its value, its documentation.</summary>
internal sealed class SymbolPage(SemanticModel model, int position, VariableReader readVariable)
{
    private const int MostOthers = 10;
    private const int MostMembers = 100;

    public static SymbolDisplayFormat Declaration { get; } = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeContainingType,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.InstanceMethod,
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis | SymbolDisplayParameterOptions.IncludeModifiers,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        SymbolDisplayLocalOptions.IncludeType | SymbolDisplayLocalOptions.IncludeConstantValue,
        SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    // In a list of a type's members, its name before each of them says nothing.
    private static readonly SymbolDisplayFormat s_member = Declaration.RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType);

    public static string Show(ISymbol symbol) =>
        symbol.ToDisplayString(symbol.ContainingType is null or { IsScriptClass: true } ? s_member : Declaration);

    public static string ShowKind(ISymbol symbol)
    {
        var kind = SymbolKinds.KindOf(symbol);
        return symbol switch
        {
            { ContainingType.IsScriptClass: true } => $"{kind} of this session",
            INamespaceSymbol or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ITypeParameterSymbol or ILabelSymbol => kind,
            { ContainingType: { } type } => $"{kind} of {type.ToDisplayString()}",
            { ContainingNamespace: { IsGlobalNamespace: false } space } => $"{kind} in {space.ToDisplayString()}",
            _ => kind,
        };
    }

    public InspectionPage Describe(IReadOnlyList<ISymbol> symbols, int detail)
    {
        var symbol = symbols[0];
        var documentation = DocumentationText.Of(symbol, model.Compilation);
        var others = symbols.Skip(1).ToArray();
        return new InspectionPage(Show(symbol), ShowKind(symbol))
        {
            Value = VariableValues.Describe(symbol, readVariable),
            Documentation = documentation,
            Others = [.. others.Take(MostOthers).Select(Show)],
            OthersLeftOut = Math.Max(0, others.Length - MostOthers),
            Members = detail > 0 && TypeOf(symbol) is { } type ? [.. MembersOf(type)] : [],
        };
    }

    private IEnumerable<string> MembersOf(ITypeSymbol type) => model.LookupSymbols(position, type)
        .Concat(type is INamedTypeSymbol named ? model.LookupStaticMembers(position, named) : [])
        .Distinct(SymbolEqualityComparer.Default)
        .Where(member => !HiddenSymbols.IsHidden(member) && member.ContainingType?.SpecialType != SpecialType.System_Object)
        .OrderBy(member => member.Kind switch { SymbolKind.Field => 0, SymbolKind.Property => 1, SymbolKind.Event => 2, SymbolKind.Method => 3, _ => 4 })
        .ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
        .Take(MostMembers)
        .Select(member => member.ToDisplayString(s_member));

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ITypeSymbol type => type,
        ILocalSymbol local => local.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };
}
