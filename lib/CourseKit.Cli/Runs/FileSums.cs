using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace CourseKit.Cli.Runs;

/// <summary>
/// What files hold, each in a short text. A file is read once for as long as its size and its time stay the same. Of a
/// large one size and time stand for the content, as of those that come after many others: a folder of data may hold anything.
/// </summary>
internal sealed class FileSums
{
    private const int MostFiles = 10_000;
    private const long LargeFile = 64_000_000, LargeFolder = 512_000_000;

    private readonly ConcurrentDictionary<(string Path, long Length, long Ticks), string> known = new();

    /// <summary>What a file holds; that there is none, or that it cannot be read, is an answer as well.</summary>
    public string Of(string path) => Look(path, LargeFile).Sum;

    /// <summary>Names and contents of the files directly in a folder, in order; null where there are too many to look at.</summary>
    /// <param name="folder">The folder; there need be none.</param>
    /// <param name="isWanted">Which files count; all where it is null.</param>
    /// <param name="recurse">Whether the folders inside count as well.</param>
    public IReadOnlyList<string>? OfFolder(string folder, Func<string, bool>? isWanted = null, bool recurse = false)
    {
        if (!Directory.Exists(folder))
            return ["none"];
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true, RecurseSubdirectories = recurse };
        var files = Directory.EnumerateFiles(folder, "*", options).Take(MostFiles + 1).ToList();
        if (files.Count > MostFiles)
            return null;
        var room = LargeFolder;
        var parts = new List<string>();
        foreach (var file in files.Where(file => isWanted?.Invoke(file) != false).Order(StringComparer.Ordinal))
        {
            var (sum, length) = Look(file, Math.Min(LargeFile, room));
            room -= length;
            parts.Add(Path.GetRelativePath(folder, file));
            parts.Add(sum);
        }

        return parts;
    }

    private (string Sum, long Length) Look(string path, long largest)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            if (!file.Exists)
                return ("none", 0);
            // A pipe or a device has no length, and opening it might wait for ever.
            if (file.Length == 0)
                return ("empty", 0);
            var ticks = file.LastWriteTimeUtc.Ticks;
            return file.Length > largest
                ? (string.Create(CultureInfo.InvariantCulture, $"{file.Length} bytes of {ticks}"), 0)
                : (known.GetOrAdd((file.FullName, file.Length, ticks), of => Read(of.Path)), file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ("cannot be read", 0);
        }
    }

    private static string Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
