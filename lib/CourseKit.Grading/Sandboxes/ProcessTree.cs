using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>A process and all it started, as the system shows them.</summary>
internal static class ProcessTree
{
    /// <summary>How many processes a tree has, and how much memory they hold together.</summary>
    public readonly record struct Usage(int Processes, long ResidentBytes);

    /// <summary>Measures a tree. Where the system shows no parents, the process alone.</summary>
    public static Usage Measure(int root)
    {
        if (!OperatingSystem.IsLinux())
            return MeasureOne(root);
        var members = Members(root);
        return new Usage(members.Count, members.Sum(ResidentBytes));
    }

    /// <summary>The process and its descendants, on Linux.</summary>
    public static IReadOnlyList<int> Members(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) || Parent(folder) is not { } parent)
                continue;
            if (!children.TryGetValue(parent, out var list))
                children[parent] = list = [];
            list.Add(process);
        }

        var members = new List<int> { root };
        for (var i = 0; i < members.Count; i++)
            members.AddRange(children.GetValueOrDefault(members[i]) ?? []);
        return members;
    }

    /// <summary>Processes that carry a mark in the environment they were started with, wherever they stand in the tree now.</summary>
    public static IEnumerable<int> Marked(string mark)
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && Read(Path.Combine(folder, "environ")).Contains(mark, StringComparison.Ordinal))
                yield return process;
        }
    }

    public static void Kill(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            found.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }

    private static Usage MeasureOne(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return new Usage(1, found.WorkingSet64);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return default;
        }
    }

    // The parent is the second field behind the name, which stands in brackets and may hold anything.
    private static int? Parent(string folder)
    {
        var stat = Read(Path.Combine(folder, "stat"));
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : null;
    }

    private static long ResidentBytes(int process)
    {
        var fields = Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/statm")).Split(' ');
        return fields.Length > 1 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pages) ? pages * Environment.SystemPageSize : 0;
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone in between, or another user's.
            return "";
        }
    }
}
