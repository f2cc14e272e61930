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

    // A file takes at least one block of the disk, also an empty one: this bounds their number, and how long a look takes.
    private const int Block = 4096;

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

    /// <summary>
    /// What is in the folder, in bytes, links not followed; no further than <paramref name="enough"/>. On Linux with the
    /// files that were deleted there and that these processes still have open, where the system shows them.
    /// </summary>
    public long Measure(long enough, IReadOnlyList<ProcessIdentity> processes)
    {
        var bytes = processes.SelectMany(OpenAndDeleted).Sum();
        var folders = new Stack<string>([Path]);
        while (bytes <= enough && folders.TryPop(out var folder))
        {
            foreach (var item in List(folder))
            {
                bytes += item is FileInfo file && !file.Attributes.HasFlag(FileAttributes.ReparsePoint) ? Math.Max(Block, file.Length) : Block;
                if (bytes > enough)
                    break;
                if (item is DirectoryInfo && !item.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    folders.Push(item.FullName);
            }
        }
        return bytes;
    }

    /// <summary>Removes it with all that is in it.</summary>
    public void Delete() => Delete(Path);

    private static bool Delete(string folder)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return true;
            }
            catch (UnauthorizedAccessException) when (attempt == 0)
            {
                // A folder in it was closed against its own account: looking through all of them opens it.
                new WorkerFolder(folder).Measure(long.MaxValue, []);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Something is still open on Windows, or still written to: the next grader tries again.
                return false;
            }
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
            && (FileStatus.IsOwn(folder.FullName) ?? !OperatingSystem.IsLinux());
    }

    /// <summary>What is in a folder; one that may be written to and not listed would hide what is in it, so it is opened.</summary>
    private static List<FileSystemInfo> List(string folder)
    {
        try
        {
            return Items(folder);
        }
        catch (UnauthorizedAccessException)
        {
            TryOpenUp(folder);
            return TryList(folder);
        }
        catch (IOException)
        {
            return []; // gone since it was seen
        }
    }

    private static List<FileSystemInfo> TryList(string folder)
    {
        try
        {
            return Items(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static List<FileSystemInfo> Items(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })];

    private static void TryOpenUp(string folder)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, or not this account's.
        }
    }

    private IEnumerable<long> OpenAndDeleted(ProcessIdentity process)
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        foreach (var open in TryList(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/fd")))
            if (TargetOf(open) is { } target && target.StartsWith(Path, StringComparison.Ordinal) && target.EndsWith(" (deleted)", StringComparison.Ordinal))
                yield return FileStatus.SpaceOf(open.FullName);
    }

    private static string? TargetOf(FileSystemInfo link)
    {
        try
        {
            return link.LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // closed since it was seen
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
