using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Notebook;

/// <summary>A run that was taken from <see cref="KeptRuns"/> in place of running the notebook.</summary>
/// <param name="Run">What the run left, in a copy of the notebook as it is now.</param>
/// <param name="Time">When it ran.</param>
public sealed record KeptRun(NotebookRun Run, DateTimeOffset Time);

/// <summary>
/// What runs left, in a folder: one file for each, under a key for all that the run depended on. A file is whole or it is
/// not there, and a damaged one counts as none, so commands that run at the same time may share a folder, and be killed.
/// </summary>
/// <param name="folder">The folder; it is made when the first run is kept, for this user's eyes alone, as a run may hold solutions.</param>
public sealed class KeptRuns(string folder)
{
    // The number is the format's: what another kit wrote in another one is not looked at, and goes when it is old.
    private const string Ending = ".1.run", AnyEnding = ".run";

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Lock _cleaning = new();

    private sealed record StoredRun(DateTimeOffset Time, TimeSpan Elapsed, IReadOnlyList<StoredCell> Cells);

    private sealed record StoredCell(CellRunStatus Status, TimeSpan Elapsed, string FirstLine, int? Count, JsonArray? Outputs);

    /// <summary>How many bytes the folder may hold; beyond that, what was not used for the longest time goes.</summary>
    public long SizeLimit { get; init; } = 500_000_000;

    /// <summary>The run that was kept under a key; null where there is none that can be used.</summary>
    /// <param name="key">The key, of letters and digits.</param>
    /// <param name="document">The notebook; its code cells are those that ran, while its text and its metadata may have changed since.</param>
    public KeptRun? Find(string key, NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var path = PathOf(key);
        try
        {
            var kept = Read(File.ReadAllBytes(path), document);
            if (kept is not null)
                MarkUsed(path);
            return kept;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Keeps a run in which nothing failed; any other is worth another try, and not kept.</summary>
    /// <param name="key">The key, of letters and digits.</param>
    /// <param name="run">The run.</param>
    /// <returns>Whether it is kept.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public bool Keep(string key, NotebookRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!run.Succeeded)
            return false;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var content = Write(run);
        AtomicFile.Write(PathOf(key), stream =>
        {
            stream.Write(SHA256.HashData(content));
            stream.Write(content);
        });
        CleanUp();
        return true;
    }

    private string PathOf(string key) => Path.Combine(folder, key + Ending);

    private static byte[] Write(NotebookRun run)
    {
        var cells = run.Cells.Select(cell => new StoredCell(cell.Status, cell.Elapsed, cell.FirstLine, run.Executed.Cells[cell.Index].ExecutionCount,
            // What a skipped cell shows is the notebook's, not the run's.
            cell.Status == CellRunStatus.Skipped ? null : run.Executed.Cells[cell.Index].Outputs));
        using var content = new MemoryStream();
        using (var zip = new BrotliStream(content, CompressionLevel.Fastest, leaveOpen: true))
            JsonSerializer.Serialize(zip, new StoredRun(DateTimeOffset.Now, run.Elapsed, [.. cells]), Json);
        return content.ToArray();
    }

    private static KeptRun? Read(byte[] file, NotebookDocument document)
    {
        const int Sum = SHA256.HashSizeInBytes;
        if (file.Length <= Sum || !SHA256.HashData(file.AsSpan(Sum)).AsSpan().SequenceEqual(file.AsSpan(0, Sum)))
            return null;
        using var unzipped = new BrotliStream(new MemoryStream(file, Sum, file.Length - Sum), CompressionMode.Decompress);
        var stored = JsonSerializer.Deserialize<StoredRun>(unzipped, Json)!;
        var executed = document.Clone();
        var places = Enumerable.Range(0, executed.Cells.Count).Where(index => executed.Cells[index].Kind == CellKind.Code).ToList();
        if (stored.Cells.Count != places.Count)
            return null;
        var cells = new List<CellRun>();
        foreach (var (index, left) in places.Zip(stored.Cells))
        {
            var cell = executed.Cells[index];
            if (left.Outputs is { } outputs)
            {
                cell.Outputs.Clear();
                var all = outputs.ToList();
                outputs.Clear();
                all.ForEach(cell.Outputs.Add);
                cell.ExecutionCount = left.Count;
            }

            cells.Add(new CellRun { Index = index, Number = cells.Count + 1, Id = cell.Id, FirstLine = left.FirstLine, Status = left.Status, Elapsed = left.Elapsed });
        }

        return new KeptRun(new NotebookRun(executed, cells, stored.Elapsed), stored.Time);
    }

    private static void MarkUsed(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else's folder, or one that may be read alone: it goes sooner than it should.
        }
    }

    private void CleanUp()
    {
        lock (_cleaning)
        {
            AtomicFile.RemoveAbandoned(folder);
            var files = new DirectoryInfo(folder).EnumerateFiles("*" + AnyEnding).OrderByDescending(file => file.LastWriteTimeUtc).ToList();
            var size = 0L;
            foreach (var file in files)
            {
                size += file.Length;
                if (size <= SizeLimit)
                    continue;
                try
                {
                    file.Delete();
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // Somebody reads it: the next run that is kept tries again.
                }
            }
        }
    }
}
