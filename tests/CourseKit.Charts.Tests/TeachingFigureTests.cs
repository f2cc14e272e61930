using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

public sealed class TeachingFigureTests
{
    private static readonly double[] X1 = [-1, -0.5, 0.5, 1];
    private static readonly double[] X2 = [-1, -1, 1, 1];
    private static readonly int[] Labels = [0, 0, 1, 1];

    public static TheoryData<string, Figure> All => new()
    {
        { "loss curves", TeachingFigures.LossCurves(("training", [3.0, 2, 1])) },
        { "class scatter", TeachingFigures.ClassScatter(X1, X2, Labels) },
        { "decision boundary", TeachingFigures.DecisionBoundary(X1, X2, Labels, (a, b) => 0.3) },
        { "decision boundary over epochs", TeachingFigures.DecisionBoundaryOverEpochs(X1, X2, Labels, [(0, (a, b) => 0.3)]) },
        { "linear boundary over epochs", TeachingFigures.LinearBoundaryOverEpochs(X1, X2, Labels, [(0, 1, 0, 0)]) },
        { "error surface", TeachingFigures.ErrorSurface((a, b) => a + b, (0, 1), (0, 1), [(0, 0), (1, 1)]) },
        { "error contour", TeachingFigures.ErrorContour((a, b) => a + b, (0, 1), (0, 1)) },
        { "confusion matrix", TeachingFigures.ConfusionMatrix(new[,] { { 1 } }, ["only"]) },
        { "calibration", TeachingFigures.CalibrationCurve([0.5], [1]) },
        { "functions", TeachingFigures.Functions(-1, 1, ("square", x => x * x)) },
    };

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Every_figure_has_a_title_and_named_axes(string name, Figure figure)
    {
        JsonNode layout = figure.ReadLayout();
        JsonNode axes = layout["scene"] ?? layout;

        Assert.True(layout["title"]?["text"] is not null, $"{name} has no title");
        Assert.True(axes["xaxis"]?["title"]?["text"] is not null, $"{name} does not name its x axis");
        Assert.True(axes["yaxis"]?["title"]?["text"] is not null, $"{name} does not name its y axis");
    }

    [Fact]
    public void Loss_curves_count_epochs_from_one_and_may_be_logarithmic()
    {
        Figure figure = TeachingFigures.LossCurves(("training", new List<double> { 3, 2, 1 }), ("validation", new double[] { 3, 2.5 }));

        Assert.Equal([1, 2, 3], figure.Trace(0)["x"].Doubles());
        Assert.Equal([1, 2], figure.Trace(1)["x"].Doubles());
        Assert.Equal("linear", figure.ReadLayout()["yaxis"]!["type"]!.GetValue<string>());
        Figure logarithmic = TeachingFigures.LossCurves([("training", [3.0, 2])], logarithmic: true, firstStep: 0);
        Assert.Equal("log", logarithmic.ReadLayout()["yaxis"]!["type"]!.GetValue<string>());
        Assert.Equal([0, 1], logarithmic.Trace(0)["x"].Doubles());
    }

