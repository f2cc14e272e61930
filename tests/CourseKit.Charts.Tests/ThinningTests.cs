using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

/// <summary>A million points: as many are drawn as a page can hold, nothing false is shown, and the picture says what was left out.</summary>
public sealed class ThinningTests(LivePage page) : IClassFixture<LivePage>
{
    private const int Million = 1_000_000;

    private static readonly double[] Walk = [.. Enumerable.Range(0, Million).Select(i => Math.Sin(i / 1e5))];

    private static string? Said(Figure figure, string axis = "xaxis") => (string?)figure.ReadLayout()[axis]?["title"]?["text"];

    private static double[,] Waves(int rows, int columns)
    {
        var values = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                values[row, column] = Math.Sin(row / 60.0) * Math.Cos(column / 90.0);
        }
        return values;
    }

    [Fact]
    public void A_line_keeps_its_shape_its_peaks_and_its_gaps()
    {
        double[] y = [.. Walk];
        y[123_456] = 7;
        y[654_321] = -7;
        y[500_000] = double.NaN;

        Figure figure = Figure.Line(y, "signal").XAxis("time in s");

        JsonArray drawn = figure.Trace(0)["y"]!.AsArray();
        double?[] values = [.. drawn.Select(node => node?.GetValue<double>())];
        Assert.InRange(drawn.Count, 5_000, 12_500);
        Assert.Equal(7, values.Max());
        Assert.Equal(-7, values.Min());
        Assert.Single(values, value => value is null);
        Assert.Equal(0, figure.Trace(0)["x"].Doubles()[0]);
        Assert.Equal(999_999, figure.Trace(0)["x"].Doubles()[^1]);
        Assert.InRange(figure.ToJson().Length, 1, 400_000);
        Assert.StartsWith("time in s<br>", Said(figure), StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{drawn.Count:N0} of 1,000,000 points are drawn, every peak among them"), Said(figure), StringComparison.Ordinal);
        Assert.Equal(figure.ToJson(), Figure.FromJson(figure.ToJson()).ToJson());
    }

    [Fact]
    public void Of_single_points_ten_thousand_are_drawn_the_outermost_among_them()
    {
        double[] x = [.. Enumerable.Range(0, Million).Select(i => (double)i)], y = [.. Walk];
        y[123_457] = 9;
        x[654_321] = -100;

        Figure figure = Figure.Scatter(x, y, "points");

        double[] xs = figure.Trace(0)["x"].Doubles(), ys = figure.Trace(0)["y"].Doubles();
        Assert.InRange(xs.Length, 9_990, 10_000);
        Assert.Equal(9, ys.Max());
        Assert.Equal((-100, 999_999), (xs.Min(), xs.Max()));
        Assert.Contains(FormattableString.Invariant($"{xs.Length:N0} of 1,000,000 points are drawn"), Said(figure), StringComparison.Ordinal);
        Assert.Equal(figure.ToJson(), Figure.Scatter(x, y, "points").ToJson());
    }

    [Fact]
    public void A_regular_grid_of_points_shows_no_stripes_that_are_not_there()
    {
        // The pixels of an image, row by row: every hundredth would stand in ten columns alone.
        Figure figure = Figure.Scatter(Enumerable.Range(0, Million).Select(i => i % 1000), Enumerable.Range(0, Million).Select(i => i / 1000));

        int[] perColumn = [.. figure.Trace(0)["x"].Doubles().GroupBy(x => Math.Floor(x / 100)).Select(column => column.Count())];
        Assert.Equal(10, perColumn.Length);
        Assert.All(perColumn, count => Assert.InRange(count, 850, 1150));
        Assert.InRange(figure.Trace(0)["x"].Doubles().Distinct().Count(), 990, 1000);
    }

    [Fact]
    public void Of_a_large_table_each_cell_is_the_mean_of_a_block()
    {
        double[,] values = Waves(1000, 1000);
        values[0, 0] = double.NaN;
        values[998, 998] = values[998, 999] = values[999, 998] = values[999, 999] = double.NaN;

        Figure figure = Figure.HeatMap(values).XAxis("column");

        JsonArray rows = figure.Trace(0)["z"]!.AsArray();
        Assert.Equal((500, 500), (rows.Count, rows[0]!.AsArray().Count));
        Assert.Equal((values[0, 1] + values[1, 0] + values[1, 1]) / 3, rows[0]![0]!.GetValue<double>(), 1e-4);
        Assert.Equal((values[20, 40] + values[20, 41] + values[21, 40] + values[21, 41]) / 4, rows[10]![20]!.GetValue<double>(), 1e-4);
        Assert.Null(rows[499]![499]);
        Assert.Equal([0.5, 2.5, 4.5], figure.Trace(0)["x"].Doubles().Take(3));
        Assert.Equal("column<br><span style=\"font-size:11px\">each cell is the mean of 2 × 2 of the 1,000 × 1,000 numbers</span>", Said(figure));
        Assert.InRange(figure.ToJson().Length, 1, 2_200_000);
    }

    [Theory]
    [InlineData(512, 512, 512, 512)]
    [InlineData(513, 513, 257, 257)]
    [InlineData(10, 1_000_000, 10, 25_642)]
    [InlineData(1_000_000, 3, 83_334, 3)]
    [InlineData(2000, 600, 500, 300)]
    public void A_table_is_made_smaller_where_it_is_long(int rows, int columns, int shownRows, int shownColumns)
    {
        JsonArray shown = Figure.HeatMap(new float[rows, columns]).Trace(0)["z"]!.AsArray();
        Assert.Equal((shownRows, shownColumns), (shown.Count, shown[0]!.AsArray().Count));
    }

    [Fact]
    public void Places_that_were_given_go_with_their_blocks()
    {
        Figure figure = Figure.Contour(Waves(600, 600), Enumerable.Range(0, 600).Select(i => i * 0.1), Enumerable.Range(0, 600).Select(i => 5.0 * i));
        Assert.Equal([0.05, 0.25], figure.Trace(0)["x"].Doubles().Take(2));
        Assert.Equal([2.5, 12.5], figure.Trace(0)["y"].Doubles().Take(2));
    }

    [Fact]
    public void A_landscape_says_it_in_its_corner_and_an_image_without_axes_below()
    {
        Figure landscape = Figure.Surface(Waves(600, 600));
        Assert.Equal(["each cell is the mean of 3 × 3 of the 600 × 600 numbers"], landscape.ReadLayout()["annotations"]!.AsArray().Select(note => (string)note!["text"]!));

        Figure image = Figure.HeatMap(Waves(600, 600)).Set("xaxis.visible", false);
        Assert.Contains("each cell is the mean", Said(image), StringComparison.Ordinal);
        Assert.Null(image.ReadLayout()["xaxis"]!["visible"]);
        Assert.False((bool)image.ReadLayout()["xaxis"]!["showticklabels"]!);
    }

    [Fact]
    public void Beside_each_other_every_picture_says_its_own()
    {
        Figure figure = Figure.Grid(1, 2, [Figure.Line(Walk), Figure.Line([1.0, 2])]);
        Assert.Contains("of 1,000,000", Said(figure), StringComparison.Ordinal);
        Assert.Null(Said(figure, "xaxis2"));
        Assert.Null(Said(Figure.Line(Enumerable.Range(0, 10_000))));
    }

    public static TheoryData<string> Kinds => ["line", "scatter", "heat map", "landscape"];

    [Trait(ToolTests.Trait, ToolTests.Group)]
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_million_are_drawn_in_a_browser_and_the_sentence_is_on_the_page(string kind)
    {
        HeadlessBrowser.SkipUnlessThere();
        (Figure figure, string mark, string said) = kind switch
        {
            "line" => (Figure.Line(Walk), ".scatterlayer .js-line", "of 1,000,000 points are drawn, every peak among them"),
            "scatter" => (Figure.Scatter(Walk.Reverse(), Walk), ".scatterlayer .point", "of 1,000,000 points are drawn"),
            "heat map" => (Figure.HeatMap(Waves(1000, 1000)), ".heatmaplayer image", "each cell is the mean of 2 × 2 of the 1,000 × 1,000 numbers"),
            _ => (Figure.Surface(Waves(1000, 1000)), "canvas", "each cell is the mean of 4 × 4 of the 1,000 × 1,000 numbers"),
        };
        string html = figure.Title($"A million: {kind}").ToHtml();
        foreach (int width in (int[])[1200, 400])
        {
            await page.LookAsync(width, dark: false);
            await page.EvaluateAsync($"show({JsonValue.Create(html).ToJsonString()})");
            await page.EvaluateAsync("until(() => figure.hasAttribute('data-ready'), 'the figure: ' + figure.textContent.slice(0, 300))");
            JsonNode seen = (await page.EvaluateAsync($$"""
                (() => {
                  const outer = figure.getBoundingClientRect();
                  const sentence = [...figure.querySelectorAll('.infolayer text')].find(text => text.textContent.includes({{JsonValue.Create(said).ToJsonString()}}));
                  const box = sentence && sentence.getBoundingClientRect();
                  return { marks: figure.querySelectorAll({{JsonValue.Create(mark).ToJsonString()}}).length, said: !!sentence,
                    inside: !!box && box.left >= outer.left - 1 && box.right <= outer.right + 1 && box.top >= outer.top && box.bottom <= outer.bottom + 1,
                    box: box && [box.left, box.right, box.top, box.bottom], outer: [outer.left, outer.right, outer.top, outer.bottom] };
                })()
                """))!;
            Assert.True(seen["marks"]!.GetValue<int>() > 0, $"nothing is drawn at {width} px: {seen.ToJsonString()}");
            Assert.True(seen["said"]!.GetValue<bool>(), $"nothing is said at {width} px: {seen.ToJsonString()}");
            Assert.True(seen["inside"]!.GetValue<bool>(), $"the sentence is cut off at {width} px: {seen.ToJsonString()}");
            Assert.Empty(page.TakeErrors());
        }
    }
}
