using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CourseKit.Session.Stopping;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive;

namespace CourseKit.Session.Cells;

/// <summary>
/// Compiles cells into a chain in which each sees the names of those before it. It drives the compiler itself, and not
/// through CSharpScript, for what that does not give: checks put in after parsing, debug information that is read back
/// for tracebacks, optimized code, and a cell's variables even when the cell was given up.
/// </summary>
internal sealed class CellCompiler(ReferenceSet references)
{
    /// <summary>The error of a script that has a namespace: such a cell becomes a library.</summary>
    public const string NamespaceInScript = "CS7021";

    private static readonly string[] s_usings =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(Kernel).FullName!, typeof(DisplayExtensions).FullName!,
    ];

    // Which version of an assembly stands in for another is no concern of a cell's author, nor are things that a program
    // would have to mend and a notebook has every day: a using line twice, an async function that does not wait yet.
    private static readonly string[] s_silenced = ["CS0105", "CS0436", "CS1701", "CS1702", "CS1998", "CS7022", "CS8019", "CS8021", "CS8632", "CS8933", "CS8981"];

    // Cells train models, so they are optimized; but every statement keeps its own instructions, or a traceback would
    // name the line before. The compiler has that mode for /debug+ with /optimize+ alone, and no property for it.
    public static CSharpCompilationOptions Options { get; } = CSharpCommandLineParser.Default
        .Parse(["/debug+", "/optimize+", "/target:library", "cell.cs"], baseDirectory: null, sdkDirectory: null).CompilationOptions
        .WithAllowUnsafe(true)
        .WithConcurrentBuild(false)
        .WithNullableContextOptions(NullableContextOptions.Annotations)
        .WithSpecificDiagnosticOptions(s_silenced.ToDictionary(id => id, _ => ReportDiagnostic.Suppress, StringComparer.Ordinal));

    /// <summary>The same for a session's first cell, whose usings those after it inherit.</summary>
    public static CSharpCompilationOptions FirstOptions { get; } = Options.WithUsings(s_usings);

    private static readonly EmitOptions s_emit = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private readonly ForwarderResolver _forwarders = new(references);

    // Replaced as a whole: the language services read it on their own thread, while a cell runs.
    private volatile Chain _chain = new(null, 0, 0, 0, [.. s_usings.Select(name => $"using {name};")]);
    private readonly LibraryCompiler _libraries = new(references, Options.WithMetadataReferenceResolver(new ForwarderResolver(references)), s_emit);

    /// <summary>The cells so far.</summary>
    /// <param name="Last">The last of them that has a name for others, which knows those before.</param>
    /// <param name="Count">How many there were.</param>
    /// <param name="Kept">How many of them are known to those after them.</param>
    /// <param name="ReferencesKnown">
    /// How many references they have together: a cell has those of the cells before it, and naming them again would cost
    /// half a megabyte for each cell.
    /// </param>
    /// <param name="Usings">Their using directives, for libraries, which do not see the cells.</param>
    private sealed record Chain(CSharpCompilation? Last, int Count, int Kept, int ReferencesKnown, ImmutableList<string> Usings);

    /// <summary>How many cells the next one knows: their variables have places, from 1.</summary>
    public int KeptCount => _chain.Kept;

    /// <summary>Compiles a cell; the chain stays as it is until <see cref="Keep"/>.</summary>
    /// <exception cref="CompilationFailedException">It does not compile.</exception>
    public CompiledCell Compile(CellSource source, string name, CancellationToken cancellationToken)
    {
        var code = UsingDeclarations.Lift(source.Code, out var disposed);
        return CompileParts(code, name, cancellationToken) with { Disposed = disposed };
    }

    private CompiledCell CompileParts(string code, string name, CancellationToken cancellationToken)
    {
        var tree = Parse(code, name, cancellationToken);
        if (LibraryParts.Of((CompilationUnitSyntax)tree.GetRoot(cancellationToken)) is not { } parts)
            return CompileScript(tree, [], cancellationToken);
        if (Errors(tree.GetDiagnostics(cancellationToken)).RemoveAll(IsMendedByParts) is { IsEmpty: false } syntaxErrors)
            throw new CompilationFailedException(syntaxErrors);

        var script = Parse(parts.Script, name, cancellationToken);
        var usings = ((CompilationUnitSyntax)script.GetRoot(cancellationToken)).Usings.Aggregate(_chain.Usings, AddUsing);
        var (library, warnings) = _libraries.Compile(new LibrarySource(name, parts.Library), usings, _chain.Last, cancellationToken);
        var added = _libraries.ReferencesOf(library);
        var cell = CompileScript(script, added, cancellationToken);
        return cell with { Library = library, LibraryReferences = added.Length, Warnings = [.. warnings, .. cell.Warnings] };
    }

    private CompiledCell CompileScript(SyntaxTree tree, ImmutableArray<MetadataReference> added, CancellationToken cancellationToken)
    {
        if (Errors(tree.GetDiagnostics(cancellationToken)) is { IsEmpty: false } syntaxErrors)
            throw new CompilationFailedException(syntaxErrors);
        var name = tree.FilePath;
        if (ExtensionClasses.Lift((CompilationUnitSyntax)tree.GetRoot(cancellationToken), out var inserted) is { } lifted)
            tree = Parse(lifted, name, cancellationToken);
        if (((CompilationUnitSyntax)tree.GetRoot(cancellationToken)).Members.Count == 0)
            return WithoutCode(Create(tree, added), cancellationToken);

        // Bound only when someone asks: most cells go through the compiler once.
        var original = new Lazy<CSharpCompilation>(() => Create(tree, added));
        var root = new StopCheckRewriter(() => original.Value.GetSemanticModel(tree)).Visit(tree.GetRoot(cancellationToken));
        var stoppable = Create(CSharpSyntaxTree.Create((CSharpSyntaxNode)root, CellSource.ParseOptions, name, Encoding.UTF8), added);
        var (cell, remarks) = Emit(stoppable, cancellationToken);
        if (cell is not null && !remarks.Any(remark => remark.Severity == DiagnosticSeverity.Warning))
            return cell;

        // Remarks are about the cell as it was written, so that columns are the user's and nothing of ours is named.
        var written = WithoutInserted(original.Value.GetDiagnostics(cancellationToken), inserted);
        if (Errors(written) is { IsEmpty: false } errors)
            throw new CompilationFailedException(errors, original.Value);

        // The checks may not fit where the cell itself does: then it runs without them.
        cell ??= Emit(original.Value, cancellationToken).Cell ?? throw new CompilationFailedException(Errors(remarks));
        return cell with { Warnings = [.. written.Where(remark => remark.Severity == DiagnosticSeverity.Warning && !remark.IsSuppressed)] };
    }

    /// <summary>Makes the names of a cell known to those after it.</summary>
    public void Keep(CompiledCell cell)
    {
        var chain = _chain;
        if (cell.Library is { } library)
            _libraries.Keep(library);
        var usings = ((CompilationUnitSyntax)cell.Compilation.SyntaxTrees[0].GetRoot()).Usings;
        if (chain.Last is not null && usings.Count == 0 && cell.Compilation.ExternalReferences.IsEmpty && !HasNames(cell.Compilation))
        {
            // Most cells only do something. What is looked up in the cells before, for every name in every later cell,
            // need not be looked up in these, and the compiler can forget them.
            _chain = chain with { Count = chain.Count + 1 };
            return;
        }

        _chain = new Chain(
            cell.Compilation,
            chain.Count + 1,
            chain.Kept + 1,
            chain.ReferencesKnown + cell.Compilation.ExternalReferences.Length - cell.LibraryReferences,
            usings.Aggregate(chain.Usings, AddUsing));
    }

    /// <summary>
    /// A cell that is still being written, after all that were kept so far: what of it the cursor is in, a library or the
    /// script, and how to compile that. From any thread.
    /// </summary>
    public (SyntaxTree Tree, Func<CSharpCompilation> Compile) Draft(string code, int cursor, CancellationToken cancellationToken)
    {
        var tree = Parse(UsingDeclarations.Lift(code, out _), "Draft", cancellationToken);
        if (LibraryParts.Of((CompilationUnitSyntax)tree.GetRoot(cancellationToken)) is not { } parts)
            return (tree, () => Create(tree, []));
        var script = Parse(parts.Script, "Draft", cancellationToken);
        if (!parts.IsInLibrary(cursor))
            return (script, () => Create(script, []));
        var usings = ((CompilationUnitSyntax)script.GetRoot(cancellationToken)).Usings.Aggregate(_chain.Usings, AddUsing);
        var library = _libraries.Draft(new LibrarySource("Draft", parts.Library), usings, cancellationToken);
        return (library.SyntaxTrees[^1], () => library);
    }

    /// <summary>Whether the cell's last line is an expression, whose value the cell has.</summary>
    public static bool EndsInExpression(CompiledCell cell) =>
        LastStatement(cell) is ExpressionStatementSyntax { SemicolonToken.IsMissing: true };

    /// <summary>Whether that expression has no value, like a call of <c>Console.WriteLine</c>.</summary>
    public static bool EndsInVoid(CompiledCell cell) =>
        LastStatement(cell) is ExpressionStatementSyntax last
        && cell.Compilation.GetSemanticModel(last.SyntaxTree).GetTypeInfo(last.Expression).Type is { SpecialType: SpecialType.System_Void };

    // Variables, also those that an expression declares (out var, is var), functions and types.
    private static bool HasNames(CSharpCompilation cell) => cell.ScriptClass is { } script && script.GetMembers().Any(member => member.CanBeReferencedByName && !member.IsImplicitlyDeclared);

    private static StatementSyntax? LastStatement(CompiledCell cell) =>
        ((CompilationUnitSyntax)cell.Compilation.SyntaxTrees[^1].GetRoot()).Members.LastOrDefault() is GlobalStatementSyntax global ? global.Statement : null;

    private static CompiledCell WithoutCode(CSharpCompilation compilation, CancellationToken cancellationToken)
    {
        var diagnostics = compilation.GetDiagnostics(cancellationToken);
        return Errors(diagnostics) is { IsEmpty: false } errors
            ? throw new CompilationFailedException(errors, compilation)
            : new CompiledCell(compilation, [], [], [.. diagnostics.Where(remark => remark.Severity == DiagnosticSeverity.Warning)]);
    }

    private static (CompiledCell? Cell, ImmutableArray<Diagnostic> Remarks) Emit(CSharpCompilation compilation, CancellationToken cancellationToken)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(assembly, symbols, options: s_emit, cancellationToken: cancellationToken);
        return (result.Success ? new CompiledCell(compilation, assembly.ToArray(), symbols.ToArray(), []) : null, result.Diagnostics);
    }

    private static ImmutableArray<Diagnostic> Errors(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    private static SyntaxTree Parse(string code, string name, CancellationToken cancellationToken) =>
        CSharpSyntaxTree.ParseText(code, CellSource.ParseOptions, name, Encoding.UTF8, cancellationToken);

    // A namespace in a script, and a using line behind it.
    private static bool IsMendedByParts(Diagnostic error) => error.Id is NamespaceInScript or "CS1529";

    /// <summary>Adds a using directive to others; an alias takes the place of an earlier one.</summary>
    public static ImmutableList<string> AddUsing(ImmutableList<string> usings, UsingDirectiveSyntax directive)
    {
        var line = directive.NormalizeWhitespace().ToFullString().Trim();
        return (directive.Alias is { } alias ? usings.RemoveAll(other => other.StartsWith($"using {alias.Name} =", StringComparison.Ordinal)) : usings.Remove(line)).Add(line);
    }

    // What was put in repeats what the cell says, and so it repeats its errors.
    private static ImmutableArray<Diagnostic> WithoutInserted(ImmutableArray<Diagnostic> remarks, IReadOnlyList<TextSpan> inserted)
    {
        var own = inserted.Count == 0 ? remarks : remarks.RemoveAll(remark => inserted.Any(span => span.Contains(remark.Location.SourceSpan)));
        return Errors(own).IsEmpty ? remarks : own;
    }

    private CSharpCompilation Create(SyntaxTree tree, ImmutableArray<MetadataReference> added)
    {
        var chain = _chain;
        return CSharpCompilation.CreateScriptCompilation(
            string.Create(CultureInfo.InvariantCulture, $"Submission-{chain.Count}"),
            tree,
            [.. references.All.Skip(chain.ReferencesKnown), .. added],
            (chain.Last is null ? FirstOptions : Options)
                .WithScriptClassName(string.Create(CultureInfo.InvariantCulture, $"Submission#{chain.Count}"))
                .WithMetadataReferenceResolver(_forwarders)
                .WithSourceReferenceResolver(new SourceFileResolver([], Environment.CurrentDirectory)),
            chain.Last,
            typeof(object));
    }
}
