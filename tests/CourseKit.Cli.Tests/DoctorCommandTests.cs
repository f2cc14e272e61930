using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CourseKit.Cli.Tests;

/// <summary>What the doctor says of graphics processors.</summary>
public class DoctorCommandTests
{
    [Fact]
    public async Task Whether_graphics_processors_can_be_used_is_said_and_why_not()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll"), "doctor", "--json"]) { RedirectStandardOutput = true })!;
        var answer = JsonNode.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var finding = Assert.Single(answer["findings"]!.AsArray(), finding => (string)finding!["name"]! == "graphics processors")!;
        Assert.Equal(GpuSupport.Found.Count > 0 ? "ok" : "missing", (string)finding["state"]!);
        Assert.Contains(GpuSupport.Missing ?? GpuSupport.Package!, (string)finding["detail"]!, StringComparison.Ordinal);
    }
}
