using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseKit.Charts;

namespace CourseKit.Cli.Tests;

/// <summary>What the doctor says of the parts that a build may lack.</summary>
public class DoctorCommandTests
{
    [Fact]
    public async Task Whether_graphics_processors_can_be_used_is_said_and_why_not()
    {
        var finding = await FindingAsync("graphics processors");
        Assert.Equal(GpuSupport.Found.Count > 0 ? "ok" : "missing", (string)finding["state"]!);
        Assert.Contains(GpuSupport.Missing ?? GpuSupport.Package!, (string)finding["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whether_Plotly_NET_is_there_is_said_and_why_not()
    {
        var finding = await FindingAsync("Plotly.NET");
        Assert.Equal(PlotlyNetSupport.Missing is null ? "ok" : "missing", (string)finding["state"]!);
        Assert.Contains(PlotlyNetSupport.Missing ?? PlotlyNetSupport.Package!, (string)finding["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_pages_need_from_a_network_is_said_and_whether_KaTeX_is_embedded()
    {
        var pages = await FindingAsync("pages");
        Assert.Equal(PlotlyScript.IsEmbedded ? "ok" : "missing", (string)pages["state"]!);
        Assert.Contains(PlotlyScript.IsEmbedded ? "need no network" : new Uri(PlotlyScript.CdnUrl).Host, (string)pages["detail"]!, StringComparison.Ordinal);

        var carriesKatex = typeof(Notebook.BuiltInAssets).Assembly.GetManifestResourceInfo("katex.min.js") is not null;
        Assert.Equal(carriesKatex ? "ok" : "missing", (string)(await FindingAsync("KaTeX"))["state"]!);
    }

    private static async Task<JsonNode> FindingAsync(string name)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CourseKit.Cli.dll"), "doctor", "--json"]) { RedirectStandardOutput = true })!;
        var answer = JsonNode.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return Assert.Single(answer["findings"]!.AsArray(), finding => (string)finding!["name"]! == name)!;
    }
}
