namespace CourseKit.Tests;

/// <summary>What is known of made data holds for it.</summary>
public class SyntheticTests
{
    private static readonly Dictionary<string, Func<Generator, TensorDataset>> Makers = new()
    {
        ["moons"] = generator => Synthetic.Moons(101, 0.1, generator),
        ["rings"] = generator => Synthetic.Rings(101, 0.1, 0.5, generator),
        ["spirals"] = generator => Synthetic.Spirals(101, 3, 1.5, 0.1, generator),
        ["xor"] = generator => Synthetic.Xor(101, 0.1, generator),
        ["blobs"] = generator => Synthetic.Blobs(101, 4, 3, 1, generator),
        ["imbalanced"] = generator => Synthetic.ImbalancedGaussians(101, 0.1, 2, 3, generator),
        ["sine"] = generator => Synthetic.Sine(101, 0.1, generator: generator),
        ["adding"] = generator => Synthetic.AddingProblem(101, 9, generator),
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_makes_the_same_data_and_another_makes_other(string name)
    {
        string Made(ulong seed) => Fingerprint.Of(Makers[name](new Generator(seed)) is { HasClasses: true } data ? [data.Inputs, OneHot.Encode(data.Classes)] : [Makers[name](new Generator(seed)).Inputs, Makers[name](new Generator(seed)).Targets]);
        Assert.Equal(Made(1), Made(1));
        Assert.NotEqual(Made(1), Made(2));
        Assert.Equal(101, Makers[name](new Generator(1)).Count);
    }

    private static IEnumerable<(double X, double Y, int Class)> Points(TensorDataset data)
        => data.Inputs.ToDoubleArray().Chunk(2).Zip(data.Classes.ToArray(), (point, index) => (point[0], point[1], index));

    [Fact]
    public void Without_noise_the_moons_are_half_circles_that_do_not_touch()
    {
        var points = Points(Synthetic.Moons(100, 0, device: Device.Reference)).ToList();
        Assert.Equal(50, points.Count(point => point.Class == 1));
        Assert.All(points, point =>
        {
            var (x, y) = point.Class == 0 ? (point.X, point.Y) : (1 - point.X, 0.5 - point.Y);
            Assert.Equal(1, x * x + y * y, tolerance: 1e-12);
            Assert.True(y >= -1e-12);
        });
        Assert.True(points.Where(a => a.Class == 0).Min(a => points.Where(b => b.Class == 1).Min(b => double.Hypot(a.X - b.X, a.Y - b.Y))) > 0.3);
    }

    [Fact]
    public void Without_noise_the_rings_have_their_radii()
        => Assert.All(Points(Synthetic.Rings(100, 0, 0.3, device: Device.Reference)), point => Assert.Equal(point.Class == 0 ? 1 : 0.3, double.Hypot(point.X, point.Y), tolerance: 1e-12));

    [Fact]
    public void A_spiral_turned_by_the_angle_between_its_arms_is_the_next_arm()
    {
        var points = Points(Synthetic.Spirals(300, 3, 1.5, 0, device: Device.Reference)).ToList();
        var (sine, cosine) = Math.SinCos(2 * Math.PI / 3);
        foreach (var (a, b) in points.Where(point => point.Class == 0).Zip(points.Where(point => point.Class == 1)))
        {
            Assert.Equal(a.X * cosine - a.Y * sine, b.X, tolerance: 1e-12);
            Assert.Equal(a.X * sine + a.Y * cosine, b.Y, tolerance: 1e-12);
        }
        Assert.Equal(1, points.Max(point => double.Hypot(point.X, point.Y)), tolerance: 1e-12);
    }

    [Fact]
    public void Four_examples_of_xor_are_its_truth_table()
    {
        var table = Synthetic.Xor();
        Assert.Equal([0, 0, 0, 1, 1, 0, 1, 1], table.Inputs.ToArray());
        Assert.Equal([0, 1, 1, 0], table.Classes.ToArray());
        Assert.Equal([0, 1, 1, 0], table.WithClassesAsTargets().Targets.ToArray());
    }

    [Fact]
    public void Blobs_lie_about_their_centers_with_their_deviation()
    {
        var data = Synthetic.Blobs(6000, Tensor.From([0.0, 0, 0, 10, 20, 30], [2, 3]), 2, new Generator(3), Device.Reference);
        foreach (var (cloud, feature, middle) in new[] { (0, 0, 0.0), (1, 0, 10), (1, 1, 20), (1, 2, 30) })
        {
            var values = data.Inputs.Columns(feature, 1).ToDoubleArray().Where((_, i) => i % 2 == cloud).ToArray();
            Assert.Equal(middle, values.Average(), tolerance: 0.15); // 4 standard errors of 2 / sqrt(3000)
            Assert.Equal(4, values.Average(value => (value - middle) * (value - middle)), tolerance: 0.45);
        }
    }

    [Fact]
    public void The_rare_class_is_as_rare_as_asked_for_and_the_best_line_is_as_good_as_theory_says()
    {
        var data = Synthetic.ImbalancedGaussians(20_000, 0.05, distance: 2, features: 2, new Generator(4), Device.Reference);
        Assert.Equal(1000, data.Classes.ToArray().Sum());
        Assert.NotEqual(data.Classes.ToArray().OrderDescending(), data.Classes.ToArray()); // mixed
        // Each class is on its side of the line between the middles with probability Phi(1) = 0.8413.
        var right = Points(data).CountBy(point => (point.Class, Right: point.X + point.Y > 0 == (point.Class == 1))).ToDictionary();
        Assert.Equal(0.8413, right[(1, true)] / 1000.0, tolerance: 0.04);
        Assert.Equal(0.8413, right[(0, true)] / 19_000.0, tolerance: 0.011);
    }

    [Fact]
    public void A_sine_has_the_noise_asked_for()
    {
        var exact = Synthetic.Sine(9, noise: 0, device: Device.Reference);
        Near.Assert([0, Math.Sqrt(0.5), 1, Math.Sqrt(0.5), 0, -Math.Sqrt(0.5), -1, -Math.Sqrt(0.5), 0], exact.Targets.ToDoubleArray(), 1e-12, 1, "sine");
        Assert.Equal(2 * Math.PI, exact.Inputs[8, 0]);
        var noisy = Synthetic.Sine(10_000, 0.3, generator: new Generator(5), device: Device.Reference);
        var errors = noisy.Targets.ToDoubleArray().Zip(noisy.Inputs.ToDoubleArray(), (y, x) => y - Math.Sin(x)).ToArray();
        Assert.Equal(0.09, errors.Average(error => error * error), tolerance: 0.005);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    public void The_adding_problem_marks_one_number_in_each_half_and_asks_for_their_sum(int length)
    {
        var data = Synthetic.AddingProblem(3000, length, new Generator(6), Device.Reference);
        Assert.Equal($"3000x{length}x2", data.Inputs.Shape.ToString());
        var (inputs, targets) = (data.Inputs.ToDoubleArray(), data.Targets.ToDoubleArray());
        for (var n = 0; n < data.Count; n++)
        {
            var steps = Enumerable.Range(0, length).Select(step => (Number: inputs[(n * length + step) * 2], Mark: inputs[(n * length + step) * 2 + 1])).ToArray();
            Assert.Equal(1, steps.Take(length / 2).Sum(step => step.Mark));
            Assert.Equal(1, steps.Skip(length / 2).Sum(step => step.Mark));
            Assert.Equal(steps.Sum(step => step.Mark * step.Number), targets[n]);
        }
        // Two numbers from 0 to 1: mean 1, variance 1/6.
        Assert.Equal(1.0 / 6, targets.Average(target => (target - 1) * (target - 1)), tolerance: 0.015);
    }

    [Theory]
    [InlineData(false, 2, 1.02, 1.0, 1.03)]
    [InlineData(true, 1, 0.2, 0, 0.3)]
    public void The_phantom_has_the_contrast_of_its_tables(bool modified, double skull, double brain, double ventricle, double tumour)
    {
        const int Size = 401; // odd, so that a pixel lies in the middle
        var image = Synthetic.SheppLogan(Size, modified, Device.Reference);
        double At(double x, double y) => image[(int)Math.Round((1 - y) * Size / 2 - 0.5), (int)Math.Round((x + 1) * Size / 2 - 0.5)];
        Assert.Equal(0, At(-0.95, 0.95));
        Assert.Equal(skull, At(0, 0.9), tolerance: 1e-12);
        Assert.Equal(skull, At(0.675, 0), tolerance: 1e-12);
        Assert.Equal(brain, At(0, -0.8), tolerance: 1e-12);
        Assert.Equal(brain, At(-0.5, 0.4), tolerance: 1e-12);
        Assert.Equal(ventricle, At(0.22, 0), tolerance: 1e-12);
        Assert.Equal(ventricle, At(-0.22, 0), tolerance: 1e-12);
        Assert.Equal(tumour, At(0, 0.4), tolerance: 1e-12);
        Assert.Equal(tumour, At(0, -0.1), tolerance: 1e-12);
        Assert.Equal(tumour, At(0, -0.606), tolerance: 1e-12);
        // The left ventricle leans left and the right one right at the top.
        Assert.Equal(ventricle, At(-0.31, 0.28), tolerance: 1e-12);
        Assert.Equal(ventricle, At(0.3, 0.25), tolerance: 1e-12);
        Assert.Equal(brain, At(-0.31, -0.3), tolerance: 1e-12);
        // Its mean is the sum over the ellipses of their share of the square, pi a b / 4, times what each adds.
        double[] added = modified ? [1, -0.8, -0.2, 0.1] : [2, -0.98, -0.02, 0.01];
        var mean = Math.PI / 4 * (added[0] * 0.69 * 0.92 + added[1] * 0.6624 * 0.874 + added[2] * (0.11 * 0.31 + 0.16 * 0.41)
            + added[3] * (0.21 * 0.25 + 2 * 0.046 * 0.046 + 2 * 0.046 * 0.023 + 0.023 * 0.023));
        Assert.Equal(mean, image.Mean().Item(), tolerance: 5e-4);
    }

    [Fact]
    public void The_phantom_is_the_same_picture_at_any_size()
    {
        var (small, large) = (Synthetic.SheppLogan(33, device: Device.Reference), Synthetic.SheppLogan(99, device: Device.Reference));
        for (var row = 0; row < 33; row++)
            for (var column = 0; column < 33; column++)
                Assert.Equal(small[row, column], large[3 * row + 1, 3 * column + 1]); // the same middle
        Assert.Equal(1, Synthetic.SheppLogan(1).Count);
    }

    [Fact]
    public void What_cannot_be_made_is_refused()
    {
        foreach (var mistake in new Action[]
        {
            () => Synthetic.Moons(0), () => Synthetic.Rings(10, -0.1), () => Synthetic.Rings(10, 0, 1.5), () => Synthetic.Spirals(10, 0),
            () => Synthetic.Blobs(10, 0), () => Synthetic.ImbalancedGaussians(10, 2), () => Synthetic.AddingProblem(5, 1), () => Synthetic.SheppLogan(0),
        })
            Assert.Throws<ArgumentOutOfRangeException>(mistake);
    }
}
