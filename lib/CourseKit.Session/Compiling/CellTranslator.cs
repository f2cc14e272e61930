using System.Collections.Immutable;
using CourseKit.Session.Cells;
using CourseKit.Session.Guarding;
using CourseKit.Session.Magics;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Session.Compiling;

/// <summary>Turns cells into assemblies with the compiler in this process.</summary>
internal sealed class CellTranslator : ICellTranslator
{
    private readonly MetadataSet _references = new();
    private CompiledScript? _last;
    private bool _isLastTrusted;

    public CellTranslator() => Compiler = new CellCompiler(_references);

    public CellCompiler Compiler { get; }

    /// <summary>Looks at cells before they are loaded; null where they are trusted.</summary>
    public CellGuard? Guard { get; set; }

    public ImmutableArray<CellPart> Split(string code, CancellationToken cancellationToken) => CellParts.Split(code, cancellationToken);

    public CompiledCell Translate(CellText text, CellSource source, bool isTrusted, ImmutableArray<string> references, CancellationToken cancellationToken)
    {
        _last = null;
        _references.Add(references);
        CompiledScript script;
        try
        {
            script = Compiler.Compile(source, text.Name, cancellationToken);
        }
        catch (CompilationFailedException failure)
        {
            throw new CellFailedException(CompileErrors.OfDiagnostics(failure, text));
        }

        var suspicions = Guard?.Examine(script, isTrusted) ?? [];
        (_last, _isLastTrusted) = (script, isTrusted);
        var entry = script.Assembly.Length > 0 ? script.Compilation.GetEntryPoint(cancellationToken) : null;
        return new CompiledCell(
            script.Assembly,
            script.Symbols,
            entry?.ContainingType.MetadataName ?? "",
            entry?.MetadataName ?? "",
            script.Place,
            CellCompiler.EndsInExpression(script),
            script.Library?.Image,
            script.Disposed,
            [.. script.Warnings.Select(warning => CompileErrors.OfWarning(warning, text))],
            suspicions);
    }

    public void Keep()
    {
        if (_last is not { } script)
            throw new InvalidOperationException("No cell was compiled that could be kept.");
        if (!_isLastTrusted)
            Guard?.Remember(script);
        Compiler.Keep(script);
    }

    public bool EndsInVoid(CancellationToken cancellationToken) => _last is { } script && CellCompiler.EndsInVoid(script);
}
