namespace CourseKit.Exercises.Tests;

/// <summary>What a student reads. The whole sentence is asserted: the wording is the product here.</summary>
public class MessageTests
{
    private static string Failure(Action check) => Assert.Throws<CheckFailedException>(check).Message;

    [Fact]
    public void Numbers_within_the_tolerance_pass()
    {
        Check.Close(0.1 + 0.2, 0.3);
        Check.Close(1e9, 1e9 + 1);
        Check.Close(0.0, 9e-7);
        Check.Close(double.PositiveInfinity, double.PositiveInfinity);
        Check.Close(double.NaN, double.NaN);
        Check.Close([0.5, 0.25], new float[] { 0.50001f, 0.25f });
        Check.Close(new[,] { { 1.0, 2.0 } }, new[,] { { 1.0, 2.0 } });
        Check.Close(new double[][] { [1, 2], [3, 4] }, [[1, 2], [3, 4]]);
        Check.Close([1.0, 2.0], new List<double> { 1, 2 }.Select(number => number));
    }

    [Fact]
    public void An_infinite_or_missing_number_is_never_close_to_a_finite_one()
    {
        Failure(() => Check.Close(double.PositiveInfinity, 5.0));
        Failure(() => Check.Close(5.0, double.PositiveInfinity));
        Failure(() => Check.Close(double.NaN, 5.0));
    }

    [Theory]
    [InlineData(0.25, -0.25, "Expected 0.25, got -0.25: the sign is reversed.")]
    [InlineData(0.3, 1.5, "Expected 0.3, got 1.5: off by the factor 5: did you divide by the number of examples?")]
    [InlineData(0.3, -1.5,
        "Expected 0.3, got -1.5: off by the factor 5, and the sign is reversed: "
        + "did you divide by the number of examples?")]
    [InlineData(0.7, 0.07,
        "Expected 0.7, got 0.07: too small by the factor 10: "
        + "did you divide by the number of examples once too often?")]
    [InlineData(0.7, 1.4, "Expected 0.7, got 1.4: off by the factor 2: is it the 2 from the derivative of a square?")]
    [InlineData(0.7, 0.35, "Expected 0.7, got 0.35: only half of the right value: is a 1/2 too many, or a 2 missing?")]
    [InlineData(0.7, 0.3, "Expected 0.7, got 0.3: it is 1 minus the right value: are the two classes swapped?")]
    [InlineData(1.5, 2.25, "Expected 1.5, got 2.25: a square root is missing.")]
    [InlineData(2.25, 1.5, "Expected 2.25, got 1.5: it is the square root of the right value.")]
    [InlineData(0.5, double.NaN,
        "Expected 0.5, got NaN: NaN comes from 0/0, from infinity - infinity, "
        + "or from the logarithm or root of a negative number.")]
    [InlineData(0.5, double.PositiveInfinity,
        "Expected 0.5, got infinity: infinity comes from dividing by 0, from log(0), or from exp of a large number.")]
    [InlineData(3.0, 4.0, "Expected 3, got 4.")]
    [InlineData(1.0, 0.9999951, "Expected 1, got 0.999995.")]
    public void A_wrong_number_is_explained(double expected, double actual, string message) =>
        Assert.Equal(message, Failure(() => Check.Close(expected, actual)));

    [Fact]
    public void Logarithms_to_the_wrong_base_are_recognised() =>
        Assert.Contains(
            "natural and base-2 logarithms are mixed up",
            Failure(() => Check.Close(Math.Log(3), Math.Log2(3))),
            StringComparison.Ordinal);

    [Fact]
    public void Whole_numbers_that_happen_to_be_multiples_are_not_explained_away() =>
        Assert.Equal("Expected 2, got 6.", Failure(() => Check.Equal(2.0, 6.0)));

    [Fact]
    public void Two_numbers_that_look_the_same_are_shown_in_full() =>
        Assert.Equal("Expected 0.3, got 0.30000000000000004.", Failure(() => Check.Equal(0.3, 0.1 + 0.2)));

