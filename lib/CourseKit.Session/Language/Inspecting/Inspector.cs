using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CourseKit.Session.Cells;
using CourseKit.Session.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Language.Inspecting;

/// <summary>Says what the name at the cursor is; between a call's parentheses, what the call may be given.</summary>
internal sealed class Inspector(CellCompiler compiler, VariableReader readVariable)
{
    public InspectionEvent Inspect(InspectRequest question, CancellationToken cancellationToken)
    {
        var draft = CellDraft.Read(question.Code, question.Cursor, compiler, cancellationToken);
        var page = draft.IsInAnotherLanguage || draft.Directive is not null || draft.IsInsideText()
            ? null
            : Describe(draft, question.Detail, cancellationToken);
        return page is null
            ? new InspectionEvent(question.Id, false, [])
            : new InspectionEvent(question.Id, true, new JsonObject { ["text/plain"] = page.ToPlainText(), ["text/markdown"] = page.ToMarkdown() });
    }

    private InspectionPage? Describe(CellDraft draft, int detail, CancellationToken cancellationToken)
    {
        var model = draft.Model;
        if (TokenAt(draft) is { } token && SymbolsOf(token, model, cancellationToken) is { Count: > 0 } symbols)
            return new SymbolPage(model, token.SpanStart, readVariable).Describe(symbols, detail);
        return SignatureHelp.At(draft, cancellationToken);
    }

    // The name under the cursor, or the one it stands right behind.
    private static SyntaxToken? TokenAt(CellDraft draft)
    {
        foreach (var position in new[] { draft.Cursor, draft.Cursor - 1 })
        {
            if (position < 0 || position >= draft.Root.FullSpan.End)
                continue;
            var token = draft.Root.FindToken(position);
            if (token.Span.Contains(position) && (token.IsKind(SyntaxKind.IdentifierToken) || token.Parent is PredefinedTypeSyntax or ThisExpressionSyntax or BaseExpressionSyntax
                || token.IsKind(SyntaxKind.NewKeyword)))
            {
                return token;
            }
        }

        return null;
    }

    private static IReadOnlyList<ISymbol> SymbolsOf(SyntaxToken token, SemanticModel model, CancellationToken cancellationToken)
    {
        var node = token.Parent!;
        if (model.GetDeclaredSymbol(node, cancellationToken) is { } declared && node is not (CompilationUnitSyntax or BaseNamespaceDeclarationSyntax) && node is not ArgumentSyntax)
            return [declared];
        if (node is NameColonSyntax { Parent: ArgumentSyntax } or IdentifierNameSyntax { Parent: NameColonSyntax { Parent: ArgumentSyntax } })
            return Of(model.GetSymbolInfo(node is NameColonSyntax colon ? colon.Name : node, cancellationToken));
        if (node is BaseObjectCreationExpressionSyntax made)
            return Of(model.GetSymbolInfo(made, cancellationToken));

        // new Adam: the constructor is what is being called, with its own documentation.
        if (node is SimpleNameSyntax { Parent: ObjectCreationExpressionSyntax creation } && creation.Type == node && creation.ArgumentList is { } list)
        {
            var constructors = Calls.Candidates(model, list, cancellationToken);
            if (constructors.Count > 0)
                return [.. Of(model.GetSymbolInfo(node, cancellationToken)), .. constructors.Where(constructor => !constructor.IsImplicitlyDeclared)];
        }

        if (node.Parent is InvocationExpressionSyntax or MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax }
            && node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call && call.Expression.Span.End == node.Span.End)
        {
            var functions = Calls.Candidates(model, call.ArgumentList, cancellationToken);
            if (functions.Count > 0 && functions[0] is not IMethodSymbol { MethodKind: MethodKind.DelegateInvoke })
                return functions;
        }

        var found = Of(model.GetSymbolInfo(node, cancellationToken));
        if (found.Length > 0)
            return found;
        if (node is ExpressionSyntax expression && model.GetMemberGroup(expression, cancellationToken) is { IsEmpty: false } group)
            return group;
        return model.GetTypeInfo(node, cancellationToken).Type is { TypeKind: not TypeKind.Error } type ? [type] : AsExpression(node, model);
    }

    // "model" alone on a line before another is read as a type, and is none.
    private static ImmutableArray<ISymbol> AsExpression(SyntaxNode node, SemanticModel model)
    {
        if (node is not SimpleNameSyntax name)
            return [];
        var whole = name.Parent is QualifiedNameSyntax qualified && qualified.Right == name ? qualified.ToString() : name.ToString();
        return Of(model.GetSpeculativeSymbolInfo(name.SpanStart, SyntaxFactory.ParseExpression(whole), SpeculativeBindingOption.BindAsExpression));
    }

    private static ImmutableArray<ISymbol> Of(SymbolInfo info) => info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
}
