using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>A process and all it started, as the system shows them.</summary>
internal static class ProcessTree
{
    /// <summary>How many processes a tree has, and how much memory they hold together.</summary>
    public readonly record struct Usage(int Processes, long ResidentBytes);

    /// <summary>Measures a tree; nothing where its root has ended. Where the system shows no parents, the process alone.</summary>
    public static Usage Measure(ProcessIdentity root)
    {
        if (!OperatingSystem.IsLinux())
            return MeasureOne(root);
        var members = Members(root);
        return new Usage(members.Count, members.Sum(ResidentBytes));
    }

    /// <summary>The process and its descendants, on Linux; none where the process has ended.</summary>
    public static IReadOnlyList<ProcessIdentity> Members(ProcessIdentity root)
    {
        var children = new Dictionary<int, List<ProcessIdentity>>();
        foreach (var status in Numbers().Select(ProcessStatus.Read).OfType<ProcessStatus>())
        {
            if (!children.TryGetValue(status.Parent, out var list))
                children[status.Parent] = list = [];
            list.Add(status.Process);
        }

        if (ProcessIdentity.Of(root.Id) != root)
            return [];
        var members = new List<ProcessIdentity> { root };
        for (var i = 0; i < members.Count; i++)
        {
            // Who is the same after the look around as before it was the parent that was meant, and nobody who came by its number.
            if (children.TryGetValue(members[i].Id, out var list) && ProcessIdentity.Of(members[i].Id) == members[i])
                members.AddRange(list);
        }
        return members;
    }

    /// <summary>Processes that carry a mark in the environment they were started with, wherever they stand in the tree now.</summary>
    public static IEnumerable<ProcessIdentity> Marked(string mark)
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        foreach (var number in Numbers())
        {
            // Looked at twice: whoever is there between two looks that found the mark is the one that has it.
            if (HasMark(number) && ProcessIdentity.Of(number) is { } process && HasMark(number))
                yield return process;
        }

        bool HasMark(int number) => Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{number}/environ")).Contains(mark, StringComparison.Ordinal);
    }

    /// <summary>Ends a process; does nothing where it has ended, whoever has its number now.</summary>
    public static void Kill(ProcessIdentity process)
    {
        try
        {
            using var found = Process.GetProcessById(process.Id);
            // Looked at last: a number is not given again in the moment in which it becomes free.
            if (ProcessIdentity.Of(process.Id) == process)
                found.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }

    /// <summary>The text of a file in /proc; empty where it is gone, or another user's.</summary>
    public static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static IEnumerable<int> Numbers() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        .Where(number => number > 0);

    private static Usage MeasureOne(ProcessIdentity process)
    {
        try
        {
            using var found = Process.GetProcessById(process.Id);
            return ProcessIdentity.Of(process.Id) == process ? new Usage(1, found.WorkingSet64) : default;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return default;
        }
    }

    private static long ResidentBytes(ProcessIdentity process)
    {
        var fields = Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/statm")).Split(' ');
        return fields.Length > 1 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pages) ? pages * Environment.SystemPageSize : 0;
    }
}