    [Fact]
    public void A_hint_follows_what_was_found() =>
        Assert.Equal(
            "Expected 0.25, got -0.25: the sign is reversed. Hint: descend, do not climb.",
            Failure(() => Check.Close(0.25, -0.25, hint: "descend, do not climb")));

    [Fact]
    public void A_short_list_is_shown_whole() =>
        Assert.Equal(
            "Expected [1, 2, 3], got [1, 5, 3] (at index 1, 5 instead of 2).",
            Failure(() => Check.Equal(new[] { 1, 2, 3 }, new[] { 1, 5, 3 })));

    [Fact]
    public void A_long_list_tells_the_first_and_the_largest_difference()
    {
        var expected = Enumerable.Range(0, 100).Select(i => i * 0.1).ToArray();
        var actual = expected.ToArray();
        actual[17] += 0.2;
        actual[20] -= 4;

        Assert.Equal(
            "Expected 1.7 at index 17, got 1.9; 2 of 100 values differ, the largest difference is 4 at index 20.",
            Failure(() => Check.Close(expected, actual)));
    }

    [Fact]
    public void A_matrix_tells_row_and_column() =>
        Assert.Equal(
            "Expected 4 at [1, 1], got 7; the other 3 values are right.",
            Failure(() => Check.Close(new double[,] { { 1, 2 }, { 3, 4 } }, new double[,] { { 1, 2 }, { 3, 7 } })));

