using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using CourseKit.Session.Cells;
using Microsoft.CodeAnalysis;

namespace CourseKit.Session.Compiling;

/// <summary>What cells are compiled against: .NET, what the session itself offers, and the files that were added.</summary>
internal sealed class MetadataSet
{
    // Read once in a process, whatever number of sessions it compiles for.
    private static readonly Lazy<(ImmutableArray<MetadataReference> Types, Dictionary<string, PortableExecutableReference> Forwarders)> s_framework = new(ReadFramework);
    private static readonly ConcurrentDictionary<(string Path, DateTime Written), PortableExecutableReference> s_files = new();

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ImmutableArray<MetadataReference> All { get; private set; } = s_framework.Value.Types;

    /// <summary>Adds files; those that are here already are passed over.</summary>
    public void Add(ImmutableArray<string> paths)
    {
        if (paths.Length == _known.Count)
            return;
        All = All.AddRange(paths.Where(_known.Add).Select(path => s_files.GetOrAdd((path, File.GetLastWriteTimeUtc(path)), file => MetadataReference.CreateFromFile(file.Path))));
    }

    /// <summary>An assembly of .NET that only says where its types went: libraries name it, cells never need to.</summary>
    public static PortableExecutableReference? FindForwarder(string name) => s_framework.Value.Forwarders.GetValueOrDefault(name);

    private static (ImmutableArray<MetadataReference> Types, Dictionary<string, PortableExecutableReference> Forwarders) ReadFramework()
    {
        var types = ImmutableArray.CreateBuilder<MetadataReference>();
        var forwarders = new Dictionary<string, PortableExecutableReference>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in ReferenceSet.FrameworkAssemblies())
        {
            var metadata = AssemblyMetadata.CreateFromFile(path);
            if (HasPublicTypes(metadata))
                types.Add(metadata.GetReference(filePath: path));
            else
                forwarders[Path.GetFileNameWithoutExtension(path)] = metadata.GetReference(filePath: path);
        }

        types.AddRange(ReferenceSet.HostAssemblies.Select(path => MetadataReference.CreateFromFile(path)));
        return (types.ToImmutable(), forwarders);
    }

    // Half of .NET's assemblies have no types of their own; every cell would pay for each of them.
    private static bool HasPublicTypes(AssemblyMetadata assembly)
    {
        var metadata = assembly.GetModules()[0].GetMetadataReader();
        return metadata.TypeDefinitions.Any(handle => (metadata.GetTypeDefinition(handle).Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public);
    }
}
