using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class FigureTests
{
    [Fact]
    public void A_line_has_its_numbers_name_and_axes_where_Plotly_looks_for_them()
    {
        Figure figure = Figure.Line([1, 2, 3], [0.5, 0.25, 0.125], "training")
            .Title("Loss").XAxis("epoch", (1, 3)).YAxis("loss in nats").Size(600, 300);

        JsonObject trace = figure.Trace(0);
        Assert.Equal("scatter", trace["type"]!.GetValue<string>());
        Assert.Equal("lines", trace["mode"]!.GetValue<string>());
        Assert.Equal("training", trace["name"]!.GetValue<string>());
        Assert.Equal([1, 2, 3], trace["x"].Doubles());
        Assert.Equal([0.5, 0.25, 0.125], trace["y"].Doubles());
        JsonNode layout = figure.ReadLayout();
        Assert.Equal("Loss", layout["title"]!["text"]!.GetValue<string>());
        Assert.Equal("epoch", layout["xaxis"]!["title"]!["text"]!.GetValue<string>());
        Assert.Equal([1, 3], layout["xaxis"]!["range"].Doubles());
        Assert.Equal("loss in nats", layout["yaxis"]!["title"]!["text"]!.GetValue<string>());
        Assert.Equal(600, layout["width"]!.GetValue<double>());
        Assert.Equal(300, layout["height"]!.GetValue<double>());
        Assert.True(figure.Read()["config"]!["responsive"]!.GetValue<bool>());
        Assert.False(figure.Read()["config"]!["displaylogo"]!.GetValue<bool>());
    }

    [Fact]
    public void What_is_not_finite_becomes_a_gap()
    {
        JsonArray y = Figure.Line([1.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 5]).Trace(0)["y"]!.AsArray();

        Assert.Equal([false, true, true, true, false], y.Select(item => item is null));
    }

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(1.0 / 3, "0.3333333")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(-0.0, "0")]
    [InlineData(123456789, "123456789")]
    [InlineData(1234567.123456, "1234567.1235")]
    [InlineData(1.5e-9, "1.5E-09")]
    public void Numbers_are_written_as_short_as_a_picture_allows(double value, string expected)
    {
        string json = Figure.Line([value]).ToJson();

        Assert.Contains($"\"y\":[{expected}]", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_German_machine_writes_the_same_JSON_and_HTML()
    {
        static (string Json, string Html) Write()
        {
            Figure figure = Figure.Scatter([0.5, 1234567.25], [1.5e-9, -2.75]).Title("t").Size(null, 300.5).XAxis("x", (0.25, 1.75));
            return (figure.ToJson(), figure.ToHtml());
        }

        (string Json, string Html) invariant = Write();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Cultures.German;
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal(invariant, Write());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Contains("min-height:300.5px", invariant.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_never_changes_so_that_a_cell_can_run_twice()
    {
        Figure line = Figure.Line([1.0, 2]);
        string before = line.ToJson();

        _ = line.AddLine([3.0, 4]).Title("other").XAxis("x", (0, 1)).SetTrace(0, "line.width", 9).Legend(LegendPosition.Top);
        line.Data[0]!["x"] = "changed from outside";
        line.Layout["title"] = "changed from outside";

        Assert.Equal(before, line.ToJson());
    }

    [Fact]
    public void Series_differ_in_more_than_colour()
    {
        Figure lines = Figure.Line([1.0], "a").AddLine([2.0], "b").AddLine([3.0], "c");
        Figure points = Figure.Scatter([1.0], [1.0], "a").AddScatter([2.0], [2.0], "b");

        string[] dashes = [.. Enumerable.Range(0, 3).Select(i => lines.Trace(i)["line"]?["dash"]?.GetValue<string>() ?? "solid")];
        string[] symbols = [.. Enumerable.Range(0, 2).Select(i => points.Trace(i)["marker"]?["symbol"]?.GetValue<string>() ?? "circle")];
        Assert.Equal(3, dashes.Distinct().Count());
        Assert.Equal(2, symbols.Distinct().Count());
    }

    [Fact]
    public void The_rows_of_a_table_are_the_rows_of_the_picture()
    {
        var table = new double[,] { { 1, 2, 3 }, { 4, 5, 6 } };

        JsonObject trace = Figure.HeatMap(table, [10, 20, 30], [0, 1]).Trace(0);

        Assert.Equal([1, 2, 3], trace["z"]![0].Doubles());
        Assert.Equal([4, 5, 6], trace["z"]![1].Doubles());
        Assert.Equal([10, 20, 30], trace["x"].Doubles());
        var wrong = Assert.Throws<ArgumentException>(() => Figure.HeatMap(table, [10, 20]));
        Assert.Contains("3 columns", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_is_sampled_with_x_along_the_columns()
    {
        JsonObject trace = Figure.Surface((x, y) => (10 * x) + y, (0, 1), (0, 2), resolution: 3).Trace(0);

        Assert.Equal([0, 0.5, 1], trace["x"].Doubles());
        Assert.Equal([0, 1, 2], trace["y"].Doubles());
        Assert.Equal([1, 6, 11], trace["z"]![1].Doubles());
    }

    [Fact]
    public void A_logarithmic_range_is_given_in_the_datas_own_numbers()
    {
        Figure figure = Figure.Line([1.0, 100]).YAxis("loss", logarithmic: true).YAxis(range: (0.01, 100));

        Assert.Equal("log", figure.ReadLayout()["yaxis"]!["type"]!.GetValue<string>());
        Assert.Equal([-2, 2], figure.ReadLayout()["yaxis"]!["range"].Doubles());
        Assert.Equal("loss", figure.ReadLayout()["yaxis"]!["title"]!["text"]!.GetValue<string>());
        Assert.Throws<ArgumentException>(() => figure.YAxis(range: (0, 1)));
    }

    [Fact]
    public void Unequal_numbers_of_x_and_y_are_told()
    {
        var problem = Assert.Throws<ArgumentException>(() => Figure.Line([1, 2, 3], [1.0, 2]));

        Assert.Contains("3 x and 2 y", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_survives_the_way_through_JSON()
    {
        Figure figure = Figure.Animate([("1", Figure.Line([1.0, double.NaN]).Title("Größe < 3 µm")), ("2", Figure.Line([2.0, 3]))], "step ");

        Assert.Equal(figure.ToJson(), Figure.FromJson(figure.ToJson()).ToJson());
        Assert.Throws<ArgumentException>(() => Figure.FromJson("{\"layout\": {}}"));
        Assert.Throws<ArgumentException>(() => Figure.FromJson("no figure"));
        // Numbers written by others have other types inside; the methods work on them all the same.
        Assert.Contains("min-height:500px", Figure.FromJson("""{"data": [], "layout": {"height": 500}}""").ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_reader_may_do_with_a_figure_stays_with_it()
    {
        Figure figure = Figure.FromJson("""{"data": [{"y": [1]}], "config": {"staticPlot": true}}""");
        Figure[] made = [figure, figure.Title("t").SetTrace(0, "name", "n").AddLine([2.0]), Figure.Grid(1, 1, [figure]), Figure.Animate([("1", figure), ("2", figure)])];

        Assert.All(made, one => Assert.Equal("""{"staticPlot":true}""", one.Read()["config"]!.ToJsonString()));
        Assert.Equal("""{"staticPlot":true}""", figure.Config.ToJsonString());
        Assert.True(JsonNode.DeepEquals(Figure.Line([1.0]).Config, Figure.FromJson("""{"data": []}""").Config));
    }

    [Fact]
    public void Small_multiples_have_axes_of_their_own()
    {
        Figure grid = Figure.Grid(1, 2, [
            Figure.Line([1.0], "training").Title("left").XAxis("epoch"),
            Figure.Line([2.0], "training").Title("right").YAxis("loss").VerticalLine(0)]).Title("Both");

        Assert.Equal("x", grid.Trace(0)["xaxis"]!.GetValue<string>());
        Assert.Equal("y2", grid.Trace(1)["yaxis"]!.GetValue<string>());
        JsonNode layout = grid.ReadLayout();
        double[] left = layout["xaxis"]!["domain"].Doubles(), right = layout["xaxis2"]!["domain"].Doubles();
        Assert.True(left[1] < right[0]);
        Assert.Equal("loss", layout["yaxis2"]!["title"]!["text"]!.GetValue<string>());
        Assert.Equal(["left", "right"], layout["annotations"]!.AsArray().Select(note => note!["text"]!.GetValue<string>()));
        Assert.Equal("x2", layout["shapes"]![0]!["xref"]!.GetValue<string>());
        Assert.Equal("y2 domain", layout["shapes"]![0]!["yref"]!.GetValue<string>());
        Assert.Equal("Both", layout["title"]!["text"]!.GetValue<string>());
        Assert.False(grid.Trace(1)["showlegend"]!.GetValue<bool>());
        Assert.Throws<ArgumentException>(() => Figure.Grid(1, 1, [Figure.Line([1.0]), Figure.Line([1.0])]));
    }

    [Fact]
    public void A_name_keeps_its_colour_in_all_small_multiples()
    {
        Figure Losses(double[] y) => Figure.Line(y, "training").AddLine(y, "validation");
        Figure grid = Figure.Grid(1, 2, [Losses([1.0]), Losses([2.0])]);

        string[] colours = [.. Enumerable.Range(0, 4).Select(i => grid.Trace(i)["line"]!["color"]!.GetValue<string>())];
        Assert.Equal([Palette.Classes[0], Palette.Classes[1], Palette.Classes[0], Palette.Classes[1]], colours);
    }

    [Fact]
    public void A_legend_on_top_of_small_multiples_stands_above_their_titles()
    {
        Figure cell = Figure.Line([1.0], "training");
        double untitled = Figure.Grid(1, 1, [cell]).Legend(LegendPosition.Top).ReadLayout()["legend"]!["y"]!.GetValue<double>();
        JsonNode titled = Figure.Grid(1, 1, [cell.Title("left")]).Legend(LegendPosition.Top).ReadLayout();

        Assert.True(titled["legend"]!["y"]!.GetValue<double>() > untitled + 0.03);
        Assert.True(titled["margin"]!["t"]!.GetValue<double>() >= 24 + 20 + 28);
    }

    [Fact]
    public void A_histogram_counts_every_finite_value_once()
    {
        double[] counts = Figure.Histogram([0, 0, 0.5, 1, double.NaN], bins: 2).Trace(0)["y"].Doubles();

        Assert.Equal([2, 2], counts);
    }
}
