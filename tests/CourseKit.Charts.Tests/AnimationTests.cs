using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class AnimationTests
{
    [Fact]
    public void The_first_frame_is_the_picture_and_each_frame_is_reached_by_slider_and_button()
    {
        Figure animation = Figure.Animate([("0", Frame(1, 2)), ("5", Frame(3, 4)), ("10", Frame(5, 6))], "epoch ");

        Assert.Equal([1, 2], animation.Trace(0)["y"].Doubles());
        JsonArray frames = animation.Read()["frames"]!.AsArray();
        Assert.Equal(["0", "5", "10"], frames.Select(frame => frame!["name"]!.GetValue<string>()));
        Assert.Equal([5, 6], frames[2]!["data"]![0]!["y"].Doubles());
        JsonNode slider = animation.ReadLayout()["sliders"]![0]!;
        Assert.Equal("epoch ", slider["currentvalue"]!["prefix"]!.GetValue<string>());
        Assert.Equal(["0", "5", "10"], slider["steps"]!.AsArray().Select(step => step!["args"]![0]![0]!.GetValue<string>()));
        JsonArray buttons = animation.ReadLayout()["updatemenus"]![0]!["buttons"]!.AsArray();
        // Plotly plays all frames for null, and pauses for a list that holds null.
        Assert.Null(buttons[0]!["args"]![0]);
        Assert.Null(Assert.Single(buttons[1]!["args"]![0]!.AsArray()));
        Assert.All(buttons, button => Assert.Equal("animate", button!["method"]!.GetValue<string>()));
    }

    [Fact]
    public void Axes_hold_the_data_of_all_frames()
    {
        JsonNode layout = Figure.Animate([("0", Frame(0, 1)), ("1", Frame(-10, 3)), ("2", Frame(2, 30))]).ReadLayout();

        double[] y = layout["yaxis"]!["range"].Doubles();
        Assert.True(y[0] < -10 && y[0] > -15, $"{y[0]} is not a little below the smallest value");
        Assert.True(y[1] > 30 && y[1] < 35, $"{y[1]} is not a little above the largest value");
        Assert.NotNull(layout["xaxis"]!["range"]);
    }

    [Fact]
    public void A_range_set_by_hand_stays()
    {
        JsonNode layout = Figure.Animate([("0", Frame(0, 1).YAxis(range: (0, 2))), ("1", Frame(5, 9))]).ReadLayout();

        Assert.Equal([0, 2], layout["yaxis"]!["range"].Doubles());
    }

    [Fact]
    public void A_logarithmic_axis_is_fixed_in_powers_of_ten()
    {
        JsonNode layout = Figure.Animate([("0", Frame(1, 10).YAxis(logarithmic: true)), ("1", Frame(0, 1000))]).ReadLayout();

        double[] y = layout["yaxis"]!["range"].Doubles();
        Assert.InRange(y[0], -0.5, 0);
        Assert.InRange(y[1], 3, 3.5);
    }

    [Fact]
    public void Colours_mean_the_same_in_all_frames_and_a_heat_map_fills_its_axes()
    {
        Figure animation = Figure.Animate([
            ("0", Figure.HeatMap(new double[,] { { 0, 1 }, { 2, 3 } })),
            ("1", Figure.HeatMap(new double[,] { { -7, 1 }, { 2, 9 } }))]);

        Assert.Equal(-7, animation.Trace(0)["zmin"]!.GetValue<double>());
        Assert.Equal(9, animation.Trace(0)["zmax"]!.GetValue<double>());
        Assert.Equal([-0.5, 1.5], animation.ReadLayout()["xaxis"]!["range"].Doubles());
    }

    [Fact]
    public void An_axis_that_counts_downwards_still_does()
    {
        Figure first = Figure.HeatMap(new double[,] { { 0, 1 }, { 2, 3 } }).Set("yaxis.autorange", "reversed");

        JsonNode axis = Figure.Animate([("0", first), ("1", first)]).ReadLayout()["yaxis"]!;

        Assert.Equal([1.5, -0.5], axis["range"].Doubles());
        Assert.Null(axis["autorange"]);
    }

    [Fact]
    public void Frames_carry_only_what_moves()
    {
        Figure still = Figure.Scatter([1.0, 2], [1.0, 2], "data");

        Figure animation = Figure.Animate([("0", still.AddLine([0.0, 1])), ("1", still.AddLine([0.5, 3]))]);

        JsonNode frame = animation.Read()["frames"]![1]!;
        Assert.Equal([1], frame["traces"].Doubles());
        Assert.Equal(["type", "y"], frame["data"]![0]!.AsObject().Select(property => property.Key));
        Assert.Null(frame["layout"]);
    }

    [Fact]
    public void Titles_that_differ_move_with_the_frames()
    {
        Figure animation = Figure.Animate([("0", Frame(1, 2).Title("start")), ("1", Frame(1, 2).Title("end"))]);

        Assert.Equal("end", animation.Read()["frames"]![1]!["layout"]!["title"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public void Frames_with_other_traces_are_refused_by_name()
    {
        var problem = Assert.Throws<ArgumentException>(() =>
            Figure.Animate([("first", Frame(1, 2)), ("second", Frame(1, 2).AddBar(["a"], [1]))]));

        Assert.Contains("'second' draws [scatter, bar]", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Figure.Animate([]));
    }

    [Fact]
    public void Equal_labels_still_reach_different_frames()
    {
        Figure animation = Figure.Animate([("restart", Frame(1, 2)), ("restart", Frame(3, 4))]);

        string[] names = [.. animation.Read()["frames"]!.AsArray().Select(frame => frame!["name"]!.GetValue<string>())];
        Assert.Equal(2, names.Distinct().Count());
    }

    [Fact]
    public void Frames_of_a_surface_keep_its_box()
    {
        Figure animation = Figure.Animate([
            ("0", Figure.Surface(new double[,] { { 0, 1 }, { 2, 3 } })),
            ("1", Figure.Surface(new double[,] { { 0, 1 }, { 2, 30 } }))]);

        double[] z = animation.ReadLayout()["scene"]!["zaxis"]!["range"].Doubles();
        Assert.True(z[0] <= 0 && z[1] >= 30);
        Assert.Equal(30, animation.Trace(0)["cmax"]!.GetValue<double>());
    }

    private static Figure Frame(double first, double second) => Figure.Line([1, 2], [first, second]);
}
