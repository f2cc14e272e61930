namespace CourseKit.Exercises.Tests;

/// <summary>What a part compared is kept as plain values, so that a grader can decide once more.</summary>
public sealed class ComparisonTests
{
    public static TheoryData<string, Action, Action> Checks => new()
    {
        { "a number", () => Check.Close(2, 2.0000001), () => Check.Close(2, 2.1) },
        { "a single", () => Check.Close(0.1, 0.1f), () => Check.Close(0.1, 0.2f) },
        { "no number", () => Check.Equal(double.NaN, double.NaN), () => Check.Equal(double.NaN, 1.0) },
        { "infinity", () => Check.Close(double.PositiveInfinity, double.PositiveInfinity), () => Check.Close(double.PositiveInfinity, double.NegativeInfinity) },
        { "a whole number", () => Check.Equal(3, 3), () => Check.Equal(3, 4) },
        { "a text", () => Check.Equal("ä\"b", "ä\"b"), () => Check.Equal("1", "2") },
        { "a letter", () => Check.Equal('a', 'a'), () => Check.Equal('a', 'b') },
        { "a truth value", () => Check.Equal(true, true), () => Check.Equal(true, false) },
        { "a condition", () => Check.True(true, "no"), () => Check.True(false, "no") },
        { "an enumeration", () => Check.Equal(DayOfWeek.Friday, DayOfWeek.Friday), () => Check.Equal(DayOfWeek.Friday, DayOfWeek.Monday) },
        { "an array", () => Check.Close([1.0, 2.0], new[] { 1.0, 2.0 }), () => Check.Close([1.0, 2.0], new[] { 2.0, 1.0 }) },
        { "texts", () => Check.Equal(["a", "b"], new[] { "a", "b" }), () => Check.Equal(["a", "b"], new[] { "a" }) },
        { "a list", () => Check.Equal<IList<int>>([1, 2], new List<int> { 1, 2 }), () => Check.Equal<IList<int>>([1, 2], new List<int> { 1, 3 }) },
        { "a sequence in brackets", () => Check.Equal<IEnumerable<int>>([1, 2], [1, 2]), () => Check.Equal<IEnumerable<int>>([1, 2], [2]) },
        { "texts in brackets", () => Check.Equal<IEnumerable<string>>(["a", "b"], ["a", "b"]), () => Check.Equal<IEnumerable<string>>(["a"], ["b"]) },
        { "a matrix", () => Check.Close(new double[,] { { 1, 2 } }, new double[,] { { 1, 2 } }), () => Check.Close(new double[,] { { 1, 2 } }, new double[,] { { 1 }, { 2 } }) },
        { "rows", () => Check.Equal<int[][]>([[1], [2]], [[1], [2]]), () => Check.Equal<int[][]>([[1], [2]], [[1], [3]]) },
        { "a tensor", () => Check.Close([1.0, 2.0], Tensor.From([1.0, 2.0])), () => Check.Close([1.0, 2.0], Tensor.From([1.0, 3.0])) },
        { "a shape", () => Check.Shape([2, 1], new double[2, 1]), () => Check.Shape([2, 1], new double[1, 2]) },
        { "a gradient", () => Check.GradientClose(x => x[0] * x[0], [3], [6]), () => Check.GradientClose(x => x[0] * x[0], [3], [5]) },
        { "nothing at all", () => Check.Equal(Array.Empty<string>(), []), () => Check.Equal(Array.Empty<string>(), ["a"]) },
    };

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_comparison_says_the_same_after_it_was_written_and_read(string what, Action right, Action wrong)
    {
        var exercise = Check.Exercise("one").Part("right", 1, right).Part("wrong", 1, wrong);
        Assert.Equal([PartStatus.Passed, PartStatus.Failed], exercise.Parts.Select(part => part.Status));
        foreach (var (compared, holds) in exercise.Comparisons.Zip([true, false]))
        {
            var comparison = Assert.Single(compared);
            Assert.Equal((what, holds), (what, comparison.Holds));
            var read = Comparison.TryParse(comparison.ToString());
            Assert.Equal((what, holds), (what, read!.Holds));
            Assert.Equal(comparison.ToString(), read.ToString());
        }
    }

    [Fact]
    public void Each_part_keeps_its_own_in_order_also_where_it_waits()
    {
        var exercise = Check.Exercise("several")
            .Part("none", 1, () => { })
            .Part("three", 1, async () =>
            {
                Check.Equal(1, 1);
                await Task.Yield();
                Check.Equal("two", "two");
                Check.Equal(3, 4);
                Check.Equal(5, 5);
            });
        Check.Equal(6, 6); // outside a part
        Assert.Equal([0, 3], exercise.Comparisons.Select(compared => compared.Count));
        Assert.Equal([true, true, false], exercise.Comparisons[1].Select(comparison => comparison.Holds));
    }

    [Fact]
    public void A_sequence_that_runs_code_is_gone_through_no_second_time()
    {
        var turns = 0;
        IEnumerable<double> Counted()
        {
            turns++;
            yield return 1;
        }

        var exercise = Check.Exercise("lazy").Part("equal", 1, () => Check.Equal([1.0], Counted()));
        Assert.Equal(PartStatus.Passed, exercise.Parts[0].Status);
        Assert.Equal(1, turns);
        // That it was compared is known; what it was is not.
        Assert.True(Assert.Single(exercise.Comparisons[0]).Holds);
        Assert.True(Comparison.TryParse(exercise.Comparisons[0][0].ToString())!.Holds);
    }

    [Fact]
    public void Values_too_many_to_send_are_compared_and_not_kept()
    {
        var many = new double[20_000];
        var exercise = Check.Exercise("many").Part("close", 1, () => Check.Close(many, many));
        Assert.Equal(PartStatus.Passed, exercise.Parts[0].Status);
        Assert.Empty(exercise.Comparisons[0]);
    }

    [Fact]
    public void A_long_loop_of_checks_keeps_its_first_ones()
    {
        var numbers = new double[1000];
        var text = new string('x', 1000);
        var exercise = Check.Exercise("loop")
            .Part("numbers", 1, () => { for (var i = 0; i < 100; i++) Check.Close(numbers, numbers); })
            .Part("texts", 1, () => { for (var i = 0; i < 1000; i++) Check.Equal(text, text); });
        Assert.All(exercise.Comparisons, compared =>
        {
            Assert.InRange(compared.Count, 4, 110);
            Assert.InRange(compared.Sum(comparison => comparison.ToString().Length), 1, 250_000);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"tolerance":0,"expected":{"shape":[2],"numbers":[1]},"actual":{"shape":[2],"numbers":[1]}}""")]
    [InlineData("""{"tolerance":0,"expected":{"shape":[1],"texts":[null]},"actual":{"shape":[1],"texts":[null]}}""")]
    [InlineData("""{"tolerance":"0","expected":{"shape":[],"numbers":[1]},"actual":{"shape":[],"numbers":[1]}}""")]
    [InlineData("""{"tolerance":0,"expected":{"shape":[],"numbers":["one"]},"actual":{"shape":[],"numbers":["one"]}}""")]
    public void What_is_no_comparison_is_not_read(string json) => Assert.Null(Comparison.TryParse(json));
}
