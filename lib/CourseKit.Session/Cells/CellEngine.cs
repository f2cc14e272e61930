using CourseKit.Session.Output;
using CourseKit.Session.Showing;

namespace CourseKit.Session.Cells;

/// <summary>
/// What a session is made of before anyone has said anything about it: references, compiler, loader, and the variables
/// of the cells. So it can be brought up while the process is still being told what it is for.
/// </summary>
internal sealed class CellEngine
{
    private object?[] _variables = new object?[64];

    public CellEngine() => Compiler = new CellCompiler(References);

    public ReferenceSet References { get; } = new();

    public CellCompiler Compiler { get; }

    public CellLoader Loader { get; } = new();

    /// <summary>Each cell's own object, whose fields are its variables, at the cell's place; the first place is for a host object, which there is none of.</summary>
    public object?[] Variables => _variables;

    /// <summary>Makes the names of a cell known to those after it, and room for the next one's variables.</summary>
    public void Keep(CompiledCell cell)
    {
        Compiler.Keep(cell);
        if (Compiler.KeptCount + 1 >= _variables.Length)
            Array.Resize(ref _variables, _variables.Length * 2);
    }

    /// <summary>Goes the way of a first cell, so that no cell has to wait for what is needed once: parsing to emitting, loading, running, showing.</summary>
    public void WarmUp()
    {
        // Beside the compiler, with which it shares nothing.
        var showing = new Thread(WarmUpShowing) { Name = "Showing", IsBackground = true };
        showing.Start();
        var compiled = Compiler.Compile(new CellSource("using System.Linq;\nforeach (var i in new[] { 1 }.Select(x => x)) { }\n1", []), "Warm-up", CancellationToken.None);
        _ = CellCompiler.EndsInExpression(compiled);
        var entry = Loader.Load(compiled, "Warm-up", "");
        _ = entry(_variables).GetAwaiter().GetResult();
        Keep(compiled);
        showing.Join();
    }

    private static void WarmUpShowing()
    {
        TableFormatters.Register();
        var bundle = MimeBundle.Of(1);
        _ = Protocol.Encode(new OutputEvent(0, Nbformat.Result(bundle.Data)));
    }
}
