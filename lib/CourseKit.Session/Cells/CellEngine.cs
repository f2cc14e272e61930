using CourseKit.Session.Output;
using CourseKit.Session.Showing;

namespace CourseKit.Session.Cells;

/// <summary>
/// What a session is made of before anyone has said anything about it: references, translator, loader, and the variables
/// of the cells. So it can be brought up while the process is still being told what it is for.
/// </summary>
internal sealed class CellEngine(ICellTranslator translator)
{
    private object?[] _variables = new object?[64];

    public ReferenceSet References { get; } = new();

    public ICellTranslator Translator => translator;

    public CellLoader Loader { get; } = new();

    /// <summary>Each cell's own object, whose fields are its variables, at the cell's place; the first place is for a host object, which there is none of.</summary>
    public object?[] Variables => _variables;

    /// <summary>Loads a cell and makes its names known to those after it, in one go: from here on they exist, whatever becomes of the cell.</summary>
    /// <returns>The function that runs the cell, of the array of all cells' variables; null where there is nothing to run.</returns>
    public Func<object?[], Task<object?>>? Load(CompiledCell cell, CellText text)
    {
        if (cell.Library is { } library)
            Loader.Load(library);
        var entry = cell.HasCode ? Loader.Load(cell, text.Name, text.Code) : null;
        translator.Keep();
        while (cell.Place >= _variables.Length)
            Array.Resize(ref _variables, _variables.Length * 2);
        return entry;
    }

    /// <summary>Goes the way of a first cell, so that no cell has to wait for what is needed once: parsing to emitting, loading, running, showing.</summary>
    public void WarmUp()
    {
        // Beside the compiler, with which it shares nothing.
        var showing = new Thread(WarmUpShowing) { Name = "Showing", IsBackground = true };
        showing.Start();
        var text = new CellText("Warm-up", "using System.Linq;\nforeach (var i in new[] { 1 }.Select(x => x)) { }\n1", "");
        var cell = translator.Translate(text, new CellSource(text.Code, []), isTrusted: true, [], CancellationToken.None);
        _ = Load(cell, text)!(_variables).GetAwaiter().GetResult();
        showing.Join();
    }

    /// <summary>The same where another process translates, which is warm.</summary>
    public static void WarmUpShowing()
    {
        TableFormatters.Register();
        var bundle = MimeBundle.Of(1);
        _ = Protocol.Encode(new OutputEvent(0, Nbformat.Result(bundle.Data)));
    }
}