    [Fact]
    public void A_decision_boundary_is_the_line_of_one_half_under_points_with_a_symbol_for_each_class()
    {
        Figure figure = TeachingFigures.DecisionBoundary(X1, X2, Labels, (a, _) => a > 0 ? 0.9 : 0.1, ["healthy", "ill"], "radius in mm", "texture");

        JsonObject ground = figure.Trace(0);
        Assert.Equal(0.5, ground["contours"]!["start"]!.GetValue<double>());
        Assert.Equal(0.5, ground["contours"]!["end"]!.GetValue<double>());
        Assert.Equal([0, 1], new[] { ground["zmin"]!, ground["zmax"]! }.Select(node => node.GetValue<double>()));
        double[] row = ground["z"]![0].Doubles();
        Assert.Equal(0.1, row[0]);
        Assert.Equal(0.9, row[^1]);
        Assert.Equal("healthy", figure.Trace(1)["name"]!.GetValue<string>());
        Assert.Equal([0.5, 1], figure.Trace(2)["x"].Doubles());
        Assert.NotEqual(figure.Trace(1)["marker"]!["symbol"]!.GetValue<string>(), figure.Trace(2)["marker"]!["symbol"]!.GetValue<string>());
        Assert.Equal("radius in mm", figure.ReadLayout()["xaxis"]!["title"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public void One_model_may_be_trained_on_between_the_frames()
    {
        double state = 0;
        IEnumerable<(int, Func<double, double, double>)> Training()
        {
            for (int epoch = 0; epoch < 3; epoch++)
            {
                state = epoch / 10.0;
                yield return (epoch, (_, _) => state);
            }
        }

        Figure figure = TeachingFigures.DecisionBoundaryOverEpochs(X1, X2, Labels, Training());

        JsonArray frames = figure.Read()["frames"]!.AsArray();
        Assert.Equal([0, 0.1, 0.2], frames.Select(frame => frame!["data"]![0]!["z"]![0]![0]!.GetValue<double>()));
        // The points stand still: no frame repeats them.
        Assert.All(frames, frame => Assert.Equal([0], frame!["traces"].Doubles()));
    }

    [Fact]
    public void A_linear_boundary_is_cut_to_the_plot_and_shades_the_positive_side()
    {
        Figure figure = TeachingFigures.LinearBoundaryOverEpochs([0, 2], [0, 2], [0, 1], [(1, 1, 0, -1), (2, 0, 0, -1)]);

        double[] range = figure.ReadLayout()["yaxis"]!["range"].Doubles();
        Assert.Equal([1, 1], figure.Trace(1)["x"].Doubles());
        Assert.Equal(range, figure.Trace(1)["y"].Doubles().Order());
        Assert.All(figure.Trace(0)["x"].Doubles(), x => Assert.True(x >= 1));
        // Without weights there is no line, and nothing is positive.
        Assert.Empty(figure.Read()["frames"]![1]!["data"]![1]!["x"]!.AsArray());
    }

    [Fact]
    public void Labels_that_do_not_count_from_zero_are_explained()
    {
        var problem = Assert.Throws<ArgumentException>(() => TeachingFigures.ClassScatter([1], [1], [-1]));
        Assert.Contains("(label + 1) / 2", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TeachingFigures.ClassScatter([1], [1], [2], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => TeachingFigures.ClassScatter([1, 2], [1], [0]));
    }

    [Fact]
    public void A_descent_lies_on_the_surface_it_goes_down()
    {
        Figure figure = TeachingFigures.ErrorSurface((a, b) => (a * a) + (b * b), (-2, 2), (-2, 2), [(2, 0), (1, 0), (0, 0)]);

        double[] z = figure.Trace(1)["z"].Doubles();
        Assert.Equal("scatter3d", figure.Trace(1)["type"]!.GetValue<string>());
        Assert.InRange(z[0], 4, 4.3);
        Assert.InRange(z[2], 0, 0.3);
    }

    [Fact]
    public void Descents_run_together_and_long_ones_do_not_make_long_pages()
    {
        var longWay = Enumerable.Range(0, 1000).Select(i => (i / 1000.0, 0.0));
        var shortWay = Enumerable.Range(0, 5).Select(i => (0.0, i / 5.0));

        Figure figure = TeachingFigures.ErrorContourOverSteps((a, b) => a + b, (0, 1), (0, 1), [("long", longWay), ("short", shortWay)]);

        JsonArray frames = figure.Read()["frames"]!.AsArray();
        Assert.Equal(60, frames.Count);
        Assert.Equal("999", frames[59]!["name"]!.GetValue<string>());
        Assert.Equal(1000, frames[59]!["data"]![0]!["x"]!.AsArray().Count);
        Assert.Single(figure.Trace(1)["x"]!.AsArray());
    }

    [Fact]
    public void A_confusion_matrix_shows_counts_and_colours_by_share_of_the_true_class()
    {
        Figure figure = TeachingFigures.ConfusionMatrix(new[,] { { 3, 1 }, { 0, 0 } }, ["0", "1"]);

        Assert.Equal([0.75, 0.25], figure.Trace(0)["z"]![0].Doubles());
        Assert.Equal([0, 0], figure.Trace(0)["z"]![1].Doubles());
        Assert.StartsWith("3<br>75", figure.Trace(0)["text"]![0]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("reversed", figure.ReadLayout()["yaxis"]!["autorange"]!.GetValue<string>());
        Assert.Contains("accuracy 0.750", figure.ReadLayout()["title"]!["subtitle"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TeachingFigures.ConfusionMatrix(new[,] { { 3, 1 } }, ["a"]));
    }

    [Fact]
    public void Calibration_compares_what_was_said_with_what_came()
    {
        Figure figure = TeachingFigures.CalibrationCurve([0.1, 0.1, 0.9, 0.9, 1.0], [0, 1, 1, 1, 0], bins: 2);

        Assert.Equal([0.1, 0.9333333], figure.Trace(1)["x"].Doubles());
        Assert.Equal([0.5, 0.6666667], figure.Trace(1)["y"].Doubles());
        // (2 × 0.4 + 3 × 0.26667) / 5
        Assert.Contains("error 0.320", figure.ReadLayout()["title"]!["subtitle"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        var problem = Assert.Throws<ArgumentException>(() => TeachingFigures.CalibrationCurve([2.5], [1]));
        Assert.Contains("sigmoid", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weight_templates_share_a_scale_that_is_symmetrical_around_zero()
    {
        Figure figure = TeachingFigures.WeightTemplates([new double[,] { { 1, -3 } }, new double[,] { { 2, 0 } }], ["a", "b"], columns: 2);

        JsonNode shared = figure.ReadLayout()["coloraxis"]!;
        Assert.Equal(-3, shared["cmin"]!.GetValue<double>());
        Assert.Equal(3, shared["cmax"]!.GetValue<double>());
        Assert.Equal("coloraxis", figure.Trace(1)["coloraxis"]!.GetValue<string>());
        Assert.Equal("x2", figure.ReadLayout()["yaxis2"]!["scaleanchor"]!.GetValue<string>());
    }

    [Fact]
    public void A_function_has_a_gap_where_it_has_no_value()
    {
        Figure figure = TeachingFigures.Functions(-1, 1, ("log", Math.Log), ("square", x => x * x));

        JsonArray log = figure.Trace(0)["y"]!.AsArray();
        Assert.Null(log[0]);
        Assert.Equal(0, log[^1]!.GetValue<double>());
        Assert.Equal("log, square", figure.ReadLayout()["title"]!["text"]!.GetValue<string>());
    }
}
