using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseKit.Grading.Gradebooks;

/// <summary>Who holds a claim.</summary>
internal sealed record ClaimOwner(string Host, int ProcessId, DateTimeOffset ProcessStarted, Guid Token)
{
    [JsonIgnore]
    public string Description => $"process {ProcessId} on {Host}";
}

/// <summary>
/// One grader's claim to something it alone may do for now: a small file that the file system lets only one create. It
/// names its owner, so that the claim of a process that was killed is known as stale and taken over: at once on the same
/// machine; from another one when its owner has given no sign of life for ten minutes.
/// </summary>
internal sealed class Claim : IDisposable
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    // Between the file's creation and its first bytes an owner may be killed; nobody needs that long to write them.
    private static readonly TimeSpan TimeToSign = TimeSpan.FromSeconds(10);

    private static readonly DateTimeOffset Started = Process.GetCurrentProcess().StartTime;

    private readonly string path;
    private readonly ClaimOwner owner;
    private readonly Timer timer;

    private Claim(string path, ClaimOwner owner)
    {
        this.path = path;
        this.owner = owner;
        timer = new Timer(_ => Touch(path), null, SignOfLife, SignOfLife);
    }

    /// <summary>Claims it, or tells who holds it.</summary>
    public static Claim? TryTake(string path, out ClaimOwner? holder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        holder = null;
        if (TryCreate(path) is { } claim)
            return claim;
        if (!IsStale(path, out holder))
            return null;
        // One at a time clears away: else the second would remove the claim that the first has just made.
        using var clearing = TryLock(Path.Combine(Path.GetDirectoryName(path)!, ".clearing"));
        if (clearing is null || !IsStale(path, out holder))
            return null;
        File.Delete(path);
        holder = null;
        return TryCreate(path);
    }

    /// <summary>Claims it, waiting for whoever holds it.</summary>
    /// <exception cref="GradingException">It was held all the time.</exception>
    public static async Task<Claim> TakeAsync(string path, string what, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (TryTake(path, out var holder) is { } claim)
                return claim;
            if (waited.Elapsed > patience)
            {
                throw new GradingException($"{what} is in use by {holder?.Description ?? "another process"}; wait until that is finished and start again. "
                    + $"If no such process is running any more, remove {path} and start again.");
            }
            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        // Somebody else's by now, where this process was asleep so long that it was taken for dead.
        if (ReadOwner(path)?.Token == owner.Token)
            File.Delete(path);
    }

    private static Claim? TryCreate(string path)
    {
        var owner = new ClaimOwner(Environment.MachineName, Environment.ProcessId, Started, Guid.NewGuid());
        for (var attempt = 1; ; attempt++)
        {
            var created = false;
            try
            {
                using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
                created = true;
                JsonSerializer.Serialize(stream, owner, GradingJson.Default.ClaimOwner);
            }
            catch (Exception exception) when (!created && exception is IOException or UnauthorizedAccessException)
            {
                if (File.Exists(path))
                    return null;
                // It was there and is gone: given back just now. Else something is wrong with the place itself.
                if (attempt < 3)
                    continue;
                throw;
            }
            catch (IOException)
            {
                File.Delete(path);
                throw;
            }
            return new Claim(path, owner);
        }
    }

    private static bool IsStale(string path, out ClaimOwner? owner)
    {
        owner = ReadOwner(path);
        if (owner is not null && owner.Host == Environment.MachineName)
            return !IsAlive(owner);
        // Looked at once: between two looks the file may go and another's come.
        var file = new FileInfo(path);
        return file.Exists && NowThere(path) - file.LastWriteTimeUtc > (owner is null ? TimeToSign : Silence);
    }

    private static bool IsAlive(ClaimOwner owner)
    {
        try
        {
            using var process = Process.GetProcessById(owner.ProcessId);
            // A number is given again, to a process that started at another time.
            return !process.HasExited && (process.StartTime - owner.ProcessStarted).Duration() < TimeSpan.FromSeconds(5);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return true; // somebody else's process: it is there, and no more may be asked
        }
    }

    private static ClaimOwner? ReadOwner(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize(stream, GradingJson.Default.ClaimOwner);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The time on the clock of the disk, which may be another machine's.</summary>
    private static DateTime NowThere(string path)
    {
        var probe = $"{path}.{Guid.NewGuid():N}.now";
        try
        {
            File.WriteAllBytes(probe, []);
            return File.GetLastWriteTimeUtc(probe);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <summary>A lock that the system itself lifts when its process ends, however that ends.</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Touch(string path)
    {
        try
        {
            // The disk's own clock sets the time, not ours.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var first = stream.ReadByte();
            stream.Position = 0;
            stream.WriteByte((byte)first);
        }
        catch (IOException)
        {
            // Next time again; ten minutes are twenty times.
        }
    }
}
