using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class PlotlyScriptTests
{
    [Fact]
    public void The_version_is_the_one_that_npm_is_asked_for()
    {
        JsonNode package = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plotly.package.json")))!;

        Assert.Equal(package["dependencies"]!["plotly.js-dist-min"]!.GetValue<string>(), PlotlyScript.Version);
        Assert.Contains($"plotly-{PlotlyScript.Version}.min.js", PlotlyScript.CdnUrl, StringComparison.Ordinal);
    }

    [Fact]
    public void The_embedded_script_is_of_that_version()
    {
        Assert.SkipUnless(PlotlyScript.IsEmbedded, "plotly.js is not embedded: neither a package feed nor npm had it when this was built.");

        string script = PlotlyScript.Read();

        Assert.Contains($"plotly.js v{PlotlyScript.Version}", script[..200], StringComparison.Ordinal);
        Assert.Contains("window.Plotly", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Asked_for_and_absent_it_says_what_to_do()
    {
        Assert.SkipWhen(PlotlyScript.IsEmbedded, "plotly.js is embedded in this build.");

        var problem = Assert.Throws<InvalidOperationException>(() => PlotlyScript.Read());

        Assert.Contains(PlotlyScript.CdnUrl, problem.Message, StringComparison.Ordinal);
    }
}
