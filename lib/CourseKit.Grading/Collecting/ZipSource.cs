using System.IO.Compression;

namespace CourseKit.Grading.Collecting;

/// <summary>A .zip, read in place: a name that points elsewhere can therefore not be written there, only be reported.</summary>
internal sealed class ZipSource : SubmissionSource
{
    // The high half of the attributes holds Unix's mode, the type of the file in its highest four bits.
    private const int UnixTypeMask = 0xF000;
    private const int UnixLink = 0xA000;
    private const int UnixFile = 0x8000;

    private static readonly DateTimeOffset NoTime = new(new DateTime(1981, 1, 1, 0, 0, 0, DateTimeKind.Local));

    private readonly ZipArchive archive;

    public ZipSource(string path, CollectingOptions options)
    {
        archive = OpenArchive(path);
        try
        {
            if (archive.Entries.Count > options.MaximumEntries)
                throw new GradingException($"{path}: the archive lists {archive.Entries.Count} files, more than the {options.MaximumEntries} that are looked at; it was not made by a course platform.");
            Entries = [.. archive.Entries.Where(entry => !IsFolder(entry)).Select(entry => Read(path, entry)).OfType<SourceEntry>()
                .OrderBy(entry => entry.Path, StringComparer.Ordinal)];
        }
        catch (InvalidDataException damage)
        {
            archive.Dispose();
            throw Damaged(path, damage);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<SourceEntry> Entries { get; }

    private static ZipArchive OpenArchive(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            return new ZipArchive(file, ZipArchiveMode.Read);
        }
        catch (InvalidDataException damage)
        {
            file.Dispose();
            throw Damaged(path, damage);
        }
    }

    private static GradingException Damaged(string path, InvalidDataException damage) =>
        new($"{path}: this is no .zip archive that can be read ({damage.Message}) Download it again, or unpack it and name the folder.", damage);

    private static bool IsFolder(ZipArchiveEntry entry) => entry.FullName.EndsWith('/') || entry.FullName.EndsWith('\\');

    private static SourceEntry? Read(string archive, ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        var written = name.Split('/', '\\');
        var segments = written.Where(segment => segment is not ("" or "." or "..")).ToArray();
        if (segments.Length == 0)
            segments = ["unnamed"];
        if (segments.Any(segment => segment.StartsWith('.') || segment is "__MACOSX"))
            return null;
        var type = (entry.ExternalAttributes >> 16) & UnixTypeMask;
        var problem = LeavesTheArchive(name, written) ? $"its name in the archive, \"{name}\", points outside the archive."
            : type == UnixLink ? "it is a link to another place, which is not followed."
            : type is not (0 or UnixFile) ? "it is no ordinary file."
            : entry.IsEncrypted ? "it is encrypted."
            : null;
        var time = entry.LastWriteTime;
        return new SourceEntry(segments, $"{archive}: {name}", entry.Length, time < NoTime ? null : time, problem, entry.Open);
    }

    private static bool LeavesTheArchive(string name, string[] segments) =>
        segments[0].Length == 0 || segments.Contains("..") || (segments[0].Length >= 2 && segments[0][1] == ':' && char.IsAsciiLetter(name[0]));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            archive.Dispose();
        base.Dispose(disposing);
    }
}
