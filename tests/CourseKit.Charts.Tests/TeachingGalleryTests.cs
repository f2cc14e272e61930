using System.Text.Json.Nodes;

namespace CourseKit.Charts.Tests;

/// <summary>That the gallery's figures show the right numbers, not merely some.</summary>
public sealed class TeachingGalleryTests
{
    private static string Subtitle(Figure figure) => figure.ReadLayout()["title"]!["subtitle"]!["text"]!.GetValue<string>();

    private static string Title(Figure figure) => figure.ReadLayout()["title"]!["text"]!.GetValue<string>();

    [Fact]
    public void Training_curves_are_smoothed_without_a_pull_to_zero_and_mark_best_epoch_and_early_end()
    {
        var history = new TrainingHistory([4, 4, 4], [5, 2, 3]) { StopReason = "no improvement for 1 epoch" };

        Figure figure = TeachingFigures.TrainingCurves(history, smoothing: 0.9);

        // As measured, then smoothed: of a constant the smoothed course is that constant from the first epoch on.
        Assert.Equal([4, 4, 4], figure.Trace(0)["y"].Doubles());
        Assert.Equal([4, 4, 4], figure.Trace(1)["y"].Doubles());
        // (0.9 · 0.1 · 5 + 0.1 · 2) / 0.19
        Assert.Equal(3.421053, figure.Trace(3)["y"].Doubles()[1]);
        Assert.Equal([2], figure.Trace(4)["x"].Doubles());
        Assert.Equal(3, figure.ReadLayout()["shapes"]![0]!["x0"]!.GetValue<double>());
        Assert.Equal("best validation 2 after epoch 2; no improvement for 1 epoch", Subtitle(figure));
        Assert.Throws<ArgumentOutOfRangeException>(() => TeachingFigures.TrainingCurves(history, smoothing: 1));
    }

