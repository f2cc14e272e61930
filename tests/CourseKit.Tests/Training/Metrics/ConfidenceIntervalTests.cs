using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>How sure a number from a finite test part is.</summary>
public class ConfidenceIntervalTests
{
    [Theory] // Newcombe (1998), table I, the score method without continuity correction
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void A_Wilson_interval_is_the_published_one(int successes, int trials, double low, double high)
    {
        var interval = ConfidenceInterval.Wilson(successes, trials);
        Assert.Equal((double)successes / trials, interval.Estimate);
        Assert.Equal(low, interval.Low, tolerance: 5.001e-5);
        Assert.Equal(high, interval.High, tolerance: 5.001e-5);
    }

    [Fact]
    public void A_Wilson_interval_is_where_the_truth_would_be_a_normal_deviation_away()
    {
        // Its ends p solve |share - p| = z sqrt(p (1 - p) / n).
        var cases = Gen.Choose(1, 500).SelectMany(trials => Gen.Choose(0, trials).Select(successes => (successes, trials))).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(3, 5), Prop.ForAll(cases, count =>
        {
            var interval = ConfidenceInterval.Wilson(count.successes, count.trials, 0.95);
            return interval.Low >= 0 && interval.High <= 1 && Solves(interval.Low) && Solves(interval.High);

            bool Solves(double p) => p is 0 or 1 || Math.Abs(Math.Abs(interval.Estimate - p) - 1.959963984540054 * Math.Sqrt(p * (1 - p) / count.trials)) < 1e-9;
        }));
    }

    [Fact]
    public void More_confidence_is_a_wider_interval()
    {
        var (narrow, wide) = (ConfidenceInterval.Wilson(90, 100, 0.8), ConfidenceInterval.Wilson(90, 100, 0.99));
        Assert.True(wide.Low < narrow.Low && narrow.High < wide.High);
        Assert.Equal("0.9 (95 % interval 0.8256 to 0.9448)", InCulture.Run(Cultures.German, () => ConfidenceInterval.Wilson(90, 100).ToString()));
    }

    [Fact]
    public void A_bootstrap_interval_of_a_mean_is_near_the_normal_one_and_repeats_with_its_seed()
    {
        var generator = new Generator(2);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => 5 + 2 * generator.Normal())];
        ConfidenceInterval Interval(ulong seed) => ConfidenceInterval.BootstrapMean(values, resamples: 4000, generator: new Generator(seed));
        var interval = Interval(1);
        var (mean, half) = (values.Average(), 1.96 * Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / 400 / 400));
        Assert.Equal(mean, interval.Estimate);
        Assert.Equal(mean - half, interval.Low, tolerance: 0.05 * half);
        Assert.Equal(mean + half, interval.High, tolerance: 0.05 * half);
        Assert.Equal(interval, Interval(1));
        Assert.NotEqual(interval, Interval(3));
    }

    [Fact]
    public void A_bootstrap_of_equal_values_has_no_width()
        => Assert.Equal(new ConfidenceInterval(3, 3, 3, 0.9), ConfidenceInterval.BootstrapMean([3, 3, 3], 0.9, 100, new Generator(1)));

    [Fact]
    public void About_the_promised_share_of_Wilson_intervals_holds_the_truth()
    {
        var generator = new Generator(4);
        var held = 0;
        for (var repetition = 0; repetition < 2000; repetition++)
        {
            var successes = Enumerable.Range(0, 50).Count(_ => generator.Uniform() < 0.9);
            var interval = ConfidenceInterval.Wilson(successes, 50);
            held += interval.Low <= 0.9 && 0.9 <= interval.High ? 1 : 0;
        }
        Assert.InRange(held / 2000.0, 0.93, 0.98);
    }
}
