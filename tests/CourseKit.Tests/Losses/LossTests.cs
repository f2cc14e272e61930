namespace CourseKit.Tests;

/// <summary>What losses promise beyond single values: reductions, limits, weights, and numbers that are far out.</summary>
public class LossTests
{
    public static TheoryData<string> LossNames => [.. OperationCatalog.All.Where(operation => operation.Member.EndsWith("Loss", StringComparison.Ordinal)).Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(LossNames))]
    public void A_NaN_in_a_prediction_comes_out_as_NaN(string name)
    {
        var operation = OperationCatalog.Find(name);
        foreach (var device in Device.All)
        {
            var inputs = operation.InputsOn(device, 5);
            var numbers = inputs[0].ToDoubleArray();
            numbers[0] = double.NaN;
            inputs[0] = Tensor.From(numbers, inputs[0].Shape, device);
            Assert.Contains(double.NaN, operation.Function(inputs).ToDoubleArray());
        }
    }

    [Fact]
    public void The_reductions_of_a_loss_are_those_of_its_values()
    {
        Func<Reduction, Func<Tensor, Tensor, Tensor>>[] losses =
        [
            r => new MSELoss(r).Forward, r => new L1Loss(r).Forward, r => new HuberLoss(1, r).Forward, r => new TukeyBiweightLoss(2, r).Forward,
            r => new QuantileLoss(0.1, r).Forward, r => new BarronLoss(0, 1, r).Forward, r => new BCELoss(r).Forward, r => new BCEWithLogitsLoss(r).Forward,
            r => new BinaryFocalLoss(reduction: r).Forward, r => (x, y) => new KLDivLoss(r).Forward(x.Log(), y), r => new PoissonNLLLoss(reduction: r).Forward,
            r => (x, y) => new VonMisesNLLLoss(r).Forward(x, y, y), r => (x, y) => new LaplaceNLLLoss(reduction: r).Forward(x, y, y),
        ];
        foreach (var device in Device.All)
            foreach (var loss in losses)
            {
                var x = Tensor.Uniform([4, 3], 0.1, 0.9, new Generator(1), device);
                var y = Tensor.Uniform([4, 3], 0.1, 0.9, new Generator(2), device);
                var values = loss(Reduction.None)(x, y).ToDoubleArray();
                Assert.Equal(12, values.Length);
                Assert.Equal(values.Sum(), loss(Reduction.Sum)(x, y).Item(), tolerance: 1e-5);
                Assert.Equal(values.Average(), loss(Reduction.Mean)(x, y).Item(), tolerance: 1e-6);
                Assert.Equal(values.Sum() / 4, loss(Reduction.BatchMean)(x, y).Item(), tolerance: 1e-6);
            }
    }

    [Fact]
    public void The_sum_over_an_empty_batch_is_0_and_its_values_are_none()
    {
        foreach (var device in Device.All)
        {
            var empty = Tensor.Full([0, 3], 0, device);
            Assert.Equal(0, new MSELoss(Reduction.Sum).Forward(empty, empty).Item());
            Assert.Equal(0, new RMSELoss(Reduction.Sum).Forward(empty, empty).Item());
            Assert.Equal(0, new DiceLoss(reduction: Reduction.Sum).Forward(empty, empty).Item());
            Assert.Equal(0, new CrossEntropyLoss(Reduction.Sum, Tensor.Ones(3)).Forward(empty, IntTensor.From([])).Item());
            Assert.Equal(0, new CrossEntropyLoss(Reduction.Sum).Forward(Tensor.Full([2, 3], 0, device), IntTensor.From([-100, -100])).Item());
            Assert.Empty(new BCELoss(Reduction.None).Forward(empty, empty).ToArray());
        }
    }

    [Fact]
    public void Without_any_error_the_root_of_the_mean_square_is_0_and_so_is_its_gradient()
    {
        foreach (var device in Device.All)
            foreach (var reduction in Enum.GetValues<Reduction>())
            {
                var x = Tensor.Full([2, 2], 3, device);
                x.RequiresGrad = true;
                var loss = new RMSELoss(reduction).Forward(x, Tensor.Full([2, 2], 3, device));
                Assert.All(loss.ToArray(), value => Assert.Equal(0, value));
                loss.Sum().Backward();
                Assert.All(x.Grad!.ToArray(), value => Assert.Equal(0, value));
            }
    }

    // The named members of the family, each in its own words (Barron 2019, table 1), for c = 1.
    public static TheoryData<double> SpecialShapes => [2, 1, 0, -2, double.NegativeInfinity];

    private static (double Value, double Slope) SpecialCase(double alpha, double x) => alpha switch
    {
        2 => (x * x / 2, x),
        1 => (x * x / (Math.Sqrt(x * x + 1) + 1), x / Math.Sqrt(x * x + 1)), // sqrt(x^2 + 1) - 1, without the loss of digits
        0 => (Math.Abs(x) < 0.1 ? NearZero(x, 3) : Math.Log(x * x / 2 + 1), 2 * x / (x * x + 2)),
        -2 => (2 * x * x / (x * x + 4), 16 * x / ((x * x + 4) * (x * x + 4))),
        _ => (Math.Abs(x) < 0.1 ? NearZero(x, 6) : 1 - Math.Exp(-x * x / 2), x * Math.Exp(-x * x / 2)),
    };

    // The first terms of ln(1 + u) = u - u^2/2 + u^3/3 and of 1 - e^-u = u - u^2/2 + u^3/6, u = x^2/2: the formulas themselves lose digits there.
    private static double NearZero(double x, double last) => x * x / 2 * (1 - x * x / 4 + x * x * x * x / (4 * last));

    private static readonly double[] Errors = [0, 1e-8, 1e-4, -0.01, 0.3, -1, 2.5, 7, -30, 1e3, -1e6];

    [Theory]
    [MemberData(nameof(SpecialShapes))]
    public void The_general_loss_is_its_special_case_and_tends_to_it(double alpha)
    {
        double[] shapes = double.IsInfinity(alpha) ? [alpha, -1e300, -1e30, -1e15] : [alpha, alpha - 1e-9, alpha + 1e-9, alpha - 1e-13, alpha + 1e-13];
        foreach (var device in Device.All)
            foreach (var shape in shapes)
            {
                var (values, slopes) = Barron(shape, Errors, device);
                for (var i = 0; i < Errors.Length; i++)
                {
                    var (value, slope) = SpecialCase(alpha, Errors[i]);
                    // A step of 1e-9 in alpha changes the loss relatively by that times the square of a logarithm, at most 30.
                    var tolerance = device.Precision == 32 ? 3e-6 : shape == alpha ? 1e-13 : 1e-6;
                    var what = FormattableString.Invariant($"alpha {shape}, error {Errors[i]}, on {device}");
                    Near.Assert([value], [values[i]], tolerance, 1e-30, what);
                    Near.Assert([slope], [slopes[i]], tolerance, 1e-30, what);
                }
            }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2 - 1e-9)]
    [InlineData(2 + 1e-9)]
    [InlineData(1.3)]
    [InlineData(1)]
    [InlineData(0.7)]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(-1e-9)]
    [InlineData(-3)]
    [InlineData(-1e9)]
    [InlineData(double.NegativeInfinity)]
    public void The_general_loss_loses_no_digits_near_0_and_nothing_far_out(double alpha)
    {
        foreach (var device in Device.All)
        {
            // Near 0 every member is x^2 / 2.
            double[] small = [1e-15, 1e-9, 1e-6];
            var (values, slopes) = Barron(alpha, small, device);
            for (var i = 0; i < small.Length; i++)
            {
                Assert.Equal(1, values[i] / (small[i] * small[i] / 2), tolerance: 1e-6);
                Assert.Equal(1, slopes[i] / small[i], tolerance: 1e-6);
            }
            // The loss never falls as the error grows; where single precision ends, only squares have left it.
            double[] large = device.Precision == 32 ? [1e4, 1e8, 1e15, 1e18] : [1e4, 1e8, 1e15, 1e100, 1e150];
            (values, slopes) = Barron(alpha, large, device);
            for (var i = 0; i < large.Length; i++)
            {
                Assert.True(double.IsFinite(values[i]) && double.IsFinite(slopes[i]) && slopes[i] >= 0, FormattableString.Invariant($"alpha {alpha}, error {large[i]} on {device}: {values[i]}, slope {slopes[i]}"));
                Assert.True(i == 0 || values[i] >= values[i - 1] * (1 - 1e-6));
            }
        }
    }

    private static (double[] Values, double[] Slopes) Barron(double alpha, double[] errors, Device device)
    {
        var x = Tensor.From(errors, null, device);
        x.RequiresGrad = true;
        var loss = new BarronLoss(alpha, reduction: Reduction.None).Forward(x, Tensor.Full(x.Shape, 0, device));
        loss.Sum().Backward();
        return (loss.ToDoubleArray(), x.Grad!.ToDoubleArray());
    }

    [Fact]
    public void An_outlier_beyond_c_has_no_pull_on_a_Tukey_fit()
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.From([4.684, 4.686, -100, 1e30], null, device);
            x.RequiresGrad = true;
            var loss = new TukeyBiweightLoss(reduction: Reduction.None).Forward(x, Tensor.Full([4], 0, device));
            loss.Sum().Backward();
            Near.Assert([.. Enumerable.Repeat(4.685 * 4.685 / 6, 4)], loss.ToDoubleArray(), 1e-6, 1, "value");
            Near.Assert([0, 0, 0, 0], x.Grad!.ToDoubleArray(), 1e-6, 1, "gradient");
        }
    }

    [Fact]
    public void The_Huber_loss_is_delta_times_the_smooth_L1_loss()
    {
        var x = Tensor.Linspace(-5, 5, 101, Device.Reference);
        var zero = Tensor.Full([101], 0, Device.Reference);
        var (huber, smooth) = (new HuberLoss(0.7, Reduction.None).Forward(x, zero), new SmoothL1Loss(0.7, Reduction.None).Forward(x, zero));
        Near.Assert(huber.ToDoubleArray(), (0.7 * smooth).ToDoubleArray(), 1e-14, 1, "value");
    }

    [Theory]
    [InlineData(0.1, 10)]
    [InlineData(0.5, 50)]
    [InlineData(0.9, 90)]
    public void The_quantile_loss_is_least_at_the_quantile(double tau, int quantile)
    {
        // 101 targets 0 to 100: a share tau of them lies below 100 tau.
        var targets = Tensor.Arange(101, Device.Reference);
        double Loss(double prediction) => new QuantileLoss(tau).Forward(Tensor.Full([101], prediction, Device.Reference), targets).Item();
        var best = Enumerable.Range(0, 101).MinBy(candidate => Loss(candidate));
        Assert.Equal(quantile, best);
    }

    [Fact]
    public void Without_focus_the_focal_losses_are_the_cross_entropies()
    {
        foreach (var device in Device.All)
        {
            var z = Tensor.Uniform([6, 3], -4, 4, new Generator(1), device);
            var y = (Tensor.Uniform([6, 3], 0, 1, new Generator(2), device) > 0.5);
            var classes = IntTensor.From([0, 1, 2, 2, 1, 0]);
            Assert.Equal(new BCEWithLogitsLoss().Forward(z, y).Item(), new BinaryFocalLoss(0).Forward(z, y).Item(), tolerance: 1e-6);
            Assert.Equal(new CrossEntropyLoss().Forward(z, classes).Item(), new FocalLoss(0).Forward(z, classes).Item(), tolerance: 1e-6);
            // Two classes are one logit, their difference.
            Assert.Equal(new BinaryFocalLoss(1.5).Forward(z.Columns(1, 1) - z.Columns(0, 1), y.Columns(0, 1)).Item(),
                new FocalLoss(1.5).Forward(z.Columns(0, 2), IntTensor.From([.. y.Columns(0, 1).ToArray().Select(label => (int)label)])).Item(), tolerance: 1e-6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Focal_losses_have_finite_gradients_however_sure_the_network_is(double gamma)
    {
        foreach (var device in Device.All)
        {
            var z = Tensor.From([-1e4, -150.0, -20, 20, 150, 1e4], null, device);
            z.RequiresGrad = true;
            new BinaryFocalLoss(gamma, reduction: Reduction.Sum).Forward(z, Tensor.From([0.0, 1, 0, 1, 0, 1], null, device)).Backward();
            Near.Assert([0, -1, 0, 0, 1, 0], z.Grad!.ToDoubleArray(), 1e-4, 1, "binary");

            var scores = Tensor.From([0, 1e4, 0, 150, 0, 150], [3, 2], device);
            scores.RequiresGrad = true;
            new FocalLoss(gamma, reduction: Reduction.Sum).Forward(scores, IntTensor.From([1, 0, 1])).Backward();
            Near.Assert([0, 0, -1, 1, 0, 0], scores.Grad!.ToDoubleArray(), 1e-4, 1, "classes");
        }
    }

    [Fact]
    public void A_place_that_is_ignored_counts_nothing_even_where_its_score_is_minus_infinity()
    {
        foreach (var device in Device.All)
        {
            var scores = Tensor.From([double.NegativeInfinity, 0, 1.0, 2], [2, 2], device);
            var loss = new CrossEntropyLoss(Reduction.None).Forward(scores, IntTensor.From([-100, 1]));
            Near.Assert([0, Math.Log(1 + Math.Exp(-1))], loss.ToDoubleArray(), 1e-6, 1, "loss");
        }
    }

    [Fact]
    public void A_class_that_is_certain_and_one_that_is_impossible_have_finite_divergences()
    {
        foreach (var device in Device.All)
        {
            var logQ = Tensor.From([0.0, double.NegativeInfinity], null, device);
            Assert.Equal(0, new KLDivLoss(Reduction.Sum).Forward(logQ, Tensor.From([1.0, 0], null, device)).Item());
            Assert.Equal(0, new KLDivLoss(Reduction.Sum, logTarget: true).Forward(logQ, Tensor.From([0, double.NegativeInfinity], null, device)).Item());
            Assert.Equal(0, new CrossEntropyLoss().Forward(Tensor.From([0.0, double.NegativeInfinity], [1, 2], device), Tensor.From([1.0, 0], [1, 2], device)).Item());
        }
    }

    [Fact]
    public void A_mask_is_wholly_missed_or_wholly_found()
    {
        foreach (var device in Device.All)
        {
            var mask = Tensor.From([1.0, 0, 0, 0, 0, 0], [2, 3], device);
            Assert.Equal(0, new DiceLoss().Forward(mask, mask).Item(), tolerance: 1e-7);
            Assert.Equal(1, new DiceLoss(smooth: 0).Forward(1 - mask, mask).Item(), tolerance: 1e-7);
            // The second example has nothing to find: smoothing makes finding nothing right; without it, it is 0/0.
            Assert.Equal([0.0, 0], new DiceLoss(reduction: Reduction.None).Forward(mask, mask).ToDoubleArray());
            Assert.Equal([0, double.NaN], new DiceLoss(smooth: 0, reduction: Reduction.None).Forward(mask, mask).ToDoubleArray());
        }
    }

    [Fact]
    public void Class_weights_are_those_of_their_formulas()
    {
        Assert.Equal([3, 0, 2], ClassWeights.Counts(IntTensor.From([0, 2, 0, 0, 2]), 3));
        Near.Assert([100.0 / (2 * 90), 100.0 / (2 * 10)], ClassWeights.InverseFrequency([90, 10]).ToDoubleArray(), 1e-7, 1, "inverse frequency");
        // beta = 0.9: (1 - 0.9) / (1 - 0.9^n)
        Near.Assert([1, 0.1 / 0.19, 0.1 / (1 - Math.Pow(0.9, 10))], ClassWeights.ClassBalanced([1, 2, 10], 0.9, device: Device.Reference).ToDoubleArray(), 1e-14, 1, "class balanced");
        Assert.Equal([1.0, 1, 1], ClassWeights.ClassBalanced([1, 2, 10], 0).ToDoubleArray());
        var normalized = ClassWeights.ClassBalanced([1, 2, 10], 0.999, normalize: true, device: Device.Reference).ToDoubleArray();
        Assert.Equal(3, normalized.Sum(), tolerance: 1e-12);
        // Near 1 the weights are inversely proportional to the counts.
        var nearOne = ClassWeights.ClassBalanced([1, 2, 10], 1 - 1e-12, device: Device.Reference).ToDoubleArray();
        Near.Assert([1, 0.5, 0.1], nearOne, 1e-9, 1, "beta near 1");
    }

    [Fact]
    public void A_direction_and_the_same_direction_a_turn_later_are_one()
    {
        foreach (var device in Device.All)
        {
            var concentration = Tensor.From([2.0, 2, 2], null, device);
            var loss = new VonMisesNLLLoss(Reduction.None).Forward(Tensor.From([3.0, 3 + 2 * Math.PI, 3 - 4 * Math.PI], null, device), Tensor.From([-3.0, -3, -3], null, device), concentration).ToDoubleArray();
            Near.Assert([loss[0], loss[0], loss[0]], loss, 2e-6, 1, "loss");
        }
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(1e10)]
    [InlineData(1e30)]
    public void A_sharp_von_Mises_distribution_is_a_Gaussian_of_variance_1_over_its_concentration(double concentration)
    {
        foreach (var device in Device.All)
        {
            var error = 1.5 / Math.Sqrt(concentration);
            Tensor Of(double value) => Tensor.From([value], null, device);
            var circle = new VonMisesNLLLoss().Forward(Of(error), Of(0), Of(concentration)).Item();
            var line = 0.5 * (Math.Log(2 * Math.PI / concentration) + error * error * concentration);
            Assert.Equal(line, circle, tolerance: 1e-3 * Math.Abs(line));
        }
    }

    [Fact]
    public void A_von_Mises_distribution_of_concentration_0_is_even()
    {
        foreach (var device in Device.All)
        {
            var concentration = Tensor.Full([1], 0, device);
            concentration.RequiresGrad = true;
            var loss = new VonMisesNLLLoss().Forward(Tensor.Full([1], 1, device), Tensor.Full([1], 3, device), concentration);
            Assert.Equal(Math.Log(2 * Math.PI), loss.Item(), tolerance: 1e-6);
            loss.Backward();
            Assert.Equal(-Math.Cos(2), concentration.Grad!.Item(), tolerance: 1e-6);
        }
    }

    [Fact]
    public void A_predicted_spread_is_best_where_it_is_the_error_s_own()
    {
        // Gaussian: variance e^2; Laplace: scale |e|.
        foreach (var (slopeAt, best) in new (Func<double, double>, double)[]
        {
            (spread => Slope((x, y, v) => new GaussianNLLLoss().Forward(x, y, v), spread), 4),
            (spread => Slope((x, y, s) => new LaplaceNLLLoss().Forward(x, y, s), spread), 2),
        })
        {
            Assert.True(slopeAt(best * 0.9) < 0);
            Assert.Equal(0, slopeAt(best), tolerance: 1e-15);
            Assert.True(slopeAt(best * 1.1) > 0);
        }

        static double Slope(Func<Tensor, Tensor, Tensor, Tensor> loss, double at)
        {
            var spread = Tensor.Full([1], at, Device.Reference);
            spread.RequiresGrad = true;
            loss(Tensor.Full([1], 3, Device.Reference), Tensor.Full([1], 1, Device.Reference), spread).Backward();
            return spread.Grad!.Item();
        }
    }

    [Fact]
    public void A_network_of_any_size_is_laid_out_with_its_loss_on_the_meta_device()
    {
        var x = Tensor.Full([8, 3], 0, Device.Meta);
        Assert.Equal(Shape.Scalar, new BCELoss().Forward(x, x).Shape);
        Assert.Equal(Shape.Scalar, new GaussianNLLLoss().Forward(x, x, x).Shape);
        Assert.Equal([8], new CrossEntropyLoss(Reduction.None).Forward(x, IntTensor.From(new int[8])).Shape);
        Assert.Equal([8, 3], x.Gelu().Softmax(0).Shape);
    }
}
