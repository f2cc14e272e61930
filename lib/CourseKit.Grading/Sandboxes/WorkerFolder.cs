using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Grading.Sandboxes;

/// <summary>
/// The temporary folder of a worker. Its name says which process made it, so that the next grader removes the folders of
/// one that was killed, and those of no other.
/// </summary>
internal sealed class WorkerFolder
{
    private const string Prefix = "coursekit-worker-";

    // Numbers of processes mean something on one machine, and there in one container.
    private static readonly string s_place = Hash(Environment.MachineName + (OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : ""));

    private static readonly Lazy<int> s_swept = new(() => Sweep(System.IO.Path.GetTempPath()));

    private WorkerFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes one that only this account can look into.</summary>
    public static WorkerFolder Create() => new(Directory.CreateTempSubdirectory(NameOf(ProcessIdentity.Current)).FullName);

    /// <summary>The beginning of the name of a process's folders.</summary>
    public static string NameOf(ProcessIdentity owner) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{s_place}-{owner.Id}-{owner.StartTime}-");

    /// <summary>Removes, once in this process, what graders that were killed have left.</summary>
    public static void SweepOnce() => _ = s_swept.Value;

    /// <summary>Removes the folders of this account in a folder whose process has ended.</summary>
    /// <returns>How many.</returns>
    public static int Sweep(string temporary)
    {
        try
        {
            return new DirectoryInfo(temporary).EnumerateDirectories(Prefix + s_place + "-*").ToList().Count(folder => IsAbandoned(folder) && Delete(folder.FullName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Removes it with all that is in it.</summary>
    public void Delete() => Delete(Path);

    private static bool Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Something is still open on Windows, or still written to: the next grader tries again.
            return false;
        }
    }

    private static bool IsAbandoned(DirectoryInfo folder)
    {
        var owner = folder.Name[(Prefix.Length + s_place.Length + 1)..].Split('-');
        return owner.Length == 3
            && int.TryParse(owner[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(owner[1], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            && !folder.Attributes.HasFlag(FileAttributes.ReparsePoint)
            && !new ProcessIdentity(id, started).IsAlive
            // Anybody may call a folder so where all share one for temporary files, as on Linux.
            && (FileOwner.IsOwn(folder.FullName) ?? !OperatingSystem.IsLinux());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
