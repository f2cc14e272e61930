using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Cells;

/// <summary>
/// The names that a cell and all cells before it have declared, and what their using directives make visible. The
/// compiler asked for all names at a place looks each of them up in each cell: with a thousand cells that takes
/// seconds. Here a cell adds its names once to those of the cell before.
/// </summary>
internal sealed class SubmissionNames
{
    private static readonly ConditionalWeakTable<CSharpCompilation, SubmissionNames> s_known = [];

    private static readonly SubmissionNames s_none = new(ImmutableDictionary.Create<string, ISymbol>(StringComparer.Ordinal), [], []);

    private readonly ImmutableDictionary<string, ISymbol> _declared;
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly ImmutableList<string> _usings;
    private readonly Lazy<ImmutableArray<ISymbol>> _imported;

    private SubmissionNames(ImmutableDictionary<string, ISymbol> declared, ImmutableArray<MetadataReference> references, ImmutableList<string> usings, Lazy<ImmutableArray<ISymbol>>? imported = null)
    {
        _declared = declared;
        _references = references;
        _usings = usings;
        _imported = imported ?? new Lazy<ImmutableArray<ISymbol>>(Import);
    }

    /// <summary>How many names the cells have declared, each counted once.</summary>
    public int Count => _declared.Count;

    /// <summary>
    /// Every symbol that can be named at a place by its name alone; of those of one name, the nearest come first. They
    /// are symbols of several compilations, good for telling what they are, and not for comparing types.
    /// </summary>
    public static IEnumerable<ISymbol> At(SemanticModel model, int position)
    {
        var compilation = (CSharpCompilation)model.Compilation;
        if (compilation.ScriptCompilationInfo is not { PreviousScriptCompilation: { } before } script)
            return model.LookupSymbols(position);

        var earlier = Of(before);
        var alone = compilation.WithScriptCompilationInfo(script.WithPreviousScriptCompilation(null)).WithReferences(earlier._references.AddRange(compilation.ExternalReferences));
        return [.. alone.GetSemanticModel(model.SyntaxTree).LookupSymbols(position), .. Inherited(model, position), .. earlier._declared.Values, .. earlier._imported.Value];
    }

    /// <summary>The same, but namespaces and types alone.</summary>
    public static IEnumerable<ISymbol> TypesAt(SemanticModel model, int position) =>
        model.Compilation.ScriptCompilationInfo?.PreviousScriptCompilation is null
            ? model.LookupNamespacesAndTypes(position)
            : At(model, position).Where(symbol => symbol is INamespaceOrTypeSymbol or IAliasSymbol);

    // A class may have members from a class of an earlier cell, which its own cell alone does not know.
    private static IEnumerable<ISymbol> Inherited(SemanticModel model, int position)
    {
        for (var type = model.GetEnclosingSymbol(position) as INamedTypeSymbol ?? model.GetEnclosingSymbol(position)?.ContainingType; type is { IsScriptClass: false }; type = type.ContainingType)
        {
            foreach (var symbol in model.LookupSymbols(position, type))
                yield return symbol;
        }
    }

    /// <summary>What is known behind a cell: made once for each, from that of the cell before.</summary>
    public static SubmissionNames Of(CSharpCompilation compilation)
    {
        // From the oldest on: a recursion would be as deep as there are cells.
        var unknown = new Stack<CSharpCompilation>();
        var names = s_none;
        for (var submission = compilation; submission is not null; submission = submission.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            if (s_known.TryGetValue(submission, out var found))
            {
                names = found;
                break;
            }

            unknown.Push(submission);
        }

        while (unknown.TryPop(out var submission))
            names = s_known.GetValue(submission, key => names.With(key));
        return names;
    }

    private SubmissionNames With(CSharpCompilation submission)
    {
        var declared = _declared;
        foreach (var member in submission.ScriptClass?.GetMembers() ?? [])
        {
            if (member.CanBeReferencedByName && !member.IsImplicitlyDeclared)
                declared = declared.SetItem(member.Name, member);
        }

        // Those that every session begins with are options of its first cell, and never change.
        var usings = _usings;
        foreach (var directive in submission.SyntaxTrees.SelectMany(tree => ((CompilationUnitSyntax)tree.GetRoot()).Usings))
        {
            // A class of a cell, whose static members become names; where nothing is known of cells, it is unknown.
            if (!directive.StaticKeyword.IsKind(SyntaxKind.None)
                && submission.GetSemanticModel(directive.SyntaxTree).GetSymbolInfo(directive.NamespaceOrType).Symbol is INamedTypeSymbol type
                && type.Locations.Any(location => location.IsInSource))
            {
                foreach (var member in type.GetMembers().Where(member => member.IsStatic && member.CanBeReferencedByName))
                    declared = declared.SetItem(member.Name, member);
            }
            else
            {
                usings = CellCompiler.AddUsing(usings, directive);
            }
        }

        // What is imported is read anew when there is something new to import.
        return submission.ExternalReferences.IsEmpty && usings.SequenceEqual(_usings)
            ? new SubmissionNames(declared, _references, _usings, _imported)
            : new SubmissionNames(declared, _references.AddRange(submission.ExternalReferences), usings);
    }

    private ImmutableArray<ISymbol> Import()
    {
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', _usings), CellSource.ParseOptions, "", Encoding.UTF8);
        var compilation = CSharpCompilation.CreateScriptCompilation("Imports", tree, _references, CellCompiler.FirstOptions);
        return compilation.GetSemanticModel(tree).LookupSymbols(tree.Length);
    }
}
