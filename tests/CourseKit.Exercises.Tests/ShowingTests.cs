using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Exercises.Tests;

/// <summary>What a kernel built on Microsoft.DotNet.Interactive.Formatting shows.</summary>
public class ShowingTests
{
    private static Exercise Half() => Check.Exercise("half-right", "Half right")
        .Part("easy", 0.5, () => { })
        .Part("hard", 1.5, () => Check.Equal(1, 2))
        .Part("open", 1, () => throw new NotImplementedException());

    private static string As(string mimeType, Exercise exercise) =>
        exercise.ToDisplayString(mimeType);

    [Fact]
    public void A_kernel_gets_all_three_forms_without_asking()
    {
        Assert.Equal(
            ["text/html", "text/plain", "application/vnd.coursekit.check+json"],
            Formatter.GetPreferredMimeTypesFor(typeof(Exercise)));
    }

    [Fact]
    public void The_plain_text_is_the_points_and_nothing_else_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.German;
        try
        {
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal("0.5", As("text/plain", Half()));
            Assert.Equal("0.5", Half().ToString());
            Assert.Contains("0.5 of 3 points", As("text/html", Half()), StringComparison.Ordinal);
            Assert.Contains("\"points\":0.5", As("application/vnd.coursekit.check+json", Half()), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_json_tells_the_whole_result()
    {
        var result = JsonNode.Parse(As("application/vnd.coursekit.check+json", Half()))!;

        Assert.True(JsonNode.DeepEquals(result, JsonNode.Parse("""
            {
              "version": 1, "exercise": "half-right", "title": "Half right",
              "points": 0.5, "possible": 3, "status": "partial",
              "parts": [
                { "name": "easy", "points": 0.5, "possible": 0.5, "status": "passed", "message": "" },
                { "name": "hard", "points": 0, "possible": 1.5, "status": "failed", "message": "Expected 1, got 2." },
                { "name": "open", "points": 0, "possible": 1, "status": "not attempted",
                  "message": "Nothing to test yet: your code is still to come." }
              ]
            }
            """)), result.ToJsonString());
    }

    [Fact]
    public void The_panel_says_with_symbols_and_words_how_each_part_went()
    {
        var panel = new HtmlParser().ParseDocument(As("text/html", Half()));

        Assert.Equal("✗ 0.5 of 3 points: partly right Half right", panel.QuerySelector(".ck-head")!.TextContent);
        Assert.Equal(
            [
                "✓easy passed, 0.5 of 0.5",
                "✗hard failed, 0 of 1.5Expected 1, got 2.",
                "○open not attempted, 0 of 1Nothing to test yet: your code is still to come.",
            ],
            panel.QuerySelectorAll("li").Select(part => part.TextContent));
    }

    [Theory]
    [InlineData("✓ 1 of 1 point: passed", PartStatus.Passed)]
    [InlineData("✗ 0 of 1 point: not right yet", PartStatus.Failed)]
    [InlineData("✗ 0 of 1 point: not right yet", PartStatus.Error)]
    [InlineData("○ 0 of 1 point: not attempted", PartStatus.NotAttempted)]
    public void The_headline_tells_the_outcome(string headline, PartStatus outcome)
    {
        var exercise = Check.Exercise("one").Part("p", 1, () =>
        {
            if (outcome == PartStatus.Failed) Check.True(false, "no");
            if (outcome == PartStatus.Error) throw new InvalidOperationException();
            if (outcome == PartStatus.NotAttempted) throw new NotImplementedException();
        });

        Assert.StartsWith(
            headline,
            new HtmlParser().ParseDocument(As("text/html", exercise)).QuerySelector(".ck-head")!.TextContent,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_a_student_or_author_writes_becomes_markup()
    {
        const string Attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
        var exercise = Check.Exercise("a" + Attack, "t" + Attack)
            .Part("p" + Attack, 1, () => Check.Equal("s" + Attack, "u" + Attack))
            .Part("q", 1, () => throw new InvalidOperationException("e" + Attack));

        var panel = new HtmlParser().ParseDocument(As("text/html", exercise));

        Assert.Empty(panel.QuerySelectorAll("script, img, [onerror]"));
        Assert.Contains("e" + Attack, panel.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_panel_is_self_contained_and_follows_the_theme()
    {
        var panel = As("text/html", Half());

        Assert.DoesNotContain("http", panel, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", panel, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", panel, StringComparison.Ordinal);
        Assert.Contains("html[data-theme=\"dark\"]", panel, StringComparison.Ordinal);
        Assert.Contains("html[data-theme=\"light\"]", panel, StringComparison.Ordinal);
    }
}
