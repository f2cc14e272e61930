using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Stopping;

/// <summary>
/// Puts a <see cref="StopCheck"/> into every loop and every function of a cell. No line moves: what is put in has no
/// line break, and every token that is replaced leaves its own behind.
/// </summary>
/// <param name="model">
/// Asked only for lambdas written as one expression: whether they return its value, and whether they are expression
/// trees, which must stay as they are, is nothing the syntax tells.
/// </param>
internal sealed class StopCheckRewriter(Func<SemanticModel> model) : CSharpSyntaxRewriter
{
    private static readonly StatementSyntax s_loopCheck = Call(nameof(StopCheck.Loop));
    private static readonly StatementSyntax s_entryCheck = Call(nameof(StopCheck.Enter));
    private static readonly StatementSyntax s_asyncEntryCheck = Call(nameof(StopCheck.EnterAsync));

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) =>
        base.VisitWhileStatement(node) is WhileStatementSyntax loop ? loop.WithStatement(Checked(loop.Statement, s_loopCheck)) : null;

    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node) =>
        base.VisitDoStatement(node) is DoStatementSyntax loop ? loop.WithStatement(Checked(loop.Statement, s_loopCheck)) : null;

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node) =>
        base.VisitForStatement(node) is ForStatementSyntax loop ? loop.WithStatement(Checked(loop.Statement, s_loopCheck)) : null;

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node) =>
        base.VisitForEachStatement(node) is ForEachStatementSyntax loop ? loop.WithStatement(Checked(loop.Statement, s_loopCheck)) : null;

    public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node) =>
        base.VisitForEachVariableStatement(node) is ForEachVariableStatementSyntax loop ? loop.WithStatement(Checked(loop.Statement, s_loopCheck)) : null;

    // A jump backwards is a loop too.
    public override SyntaxNode? VisitGotoStatement(GotoStatementSyntax node) =>
        node.IsKind(SyntaxKind.GotoStatement) ? Checked(node, s_loopCheck) : node;

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) =>
        base.VisitMethodDeclaration(node) is MethodDeclarationSyntax method
            ? CheckedMember(method, ReturnsValue(method.Modifiers, method.ReturnType))
            : null;

    public override SyntaxNode? VisitOperatorDeclaration(OperatorDeclarationSyntax node) =>
        base.VisitOperatorDeclaration(node) is OperatorDeclarationSyntax member
            ? CheckedMember(member, ReturnsValue(member.Modifiers, member.ReturnType))
            : null;

    public override SyntaxNode? VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node) =>
        base.VisitConversionOperatorDeclaration(node) is ConversionOperatorDeclarationSyntax member
            ? CheckedMember(member, returnsValue: true)
            : null;

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node) =>
        base.VisitConstructorDeclaration(node) is ConstructorDeclarationSyntax member ? CheckedMember(member, returnsValue: false) : null;

    public override SyntaxNode? VisitDestructorDeclaration(DestructorDeclarationSyntax node) =>
        base.VisitDestructorDeclaration(node) is DestructorDeclarationSyntax member ? CheckedMember(member, returnsValue: false) : null;

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        if (base.VisitLocalFunctionStatement(node) is not LocalFunctionStatementSyntax function)
            return null;
        if (function.Body is { } body)
            return function.WithBody(Checked(body, EntryCheck(function.Modifiers)));
        return function.ExpressionBody is { } arrow
            ? function.WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(ToBlock(arrow, EntryCheck(function.Modifiers), ReturnsValue(function.Modifiers, function.ReturnType), function.SemicolonToken))
            : function;
    }

    public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node)
    {
        if (base.VisitAccessorDeclaration(node) is not AccessorDeclarationSyntax accessor)
            return null;
        if (accessor.Body is { } body)
            return accessor.WithBody(Checked(body, s_entryCheck));
        return accessor.ExpressionBody is { } arrow
            ? accessor.WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(ToBlock(arrow, s_entryCheck, accessor.IsKind(SyntaxKind.GetAccessorDeclaration), accessor.SemicolonToken))
            : accessor;
    }

    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) =>
        base.VisitPropertyDeclaration(node) is not PropertyDeclarationSyntax property ? null
        : property.ExpressionBody is { } arrow
            ? property.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(ToGetter(arrow, property.SemicolonToken))
            : property;

    public override SyntaxNode? VisitIndexerDeclaration(IndexerDeclarationSyntax node) =>
        base.VisitIndexerDeclaration(node) is not IndexerDeclarationSyntax indexer ? null
        : indexer.ExpressionBody is { } arrow
            ? indexer.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(ToGetter(arrow, indexer.SemicolonToken))
            : indexer;

    public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) =>
        base.VisitAnonymousMethodExpression(node) is AnonymousMethodExpressionSyntax method ? method.WithBlock(Checked(method.Block, s_entryCheck)) : null;

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) =>
        VisitLambda(node, lambda => (SimpleLambdaExpressionSyntax)base.VisitSimpleLambdaExpression(lambda)!);

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) =>
        VisitLambda(node, lambda => (ParenthesizedLambdaExpressionSyntax)base.VisitParenthesizedLambdaExpression(lambda)!);

    private LambdaExpressionSyntax VisitLambda<T>(T node, Func<T, T> visitInside)
        where T : LambdaExpressionSyntax
    {
        if (node.Block is not null)
        {
            var lambda = visitInside(node);
            return (LambdaExpressionSyntax)lambda.WithBlock(Checked(lambda.Block!, EntryCheck(lambda.Modifiers)));
        }

        var semantics = model();
        if (semantics.GetSymbolInfo(node).Symbol is not IMethodSymbol symbol
            || semantics.GetTypeInfo(node).ConvertedType is not { TypeKind: TypeKind.Delegate })
        {
            return node;
        }

        var returnsValue = !symbol.ReturnsVoid && !(symbol.IsAsync && symbol.ReturnType is INamedTypeSymbol { IsGenericType: false });
        var inside = visitInside(node);
        var block = Block(SyntaxFactory.Token(SyntaxKind.OpenBraceToken), EntryCheck(inside.Modifiers), inside.ExpressionBody!, returnsValue, SyntaxFactory.Token(SyntaxKind.SemicolonToken));
        return (LambdaExpressionSyntax)inside.WithExpressionBody(null).WithBlock(block);
    }

    private static BaseMethodDeclarationSyntax CheckedMember(BaseMethodDeclarationSyntax member, bool returnsValue)
    {
        if (member.Body is { } body)
            return member.WithBody(Checked(body, EntryCheck(member.Modifiers)));
        return member.ExpressionBody is { } arrow
            ? member.WithExpressionBody(null).WithBody(ToBlock(arrow, EntryCheck(member.Modifiers), returnsValue, member.SemicolonToken)).WithSemicolonToken(default)
            : member;
    }

    private static BlockSyntax Checked(BlockSyntax body, StatementSyntax check) => body.WithStatements(body.Statements.Insert(0, check));

    private static BlockSyntax Checked(StatementSyntax statement, StatementSyntax check) =>
        statement is BlockSyntax block ? Checked(block, check) : SyntaxFactory.Block(check, statement);

    private static AccessorListSyntax ToGetter(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon) =>
        SyntaxFactory.AccessorList(SyntaxFactory.SingletonList(
            SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, ToBlock(arrow, s_entryCheck, returnsValue: true, semicolon))));

    private static BlockSyntax ToBlock(ArrowExpressionClauseSyntax arrow, StatementSyntax check, bool returnsValue, SyntaxToken semicolon)
    {
        // The brace takes the place of the arrow, with the line break that may follow it.
        var brace = SyntaxFactory.Token(arrow.ArrowToken.LeadingTrivia, SyntaxKind.OpenBraceToken, arrow.ArrowToken.TrailingTrivia);
        return Block(brace, check, arrow.Expression, returnsValue, semicolon);
    }

    private static BlockSyntax Block(SyntaxToken brace, StatementSyntax check, ExpressionSyntax expression, bool returnsValue, SyntaxToken semicolon)
    {
        StatementSyntax statement = expression switch
        {
            ThrowExpressionSyntax thrown => SyntaxFactory.ThrowStatement(thrown.ThrowKeyword, thrown.Expression, semicolon),
            _ when returnsValue => SyntaxFactory.ReturnStatement(
                SyntaxFactory.Token(default, SyntaxKind.ReturnKeyword, [SyntaxFactory.Space]), expression, semicolon),
            _ => SyntaxFactory.ExpressionStatement(expression, semicolon),
        };
        return SyntaxFactory.Block(brace, [check, statement], SyntaxFactory.Token(SyntaxKind.CloseBraceToken));
    }

    private static StatementSyntax EntryCheck(SyntaxTokenList modifiers) => modifiers.Any(SyntaxKind.AsyncKeyword) ? s_asyncEntryCheck : s_entryCheck;

    // async Task F() => await x; returns nothing, async Task<int> F() => await x; and Task F() => x; return x.
    private static bool ReturnsValue(SyntaxTokenList modifiers, TypeSyntax returnType)
    {
        if (returnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword })
            return false;
        var name = returnType is QualifiedNameSyntax qualified ? qualified.Right : returnType;
        return !(modifiers.Any(SyntaxKind.AsyncKeyword) && name is IdentifierNameSyntax);
    }

    private static StatementSyntax Call(string method) => SyntaxFactory.ParseStatement($"global::{typeof(StopCheck).FullName}.{method}();");
}
