using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class BadDataTests
{
    private static string[] Notes(Figure figure) =>
        [.. (figure.ReadLayout()["annotations"] as JsonArray ?? []).Select(note => note!["text"]!.GetValue<string>())];

    [Fact]
    public void Axes_without_data_say_so_in_the_picture()
    {
        Assert.Equal(["no data"], Notes(Figure.Line(Array.Empty<double>(), "training")));
        Assert.Equal(["no data"], Notes(TeachingFigures.ClassScatter([], [], [])));
        Assert.Equal(["no finite number"], Notes(Figure.Line([double.NaN, double.PositiveInfinity], "diverged")));
        Assert.Equal(["left", "right", "no data"], Notes(Figure.Grid(1, 2, [Figure.Line([1.0]).Title("left"), Figure.Line(Array.Empty<double>()).Title("right")])));
        Assert.Empty(Notes(Figure.Line([0.0])));
        // An animation may begin with nothing.
        Assert.Empty(Notes(Figure.Animate([("0", Figure.Line(Array.Empty<double>())), ("1", Figure.Line([1.0]))])));
    }

    [Fact]
    public void A_series_without_data_says_so_in_the_legend()
    {
        Figure figure = Figure.Line([1.0, 2], "training").AddLine(Array.Empty<double>(), "validation").AddLine([double.NaN], "test");

        Assert.Equal(["training", "validation (no data)", "test (no finite number)"], Enumerable.Range(0, 3).Select(i => figure.Trace(i)["name"]!.GetValue<string>()));
        Assert.Equal(figure.ToJson(), Figure.FromJson(figure.ToJson()).ToJson());
    }

    public static TheoryData<string, Action> Mismatches => new()
    {
        { "3 x and 2 y", () => Figure.Line([1, 2, 3], [1.0, 2]) },
        { "2 points and 1 texts", () => Figure.Scatter([1, 2], [1, 2], hover: ["one"]) },
        { "2 labels and 1 scores", () => TeachingFigures.RocCurve([0, 1], ("m", [0.5])) },
        { "4 x 4", () => TeachingFigures.Saliency(new double[4, 4], new double[3, 4]) },
        { "does not fit", () => TeachingFigures.ConvolutionSteps(new double[2, 2], new double[3, 3]) },
        { "2 queries and 2 keys", () => TeachingFigures.AttentionMap(new double[3, 3], ["a", "b"]) },
        { "counted from 0 to 1", () => TeachingFigures.NodeGraph([(0, 2)], [0, 0]) },
        { "3 samples and 1 predictions", () => TeachingFigures.EcgStrip([0, 1, 0], 250, prediction: [0]) },
        { "first layer takes 3", () => TeachingFigures.NeuronMaps(new Sequential(new Linear(3, 1)), [0], [0], [0]) },
        { "call Backward", () => TeachingFigures.GradientFlow(new Linear(2, 2)) },
        { "equally long", () => TeachingFigures.Trajectory(["..", "."], [(0, 0, 0)]) },
        { "two dimensions", () => TeachingFigures.LatentSpace(new double[4, 3], [0, 0, 1, 1]) },
        { "3 strengths, 1 names and 2 x 1", () => TeachingFigures.RegularizationPaths([1, 2, 3], new double[2, 1], ["w"]) },
        { "two fits or more", () => TeachingFigures.BiasVariance([0, 1], [0, 1], ("m", [[0.0, 1]])) },
        { "does not come before", () => TeachingFigures.Architecture([new ArchitectureBlock("a", [1], SkipFrom: 0)]) },
    };

    [Theory]
    [MemberData(nameof(Mismatches), DisableDiscoveryEnumeration = true)]
    public void What_does_not_fit_together_is_told_in_one_sentence_with_the_numbers(string told, Action draw)
    {
        var problem = Assert.ThrowsAny<ArgumentException>(draw);
        Assert.Contains(told, problem.Message, StringComparison.Ordinal);
    }
}
