using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.Loader;

namespace CourseKit.Session.Cells;

/// <summary>Loads compiled cells, and knows which line an instruction of theirs came from.</summary>
internal sealed class CellLoader : AssemblyLoadContext
{
    private sealed record LoadedCell(Assembly Assembly, IReadOnlyDictionary<int, SequenceStart[]> Methods, ImmutableArray<LibrarySource> Sources);

    /// <summary>The first instruction of what a line became.</summary>
    private readonly record struct SequenceStart(int Instruction, int Line, int Source);

    /// <summary>A library of a cell; one that takes over another's name cannot live where the other does.</summary>
    private sealed class LibraryContext(CellLoader cells, string name) : AssemblyLoadContext(name)
    {
        protected override Assembly? Load(AssemblyName assemblyName) => cells.Load(assemblyName);
    }

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
        {
            ImmutableArray<LibrarySource> sources = [new LibrarySource(name, code)];
            _cells[assembly.GetName().Name!] = new LoadedCell(assembly, ReadLines(cell.Symbols, sources), sources);
        }

        return assembly.GetType(cell.ScriptClass, throwOnError: true)!
            .GetMethod(cell.EntryPoint, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
    }

    /// <summary>Loads the library of a cell, where it is not there yet.</summary>
    public void Load(LibraryImage library)
    {
        lock (_gate)
        {
            if (_cells.ContainsKey(KeyOf(library.Name, library.Version)))
                return;
            var context = new LibraryContext(this, library.Name);
            var assembly = context.LoadFromStream(new MemoryStream(library.Assembly), new MemoryStream(library.Symbols));
            _cells[KeyOf(library.Name, library.Version)] = new LoadedCell(assembly, ReadLines(library.Symbols, library.Sources), library.Sources);
        }
    }

    /// <summary>Where in which cell an instruction stands; null when it is not a cell's.</summary>
    public SourceLine? Find(MethodBase method, int instruction)
    {
        LoadedCell? cell;
        lock (_gate)
        {
            if (!_cells.TryGetValue(KeyOf(method.Module.Assembly.GetName()), out cell) || cell.Assembly != method.Module.Assembly)
                return null;
        }

        var starts = cell.Methods.GetValueOrDefault(MetadataTokens.GetRowNumber(MetadataTokens.EntityHandle(method.MetadataToken)), []);
        var at = starts.TakeWhile(start => start.Instruction <= instruction).LastOrDefault();
        var (line, source) = (at.Line, cell.Sources[at.Source]);
        var lines = source.Code.Split('\n');
        return new SourceLine(source.Cell, line, line >= 1 && line <= lines.Length ? lines[line - 1].Trim() : "");
    }

    // The debug information of the smallest cell is ten kilobytes, mostly names of references: only the lines are kept.
    private static Dictionary<int, SequenceStart[]> ReadLines(byte[] symbols, ImmutableArray<LibrarySource> sources)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var reader = provider.GetMetadataReader();
        var places = reader.Documents.ToDictionary(handle => handle, handle => Math.Max(0, sources.Select(source => source.Cell).ToList().IndexOf(reader.GetString(reader.GetDocument(handle).Name))));
        var methods = new Dictionary<int, SequenceStart[]>();
        foreach (var handle in reader.MethodDebugInformation)
        {
            var starts = reader.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden)
                .Select(point => new SequenceStart(point.Offset, point.StartLine, places.GetValueOrDefault(point.Document))).ToArray();
            if (starts.Length > 0)
                methods[MetadataTokens.GetRowNumber(handle)] = starts;
        }

        return methods;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        lock (_gate)
            return _cells.TryGetValue(KeyOf(assemblyName), out var cell) ? cell.Assembly : null;
    }

    // Libraries may share a name: then each has a version of its own, which no script has.
    private static string KeyOf(AssemblyName name) =>
        name.Name is { } simple && simple.StartsWith(LibraryImage.NamePrefix, StringComparison.Ordinal) ? KeyOf(simple, name.Version?.Build ?? 0) : name.Name ?? "";

    private static string KeyOf(string name, int version) => string.Create(CultureInfo.InvariantCulture, $"{name} {version}");
}

/// <summary>A line of a cell.</summary>
internal sealed record SourceLine(string Cell, int Line, string Text);
