using System.Text;

namespace CourseKit.Charts.Tests;

public sealed class SavingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-saving-").FullName;
    private readonly Figure figure = Figure.Line([1.0, 4, 9], "squares").Title("Größe & <Zahl>").Size(null, 300);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void As_JSON_it_comes_back_the_same()
    {
        figure.Save(At("figure.json"));

        Assert.Equal(figure.ToJson(), Figure.FromJson(File.ReadAllText(At("figure.json"))).ToJson());
    }

    [Fact]
    public void As_a_page_it_carries_what_draws_it()
    {
        Assert.SkipUnless(PlotlyScript.IsEmbedded, "plotly.js is not embedded: neither a package feed nor npm had it when this was built.");

        figure.Save(At("figure.html"));

        string page = File.ReadAllText(At("figure.html"));
        Assert.Contains("plotly.js v" + PlotlyScript.Version, page, StringComparison.Ordinal);
        Assert.Contains($"<title>{System.Net.WebUtility.HtmlEncode("Größe & <Zahl>")}</title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script src", page, StringComparison.Ordinal);
    }

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Fact]
    public void As_a_picture_a_browser_draws_it_without_network()
    {
        HeadlessBrowser.SkipUnlessThere();

        figure.Save(At("figure.png"), width: 500);
        figure.Save(At("figure.svg"), width: 500);

        byte[] png = File.ReadAllBytes(At("figure.png"));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        // The header's width and height, big-endian: two pixels for one.
        Assert.Equal([1000, 600], new[] { 16, 20 }.Select(place => (png[place] << 24) | (png[place + 1] << 16) | (png[place + 2] << 8) | png[place + 3]));
        string svg = File.ReadAllText(At("figure.svg"), Encoding.UTF8);
        Assert.StartsWith("<svg", svg, StringComparison.Ordinal);
        Assert.Contains("Größe", svg, StringComparison.Ordinal);
        Assert.Contains("width=\"500\"", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_says_nothing_of_the_kind_is_refused()
    {
        var problem = Assert.Throws<ArgumentException>(() => figure.Save(At("figure.bmp")));

        Assert.Contains(".html, .json, .png or .svg", problem.Message, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(folder, name);
}
