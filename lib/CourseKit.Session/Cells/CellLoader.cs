using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.Loader;

namespace CourseKit.Session.Cells;

/// <summary>Loads compiled cells, and knows which line an instruction of theirs came from.</summary>
internal sealed class CellLoader : AssemblyLoadContext
{
    private sealed record LoadedCell(Assembly Assembly, IReadOnlyDictionary<int, SequenceStart[]> Methods, string Name, string Code);

    /// <summary>The first instruction of what a line became.</summary>
    private readonly record struct SequenceStart(int Instruction, int Line);

    private readonly Dictionary<string, LoadedCell> _cells = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public CellLoader()
        : base("Cells")
    {
    }

    /// <summary>Loads a cell and returns its entry point: a function of the array that holds all cells' variables.</summary>
    public Func<object?[], Task<object?>> Load(CompiledCell cell, string name, string code)
    {
        // With the debug information, so that a stack trace that a cell itself prints has lines as well.
        var assembly = LoadFromStream(new MemoryStream(cell.Assembly), new MemoryStream(cell.Symbols));
        lock (_gate)
            _cells[assembly.GetName().Name!] = new LoadedCell(assembly, ReadLines(cell.Symbols), name, code);
        var entry = cell.Compilation.GetEntryPoint(CancellationToken.None)!;
        return assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }

    /// <summary>Where in which cell an instruction stands; null when it is not a cell's.</summary>
    public SourceLine? Find(MethodBase method, int instruction)
    {
        LoadedCell? cell;
        lock (_gate)
        {
            if (!_cells.TryGetValue(method.Module.Assembly.GetName().Name ?? "", out cell) || cell.Assembly != method.Module.Assembly)
                return null;
        }

        var starts = cell.Methods.GetValueOrDefault(MetadataTokens.GetRowNumber(MetadataTokens.EntityHandle(method.MetadataToken)), []);
        var line = starts.TakeWhile(start => start.Instruction <= instruction).LastOrDefault().Line;
        var lines = cell.Code.Split('\n');
        return new SourceLine(cell.Name, line, line >= 1 && line <= lines.Length ? lines[line - 1].Trim() : "");
    }

    // The debug information of the smallest cell is ten kilobytes, mostly names of references: only the lines are kept.
    private static Dictionary<int, SequenceStart[]> ReadLines(byte[] symbols)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var reader = provider.GetMetadataReader();
        var methods = new Dictionary<int, SequenceStart[]>();
        foreach (var handle in reader.MethodDebugInformation)
        {
            var starts = reader.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden)
                .Select(point => new SequenceStart(point.Offset, point.StartLine)).ToArray();
            if (starts.Length > 0)
                methods[MetadataTokens.GetRowNumber(handle)] = starts;
        }

        return methods;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        lock (_gate)
            return _cells.TryGetValue(assemblyName.Name ?? "", out var cell) ? cell.Assembly : null;
    }
}

/// <summary>A line of a cell.</summary>
internal sealed record SourceLine(string Cell, int Line, string Text);
