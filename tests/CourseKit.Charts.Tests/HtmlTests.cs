using System.Text.RegularExpressions;

namespace CourseKit.Charts.Tests;

public sealed partial class HtmlTests
{
    [Fact]
    public void No_text_in_a_figure_can_close_its_script()
    {
        string html = Figure.Line([1.0], "</script><script>alert(1)</script><!--").Title("<img src=x onerror=alert(2)> & \u2028").ToHtml();

        Assert.Single(Regex.Matches(html, "<script", RegexOptions.IgnoreCase));
        Assert.Single(Regex.Matches(html, "</script", RegexOptions.IgnoreCase));
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\u2028", html, StringComparison.Ordinal);
        Assert.Contains("\\u003c/script\\u003e", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_figure_is_the_same_HTML_in_every_run()
    {
        static Figure Make() => Figure.Line([1.0, 2], "a").Title("t");

        Assert.Equal(Make().ToHtml(), Make().ToHtml());
        Assert.NotEqual(Key(Make()), Key(Make().Title("another")));
        static string Key(Figure figure) => KeyPattern().Match(figure.ToHtml()).Value;
    }

    [Fact]
    public void A_figure_brings_no_plotly_of_its_own_and_needs_no_require()
    {
        string html = Figure.Line([1.0]).ToHtml();

        Assert.True(html.Length < 20_000, $"{html.Length} characters for one point");
        Assert.DoesNotContain("require(", html, StringComparison.Ordinal);
        Assert.Contains(PlotlyScript.CdnUrl, html, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("data-coursekit-figure=\"[0-9a-f]+\"")]
    private static partial Regex KeyPattern();
}
