using System.Globalization;
using System.Text.RegularExpressions;

namespace CourseKit.EndToEnd.Chapters;

/// <summary>What chapter 7 promises in its text, read from the outputs of its cells.</summary>
[Trait(ToolTests.Trait, ChaptersToCheck.Group)]
public sealed partial class Chapter07Tests(ChapterRun run)
{
    private const string Chapter = "07-backpropagation.ipynb";

    [Theory]
    [InlineData("toy-three-ways", "hand and tape ", 1e-12)]
    [InlineData("toy-three-ways", "hand and differences ", 1e-8)]
    [InlineData("backprop-compare", "the library: ", 1e-6)]
    [InlineData("jacobian-check", "differ by ", 1e-9)]
    [InlineData("jacobian-chain", "differ by ", 1e-9)]
    [InlineData("value-check", "section 7.1: ", 1e-12)]
    [InlineData("cost-run", "two gradients: ", 1e-7)]
    [InlineData("library-gradcheck", "difference ", 1e-7)]
    public void What_is_written_from_scratch_equals_the_library(string cell, string before, double tolerance) =>
        Assert.InRange(NumberAfter(run.TextOf(Chapter, cell), before), 0, tolerance);

    [Fact]
    public void The_toy_functions_derivatives_are_those_of_double_arithmetic()
    {
        // Computed once more here, with dual numbers in place of a backward pass: forward mode against reverse mode.
        double[] expected = [.. Enumerable.Range(0, 8).Select(ToyDerivative)];
        var printed = Numbers().Matches(run.TextOf(Chapter, "toy-three-ways").Split('\n')[0]).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(8, printed.Length);
        Assert.All(expected.Zip(printed), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Truncation_falls_tenfold_for_forward_and_hundredfold_for_central_differences()
    {
        var printed = Numbers().Matches(run.TextOf(Chapter, "step-library").Split('\n')[1]).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.InRange(printed[0], 9, 11);
        Assert.InRange(printed[1], 95, 105);
    }

    [Fact]
    public void The_best_steps_lie_near_the_roots_of_the_precision()
    {
        var steps = run.TextOf(Chapter, "step-measure").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => NumberAfter(line, "best step ")).ToArray();
        Assert.InRange(steps[0], 1e-9, 1e-6); // root of 1e-16
        Assert.InRange(steps[1], 1e-7, 1e-4); // cube root of 1e-16
        Assert.InRange(steps[2], 1e-5, 1e-2); // root of 1e-7
        Assert.InRange(steps[3], 1e-4, 1e-1); // cube root of 1e-7
    }

    [Fact]
    public void A_gradient_costs_two_passes_a_weight_by_differences_and_under_three_passes_by_backpropagation()
    {
        var rows = run.TextOf(Chapter, "cost-run").Split('\n').Skip(1).Select(line => Whole().Matches(line).Select(match => long.Parse(match.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).ToArray()).Where(row => row.Length == 5).ToList();
        Assert.Equal([2, 4, 8, 16, 32, 64], rows.Select(row => row[0]));
        Assert.All(rows, row =>
        {
            Assert.Equal((2 * row[0] * row[0]) + row[0], row[1]);
            Assert.Equal(row[1], row[2]);
            Assert.InRange(row[3], 2 * row[2], 3 * row[2]);
            Assert.Equal(2 * row[1] * row[2], row[4]);
        });
    }

    [Fact]
    public void Training_keeps_every_activation_and_the_parameters_of_SimpleNet_are_counted_right()
    {
        var table = run.TextOf(Chapter, "memory-count");
        Assert.Contains("101,770", table, StringComparison.Ordinal);
        Assert.Contains($"{(784 + 128 + 10) * 64:N0}".Replace(CultureInfo.CurrentCulture.NumberFormat.NumberGroupSeparator, ",", StringComparison.Ordinal), table, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixty_lines_learn_XOR_and_are_no_more_than_sixty()
    {
        Assert.InRange(NumberAfter(run.TextOf(Chapter, "xor-loop"), "epochs, "), 0, 1e-3);
        Assert.InRange(run.SourceOf(Chapter, "value-class").Split('\n').Length, 30, 60);
    }

    private static double NumberAfter(string text, string before)
    {
        var start = text.LastIndexOf(before, StringComparison.Ordinal);
        Assert.True(start >= 0, $"\"{before}\" is not in: {text}");
        return double.Parse(Numbers().Match(text, start + before.Length).Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The derivative of the toy loss by one of its eight parameters: beta 0 to 3, then omega 0 to 3.</summary>
    private static double ToyDerivative(int parameter)
    {
        double[] values = [0.4, -0.5, 0.2, 0.1, 1.1, 1.3, 0.6, 1.5];
        Func<(double V, double D), (double V, double D)>[] bends =
            [a => (Math.Sin(a.V), Math.Cos(a.V) * a.D), a => (Math.Exp(a.V), Math.Exp(a.V) * a.D), a => (Math.Cos(a.V), -Math.Sin(a.V) * a.D), a => a];
        var h = (V: 0.7, D: 0.0);
        for (var k = 0; k < 4; k++)
        {
            var (b, w) = (Dual(k), Dual(k + 4));
            h = bends[k]((b.V + (w.V * h.V), b.D + (w.D * h.V) + (w.V * h.D)));
        }
        return 2 * (h.V - 0.8) * h.D;

        (double V, double D) Dual(int i) => (values[i], i == parameter ? 1 : 0);
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][+-]?\d+)?")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\d[\d,]*")]
    private static partial Regex Whole();
}
