using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using CourseKit.Notebook;

namespace CourseKit.Cli;

/// <summary>The files of a book that a student takes along: the students' versions, the data they load, and both in one archive.</summary>
internal sealed partial class ChapterFiles(string folder)
{
    public const string Downloads = "downloads";

    // Archives of the same content are the same bytes, whenever they are made; ZIP knows no earlier day.
    private static readonly DateTimeOffset ArchiveDay = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, string> data = new(StringComparer.Ordinal);

    /// <summary>Writes what belongs to one chapter; chapters may be written side by side.</summary>
    /// <param name="release">The students' version.</param>
    /// <param name="fileName">Its file name.</param>
    /// <returns>The links for its page.</returns>
    public IReadOnlyList<PageLink> Write(NotebookDocument release, string fileName)
    {
        var notebook = Path.Combine(folder, Downloads, fileName);
        release.Save(notebook);
        var links = new List<PageLink> { new($"Students' notebook ({Size(notebook)})", Address(fileName)) };
        var loaded = DataOf(release);
        lock (data)
        {
            foreach (var (name, path) in loaded)
                data.TryAdd(name, path);
        }

        if (loaded.Count > 0)
        {
            var archive = Path.ChangeExtension(fileName, ".zip");
            AtomicFile.Write(Path.Combine(folder, Downloads, archive), stream => Pack(stream, fileName, notebook, loaded));
            links.Add(new PageLink($"Notebook and data ({Size(Path.Combine(folder, Downloads, archive))})", Address(archive)));
        }
        return links;
    }

    /// <summary>Writes every data file that some chapter loads, and where they all come from.</summary>
    public IReadOnlyList<PageLink> WriteData()
    {
        var links = new List<PageLink>();
        foreach (var (name, path) in data)
            links.Add(Copy(path, name));
        foreach (var sources in data.Values.SelectMany(SourcesOf).Distinct().Take(1))
            links.Add(Copy(sources, Path.GetFileName(sources)));
        return links;
    }

    private PageLink Copy(string path, string name)
    {
        AtomicFile.Write(Path.Combine(folder, Downloads, "data", name), stream =>
        {
            using var source = File.OpenRead(path);
            source.CopyTo(stream);
        });
        return new PageLink($"{name} ({Size(path)})", Address("data", name));
    }

    /// <summary>The data files that a notebook names in its code and that there are.</summary>
    private static SortedDictionary<string, string> DataOf(NotebookDocument document)
    {
        var code = string.Join('\n', document.Cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => cell.Source));
        var names = FileName().Matches(code).Select(match => match.Groups["name"].Value).ToList();
        if (code.Contains("Mnist.", StringComparison.Ordinal))
            names.AddRange(from part in (string[])["train", "t10k"] from kind in (string[])["images-idx3", "labels-idx1"] select $"{part}-{kind}-ubyte.gz");
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            try
            {
                var path = DataFiles.Find(name);
                if (!File.Exists(name)) // not one that happens to lie where the command was started
                    found.TryAdd(Path.GetFileName(name), path);
            }
            catch (FileNotFoundException)
            {
                // A file that the chapter writes itself, or text that only looks like a file's name.
            }
        }
        return found;
    }

    /// <summary>SOURCES.md of the folder a data file is in, or of the one around it.</summary>
    private static IEnumerable<string> SourcesOf(string path)
    {
        var inner = Path.GetDirectoryName(path)!;
        return new[] { inner, Path.GetDirectoryName(inner) ?? inner }.Select(place => Path.Combine(place, "SOURCES.md")).Where(File.Exists);
    }

    private static void Pack(Stream stream, string fileName, string notebook, SortedDictionary<string, string> loaded)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(fileName, notebook);
        foreach (var (name, path) in loaded)
            Add($"data/{name}", path);
        if (loaded.Values.SelectMany(SourcesOf).FirstOrDefault() is { } sources)
            Add("data/SOURCES.md", sources);

        void Add(string entry, string path)
        {
            var item = archive.CreateEntry(entry, CompressionLevel.Optimal);
            item.LastWriteTime = ArchiveDay;
            using var target = item.Open();
            using var source = File.OpenRead(path);
            source.CopyTo(target);
        }
    }

    private static string Address(params string[] parts) => $"{Downloads}/{string.Join('/', parts.Select(Uri.EscapeDataString))}";

    private static string Size(string path)
    {
        var bytes = new FileInfo(path).Length;
        return bytes < 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1000.0):0} kB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
    }

    [GeneratedRegex("\"(?<name>[\\w\\-./ ]+\\.(?:csv|txt|png|gz|jsonl|idx|fasta|fa|nii|wav|json))\"")]
    private static partial Regex FileName();
}
