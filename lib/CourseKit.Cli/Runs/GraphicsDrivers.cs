using System.Globalization;

namespace CourseKit.Cli.Runs;

/// <summary>
/// Which graphics processors a machine can use, as far as files tell: the library itself would have to load the drivers to
/// know, and a broken one must end a worker, never the command.
/// </summary>
internal static class GraphicsDrivers
{
    private static readonly string[] Places =
    [
        "/dev/nvidia*", "/dev/dri/render*", "/dev/kfd",
        "/etc/OpenCL/vendors/*.icd",
        "/usr/lib/*/libcuda.so*", "/usr/lib/*/libOpenCL.so*", "/usr/lib64/libcuda.so*", "/usr/lib64/libOpenCL.so*", "/usr/lib/libcuda.so*", "/usr/lib/libOpenCL.so*", "/usr/lib/wsl/lib/libcuda.so*",
    ];

    /// <summary>Names, sizes and times of the drivers' files. On macOS they are the system's own and come with its version.</summary>
    public static IEnumerable<string> Describe()
    {
        if (OperatingSystem.IsWindows())
            return ((string[])["nvcuda.dll", "OpenCL.dll"]).Select(name => Describe(Path.Combine(Environment.SystemDirectory, name)));
        var version = "/proc/driver/nvidia/version";
        return [File.Exists(version) ? File.ReadAllText(version) : "", .. Places.SelectMany(Expand).Order(StringComparer.Ordinal).Select(Describe)];
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        var (folder, name) = (Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern));
        IEnumerable<string> folders = !folder.EndsWith("/*", StringComparison.Ordinal) ? [folder] : Directory.Exists(folder[..^2]) ? Directory.EnumerateDirectories(folder[..^2]) : [];
        return folders.Where(Directory.Exists).SelectMany(inner => Directory.EnumerateFiles(inner, name, new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true }));
    }

    // The time of a device file is when the machine was started.
    private static string Describe(string path)
    {
        var file = new FileInfo(path);
        return path.StartsWith("/dev/", StringComparison.Ordinal) || !file.Exists
            ? $"{path} {file.Exists}"
            : string.Create(CultureInfo.InvariantCulture, $"{path} {file.Length} {file.LastWriteTimeUtc.Ticks}");
    }
}
