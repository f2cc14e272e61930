using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CourseKit.Grading.Sandboxes;

/// <summary>Makes the command that starts a worker.</summary>
internal static class WorkerCommand
{
    // Joins the groups first and then becomes the program: nothing it starts can be outside.
    private const string JoinAndRun =
        "n=$1; shift; while [ \"$n\" -gt 0 ]; do echo $$ > \"$1\" || exit 125; shift; n=$((n-1)); done; exec \"$@\"";

    /// <summary>A command with redirected streams; under a control group where there is one.</summary>
    public static ProcessStartInfo Create(string program, IEnumerable<string> arguments, ControlGroup? group)
    {
        var start = new ProcessStartInfo
        {
            FileName = program,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (group is not null)
        {
            var files = group.MemberFiles.ToList();
            start.FileName = "/bin/sh";
            foreach (var word in (string[])["-c", JoinAndRun, "sh", files.Count.ToString(CultureInfo.InvariantCulture), .. files, program])
                start.ArgumentList.Add(word);
        }

        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>The sentence for a worker that was ended because memory ran out, or null.</summary>
    public static string? MemoryOverrun(ControlGroup? group, SandboxLimits limits) => group?.RanOutOfMemory == true
        ? string.Create(CultureInfo.InvariantCulture, $"it took more than the {limits.MemoryBytes >> 20} MB of memory that are allowed")
        : null;
}
