using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace CourseKit.Session.Packages;

/// <summary>Finds the machine code that a package's assemblies call by a bare name.</summary>
internal sealed class NativeLibraries
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    public NativeLibraries() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += Load;

    public void Add(IEnumerable<string> paths)
    {
        lock (_gate)
        {
            foreach (var path in paths)
                _paths.TryAdd(Path.GetFileName(path), path);
        }
    }

    // The same search as for a library beside the program: with the system's prefix and ending, and without.
    private nint Load(Assembly assembly, string name)
    {
        var (prefix, ending) = OperatingSystem.IsWindows() ? ("", ".dll") : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        foreach (var candidate in new[] { name, prefix + name + ending, name + ending, prefix + name })
        {
            string? path;
            lock (_gate)
                path = _paths.GetValueOrDefault(candidate);
            if (path is not null && NativeLibrary.TryLoad(path, out var handle))
                return handle;
        }

        return 0;
    }
}
