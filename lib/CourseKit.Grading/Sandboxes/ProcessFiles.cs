using System.Globalization;

namespace CourseKit.Grading.Sandboxes;

/// <summary>
/// Takes /proc away from a worker that runs. .NET needs it to start; after that it would be a door: through
/// /proc/self/mem an ordinary file function can read and change the memory of the process that tests.
/// </summary>
internal static class ProcessFiles
{
    /// <summary>Goes into the sandbox's namespaces from outside and unmounts it there.</summary>
    /// <param name="members">The sandbox's processes, as this machine numbers them.</param>
    /// <returns>Whether it is gone; without util-linux, or where the kernel refuses, it stays.</returns>
    public static async Task<bool> TakeAwayAsync(IReadOnlyList<int> members)
    {
        var own = NamespaceOf("self");
        if (own is null || members.LastOrDefault(member => NamespaceOf(member.ToString(CultureInfo.InvariantCulture)) is { } other && other != own) is not (> 0 and var inside))
            return false;
        try
        {
            var target = inside.ToString(CultureInfo.InvariantCulture);
            using var process = System.Diagnostics.Process.Start(WorkerCommand.Create(
                "nsenter", ["--target", target, "--user", "--mount", "--pid", "--preserve-credentials", "umount", "--lazy", "/proc"], group: null))!;
            await process.WaitForExitAsync().ConfigureAwait(false);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string? NamespaceOf(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/mnt").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
