using System.Globalization;
using System.Text.RegularExpressions;
using CourseKit.Session.Language;
using CourseKit.Session.Language.Inspecting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Cells;

/// <summary>One sentence more than the compiler says, for the errors that beginners meet most.</summary>
internal static partial class CompileHints
{
    private const int MostSignatures = 3;
    private const int MostNamespaces = 3;
    private const int DeepestNamespace = 8;

    public static string? Of(Diagnostic error, CompilationFailedException failure)
    {
        if (error.Location.SourceTree is not { } tree)
            return null;
        if (error.Id == "CS1002")
            return string.Create(CultureInfo.InvariantCulture, $"line {error.Location.GetLineSpan().StartLinePosition.Line + 1} wants a ; at its end.");
        if (failure.Compilation is not { } compilation || !compilation.ContainsSyntaxTree(tree))
            return null;
        var node = tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        var model = compilation.GetSemanticModel(tree);
        return error.Id switch
        {
            "CS0103" or "CS0246" => UnknownName(node, model, failure.Script),
            "CS1061" or "CS0117" => UnknownMember(node, model),
            "CS0029" or "CS0266" or "CS1503" or "CS0664" => WrongType(error, node),
            "CS1501" or "CS7036" or "CS1729" or "CS1739" => WrongArguments(node, model),
            _ => null,
        };
    }

    private static string? UnknownName(SyntaxNode node, SemanticModel model, CSharpCompilation? script)
    {
        if (node is not SimpleNameSyntax simple)
            return null;
        var name = simple.Identifier.ValueText;
        if (IsNameOf(script, name))
            return $"{name} belongs to the notebook's cells, and a namespace sees only namespaces. Put {name} into this cell or into a namespace of its own.";
        var place = node.SpanStart;
        var symbols = SyntaxFacts.IsInTypeOnlyContext(simple) ? SubmissionNames.TypesAt(model, place) : SubmissionNames.At(model, place);
        var near = Nearest(name, symbols);

        // Only another case is surely meant; else a type that has this very name is likelier than a name like it.
        if (near is not null && string.Equals(near, name, StringComparison.OrdinalIgnoreCase))
            return $"did you mean {near}? Upper and lower case differ.";
        var spaces = NamespacesWith(name, simple.Arity, model.Compilation.GlobalNamespace, 0)
            .OrderBy(space => !space.StartsWith("System", StringComparison.Ordinal)).ThenBy(space => space.Length).Take(MostNamespaces).ToArray();
        return spaces.Length > 0
            ? $"{name} is in {string.Join(" and in ", spaces)}: put \"using {spaces[0]};\" first in the cell."
            : near is not null ? $"did you mean {near}?"
            : null;
    }

