using System.Globalization;
using System.Text.RegularExpressions;

namespace CourseKit.EndToEnd.Chapters;

/// <summary>The numbers that chapters 2 and 3 promise stand in the outputs of their cells.</summary>
[Trait(ToolTests.Trait, ChaptersToCheck.Group)]
public sealed class NetworkChapterTests(ChapterRun run)
{
    private const string PerceptronsChapter = "02-multilayer-perceptrons.ipynb";
    private const string ActivationsChapter = "03-activation-functions.ipynb";

    private string Perceptrons(string cell) => run.TextOf(PerceptronsChapter, cell);

    private string Activations(string cell) => run.TextOf(ActivationsChapter, cell);

    // 128 * (784 + 1) + 10 * (128 + 1)
    [Fact]
    public void SimpleNet_has_101770_parameters_by_hand_and_in_the_librarys_summary()
    {
        Assert.Contains("100480 + 1290 = 101770 parameters", Perceptrons("simple-net"), StringComparison.Ordinal);
        Assert.Contains("101,770", Perceptrons("simple-net"), StringComparison.Ordinal);
        Assert.Contains("101770 parameters", Perceptrons("mnist-train"), StringComparison.Ordinal);
    }

    [Fact]
    public void SimpleNet_reads_at_least_95_of_100_test_digits()
        => Assert.True(Number(Perceptrons("mnist-train"), @"right: ([\d.]+) %") >= 95, Perceptrons("mnist-train"));

    [Fact]
    public void The_forward_pass_and_the_training_from_scratch_equal_the_librarys()
    {
        Assert.True(Number(Perceptrons("three-ways"), @"library: (\S+)") <= 1e-6, Perceptrons("three-ways"));
        Assert.True(Number(Perceptrons("xor-library"), @"and ours: (\S+)") <= 1e-3, Perceptrons("xor-library"));
        var answers = Regex.Match(Perceptrons("xor-library"), @"\(1,1\): ([\d.]+), ([\d.]+), ([\d.]+), ([\d.]+)");
        Assert.Equal([0, 1, 1, 0], answers.Groups.Values.Skip(1).Select(p => (int)Math.Round(double.Parse(p.Value, CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Layers_without_activation_are_affine_and_layers_with_ReLU_are_not()
    {
        Assert.True(Number(Perceptrons("affine-test"), @"without activation: (\S+)") < 1e-5, Perceptrons("affine-test"));
        Assert.True(Number(Perceptrons("affine-test"), @"with ReLU: +(\S+)") > 1e-3, Perceptrons("affine-test"));
    }

    // 1 -> 2 -> ... -> 2 -> 1 with ten layers of two units: 4 + 9 * 6 + 3; one layer of 1023 units: 3 * 1023 + 1.
    [Fact]
    public void Ten_folding_layers_draw_1024_pieces_with_61_parameters()
        => Assert.Contains("1024 pieces: deep 61 parameters, wide 3070", Perceptrons("tents-cost"), StringComparison.Ordinal);

    [Fact]
    public void Two_units_cannot_close_a_ring_and_three_can()
    {
        Assert.True(Number(Perceptrons("rings-width"), @" 2 hidden units: ([\d.]+) %") < 90, Perceptrons("rings-width"));
        Assert.True(Number(Perceptrons("rings-width"), @" 3 hidden units: ([\d.]+) %") > 98, Perceptrons("rings-width"));
    }

    [Fact]
    public void The_symptoms_of_the_three_broken_networks_are_those_that_the_answers_name()
    {
        var text = Perceptrons("broken-symptoms");
        Assert.Matches(@"run 1 .* 0\.6931 ", text);
        Assert.Matches(@"run 2 .* 0\.5000 to 0\.5000 +0\.0e\+0", text);
        Assert.Matches(@"run 3 .* 0\.3\d+ +50 % +0\.5000 to 0\.9", text);
    }

    [Fact]
    public void Tanh_is_a_stretched_sigmoid_and_four_times_as_steep()
    {
        Assert.True(Number(Activations("tanh-identity"), @"at most (\S+)") < 1e-12, Activations("tanh-identity"));
        Assert.Contains("slope at 0: sigmoid 0.2500, tanh 1.0000", Activations("tanh-identity"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("linear")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    [InlineData("ReLU")]
    [InlineData("leaky ReLU 0.25")]
    [InlineData("PReLU from 0.25")]
    [InlineData("softplus")]
    [InlineData("GELU")]
    [InlineData("SiLU")]
    [InlineData("Swish 0.4")]
    [InlineData("Swish 1.4")]
    [InlineData("ELU 0.5")]
    [InlineData("ELU 1.0")]
    [InlineData("SELU")]
    public void An_activation_from_its_formula_equals_the_librarys_in_value_and_slope(string name)
    {
        var line = Activations("all-check").Split('\n').Single(candidate => candidate.StartsWith($"{name} ", StringComparison.Ordinal));
        Assert.True(Number(line, @"value (\S+),") <= 1e-5, line);
        Assert.True(Number(line, @"slope (\S+)$") <= 1e-4, line);
    }

    [Fact]
    public void SELU_keeps_mean_0_and_mean_square_1_with_the_constants_that_the_slide_omits()
    {
        Assert.Matches(@"SELU +mean +0\.0000 +mean square 1\.0000", Activations("selu-constants"));
        Assert.Contains("lambda 1.0507, alpha 1.6733", Activations("selu-constants"), StringComparison.Ordinal);
    }

    [Fact]
    public void Units_die_of_long_steps_and_the_leaky_ReLU_goes_on()
    {
        var text = Activations("dying-figure");
        Assert.True(Number(text, @"ReLU, α = 0\.1 +(\d+) of") <= 5, text);
        Assert.True(Number(text, @"\nReLU, α = 0\.9 +(\d+) of") >= 64, text);
        Assert.True(Number(text, @"leaky ReLU, α = 0\.9 .*, ([\d.]+) %") > Number(text, @"\nReLU, α = 0\.9 .*, ([\d.]+) %") + 5, text);
    }

    [Fact]
    public void Raw_grey_values_put_the_units_to_sleep()
        => Assert.True(Number(Activations("saturation-train"), @"times   1: ([\d.]+) %") > Number(Activations("saturation-train"), @"times 255: ([\d.]+) %") + 20, Activations("saturation-train"));

    private static double Number(string text, string pattern)
    {
        var match = Regex.Match(text, pattern, RegexOptions.Multiline);
        Assert.True(match.Success, $"nothing like {pattern} in: {text}");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
