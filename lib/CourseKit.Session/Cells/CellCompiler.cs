using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CourseKit.Session.Stopping;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.DotNet.Interactive;

namespace CourseKit.Session.Cells;

/// <summary>
/// Compiles cells into a chain in which each sees the names of those before it. It drives the compiler itself, and not
/// through CSharpScript, for what that does not give: checks put in after parsing, debug information that is read back
/// for tracebacks, optimized code, and a cell's variables even when the cell was given up.
/// </summary>
internal sealed class CellCompiler(ReferenceSet references)
{
    private static readonly string[] s_usings =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(Kernel).FullName!, typeof(DisplayExtensions).FullName!,
    ];

    // Which version of an assembly stands in for another is no concern of a cell's author.
    private static readonly string[] s_silenced = ["CS1701", "CS1702", "CS8019", "CS8021", "CS8632"];

    // Cells train models, so they are optimized; but every statement keeps its own instructions, or a traceback would
    // name the line before. The compiler has that mode for /debug+ with /optimize+ alone, and no property for it.
    private static readonly CSharpCompilationOptions s_options = CSharpCommandLineParser.Default
        .Parse(["/debug+", "/optimize+", "/target:library", "cell.cs"], baseDirectory: null, sdkDirectory: null).CompilationOptions
        .WithAllowUnsafe(true)
        .WithConcurrentBuild(false)
        .WithNullableContextOptions(NullableContextOptions.Annotations)
        .WithSpecificDiagnosticOptions(s_silenced.ToDictionary(id => id, _ => ReportDiagnostic.Suppress, StringComparer.Ordinal));

    private static readonly EmitOptions s_emit = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private readonly ForwarderResolver _forwarders = new(references);

    // Replaced as a whole: the language services read it on their own thread, while a cell runs.
    private volatile Chain _chain = new(null, 0, 0);

    /// <summary>The cells so far.</summary>
    /// <param name="Last">The last of them, which knows those before.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="ReferencesKnown">
    /// How many references they have together: a cell has those of the cells before it, and naming them again would cost
    /// half a megabyte for each cell.
    /// </param>
    private sealed record Chain(CSharpCompilation? Last, int Count, int ReferencesKnown);

    /// <summary>Compiles a cell; the chain stays as it is until <see cref="Keep"/>.</summary>
    /// <exception cref="CompilationFailedException">It does not compile.</exception>
    public CompiledCell Compile(CellSource source, string name, CancellationToken cancellationToken)
    {
        var tree = CSharpSyntaxTree.ParseText(source.Code, CellSource.ParseOptions, name, Encoding.UTF8, cancellationToken);
        if (Errors(tree.GetDiagnostics(cancellationToken)) is { IsEmpty: false } syntaxErrors)
            throw new CompilationFailedException(syntaxErrors);

        if (((CompilationUnitSyntax)tree.GetRoot(cancellationToken)).Members.Count == 0)
            return WithoutCode(Create(tree), cancellationToken);

        // Bound only when someone asks: most cells go through the compiler once.
        var original = new Lazy<CSharpCompilation>(() => Create(tree));
        var root = new StopCheckRewriter(() => original.Value.GetSemanticModel(tree)).Visit(tree.GetRoot(cancellationToken));
        var stoppable = Create(CSharpSyntaxTree.Create((CSharpSyntaxNode)root, CellSource.ParseOptions, name, Encoding.UTF8));
        var (cell, remarks) = Emit(stoppable, cancellationToken);
        if (cell is not null && !remarks.Any(remark => remark.Severity == DiagnosticSeverity.Warning))
            return cell;

        // Remarks are about the cell as it was written, so that columns are the user's and nothing of ours is named.
        var written = original.Value.GetDiagnostics(cancellationToken);
        if (Errors(written) is { IsEmpty: false } errors)
            throw new CompilationFailedException(errors);

        // The checks may not fit where the cell itself does: then it runs without them.
        cell ??= Emit(original.Value, cancellationToken).Cell ?? throw new CompilationFailedException(Errors(remarks));
        return cell with { Warnings = [.. written.Where(remark => remark.Severity == DiagnosticSeverity.Warning && !remark.IsSuppressed)] };
    }

    /// <summary>Makes the names of a cell known to those after it.</summary>
    public void Keep(CompiledCell cell)
    {
        var chain = _chain;
        _chain = new Chain(cell.Compilation, chain.Count + 1, chain.ReferencesKnown + cell.Compilation.ExternalReferences.Length);
    }

    /// <summary>A cell that is still being written, after all that were kept so far. From any thread.</summary>
    public CSharpCompilation Draft(SyntaxTree tree) => Create(tree);

    /// <summary>Whether the cell's last line is an expression, whose value the cell has.</summary>
    public static bool EndsInExpression(CompiledCell cell) =>
        LastStatement(cell) is ExpressionStatementSyntax { SemicolonToken.IsMissing: true };

    /// <summary>Whether that expression has no value, like a call of <c>Console.WriteLine</c>.</summary>
    public static bool EndsInVoid(CompiledCell cell) =>
        LastStatement(cell) is ExpressionStatementSyntax last
        && cell.Compilation.GetSemanticModel(last.SyntaxTree).GetTypeInfo(last.Expression).Type is { SpecialType: SpecialType.System_Void };

    private static StatementSyntax? LastStatement(CompiledCell cell) =>
        ((CompilationUnitSyntax)cell.Compilation.SyntaxTrees[^1].GetRoot()).Members.LastOrDefault() is GlobalStatementSyntax global ? global.Statement : null;

    private static CompiledCell WithoutCode(CSharpCompilation compilation, CancellationToken cancellationToken)
    {
        var diagnostics = compilation.GetDiagnostics(cancellationToken);
        return Errors(diagnostics) is { IsEmpty: false } errors
            ? throw new CompilationFailedException(errors)
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

    private CSharpCompilation Create(SyntaxTree tree)
    {
        var chain = _chain;
        return CSharpCompilation.CreateScriptCompilation(
            string.Create(CultureInfo.InvariantCulture, $"Submission-{chain.Count}"),
            tree,
            references.All.Skip(chain.ReferencesKnown),
            s_options
                .WithUsings(chain.Last is null ? s_usings : [])
                .WithScriptClassName(string.Create(CultureInfo.InvariantCulture, $"Submission#{chain.Count}"))
                .WithMetadataReferenceResolver(_forwarders)
                .WithSourceReferenceResolver(new SourceFileResolver([], Environment.CurrentDirectory)),
            chain.Last,
            typeof(object));
    }
}
