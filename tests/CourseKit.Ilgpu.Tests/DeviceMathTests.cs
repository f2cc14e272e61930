namespace CourseKit.Tests;

/// <summary>The functions that kernels for CUDA are given, beside those of <see cref="Math"/>.</summary>
public class DeviceMathTests
{
    private static readonly Dictionary<string, (Func<double, double> Ours, Func<double, double> Theirs, double Reach)> Functions = new()
    {
        ["Exp"] = (DeviceMath.Exp, Math.Exp, 700),
        ["Log"] = (x => DeviceMath.Log(Math.Abs(x)), x => Math.Log(Math.Abs(x)), 1e5),
        ["Log of small and large numbers"] = (x => DeviceMath.Log(Math.Pow(10, x)), x => Math.Log(Math.Pow(10, x)), 320),
        ["Log around 1"] = (x => DeviceMath.Log(1 + x), x => Math.Log(1 + x), 0.6),
        ["Tanh"] = (DeviceMath.Tanh, Math.Tanh, 25),
        ["Tanh of small numbers"] = (DeviceMath.Tanh, Math.Tanh, 0.25),
        ["Pow 1.7"] = (x => DeviceMath.Pow(Math.Abs(x), 1.7), x => Math.Pow(Math.Abs(x), 1.7), 50),
        ["Pow -0.5"] = (x => DeviceMath.Pow(Math.Abs(x), -0.5), x => Math.Pow(Math.Abs(x), -0.5), 50),
        ["Pow 3"] = (x => DeviceMath.Pow(x, 3), x => Math.Pow(x, 3), 50),
        ["Pow -2"] = (x => DeviceMath.Pow(x, -2), x => Math.Pow(x, -2), 50),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void They_are_right_to_a_few_units_in_the_last_place(string name)
    {
        var (ours, theirs, reach) = Functions[name];
        var generator = new Generator(1);
        for (var i = 0; i < 20_000; i++)
        {
            var x = reach * (2 * generator.Uniform() - 1);
            var (expected, found) = (theirs(x), ours(x));
            Assert.True(Math.Abs(found - expected) <= 2e-14 * Math.Abs(expected) || expected.Equals(found), FormattableString.Invariant($"{name} of {x:R}: {expected:R} expected, {found:R} found"));
        }
    }

    [Fact]
    public void Sine_and_cosine_are_right_absolutely()
    {
        var generator = new Generator(2);
        foreach (var reach in new[] { 1.0, 10, 1000, 1e6 })
            for (var i = 0; i < 5000; i++)
            {
                var x = reach * (2 * generator.Uniform() - 1);
                Assert.Equal(Math.Sin(x), DeviceMath.Sin(x), 1e-15 * Math.Max(1, reach / 1000));
                Assert.Equal(Math.Cos(x), DeviceMath.Cos(x), 1e-15 * Math.Max(1, reach / 1000));
            }
    }

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity), InlineData(0.0)]
    [InlineData(710.0), InlineData(-1e9), InlineData(-1e300), InlineData(1e300), InlineData(5e-324), InlineData(-1.0), InlineData(1.0), InlineData(-3.0), InlineData(0.5)]
    public void Corners_are_those_of_Math(double x)
    {
        Same(Math.Exp(x), DeviceMath.Exp(x));
        Same(Math.Log(x), DeviceMath.Log(x));
        Same(Math.Tanh(x), DeviceMath.Tanh(x));
        foreach (var y in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, 1, -1, 2, 3, -3, 0.5, -0.5, 1e300 })
        {
            Same(Math.Pow(x, y), DeviceMath.Pow(x, y));
            Same(Math.Max(x, y), DeviceMath.Max(x, y));
            Same(Math.Min(x, y), DeviceMath.Min(x, y));
        }

        static void Same(double expected, double found) => Assert.True(expected == found || expected.Equals(found) || Math.Abs(expected - found) <= 1e-13 * Math.Abs(expected), FormattableString.Invariant($"{expected:R} expected, {found:R} found"));
    }
}
