namespace CourseKit.Notebook;

/// <summary>
/// Writes a file so that nobody ever sees half of it: into a new file beside it, flushed to the disk, then renamed.
/// Whatever fails on the way leaves the old file as it was.
/// </summary>
public static class AtomicFile
{
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(1);

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">Where the file shall stand; its folder is made where it is missing.</param>
    /// <param name="text">What it shall hold.</param>
    public static void Write(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes whatever <paramref name="write"/> writes.</summary>
    /// <param name="path">Where the file shall stand; its folder is made where it is missing.</param>
    /// <param name="write">Writes the content to the stream it is given.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var target = Target(path);
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        var beside = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(target))
                File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>
    /// Removes what writers that were killed left half written in a folder. What may still be at work is left alone: a
    /// file that is open, or that was written to within the last minute.
    /// </summary>
    /// <param name="folder">The folder, without those inside it; there need be none.</param>
    public static void RemoveAbandoned(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
        foreach (var path in Directory.EnumerateFiles(folder, ".*.tmp", options).Where(IsTemporary))
        {
            try
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < InUse)
                    continue;
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    // Nobody else has it.
                }

                File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody writes it, or it is not ours to remove.
            }
        }
    }

    /// <summary>Whether a file is called as <see cref="Write(string, Action{Stream})"/> calls what is not finished: a dot, the name, 32 digits.</summary>
    private static bool IsTemporary(string path)
    {
        var parts = Path.GetFileName(path).Split('.');
        return parts.Length >= 4 && Guid.TryParseExact(parts[^2], "N", out _);
    }

    /// <summary>The file behind a link: renaming over the link itself would cut it off from what it points to.</summary>
    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }
}
