using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Session.Cells;

/// <summary>The assemblies that cells may use: what .NET has, what the kit adds, and what <c>#r</c> brings in.</summary>
internal sealed class ReferenceSet
{
    private Dictionary<string, string> _kitPackages = [];
    private readonly Dictionary<string, string?> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PortableExecutableReference> _forwarders = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    public ReferenceSet()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var ofFramework = trusted.Where(path => Path.GetDirectoryName(path) == framework).Select(path => (Path: path, Metadata: AssemblyMetadata.CreateFromFile(path)));
        var all = ImmutableArray.CreateBuilder<MetadataReference>();
        foreach (var (path, metadata) in ofFramework)
        {
            _paths[Path.GetFileNameWithoutExtension(path)] = null;
            if (HasPublicTypes(metadata))
                all.Add(metadata.GetReference(filePath: path));
            else
                _forwarders[Path.GetFileNameWithoutExtension(path)] = metadata.GetReference(filePath: path);
        }

        foreach (var path in new[] { typeof(IHtmlContent).Assembly.Location, typeof(Formatter).Assembly.Location, typeof(ReferenceSet).Assembly.Location })
        {
            _paths[Path.GetFileNameWithoutExtension(path)] = null;
            all.Add(MetadataReference.CreateFromFile(path));
        }

        All = all.ToImmutable();
        AssemblyLoadContext.Default.Resolving += (context, name) => FindForLoading(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
    }

    public ImmutableArray<MetadataReference> All { get; private set; }

    /// <summary>Says which packages are the kit's own, and where their assemblies lie.</summary>
    public void Offer(IReadOnlyDictionary<string, string> kitPackages) => _kitPackages = new Dictionary<string, string>(kitPackages, StringComparer.OrdinalIgnoreCase);

    /// <summary>An assembly of .NET that only says where its types went: libraries name it, cells never need to.</summary>
    public PortableExecutableReference? FindForwarder(string name) => _forwarders.GetValueOrDefault(name);

    /// <summary>Adds what a <c>#r</c> line names: a package of the kit, or a file; false for a package that must be fetched.</summary>
    /// <exception cref="DirectiveException">It names nothing that is here.</exception>
    public bool TryAdd(Directive directive, string folder)
    {
        if (!directive.Argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            AddFile(directive, folder);
            return true;
        }

        return TryAddKitPackage(directive, directive.Argument["nuget:".Length..].Split(',', 2)[0].Trim());
    }

    /// <summary>The version in which an assembly is here already; null where it is not.</summary>
    public Version? FindVersion(string name)
    {
        string? path;
        lock (_gate)
        {
            if (!_paths.TryGetValue(name, out path))
                return null;
        }

        return path is not null ? AssemblyName.GetAssemblyName(path).Version : AppDomain.CurrentDomain.Load(new AssemblyName(name)).GetName().Version;
    }

    /// <summary>Adds what a fetched package has: assemblies to compile against, and those to load, which may be others.</summary>
    public void AddPackageAssemblies(IEnumerable<string> compiled, IEnumerable<string> loaded)
    {
        var added = ImmutableArray.CreateBuilder<MetadataReference>();
        lock (_gate)
        {
            foreach (var path in compiled.Where(path => !_paths.ContainsKey(Path.GetFileNameWithoutExtension(path))))
                added.Add(MetadataReference.CreateFromFile(path));
            foreach (var path in loaded)
                _paths.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        }

        All = All.AddRange(added);
    }

    // Half of .NET's assemblies have no types of their own; every cell would pay for each of them.
    private static bool HasPublicTypes(AssemblyMetadata assembly)
    {
        var metadata = assembly.GetModules()[0].GetMetadataReader();
        return metadata.TypeDefinitions.Any(handle => (metadata.GetTypeDefinition(handle).Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public);
    }

    private bool TryAddKitPackage(Directive directive, string id)
    {
        if (id.Length == 0)
            throw new DirectiveException(directive, "#r \"nuget: ...\" names no package; write #r \"nuget: CourseKit\".");
        if (!_kitPackages.TryGetValue(id, out var path))
            return false;
        if (!File.Exists(path))
            throw new DirectiveException(directive, $"The package {id} should be at {path}, and there is no such file. Build the kit again.");
        AddWithDependencies(path);
        return true;
    }

    private void AddFile(Directive directive, string folder)
    {
        if (directive.Argument.Length == 0)
            throw new DirectiveException(directive, "#r names nothing; write #r \"nuget: ID, VERSION\" or #r \"path/to/file.dll\".");
        var path = Path.GetFullPath(directive.Argument, folder);
        if (File.Exists(path))
        {
            try
            {
                AddWithDependencies(path);
            }
            catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException)
            {
                throw new DirectiveException(directive, $"{path} is not a .NET assembly: {exception.Message}");
            }
        }
        else if (!_paths.ContainsKey(directive.Argument) && !_paths.ContainsKey(Path.GetFileNameWithoutExtension(directive.Argument)))
        {
            throw new DirectiveException(directive, $"There is no file {path}. A path in #r is taken from the folder {folder}.");
        }
    }

    // As a package brings its dependencies, an assembly brings those that lie beside it.
    private void AddWithDependencies(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var waiting = new Queue<string>([path]);
        var added = ImmutableArray.CreateBuilder<MetadataReference>();
        lock (_gate)
        {
            _folders.Add(folder);
            while (waiting.TryDequeue(out var next))
            {
                // Read before it is entered: a file that is no assembly leaves no trace.
                var name = Path.GetFileNameWithoutExtension(next);
                if (_paths.ContainsKey(name))
                    continue;
                var references = ReadReferences(next);
                _paths[name] = next;
                added.Add(MetadataReference.CreateFromFile(next));
                foreach (var neighbour in references.Select(reference => Path.Combine(folder, reference + ".dll")).Where(File.Exists))
                    waiting.Enqueue(neighbour);
            }
        }

        All = All.AddRange(added);
    }

    private static string[] ReadReferences(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private string? FindForLoading(AssemblyName name)
    {
        lock (_gate)
        {
            if (name.Name is not { } simple)
                return null;
            if (_paths.TryGetValue(simple, out var path))
                return path;
            return _folders.Select(folder => Path.Combine(folder, simple + ".dll")).FirstOrDefault(File.Exists);
        }
    }
}
