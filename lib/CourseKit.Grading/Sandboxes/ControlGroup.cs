using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>
/// A Linux control group that counts one worker's memory and processes, of version 1 or 2, where this user may make one.
/// </summary>
internal sealed class ControlGroup : IAsyncDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const string Prefix = "coursekit-";

    // Younger ones may be about to get their first member.
    private static readonly TimeSpan s_staleAfter = TimeSpan.FromMinutes(1);
    private static readonly Lazy<bool> s_swept = new(Sweep);
    private static int s_count;
    private readonly List<string> _folders;

    private ControlGroup(List<string> folders) => _folders = folders;

    /// <summary>The files into which a process writes its number to come under the limits.</summary>
    public IEnumerable<string> MemberFiles => _folders.Select(folder => Path.Combine(folder, "cgroup.procs"));

    /// <summary>Whether the group ever killed a process because memory ran out.</summary>
    public bool RanOutOfMemory => _folders.Any(folder =>
        ReadNumber(Path.Combine(folder, "memory.oom_control"), "oom_kill ") > 0 || ReadNumber(Path.Combine(folder, "memory.events"), "oom_kill ") > 0);

    /// <summary>Makes a group; null where none can be made.</summary>
    public static ControlGroup? TryCreate(SandboxLimits limits)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        _ = s_swept.Value;
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        var made = new List<string>();
        try
        {
            if (Directory.Exists(Path.Combine(Root, "memory")) && Directory.Exists(Path.Combine(Root, "pids")))
            {
                var memory = Make(Path.Combine(Root, "memory", name));
                Write(Path.Combine(memory, "memory.limit_in_bytes"), limits.MemoryBytes);
                if (File.Exists(Path.Combine(memory, "memory.memsw.limit_in_bytes")))
                    Write(Path.Combine(memory, "memory.memsw.limit_in_bytes"), limits.MemoryBytes);
                Write(Path.Combine(Make(Path.Combine(Root, "pids", name)), "pids.max"), limits.Processes);
            }
            else
            {
                var folder = Make(Path.Combine(OwnFolder(), name));
                Write(Path.Combine(folder, "memory.max"), limits.MemoryBytes);
                if (File.Exists(Path.Combine(folder, "memory.swap.max")))
                    Write(Path.Combine(folder, "memory.swap.max"), 0);
                Write(Path.Combine(folder, "pids.max"), limits.Processes);
            }

            return new ControlGroup(made);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            made.ForEach(TryRemove);
            return null;
        }

        string Make(string folder)
        {
            Directory.CreateDirectory(folder);
            made.Add(folder);
            return folder;
        }
    }

    /// <summary>The processes that are in the group now.</summary>
    public IReadOnlyList<int> Members()
    {
        try
        {
            return [.. File.ReadLines(MemberFiles.Last()).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(process => process > 0)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Ends all members.</summary>
    public async Task EndMembersAsync()
    {
        // A process may start another between the look and the blow, but never more of them than there are turns.
        for (var turn = 0; turn < 200 && Members() is { Count: > 0 } members; turn++)
        {
            foreach (var member in members.Select(ProcessIdentity.Of).OfType<ProcessIdentity>())
                ProcessTree.Kill(member);
            await Task.Delay(10).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all members and removes the group.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndMembersAsync().ConfigureAwait(false);
        for (var turn = 0; turn < 50 && _folders.Exists(Directory.Exists); turn++)
        {
            _folders.ForEach(TryRemove);
            if (_folders.Exists(Directory.Exists))
                await Task.Delay(20).ConfigureAwait(false);
        }
    }

    // Version 2 allows members only where no group has groups below it: a sibling of the own group is the place.
    private static string OwnFolder()
    {
        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..].Trim('/') ?? "";
        var folder = Path.Combine(Root, own);
        return own.Length > 0 && File.Exists(Path.Combine(folder, "..", "cgroup.subtree_control")) ? Path.GetFullPath(Path.Combine(folder, "..")) : folder;
    }

    /// <summary>Removes the empty groups of graders that were killed; one with members cannot be removed, and stays.</summary>
    private static bool Sweep()
    {
        try
        {
            foreach (var parent in ((string[])[Path.Combine(Root, "memory"), Path.Combine(Root, "pids"), OwnFolder()]).Where(Directory.Exists))
            {
                foreach (var group in Directory.EnumerateDirectories(parent, Prefix + "*").ToList())
                {
                    var isAlive = Directory.Exists(Path.Combine("/proc", Path.GetFileName(group).Split('-')[1]));
                    if (!isAlive && DateTime.UtcNow - Directory.GetCreationTimeUtc(group) > s_staleAfter)
                        TryRemove(group);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not this user's to look at.
        }

        return true;
    }

    private static void Write(string file, long number)
    {
        // Must exist: writing would make an ordinary file where the controller is missing.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
    }

    private static long ReadNumber(string file, string name)
    {
        try
        {
            var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) : null;
            return line is null ? 0 : long.Parse(line[name.Length..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its last member is not quite gone, or somebody else removed it.
        }
    }
}