    [Fact]
    public void Derivatives_in_the_galleries_come_from_backpropagation()
    {
        Figure figure = TeachingFigures.ActivationGallery(("square", z => z.Square()), ("step", z => z.Step()));

        double[] x = figure.Trace(0)["x"].Doubles(), slopes = figure.Trace(1)["y"].Doubles();
        Assert.All(x.Zip(slopes), pair => Assert.Equal(2 * pair.First, pair.Second, 1e-5));
        Assert.All(figure.Trace(3)["y"].Doubles(), slope => Assert.Equal(0, slope));
        Assert.Contains("Reduction.None", Assert.Throws<ArgumentException>(() => TeachingFigures.LossGallery(("mean", e => e.Square().Mean()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_maps_of_neurons_are_what_the_neurons_compute_and_the_lines_are_the_weights()
    {
        var hidden = new Linear(2, 1);
        var output = new Linear(1, 1);
        hidden.Weight.CopyFrom(Tensor.From([1.0, -3], [1, 2]));
        hidden.Bias!.CopyFrom(Tensor.From([0.5]));
        output.Weight.CopyFrom(Tensor.From([-2.0], [1, 1]));
        output.Bias!.CopyFrom(Tensor.From([0.0]));

        Figure figure = TeachingFigures.NeuronMaps(new Sequential(hidden, new ReLU(), output), [0, 1], [0, 1], [0, 1]);

        JsonObject[] maps = [.. figure.Read()["data"]!.AsArray().Select(trace => trace!.AsObject()).Where(trace => trace["type"]!.GetValue<string>() == "heatmap")];
        Assert.Equal(["x₁", "x₂", "layer 1, unit 1", "output, unit 1"], maps.Select(map => map["name"]!.GetValue<string>()));
        double x = maps[2]["x"].Doubles()[^1], y = maps[2]["y"].Doubles()[0];
        double value = Math.Max(0, x - (3 * y) + 0.5);
        Assert.Equal(value, maps[2]["z"]![0].Doubles()[^1], 0.02);
        Assert.Equal(-2 * value, maps[3]["z"]![0].Doubles()[^1], 0.02);
        // Three times the weight, blue for negative: 0.4 + 5/3 and 0.4 + 5 pixels.
        Assert.Equal([(Palette.Classes[1], 2.1), (Palette.Classes[0], 5.4), (Palette.Classes[0], 5.4)],
            Enumerable.Range(0, 3).Select(i => (figure.Trace(i)["line"]!["color"]!.GetValue<string>(), figure.Trace(i)["line"]!["width"]!.GetValue<double>())));
    }

    [Fact]
    public void A_race_shows_way_and_error_of_the_same_step()
    {
        Figure figure = TeachingFigures.OptimizerRace((a, b) => (a * a) + b, (-2, 2), (-2, 2), [("one", [(2.0, 0.0), (1.0, 0.0), (0.0, 0.0)])]);

        JsonNode second = figure.Read()["frames"]![1]!;
        int[] moving = [.. second["traces"].Doubles().Select(index => (int)index)];
        JsonNode Moved(string name, string axis) => second["data"]![Array.IndexOf(moving, Enumerable.Range(0, figure.Data.Count).First(i =>
            figure.Trace(i)["name"]?.GetValue<string>() == name && (figure.Trace(i)["xaxis"]?.GetValue<string>() ?? "x") == axis))]!;
        Assert.Equal([2, 1], Moved("one", "x")["x"].Doubles());
        Assert.Equal([4, 1], Moved("one", "x2")["y"].Doubles());
    }

    [Fact]
    public void A_gradient_flow_reads_what_a_backward_pass_left()
    {
        var layer = new Linear(2, 1, generator: new Generator(1));
        var model = new Sequential(layer);
        model.Forward(Tensor.From([3.0, 4], [1, 2])).Sum().Backward();

        Figure figure = TeachingFigures.GradientFlow(model);

        Assert.Equal([5], figure.Trace(0)["y"].Doubles());
        Assert.Equal("log", figure.ReadLayout()["yaxis"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public void Saliency_is_the_gradient_of_the_score_and_leaves_the_model_as_it_was()
    {
        var linear = new Linear(4, 2);
        linear.Weight.CopyFrom(Tensor.From([1.0, 2, 3, 4, -5, 6, -7, 8], [2, 4]));
        var model = new Sequential(new Flatten(), linear);

        Figure figure = TeachingFigures.Saliency(model, Tensor.Ones(1, 1, 2, 2), label: 1);

        Assert.Equal([5, 6], figure.Trace(1)["z"]![0].Doubles());
        Assert.Equal([7, 8], figure.Trace(1)["z"]![1].Doubles());
        Assert.True(model.IsTraining);
        Assert.Null(linear.Weight.Grad);
        Assert.Contains("counted from 0", Assert.Throws<ArgumentException>(() => TeachingFigures.Saliency(model, Tensor.Ones(1, 1, 2, 2), label: 2)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 4)]
    [InlineData(2, 0, 1)]
    [InlineData(1, 1, 16)]
    public void A_convolution_moves_its_window_as_often_as_there_are_outputs(int stride, int padding, int steps)
    {
        var input = new double[,] { { 1, 2, 3, 0 }, { 4, 5, 6, 0 }, { 7, 8, 9, 0 }, { 0, 0, 0, 0 } };
        Figure figure = TeachingFigures.ConvolutionSteps(input, new double[,] { { 0, 0, 0 }, { 0, 0, 1 }, { 0, 0, 0 } }, stride, padding);

        Assert.Equal(steps, figure.ReadLayout()["sliders"]![0]!["steps"]!.AsArray().Count);
        if (padding == 0)
            Assert.Equal("6·1 = 6", Subtitle(figure));
    }

    [Fact]
    public void Rankings_carry_their_area()
    {
        Figure roc = TeachingFigures.RocCurve([0, 0, 1, 1], ("m", [0.1, 0.4, 0.35, 0.8]));
        Figure precision = TeachingFigures.PrecisionRecall([0, 0, 1, 1], ("m", [0.1, 0.4, 0.35, 0.8]));

        Assert.Equal("m, area 0.750", roc.Trace(1)["name"]!.GetValue<string>());
        Assert.Equal("m, average precision 0.833", precision.Trace(1)["name"]!.GetValue<string>());
        Assert.Equal("hv", precision.Trace(1)["line"]!["shape"]!.GetValue<string>());
    }

    [Fact]
    public void Bias_and_variance_are_measured()
    {
        Figure figure = TeachingFigures.BiasVariance([0, 1], [0, 0], ("m", [[1, 1], [3, 3]]));

        Assert.Equal("m: bias² 4.000, variance 1.000", figure.ReadLayout()["annotations"]![0]!["text"]!.GetValue<string>());
    }

    [Fact]
    public void A_receptive_field_grows_with_kernels_dilations_and_the_strides_before()
    {
        Assert.Equal("one output sees 5 inputs in a row", Subtitle(TeachingFigures.ReceptiveField([("a", 3, 1, 1), ("b", 3, 1, 1)])));
        // 1 + 2 + 2·2·1 + ... : 3 after the first, + (3 − 1) · 2 · 2 with stride 2 before and dilation 2.
        Assert.Equal("one output sees 11 inputs in a row", Subtitle(TeachingFigures.ReceptiveField([("a", 3, 2, 1), ("b", 3, 1, 2)])));
    }

    [Fact]
    public void An_architecture_counts_parameters_and_shapes_without_computing()
    {
        Figure figure = TeachingFigures.Architecture(new Sequential(new Conv2d(1, 6, 5, padding: 2), new ReLU(), new Flatten(), new Linear(6 * 28 * 28, 10)), 1, 1, 28, 28);

        Assert.StartsWith("47,206 parameters", Subtitle(figure), StringComparison.Ordinal);
        string[] texts = [.. figure.ReadLayout()["annotations"]!.AsArray().Select(note => note!["text"]!.GetValue<string>())];
        Assert.Contains(texts, text => text.Contains("6×28×28", StringComparison.Ordinal) && text.Contains("156", StringComparison.Ordinal));
    }

    [Fact]
    public void A_loss_landscape_has_the_loss_in_its_middle_and_puts_the_weights_back()
    {
        var model = new Sequential(new Linear(2, 3, generator: new Generator(1)), new Tanh(), new Linear(3, 1, generator: new Generator(2)));
        Tensor x = Tensor.Normal([8, 2], generator: new Generator(3));
        Tensor Loss() => model.Forward(x).Square().Mean();
        (double before, double[] weights) = (Loss().Item(), ParameterVector.Of(model).ToDoubleArray());

        Figure figure = TeachingFigures.LossLandscape(model, Loss, new Generator(4), resolution: 5);

        Assert.Equal(before, figure.Trace(0)["z"]![2].Doubles()[2], 1e-5);
        Assert.Equal(weights, ParameterVector.Of(model).ToDoubleArray());
        Assert.Equal(figure.ToJson(), TeachingFigures.LossLandscape(model, Loss, new Generator(4), resolution: 5).ToJson());
    }

    [Fact]
    public void Views_that_were_not_taken_are_left_blank_in_the_sinogram()
    {
        Figure figure = TeachingFigures.SinogramAndReconstruction(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } }, [(2, new double[2, 2])]);

        JsonArray rows = figure.Trace(0)["z"]!.AsArray();
        Assert.Equal([true, false, true, false], rows.Select(row => row![0] is not null));
        Assert.Equal([0, 45, 90, 135], figure.Trace(0)["y"].Doubles());
    }

    [Fact]
    public void Neighbours_in_a_graph_stand_closer_than_strangers()
    {
        // Two triangles, joined by one edge.
        Figure figure = TeachingFigures.NodeGraph([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)], [0, 0, 0, 1, 1, 1]);

        double[] x = [.. figure.Trace(1)["x"].Doubles(), .. figure.Trace(2)["x"].Doubles()], y = [.. figure.Trace(1)["y"].Doubles(), .. figure.Trace(2)["y"].Doubles()];
        double Apart(int a, int b) => Math.Sqrt(Math.Pow(x[a] - x[b], 2) + Math.Pow(y[a] - y[b], 2));
        Assert.True(Apart(0, 1) < Apart(0, 4) && Apart(4, 5) < Apart(1, 5));
        Assert.Equal("6 nodes, 7 edges", Subtitle(figure));
    }

    [Fact]
    public void An_agents_rewards_add_up_along_its_way()
    {
        Figure figure = TeachingFigures.Trajectory(["S.", "#G"], [(0, 0, 0), (0, 1, -1), (1, 1, 10)]);

        Assert.Equal(["rewards so far 0", "rewards so far -1", "rewards so far 9"],
            figure.Read()["frames"]!.AsArray().Select(frame => frame!["layout"]!["title"]!["subtitle"]!["text"]!.GetValue<string>()));
        Assert.Null(figure.Trace(0)["z"]![1]![0]);
        Assert.Equal("The agent's way", Title(figure));
    }

    [Fact]
    public void A_computation_graph_shows_values_and_derivatives_in_its_boxes()
    {
        Tensor w = Tensor.Scalar(3, Device.Reference);
        w.RequiresGrad = true;
        Figure figure = TeachingFigures.ComputationGraph((w * w).Sin(), gradients: true, ("w", w));

        string[] texts = [.. figure.ReadLayout()["annotations"]!.AsArray().Select(note => note!["text"]!.GetValue<string>())];
        // sin 9 = 0.412, and its derivative 6 cos 9 = −5.47.
        Assert.Contains(texts, text => text.StartsWith("<b>sin</b><br>0.412", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.StartsWith("<b>w</b><br>3", StringComparison.Ordinal) && text.Contains("−5.47", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_figure_says_in_words_can_be_replaced()
    {
        Figure figure = Figure.Line([1.0, 3], "training").Title("Loss").XAxis("epoch");

        Assert.Equal("Loss. line training from 1 to 3. x axis: epoch.", figure.Description);
        Assert.Contains("aria-label=\"It falls.\"", figure.Describe("It falls.").ToHtml(), StringComparison.Ordinal);
    }
}
