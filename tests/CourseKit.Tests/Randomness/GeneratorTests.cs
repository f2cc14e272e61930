namespace CourseKit.Tests;

/// <summary>Random numbers: the right ones, in the right amounts, and the same again.</summary>
[Collection(ProcessWide.Name)]
public class GeneratorTests
{
    /// <summary>The vectors published with Random123 (Salmon, Moraes, Dror, Shaw 2011) for philox4x32 with 10 rounds; the third holds digits of pi.</summary>
    [Theory]
    [InlineData(0x00000000_00000000, 0x00000000_00000000, 0x00000000, 0x00000000, new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(0xffffffff_ffffffff, 0xffffffff_ffffffff, 0xffffffff, 0xffffffff, new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(0x85a308d3_243f6a88, 0x03707344_13198a2e, 0xa4093822, 0x299f31d0, new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Philox_gives_the_published_numbers(ulong counter, ulong stream, uint key0, uint key1, uint[] expected)
    {
        var output = new uint[4];
        Generator.Philox(counter, stream, key0, key1, output);
        Assert.Equal(expected, output);
    }

    [Fact]
    public void Seed_0_begins_with_the_published_numbers()
    {
        var generator = new Generator(0);
        Assert.Equal([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8], new[] { generator.NextUInt32(), generator.NextUInt32(), generator.NextUInt32(), generator.NextUInt32() });
    }

    [Fact]
    public void Uniform_numbers_have_the_moments_of_the_uniform_distribution()
    {
        var numbers = Drawn(new Generator(1).Uniform);
        Assert.All(numbers, number => Assert.InRange(number, 0, 1 - Math.Pow(2, -24)));
        Assert.Equal(0.5, numbers.Average(), tolerance: 0.002);
        Assert.Equal(1 / 12.0, Moment(numbers, 2), tolerance: 0.0005);
        Assert.Equal(0, Moment(numbers, 3), tolerance: 0.0005);
        // Neighbours are not correlated.
        Assert.Equal(0, numbers.Zip(numbers.Skip(1), (a, b) => (a - 0.5) * (b - 0.5)).Average(), tolerance: 0.0005);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var numbers = Drawn(new Generator(2).Normal);
        Assert.Equal(0, numbers.Average(), tolerance: 0.005);
        Assert.Equal(1, Moment(numbers, 2), tolerance: 0.01);
        Assert.Equal(0, Moment(numbers, 3), tolerance: 0.02);
        Assert.Equal(3, Moment(numbers, 4), tolerance: 0.06);
        Assert.Equal(0.6827, numbers.Count(number => Math.Abs(number) < 1) / (double)numbers.Length, tolerance: 0.003);
        Assert.Equal(0, numbers.Zip(numbers.Skip(1), (a, b) => a * b).Average(), tolerance: 0.005);
    }

    [Fact]
    public void Tensors_are_drawn_with_the_bounds_mean_and_deviation_asked_for()
    {
        var uniform = Tensor.Uniform([200_000], -3, 5, new Generator(3));
        Assert.All(uniform.ToArray(), number => Assert.InRange(number, -3, 5));
        Assert.Equal(1, uniform.Mean().Item(), tolerance: 0.02);
        var normal = Tensor.Normal([200_000], 10, 0.5, new Generator(4));
        Assert.Equal(10, normal.Mean().Item(), tolerance: 0.005);
        Assert.Equal(0.25, (normal - normal.Mean()).Square().Mean().Item(), tolerance: 0.003);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_tensor_holds_the_numbers_that_are_drawn_one_by_one(int before)
    {
        foreach (var device in Device.All)
        {
            var (whole, single) = (new Generator(7), new Generator(7));
            for (var i = 0; i < before; i++)
                Assert.Equal(single.Normal(), whole.Normal());
            foreach (var count in new[] { 1, 5, 18, 0, 3 })
            {
                Near.Assert([.. Enumerable.Range(0, count).Select(_ => 2 + 3 * single.Uniform())], Tensor.Uniform([count], 2, 5, whole, device).ToDoubleArray(), device.Precision == 64 ? 0 : 1e-7, 1, "uniform");
                Near.Assert([.. Enumerable.Range(0, count).Select(_ => 2 + 3 * single.Normal())], Tensor.Normal([count], 2, 3, whole, device).ToDoubleArray(), device.Precision == 64 ? 0 : 1e-7, 1, "normal");
            }
            Assert.Equal(single.NextUInt32(), whole.NextUInt32());
        }
    }

    [Fact]
    public void The_numbers_do_not_depend_on_the_number_of_threads()
    {
        var before = Device.Cpu.Threads;
        try
        {
            Device.Cpu.Threads = 1;
            var alone = Fingerprint.Of(Tensor.Normal([200_001], generator: new Generator(8)), Tensor.Uniform([200_001], generator: new Generator(9)));
            Device.Cpu.Threads = 4;
            Assert.Equal(alone, Fingerprint.Of(Tensor.Normal([200_001], generator: new Generator(8)), Tensor.Uniform([200_001], generator: new Generator(9))));
        }
        finally
        {
            Device.Cpu.Threads = before;
        }
    }

    [Fact]
    public void A_generator_goes_on_where_its_state_was_taken()
    {
        foreach (var drawn in new[] { 0, 1, 2, 3, 4, 5 })
        {
            var generator = new Generator(10);
            for (var i = 0; i < drawn; i++)
                generator.NextUInt32();
            generator.Normal();
            var again = Generator.Restore(generator.State);
            Assert.Equal(generator.Normal(), again.Normal());
            Assert.Equal(generator.NextUInt32(), again.NextUInt32());
            Assert.Equal(generator.Permutation(20), again.Permutation(20));
        }
    }

    [Fact]
    public void A_coin_falls_on_one_side_as_often_as_asked()
    {
        var coins = Tensor.Bernoulli([100_000], 0.3, new Generator(11)).ToArray();
        Assert.All(coins, coin => Assert.True(coin is 0 or 1));
        Assert.InRange(coins.Average(), 0.295f, 0.305f);
        Assert.Equal(0, Tensor.Bernoulli([100], 0, new Generator(12)).Sum().Item());
        Assert.Equal(100, Tensor.Bernoulli([100], 1, new Generator(12)).Sum().Item());
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Bernoulli([2], 1.5));
        Assert.StartsWith("Bernoulli got the probability 1.5: it goes from 0 (never) to 1 (always).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_permutation_holds_every_number_once_and_is_not_the_identity()
    {
        var generator = new Generator(5);
        foreach (var count in new[] { 0, 1, 2, 3, 100, 10_007 })
            Assert.Equal(Enumerable.Range(0, count), generator.Permutation(count).Order());
        Assert.NotEqual(Enumerable.Range(0, 100), generator.Permutation(100));
    }

    [Fact]
    public void Every_order_of_three_is_equally_likely()
    {
        var generator = new Generator(6);
        var counts = Enumerable.Range(0, 60_000).Select(_ => string.Concat(generator.Permutation(3))).CountBy(order => order).ToDictionary();
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 9_600, 10_400)); // 4 standard deviations
    }

    [Fact]
    public void Whole_numbers_stay_below_their_bound_and_are_equally_likely()
    {
        var generator = new Generator(7);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[generator.NextInt(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.NextInt(0));
    }

    [Fact]
    public void Whole_numbers_below_a_large_bound_are_equally_likely_too()
    {
        // 2^32 is no multiple of this bound: of eight numbers drawn, three would fall on each of two neighbours and two on the third.
        var generator = new Generator(8);
        var counts = new int[3];
        for (var i = 0; i < 30_000; i++)
            counts[generator.NextInt(3 << 29) % 3]++;
        Assert.All(counts, count => Assert.InRange(count, 9_650, 10_350));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        Assert.Equal(Drawn(new Generator(8).Normal, 1001), Drawn(new Generator(8).Normal, 1001));
        Assert.NotEqual(Drawn(new Generator(8).Normal, 1001), Drawn(new Generator(9).Normal, 1001));
    }

    [Fact]
    public void Every_device_draws_the_same_numbers()
        => Assert.Equal(Tensor.Uniform([1000], -1, 1, new Generator(10), Device.Reference).ToArray(), Tensor.Uniform([1000], -1, 1, new Generator(10), Device.Cpu).ToArray());

    [Fact]
    public void ManualSeed_repeats_what_is_drawn_without_a_generator()
    {
        Generator.ManualSeed(11);
        var first = Tensor.Normal([50]).ToArray();
        var layer = new Linear(4, 4).Weight.ToArray();
        Generator.ManualSeed(11);
        Assert.Equal(first, Tensor.Normal([50]).ToArray());
        Assert.Equal(layer, new Linear(4, 4).Weight.ToArray());
    }

    private static double[] Drawn(Func<double> draw, int count = 200_000) => [.. Enumerable.Range(0, count).Select(_ => draw())];

    private static double Moment(double[] numbers, int order)
    {
        var mean = numbers.Average();
        return numbers.Average(number => Math.Pow(number - mean, order));
    }
}
