using System.IO.Compression;
using System.Text;

namespace CourseKit.Grading.Tests.Collecting;

/// <summary>Folders and archives as platforms, and attackers, make them.</summary>
internal sealed class HandedInFiles : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("coursekit-class-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public string File(string name, string text = "{}")
    {
        var path = Of(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public string Zip(params (string Name, string Text)[] entries) =>
        Zip(archive =>
        {
            foreach (var (name, text) in entries)
                Add(archive, name, text);
        });

    public string Zip(Action<ZipArchive> fill)
    {
        var path = Of("download.zip");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        fill(archive);
        return path;
    }

    public static ZipArchiveEntry Add(ZipArchive archive, string name, string text, DateTimeOffset? time = null)
    {
        var entry = archive.CreateEntry(name);
        if (time is { } given)
            entry.LastWriteTime = given;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
        return entry;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
