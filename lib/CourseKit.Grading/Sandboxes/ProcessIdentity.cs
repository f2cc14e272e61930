using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>
/// One process, and no other that got its number later: a system may have no more than 32768 numbers, and grading a class
/// starts many processes.
/// </summary>
/// <param name="Id">The process's number.</param>
/// <param name="StartTime">When it started, in the system's own unit: on Linux in clock ticks since the machine was.</param>
internal readonly record struct ProcessIdentity(int Id, long StartTime)
{
    private static readonly Lazy<ProcessIdentity> s_current = new(() => Of(Environment.ProcessId) ?? throw new InvalidOperationException("This process cannot see itself."));

    /// <summary>This process.</summary>
    public static ProcessIdentity Current => s_current.Value;

    /// <summary>Whether it still runs. One that has ended and that nobody has taken notice of does not.</summary>
    public bool IsAlive => OperatingSystem.IsLinux()
        ? ProcessStatus.Read(Id) is { IsZombie: false } status && status.Process == this
        : Of(Id) == this;

    /// <summary>The process that has this number now; null where none has, or none that this account may ask.</summary>
    public static ProcessIdentity? Of(int id)
    {
        if (OperatingSystem.IsLinux())
            return ProcessStatus.Read(id)?.Process;
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : new ProcessIdentity(id, process.StartTime.ToUniversalTime().Ticks);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>What Linux tells of a process in <c>/proc/N/stat</c>.</summary>
internal readonly record struct ProcessStatus(ProcessIdentity Process, int Parent, bool IsZombie)
{
    public static ProcessStatus? Read(int id)
    {
        var stat = ProcessTree.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        // The name stands in brackets and may hold anything; the fields behind it are counted from the third on.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 22 - 3
            && int.TryParse(fields[4 - 3], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            && long.TryParse(fields[22 - 3], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            ? new ProcessStatus(new ProcessIdentity(id, started), parent, fields[0] is "Z" or "X")
            : null;
    }
}