    [Fact]
    public void A_transposed_matrix_is_recognised() =>
        Assert.Equal(
            "Expected the shape 2x3, got the shape 3x2: rows and columns are swapped: "
            + "the numbers are right, only transpose them.",
            Failure(() => Check.Close(
                new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }, new double[,] { { 1, 4 }, { 2, 5 }, { 3, 6 } })));

    [Fact]
    public void Too_few_values_are_counted() =>
        Assert.Equal("Expected 3 values, got 2 values.", Failure(() => Check.Close([1.0, 2, 3], new double[] { 1, 2 })));

    [Fact]
    public void Gradients_that_were_summed_instead_of_averaged_are_recognised() =>
        Assert.Equal(
            "Expected [0.5, -0.25], got [2.5, -1.25] (the first difference is at index 0): "
            + "off by the factor 5: did you divide by the number of examples?",
            Failure(() => Check.Close([0.5, -0.25], new[] { 2.5, -1.25 })));

    [Fact]
    public void A_missing_bias_is_recognised() =>
        Assert.Contains(
            "every value is too small by 0.5: is a bias missing, or added twice?",
            Failure(() => Check.Close([1.5, 2.25, 7], new[] { 1.0, 1.75, 6.5 })),
            StringComparison.Ordinal);

    [Fact]
    public void Right_numbers_in_the_wrong_order_are_recognised()
    {
        Assert.EndsWith(
            "the right numbers in reverse order.",
            Failure(() => Check.Close([3.0, 1, 2], new double[] { 2, 1, 3 })), StringComparison.Ordinal);
        Assert.EndsWith(
            "the right numbers in another order.",
            Failure(() => Check.Close([3.0, 1, 2, 9], new double[] { 1, 2, 3, 9 })), StringComparison.Ordinal);
    }

    [Fact]
    public void Ragged_rows_are_refused() =>
        Assert.Equal(
            "Expected the shape 2x2, got rows of different lengths.",
            Failure(() => Check.Close(new double[][] { [1, 2], [3, 4] }, [[1, 2], [3]])));

    [Fact]
    public void Text_and_other_values_are_compared_as_they_are()
    {
        Check.Equal("ReLU", "ReLU");
        Check.Equal((2, "a"), (2, "a"));
        Check.Equal(new[] { "a", "b" }, ["a", "b"]);
        Check.Equal(9007199254740993, 9007199254740993);
        Assert.Equal("Expected \"ReLU\", got \"relu\".", Failure(() => Check.Equal("ReLU", "relu")));
        Assert.Equal("Expected [\"a\"], got [\"b\"].", Failure(() => Check.Equal(new[] { "a" }, ["b"])));
        Assert.Equal("Expected true, got false.", Failure(() => Check.Equal(true, false)));
        Assert.Equal(
            "Expected 9007199254740993, got 9007199254740992.",
            Failure(() => Check.Equal(9007199254740993, 9007199254740992)));
    }

    [Fact]
    public void Shapes_are_checked_on_the_thing_itself()
    {
        Check.Shape([2, 3], new double[2, 3]);
        Check.Shape([4], new float[4]);
        Check.Shape([], 3.5);
        Check.Shape([2, 2], new double[][] { [1, 2], [3, 4] });
        Assert.Equal(
            "Expected the shape 2x3, got the shape 3x2: rows and columns are swapped.",
            Failure(() => Check.Shape([2, 3], new double[3, 2])));
        Assert.Equal(
            "Expected the shape 2x3, got 6 values: as many numbers, arranged differently.",
            Failure(() => Check.Shape([2, 3], new double[6])));
    }

    [Fact]
    public void Tensors_are_compared_with_tensors_arrays_and_numbers()
    {
        var weights = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        Check.Close(weights, Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6.0001 } }));
        Check.Close(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }, weights);
        Check.Close([0.1, 0.2], Tensor.From(new[] { 0.1, 0.2 }));
        Check.Close(0.1, Tensor.Scalar(0.1));
        Check.Equal(weights, weights.Clone());
        Check.Equal(IntTensor.From([1, 2]), IntTensor.From([1, 2]));
        Check.Shape([2, 3], weights);
        Check.Shape([2, 3], weights.Shape);

        Assert.Equal(
            "Expected the shape 2x3, got the shape 3x2: rows and columns are swapped: "
            + "the numbers are right, only transpose them.",
            Failure(() => Check.Close(weights, Tensor.From(new double[,] { { 1, 4 }, { 2, 5 }, { 3, 6 } }))));
        Assert.Equal(
            "Expected [0.1, 0.2], got [-0.1, -0.2] (the first difference is at index 0): the sign is reversed.",
            Failure(() => Check.Close([0.1, 0.2], Tensor.From(new[] { -0.1, -0.2 }))));
        Assert.Equal(
            "Expected [1, 2], got [1, 3] (at index 1, 3 instead of 2).",
            Failure(() => Check.Equal(IntTensor.From([1, 2]), IntTensor.From([1, 3]))));
        Assert.Throws<NotImplementedException>(() => Check.Close([0.1], (Tensor?)null));
    }

    [Fact]
    public void A_condition_fails_with_the_authors_message()
    {
        Check.True(true, "never shown");
        Assert.Equal("The loss must fall.", Failure(() => Check.True(false, "The loss must fall.")));
    }

    [Fact]
    public void An_expected_exception_is_returned()
    {
        var thrown = Check.Throws<ArgumentException>(() => throw new ArgumentNullException("weights"));

        Assert.Equal("weights", ((ArgumentNullException)thrown).ParamName);
        Assert.Equal(
            "Expected ArgumentException to be thrown, but nothing was thrown.",
            Failure(() => Check.Throws<ArgumentException>(() => { })));
        Assert.Equal(
            "Expected ArgumentException to be thrown, got InvalidOperationException: other.",
            Failure(() => Check.Throws<ArgumentException>(() => throw new InvalidOperationException("other"))));
    }

    [Fact]
    public void A_gradient_is_compared_with_central_differences()
    {
        static double Loss(double[] w) => (w[0] * w[0] * w[1]) + Math.Exp(w[1]);
        double[] point = [1.5, -0.5];

        Check.GradientClose(Loss, point, [2 * 1.5 * -0.5, (1.5 * 1.5) + Math.Exp(-0.5)]);
        Assert.EndsWith(
            "the sign is reversed.",
            Failure(() => Check.GradientClose(Loss, point, [1.5, -(1.5 * 1.5) - Math.Exp(-0.5)])),
            StringComparison.Ordinal);
        Assert.Equal([1.5, -0.5], point);
    }
}
