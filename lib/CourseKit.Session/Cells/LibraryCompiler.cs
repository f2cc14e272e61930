using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CourseKit.Session.Stopping;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace CourseKit.Session.Cells;

/// <summary>
/// Compiles what no script may have into assemblies. A library sees the session's references, its usings and earlier
/// libraries, but no name of a script. A type that is defined anew must hide the one before: the compiler takes the
/// assembly with the higher version of those of one name, so the new library takes over the old one's name, and with it
/// whatever else the old one had.
/// </summary>
/// <param name="references">What cells may use.</param>
/// <param name="options">Those of cells.</param>
/// <param name="emit">Those of cells.</param>
internal sealed class LibraryCompiler(ReferenceSet references, CSharpCompilationOptions options, EmitOptions emit)
{
    private static readonly CSharpParseOptions s_parse = CellSource.ParseOptions.WithKind(SourceCodeKind.Regular);

    private ImmutableArray<CellLibrary> _live = [];
    private int _count;

    /// <summary>The libraries that later cells see.</summary>
    public ImmutableArray<CellLibrary> Live => _live;

    /// <exception cref="CompilationFailedException">It does not compile.</exception>
    public (CellLibrary Library, ImmutableArray<Diagnostic> Warnings) Compile(LibrarySource source, IEnumerable<string> usings, CSharpCompilation? script, CancellationToken cancellationToken)
    {
        // The same code again is the same library, and objects made from it stay what they are.
        if (_live.FirstOrDefault(library => library.Sources[0].Code.TrimEnd() == source.Code.TrimEnd()) is { } same)
            return (same, []);

        var alone = Create("Library", [source], usings, Visible([]), cancellationToken);
        var types = TypesOf(alone.Assembly.GlobalNamespace);
        var replaced = Replaced(types);
        var carried = replaced.SelectMany(library => library.Sources).Select(old => Without(old, types)).ToArray();
        var visible = Visible(replaced);
        var name = replaced.FirstOrDefault()?.Name ?? string.Create(CultureInfo.InvariantCulture, $"{CellLibrary.NamePrefix}{_count}");

        var whole = Create(name, [source, .. carried], usings, visible, cancellationToken);
        if (!Errors(whole).IsEmpty)
        {
            // What was there before may not fit what is new; what is new is what was asked for.
            carried = [];
            whole = Create(name, [source], usings, visible, cancellationToken);
            if (Errors(whole) is { IsEmpty: false } own)
                throw new CompilationFailedException(own, whole) { Script = script };
        }

        var (assembly, symbols) = Emit(whole, cancellationToken);
        var library = new CellLibrary(
            name,
            _count,
            assembly,
            symbols,
            [source, .. carried],
            TypesOf(whole.Assembly.GlobalNamespace),
            [.. _live.Except(replaced).Select(other => other.Name).Intersect(whole.GetUsedAssemblyReferences(cancellationToken).Select(used => (whole.GetAssemblyOrModuleSymbol(used) as IAssemblySymbol)?.Name ?? ""), StringComparer.Ordinal)],
            [.. replaced.Skip(1)])
        { Compilation = whole };
        return (library, [.. whole.GetDiagnostics(cancellationToken).Where(remark => remark.Severity == DiagnosticSeverity.Warning && !remark.IsSuppressed && remark.Location.SourceTree?.FilePath == source.Cell)]);
    }

    /// <summary>A library that is still being written. From any thread.</summary>
    public CSharpCompilation Draft(LibrarySource source, IEnumerable<string> usings, CancellationToken cancellationToken) =>
        Create("Library", [source], usings, Visible([]), cancellationToken);

    /// <summary>Makes a library known to later cells; the references that they need for it.</summary>
    public ImmutableArray<MetadataReference> Keep(CellLibrary library)
    {
        if (_live.Contains(library))
            return [];
        _live = [.. _live.Where(other => other.Name != library.Name && !library.Replaces.Contains(other)), library];
        _count++;
        return ReferencesOf(library);
    }

    /// <summary>What a cell has to reference for a library that is not kept yet.</summary>
    public ImmutableArray<MetadataReference> ReferencesOf(CellLibrary library) => _live.Contains(library)
        ? []
        : [library.Reference, .. library.Replaces.Select(other => Hide(other.Name, library.Version))];

    private ImmutableArray<MetadataReference> Visible(List<CellLibrary> without) => references.All.AddRange(_live.Except(without).Select(library => library.Reference));

    // The libraries whose types are defined anew, and those that are built on them.
    private List<CellLibrary> Replaced(ImmutableHashSet<string> types)
    {
        var replaced = _live.Where(library => library.Types.Overlaps(types)).ToList();
        for (var i = 0; i < replaced.Count; i++)
            replaced.AddRange(_live.Where(library => !replaced.Contains(library) && library.DependsOn.Contains(replaced[i].Name)));
        return replaced;
    }

