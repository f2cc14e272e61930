using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class ExploreTests
{
    [Fact]
    public void One_parameter_has_a_slider_of_its_values()
    {
        Figure figure = Explore.Over([0.1, 1], rate => Figure.Line([rate, 2 * rate], "loss").Title("Loss"), "learning rate");

        JsonNode slider = figure.ReadLayout()["sliders"]![0]!;
        Assert.Equal("learning rate = ", slider["currentvalue"]!["prefix"]!.GetValue<string>());
        Assert.Equal(["0.1", "1"], slider["steps"]!.AsArray().Select(step => step!["label"]!.GetValue<string>()));
        Assert.Equal([1, 2], figure.Read()["frames"]![1]!["data"]![0]!["y"].Doubles());
    }

    [Fact]
    public void Of_two_parameters_the_second_shows_and_hides_what_the_frames_of_the_first_move()
    {
        Figure figure = Explore.Over([1, 2], [10, 20, 30], (a, b) => Figure.Line([a, (double)b]).AddLine([0.0, a]).Title("Pair"), "a", "b");

        JsonArray sliders = figure.ReadLayout()["sliders"]!.AsArray();
        Assert.Equal(["animate", "restyle"], sliders.Select(slider => slider!["steps"]![0]!["method"]!.GetValue<string>()));
        Assert.Equal(6, figure.Read()["data"]!.AsArray().Count);
        Assert.Equal([true, true, false, false, false, false], figure.Read()["data"]!.AsArray().Select(trace => trace!["visible"]!.GetValue<bool>()));
        Assert.Equal([false, false, true, true, false, false], sliders[1]!["steps"]![1]!["args"]![1]!.AsArray().Select(visible => visible!.GetValue<bool>()));
        // a = 2, b = 30: the third pair of traces in the second frame.
        JsonNode frame = figure.Read()["frames"]![1]!;
        int place = frame["traces"].Doubles().ToList().IndexOf(4);
        Assert.Equal([2, 30], frame["data"]![place]!["y"].Doubles());
        // Every pair has the colours of a figure of its own.
        Assert.Equal([Palette.Classes[0], Palette.Classes[1], Palette.Classes[0], Palette.Classes[1]], Enumerable.Range(0, 4).Select(i => figure.Trace(i)["line"]!["color"]!.GetValue<string>()));
    }

    [Fact]
    public void What_would_be_too_much_for_a_page_or_cannot_be_told_apart_is_refused_in_a_sentence()
    {
        var large = Assert.Throws<ArgumentException>(() => Explore.Over(Enumerable.Range(0, 30), seed => Figure.HeatMap(Tensor.Uniform([120, 120], generator: new Generator((ulong)seed)).ToMatrix())));
        Assert.Matches(@"The figures for 30 values take \d\.\d MB in the page, and at most 2 MB are allowed: take fewer values", large.Message);
        var titled = Assert.Throws<ArgumentException>(() => Explore.Over([1, 2], [3, 4], (a, b) => Figure.Line([a, b]).Title($"{a} and {b}")));
        Assert.Contains("differ in their title", titled.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Explore.Over(Array.Empty<int>(), value => Figure.Line([value])));
        Assert.Throws<ArgumentException>(() => Explore.Over([1], Array.Empty<int>(), (a, b) => Figure.Line([a, b])));
    }
}
