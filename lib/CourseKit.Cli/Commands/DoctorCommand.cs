using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CourseKit.Charts;
using CourseKit.Cli.Kernelspecs;
using CourseKit.Cli.Terminal;
using CourseKit.Notebook;
using Spectre.Console;

namespace CourseKit.Cli.Commands;

/// <summary><c>coursekit doctor</c>: what this machine has, what is missing, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("doctor", """
            Show what this machine has and what is missing: SDK, processor, devices, page scripts, Jupyter; and run one C# cell.

            Examples:
              coursekit doctor
              coursekit doctor --json
            """) { json };
        command.SetAction((parsed, cancellation) => ExamineAsync(parsed.GetValue(json), cancellation));
        return command;
    }

    /// <summary>One thing looked at.</summary>
    private sealed record Finding(string Name, string State, string Detail);

    private const string Good = "ok", Missing = "missing", Bad = "failed";

    private static async Task<int> ExamineAsync(bool asJson, CancellationToken cancellation)
    {
        List<Finding> findings =
        [
            await SdkAsync(cancellation),
            new("runtime", Good, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
            new("processor", Good, $"{Environment.ProcessorCount} cores, {CpuDevice.VectorWidth}-bit vectors"),
            .. Device.All.Select(device => new Finding($"device {device.Name}", Good, device.Description)),
            .. Graphics(),
            PlotlyScript.IsEmbedded
                ? new("plotly.js", Good, $"{PlotlyScript.Version}, embedded: pages work offline")
                : new("plotly.js", Missing, $"not embedded: pages load {PlotlyScript.CdnUrl}; restore from a feed with Plotly.Blazor, or install npm, and build again for offline pages"),
            PlotlyNetSupport.Missing is { } reason
                ? new("Plotly.NET", Missing, reason)
                : new("Plotly.NET", Good, $"{PlotlyNetSupport.Package}: figure.ToGenericChart() and chart.ToFigure()"),
            KatexAssets(),
            Pages(),
            Jupyter(),
            .. Kernels(),
            await CellAsync(cancellation),
        ];
        if (asJson)
            Json.Write(new { Findings = findings });
        else
            Write(findings);
        return (int)(findings.Any(finding => finding.State == Bad) ? ExitCode.SomethingFailed : ExitCode.Fine);
    }

    private static void Write(List<Finding> findings)
    {
        var table = Tables.Create(("What", false), ("State", false), ("Detail", false));
        foreach (var finding in findings)
            table.AddRow(Markup.Escape(finding.Name), finding.State == Good ? Good : $"[{(finding.State == Bad ? "red" : "yellow")}]{finding.State}[/]", Markup.Escape(finding.Detail));
        Tables.Write(table);
    }

    private static async Task<Finding> SdkAsync(CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true, RedirectStandardError = true });
            var version = (await process!.StandardOutput.ReadToEndAsync(cancellation)).Trim();
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? new("SDK", Good, version)
                : new("SDK", Missing, "dotnet is here but no SDK: install the .NET 10 SDK to build the kit (running it needs only the runtime)");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new("SDK", Missing, "dotnet is not on the PATH: install the .NET 10 SDK to build the kit (running it needs only the runtime)");
        }
    }

    /// <summary>Whether this build can use graphics processors, and why it found none of a kind.</summary>
    private static List<Finding> Graphics()
    {
        if (GpuSupport.Missing is { } reason)
            return [new("graphics processors", Missing, reason)];
        var use = GpuSupport.Found is [var best, ..] ? $"Device.Best is {best.Name}" : "none found, so Device.Best is the CPU";
        return [new("graphics processors", GpuSupport.Found.Count > 0 ? Good : Missing, $"{GpuSupport.Package}: {use}"), .. GpuSupport.NotFound.Select(kind => new Finding(kind.Split(':')[0], Missing, kind[(kind.IndexOf(':') + 2)..]))];
    }

    private static Finding KatexAssets() => BuiltInAssets.IsKatexEmbedded
        ? new("KaTeX", Good, "embedded: formulas are typeset offline")
        : new("KaTeX", Missing, "not embedded: formulas are MathML, which browsers draw offline too; for KaTeX's finer ones install npm and build again");

    private static Finding Pages() => Kit.NetworkNeed is { } need
        ? new("pages", Missing, need)
        : new("pages", Good, "whole: figures and formulas need no network");

    private static Finding Jupyter()
    {
        string[] names = OperatingSystem.IsWindows() ? ["jupyter.exe"] : ["jupyter", "jupyter-lab", "jupyter-notebook"];
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        return found is null
            ? new("Jupyter", Missing, "not on the PATH: not needed to run chapters headless; VS Code's Jupyter extension or JupyterLab opens them")
            : new("Jupyter", Good, found);
    }

    private static List<Finding> Kernels()
    {
        var ours = Kernelspec.FindAll(JupyterFolders.Here.All).Where(kernel => kernel.IsOurs).ToList();
        return ours.Count == 0
            ? [new("kernel", Missing, "not registered: to open chapters in Jupyter or VS Code, coursekit kernel install")]
            : ours.ConvertAll(kernel => kernel.Problem is { } problem
                ? new Finding($"kernel {kernel.Name}", Bad, $"{problem}: register it again, coursekit kernel install; or take it away, coursekit kernel uninstall --name {kernel.Name}")
                : new Finding($"kernel {kernel.Name}", Good, kernel.Folder));
    }

    /// <summary>The whole way from a cell to its value: the worker process, the compiler and the kit's own library.</summary>
    private static async Task<Finding> CellAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        await using var session = await SessionClient.StartAsync(new SessionOptions { KitPackages = Kit.Packages }, cancellation);
        var result = await session.ExecuteAsync("#r \"nuget: CourseKit\"\nusing CourseKit;\nTensor.Ones(2, 3).Sum().Item()", 1, null, cancellation);
        var value = result.Outputs.FirstOrDefault(output => (string?)output["output_type"] == "execute_result")?["data"]?["text/plain"]?.ToString();
        return result.Status == CellStatus.Ok && value == "6"
            ? new("a C# cell", Good, string.Create(CultureInfo.InvariantCulture, $"ran in a worker process after {clock.Elapsed.TotalSeconds:F1} s"))
            : new("a C# cell", Bad, result.Message ?? $"gave {value ?? "nothing"} instead of 6");
    }
}