    private static string? UnknownMember(SyntaxNode node, SemanticModel model)
    {
        if (node is not SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } name)
            return null;
        var near = model.GetSymbolInfo(access.Expression).Symbol is INamespaceOrTypeSymbol container
            ? Nearest(name.Identifier.ValueText, model.LookupStaticMembers(name.SpanStart, container))
            : model.GetTypeInfo(access.Expression).Type is { } type
                ? Nearest(name.Identifier.ValueText, model.LookupSymbols(name.SpanStart, type, includeReducedExtensionMethods: true))
                : null;
        return near is null ? null : $"did you mean {near}?";
    }

    private static string? WrongType(Diagnostic error, SyntaxNode node)
    {
        var message = error.GetMessage(CultureInfo.InvariantCulture);
        var text = (node is ArgumentSyntax argument ? argument.Expression : node).ToString();
        var isNumber = node is LiteralExpressionSyntax { Token.Value: double } or ArgumentSyntax { Expression: LiteralExpressionSyntax { Token.Value: double } }
            or PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax };
        if (error.Id == "CS0664")
            return $"{text} is a double; write {text}f for a float.";
        var shown = text.Length <= 30 && !text.Contains('\n', StringComparison.Ordinal) ? text : "...";
        var inBrackets = node is IdentifierNameSyntax or LiteralExpressionSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax ? shown : $"({shown})";
        return Types().Match(message) is not { Success: true } types ? null : (types.Groups[1].Value, types.Groups[2].Value) switch
        {
            ("double", "float") when isNumber => $"{text} is a double; write {text}f for a float.",
            ("double" or "float" or "decimal", "int" or "long") => $"(int){inBrackets} cuts off what is behind the point, (int)Math.Round({shown}) rounds.",
            ("double", "float") => $"write (float){inBrackets} to give up the digits that a float has no room for.",
            ("double" or "float", "decimal") => $"write (decimal){inBrackets}.",
            ("long", "int") => $"write (int){inBrackets} if it surely fits.",
            ("string", "int" or "double" or "float" or "long") => $"a text is read as a number by {types.Groups[2].Value}.Parse({shown}).",
            ("int" or "double" or "float" or "long" or "bool", "string") => $"a value becomes a text by {inBrackets}.ToString() or in $\"{{{shown}}}\".",
            ("int", "bool") => "a condition compares: with == if two values should be equal.",
            ("float[]", "double[]") or ("double[]", "float[]") => $"arrays are not converted as a whole: {shown}.Select(x => ({types.Groups[2].Value[..^2]})x).ToArray().",
            _ => null,
        };
    }

    private static string? WrongArguments(SyntaxNode node, SemanticModel model)
    {
        var list = node.AncestorsAndSelf().Select(ancestor => ancestor switch
        {
            InvocationExpressionSyntax call => call.ArgumentList,
            BaseObjectCreationExpressionSyntax creation => (SyntaxNode?)creation.ArgumentList,
            ConstructorInitializerSyntax initializer => initializer.ArgumentList,
            _ => null,
        }).FirstOrDefault(found => found is not null);
        if (list is null)
            return null;
        var functions = Calls.Candidates(model, list, CancellationToken.None).Where(function => !HiddenConstructor(function)).ToArray();
        return functions.Length == 0 ? null
            : $"there {(functions.Length == 1 ? "is" : "are")} {string.Join(" and ", functions.Take(MostSignatures).Select(SymbolPage.Show))}"
                + (functions.Length > MostSignatures ? $" and {functions.Length - MostSignatures} more." : ".");
    }

    // Every record has one that copies it, which no one calls.
    private static bool HiddenConstructor(ISymbol function) =>
        function is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ } only] } constructor && constructor.IsImplicitlyDeclared
        && SymbolEqualityComparer.Default.Equals(only.Type, constructor.ContainingType);

    private static bool IsNameOf(CSharpCompilation? script, string name)
    {
        for (var cell = script; cell is not null; cell = cell.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            if (cell.ScriptClass?.GetMembers(name).IsEmpty == false)
                return true;
        }

        return false;
    }

    private static IEnumerable<string> NamespacesWith(string name, int arity, INamespaceSymbol space, int depth)
    {
        if (depth > DeepestNamespace)
            yield break;
        if (!space.IsGlobalNamespace && space.GetTypeMembers(name).Any(type => type.DeclaredAccessibility == Accessibility.Public && (arity == 0 || type.Arity == arity) && !HiddenSymbols.IsHidden(type)))
            yield return space.ToDisplayString();
        foreach (var found in space.GetNamespaceMembers().SelectMany(inner => NamespacesWith(name, arity, inner, depth + 1)))
            yield return found;
    }

    private static string? Nearest(string name, IEnumerable<ISymbol> symbols)
    {
        var most = name.Length switch { <= 2 => 0, <= 4 => 1, _ => 2 };
        return symbols
            .Where(symbol => symbol.CanBeReferencedByName && Math.Abs(symbol.Name.Length - name.Length) <= most)
            .Select(symbol => (Symbol: symbol, Distance: Distance(symbol.Name, name)))
            .Where(candidate => candidate.Distance <= most || string.Equals(candidate.Symbol.Name, name, StringComparison.OrdinalIgnoreCase))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => !IsPartOf(name, candidate.Symbol.Name))
            .ThenBy(candidate => !candidate.Symbol.Locations.Any(location => location.IsInSource))
            .ThenBy(candidate => candidate.Symbol.Name, StringComparer.Ordinal)
            .FirstOrDefault(candidate => !HiddenSymbols.IsHidden(candidate.Symbol)).Symbol?.Name;
    }

    // Letters are left out more often than put in: WriteLn is WriteLine, and not Write.
    private static bool IsPartOf(string shortened, string name)
    {
        var at = 0;
        foreach (var letter in name)
        {
            if (at < shortened.Length && char.ToUpperInvariant(letter) == char.ToUpperInvariant(shortened[at]))
                at++;
        }

        return at == shortened.Length;
    }

    // How many letters are wrong, too many, missing, or have changed places with their neighbours; their case does not count.
    private static int Distance(string one, string other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var same = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                var least = Math.Min(table[i - 1, j - 1] + (same ? 0 : 1), Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    least = Math.Min(least, table[i - 2, j - 2] + 1);
                table[i, j] = least;
            }
        }

        return table[one.Length, other.Length];
    }

    [GeneratedRegex(@"'([\w\[\]]+)' to '([\w\[\]]+)'")]
    private static partial Regex Types();
}
