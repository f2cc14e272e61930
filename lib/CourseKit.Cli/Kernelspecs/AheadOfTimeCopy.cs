using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CourseKit.Cli.Kernelspecs;

/// <summary>
/// A checkout's build is compiled when it runs, and a kernel made of it needs seconds to start. So the kernel gets a
/// copy of its own that the SDK compiles ahead of time (ReadyToRun), which also lives on when the checkout is cleaned.
/// </summary>
internal static class AheadOfTimeCopy
{
    /// <summary>The project this program was built from, where it still lies in its checkout; else null.</summary>
    public static string? FindProject()
    {
        // bin/Release/net10.0/ lies three folders below the project.
        var project = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "CourseKit.Cli.csproj"));
        return File.Exists(project) ? project : null;
    }

    /// <summary>Publishes the project into a folder.</summary>
    /// <returns>Null when it is there; else why not, in the SDK's own words.</returns>
    public static async Task<string?> PublishAsync(string project, string folder, CancellationToken cancellation)
    {
        if (KernelProgram.DotnetHost() is not { } dotnet)
            return "there is no dotnet command";
        using var process = Process.Start(new ProcessStartInfo(dotnet,
        [
            "publish", project, "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier,
            "--self-contained", "false", "-p:PublishReadyToRun=true", "--output", folder, "--nologo", "--verbosity", "quiet",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A build server would outlive the command and hold its files.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? null : Reason(await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string Reason(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault() ?? "the SDK said nothing";
    }
}