    private CSharpCompilation Create(string name, IEnumerable<LibrarySource> sources, IEnumerable<string> usings, IEnumerable<MetadataReference> visible, CancellationToken cancellationToken)
    {
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Code, s_parse, source.Cell, Encoding.UTF8, cancellationToken)).ToArray();
        var version = string.Create(CultureInfo.InvariantCulture, $"[assembly: System.Reflection.AssemblyVersion(\"1.0.{_count}.0\")]");
        var global = usings.ToList();
        while (true)
        {
            var header = CSharpSyntaxTree.ParseText(string.Join('\n', [.. global.Select(line => "global " + line), version]), s_parse, "Usings", Encoding.UTF8, cancellationToken);
            var compilation = CSharpCompilation.Create(name, [header, .. trees], visible, options.WithUsings());

            // using static of a script's class: the library does not see it, and may do without.
            var wrong = compilation.GetSemanticModel(header).GetDeclarationDiagnostics(cancellationToken: cancellationToken)
                .Concat(compilation.GetSemanticModel(header).GetDiagnostics(cancellationToken: cancellationToken))
                .Where(remark => remark.Severity == DiagnosticSeverity.Error && remark.Location.SourceTree == header)
                .Select(remark => remark.Location.GetLineSpan().StartLinePosition.Line).Where(line => line < global.Count).Distinct().OrderDescending().ToArray();
            if (wrong.Length == 0)
                return compilation;
            foreach (var line in wrong)
                global.RemoveAt(line);
        }
    }

    private (byte[] Assembly, byte[] Symbols) Emit(CSharpCompilation written, CancellationToken cancellationToken)
    {
        var stoppable = written;
        foreach (var tree in written.SyntaxTrees.Skip(1))
        {
            var checks = new StopCheckRewriter(() => written.GetSemanticModel(tree)).Visit(tree.GetRoot(cancellationToken));
            stoppable = stoppable.ReplaceSyntaxTree(tree, Public(checks, tree));
        }

        foreach (var compilation in new[] { stoppable, written })
        {
            using var assembly = new MemoryStream();
            using var symbols = new MemoryStream();
            var result = compilation.Emit(assembly, symbols, options: emit, cancellationToken: cancellationToken);
            if (result.Success)
                return (assembly.ToArray(), symbols.ToArray());
            if (compilation == written)
                throw new CompilationFailedException([.. result.Diagnostics.Where(remark => remark.Severity == DiagnosticSeverity.Error)]);
        }

        throw new InvalidOperationException("Neither form of the library was compiled.");
    }

    // A type that does not say how visible it is would be seen in its own cell only.
    private static SyntaxTree Public(SyntaxNode root, SyntaxTree tree)
    {
        var types = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.PublicKeyword) && !member.Modifiers.Any(SyntaxKind.FileKeyword));
        var visible = root.ReplaceNodes(types, (_, type) =>
        {
            var leading = type.GetLeadingTrivia();
            var modifiers = type.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.InternalKeyword)).ToArray();
            var keyword = SyntaxFactory.Token(leading, SyntaxKind.PublicKeyword, [SyntaxFactory.Space]);
            if (type.AttributeLists.Count > 0)
                return type.WithModifiers([keyword.WithLeadingTrivia(type.Modifiers.Count > 0 ? type.Modifiers[0].LeadingTrivia : default), .. modifiers.Select(modifier => modifier.WithLeadingTrivia())]);
            return type.WithoutLeadingTrivia().WithModifiers([keyword, .. modifiers.Select(modifier => modifier.WithLeadingTrivia())]);
        });
        return CSharpSyntaxTree.Create((CSharpSyntaxNode)visible, s_parse, tree.FilePath, Encoding.UTF8);
    }

    // An empty assembly of the same name and a higher version.
    private static PortableExecutableReference Hide(string name, int version)
    {
        var tree = CSharpSyntaxTree.ParseText(string.Create(CultureInfo.InvariantCulture, $"[assembly: System.Reflection.AssemblyVersion(\"1.0.{version}.0\")]"));
        using var image = new MemoryStream();
        CSharpCompilation.Create(name, [tree], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static LibrarySource Without(LibrarySource source, ImmutableHashSet<string> types)
    {
        var root = CSharpSyntaxTree.ParseText(source.Code, s_parse).GetRoot();
        var redefined = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && types.Contains(FullName((MemberDeclarationSyntax)node)));
        return source with { Code = LibraryParts.Blank(source.Code, redefined.Select(node => node.Span)) };
    }

    private static string FullName(MemberDeclarationSyntax type)
    {
        var spaces = type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(space => space.Name.ToString());
        var (name, arity) = type switch
        {
            TypeDeclarationSyntax declared => (declared.Identifier.ValueText, declared.Arity),
            BaseTypeDeclarationSyntax declared => (declared.Identifier.ValueText, 0),
            DelegateDeclarationSyntax declared => (declared.Identifier.ValueText, declared.Arity),
            _ => ("", 0),
        };
        return string.Join('.', spaces.Append(arity == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}`{arity}")));
    }

    private static ImmutableHashSet<string> TypesOf(INamespaceSymbol space)
    {
        var prefix = space.IsGlobalNamespace ? "" : space.ToDisplayString() + ".";
        return [.. space.GetTypeMembers().Where(type => type.CanBeReferencedByName).Select(type => prefix + type.MetadataName), .. space.GetNamespaceMembers().SelectMany(TypesOf)];
    }

    private static ImmutableArray<Diagnostic> Errors(CSharpCompilation compilation) =>
        [.. compilation.GetDiagnostics().Where(remark => remark.Severity == DiagnosticSeverity.Error)];
}
