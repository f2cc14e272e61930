using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Language.Inspecting;

/// <summary>What the call around the cursor may be given, and which of it is being written.</summary>
internal static class SignatureHelp
{
    private const int MostOthers = 10;

    public static InspectionPage? At(CellDraft draft, CancellationToken cancellationToken)
    {
        if (ListAround(draft) is not { } list)
            return null;
        var (place, named) = Place(list, draft.Cursor);
        var functions = Calls.Candidates(draft.Model, list, cancellationToken);
        if (functions.Count == 0)
            return null;

        // The one the compiler chose comes first, unless what is being written is past its end.
        var best = functions.FirstOrDefault(function => Takes(function, place, named)) ?? functions[0];
        var others = functions.Where(function => !ReferenceEquals(function, best)).ToArray();
        var parameters = ParametersOf(best);
        var active = named ?? (parameters.IsEmpty ? null : parameters.ElementAtOrDefault(place)?.Name ?? (parameters[^1].IsParams ? parameters[^1].Name : null));
        return new InspectionPage(SymbolPage.Show(best), SymbolPage.ShowKind(best))
        {
            ActiveParameter = active,
            Documentation = DocumentationText.Of(best, draft.Model.Compilation),
            Others = [.. others.Take(MostOthers).Select(SymbolPage.Show)],
            OthersLeftOut = Math.Max(0, others.Length - MostOthers),
        };
    }

    private static SyntaxNode? ListAround(CellDraft draft)
    {
        var token = draft.Root.FindToken(Math.Max(Math.Min(draft.Cursor, draft.Root.FullSpan.End) - 1, 0));
        return token.Parent?.AncestorsAndSelf().FirstOrDefault(node => node is BaseArgumentListSyntax or AttributeArgumentListSyntax && IsBetween(node, draft.Cursor));
    }

    private static bool IsBetween(SyntaxNode list, int cursor)
    {
        var close = list.GetLastToken(includeZeroWidth: true);
        return cursor > list.SpanStart && (close.IsMissing || cursor <= close.SpanStart);
    }

    private static (int Place, string? Named) Place(SyntaxNode list, int cursor)
    {
        var place = list.ChildTokens().Count(token => token.IsKind(SyntaxKind.CommaToken) && !token.IsMissing && token.Span.End <= cursor);
        var named = list.ChildNodes().ElementAtOrDefault(place) is ArgumentSyntax { NameColon: { } colon } ? colon.Name.Identifier.ValueText : null;
        return (place, named);
    }

    private static bool Takes(ISymbol function, int place, string? named)
    {
        var parameters = ParametersOf(function);
        return named is not null ? parameters.Any(parameter => parameter.Name == named)
            : place < parameters.Length || (parameters.Length > 0 && parameters[^1].IsParams) || (place == 0 && parameters.IsEmpty);
    }

    private static ImmutableArray<IParameterSymbol> ParametersOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.Parameters,
        IPropertySymbol property => property.Parameters,
        _ => [],
    };
}
