namespace CourseKit.Tests;

/// <summary>What layers do beyond their formula: training and use, chance, first weights, what they print.</summary>
public class LayerBehaviourTests
{
    [Theory]
    [InlineData(28, 5, 1, 0, 1, 24)]
    [InlineData(28, 5, 1, 2, 1, 28)]
    [InlineData(7, 3, 2, 0, 1, 3)]
    [InlineData(8, 3, 2, 0, 1, 3)] // the last column is not used
    [InlineData(227, 11, 4, 0, 1, 55)]
    [InlineData(10, 3, 1, 0, 4, 2)]
    [InlineData(2, 3, 1, 0, 1, 0)] // does not fit
    public void The_output_of_a_window_has_floor_of_J_plus_2P_minus_M_over_S_plus_1_numbers(int input, int kernel, int stride, int padding, int dilation, int expected)
        => Assert.Equal(expected, SlidingAxis.OutputLength(input, kernel, stride, 2 * padding, dilation));

    [Fact]
    public void Batch_normalization_of_3_1_7_has_the_lecture_s_mean_and_deviation()
    {
        foreach (var device in Device.All)
        {
            var layer = new BatchNorm1d(1, epsilon: 0, momentum: 1, affine: false, device);
            var y = layer.Forward(Tensor.From([3.0, 1, 7], [3, 1], device));
            // Dividing by N for the batch itself (2.4944), by N - 1 for the running average (3.055).
            Assert.Equal(3.6667, layer.RunningMean.Item(), 5e-5);
            Assert.Equal(3.055, Math.Sqrt(layer.RunningVariance.Item()), 5e-4);
            Near.Assert([-2 / 3.0 / 2.494438, -8 / 3.0 / 2.494438, 10 / 3.0 / 2.494438], y.ToDoubleArray(), 1e-6, 1, $"on {device}");
        }
    }

    [Fact]
    public void Running_averages_move_in_training_and_stand_still_in_use()
    {
        var layer = new BatchNorm2d(2);
        var x = Tensor.Normal([4, 2, 3, 3], mean: 5, standardDeviation: 2, new Generator(1));
        layer.Forward(x);
        Assert.All(layer.RunningMean.ToArray(), mean => Assert.InRange(mean, 0.4f, 0.6f));
        layer.Eval();
        var before = (Mean: layer.RunningMean.ToArray(), Variance: layer.RunningVariance.ToArray());
        var once = layer.Forward(x).ToArray();
        Assert.Equal(before.Mean, layer.RunningMean.ToArray());
        Assert.Equal(before.Variance, layer.RunningVariance.ToArray());
        // In use an example's result does not depend on the others of its batch.
        Assert.Equal(once[..18], layer.Forward(x.Rows(0, 1)).ToArray());
    }

    [Fact]
    public void Far_from_zero_a_small_spread_is_still_found()
    {
        // In float32 sums the variance of a million and a bit would drown.
        var x = Tensor.From([1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3], [1, 4]);
        Near.Assert([-1.3416407, -0.4472136, 0.4472136, 1.3416407], x.LayerNorm([4], epsilon: 0).ToDoubleArray(), 1e-6, 1, "layer norm");
        Near.Assert([-1.3416407, -0.4472136, 0.4472136, 1.3416407], x.Reshape(4, 1).BatchNorm(null, null, training: true, epsilon: 0).ToDoubleArray(), 1e-6, 1, "batch norm");
    }

    [Fact]
    public void Dropout_in_training_takes_away_its_share_and_keeps_the_mean()
    {
        var layer = new Dropout(0.3, new Generator(5));
        var x = Tensor.Ones(100, 1000);
        var y = layer.Forward(x).ToArray();
        var gone = y.Count(number => number == 0) / (double)y.Length;
        Assert.InRange(gone, 0.295, 0.305); // 3.4 standard deviations
        Assert.All(y.Where(number => number != 0), number => Assert.Equal(1 / 0.7f, number));
        Assert.NotEqual(y, layer.Forward(x).ToArray());
        Assert.Equal(y, new Dropout(0.3, new Generator(5)).Forward(x).ToArray());
    }

    [Fact]
    public void Dropout_in_use_is_the_identity_and_with_probability_one_leaves_nothing()
    {
        var x = Tensor.Normal([3, 4], generator: new Generator(1));
        Assert.Same(x, new Dropout(0.9).Eval().Forward(x));
        Assert.Same(x, new Dropout(0).Forward(x));
        Assert.All(new Dropout(1).Forward(x).ToArray(), number => Assert.Equal(0, number));
        Assert.Same(x, new StochasticDepth(0.9).Eval().Forward(x));
    }

    [Fact]
    public void The_gradient_of_dropout_flows_where_numbers_were_kept()
    {
        var x = Tensor.Ones(50);
        x.RequiresGrad = true;
        var y = new Dropout(0.5, new Generator(1)).Forward(x);
        y.Sum().Backward();
        Assert.Equal(y.ToArray(), x.Grad!.ToArray());
        Assert.Contains(0f, y.ToArray());
        Assert.Contains(2f, y.ToArray());
    }

    [Fact]
    public void Stochastic_depth_drops_whole_examples()
    {
        var y = new StochasticDepth(0.25, new Generator(3)).Forward(Tensor.Ones(4000, 2, 3)).ToArray();
        var examples = y.Chunk(6).ToArray();
        Assert.All(examples, example => Assert.All(example, number => Assert.Equal(example[0], number)));
        Assert.InRange(examples.Count(example => example[0] == 0) / 4000.0, 0.23, 0.27);
        Assert.All(examples.Where(example => example[0] != 0), example => Assert.Equal(1 / 0.75f, example[0]));
    }

    [Fact]
    public void A_residual_block_whose_body_is_dropped_is_its_input()
    {
        var x = Tensor.Normal([2, 3, 4, 4], generator: new Generator(1));
        var block = new ResidualBlock(new Sequential(new Conv2d(3, 3, 3, padding: 1), new StochasticDepth(1)));
        Assert.Equal(x.ToArray(), block.Forward(x).ToArray());
        Assert.Equal(["body.0.weight", "body.0.bias"], block.NamedParameters().Select(named => named.Name));
    }

    [Fact]
    public void Max_pooling_gives_a_NaN_on_and_its_gradient_to_the_first_of_equals()
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.From([1.0, 1, double.NaN, 5, 1, 1, 9, 2], [1, 1, 2, 4], device);
            x.RequiresGrad = true;
            var y = x.MaxPool2d(2);
            Assert.Equal([1, double.NaN], y.ToDoubleArray());
            y.Backward(Tensor.Full(y.Shape, 3, device));
            Assert.Equal([3, 0, 3, 0, 0, 0, 0, 0], x.Grad!.ToDoubleArray());
        }
    }

    [Fact]
    public void Padding_never_wins_in_max_pooling()
    {
        foreach (var device in Device.All)
        {
            Assert.All(Tensor.Full([1, 2, 5, 5], -3, device).MaxPool2d(3, stride: 1, padding: 1).ToArray(), number => Assert.Equal(-3, number));
            Assert.All(Tensor.Full([1, 2, 5, 5], double.NegativeInfinity, device).MaxPool2d(3, stride: 1, padding: 1).ToArray(), number => Assert.Equal(float.NegativeInfinity, number));
        }
    }

    [Fact]
    public void First_weights_fill_PyTorch_s_bounds()
    {
        Within(1 / Math.Sqrt(4 * 9), new Conv2d(8, 64, 3, groups: 2, generator: new Generator(1)));
        Within(1 / Math.Sqrt(8 * 5), new Conv1d(8, 64, 5, generator: new Generator(1)));
        Within(1 / Math.Sqrt(16 * 4), new ConvTranspose2d(64, 16, 2, generator: new Generator(1))); // the outputs' channels, as PyTorch counts there

        static void Within(double bound, Module layer)
        {
            var weights = layer.Parameters()[0].ToDoubleArray();
            Assert.InRange(weights.Max(), 0.99 * bound, bound);
            Assert.InRange(weights.Min(), -bound, -0.99 * bound);
            Assert.InRange(Near.Largest(layer.Parameters()[1].ToDoubleArray()), 0.5 * bound, bound);
        }
    }

    [Fact]
    public void Layers_say_what_they_are()
    {
        Assert.Equal("Conv2d(3 -> 16, kernel 3x3)", new Conv2d(3, 16, 3).ToString());
        Assert.Equal("Conv2d(4 -> 8, kernel 1x7, stride 2x1, padding 0x3, dilation 2x2, groups 4, no bias)", new Conv2d(4, 8, (1, 7), (2, 1), (0, 3), 2, 4, bias: false).ToString());
        Assert.Equal("Conv2d(3 -> 16, kernel 3x3, padding same)", new Conv2d(3, 16, 3, padding: "same").ToString());
        Assert.Equal("Conv1d(3 -> 4, kernel 5, stride 2, padding 1)", new Conv1d(3, 4, 5, 2, 1).ToString());
        Assert.Equal("ConvTranspose2d(4 -> 2, kernel 2x2, stride 2x2, output padding 1x1)", new ConvTranspose2d(4, 2, 2, 2, outputPadding: 1).ToString());
        Assert.Equal("MaxPool2d(2x2), AvgPool2d(3x3, stride 2x2, padding 1x1 not counted), AdaptiveAvgPool2d(1x1), Upsample(2x2, bilinear)",
            string.Join(", ", new MaxPool2d(2), new AvgPool2d(3, 2, 1, false), new AdaptiveAvgPool2d(1), new Upsample(2, UpsampleMode.Bilinear)));
        Assert.Equal("BatchNorm2d(3), LayerNorm(2x3), GroupNorm(2 groups, 4 channels), Dropout(0.5), StochasticDepth(0.1), Flatten()",
            InCulture.Run(Cultures.German, () => string.Join(", ", new BatchNorm2d(3), new LayerNorm([2, 3]), new GroupNorm(2, 4), new Dropout(), new StochasticDepth(0.1), new Flatten())));
        Assert.Equal("ResidualBlock\n  Conv2d(3 -> 16, kernel 3x3)\n  + Conv2d(3 -> 16, kernel 1x1)", new ResidualBlock(new Conv2d(3, 16, 3), new Conv2d(3, 16, 1)).ToString());
    }

    [Fact]
    public void A_small_convolutional_network_learns_to_tell_vertical_from_horizontal_stripes()
    {
        var generator = new Generator(6);
        var (x, classes) = Stripes(96);
        var model = new Sequential(new Conv2d(1, 4, 3, generator: generator), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2), new Dropout(0.1, generator), new Flatten(), new Linear(36, 2, generator: generator));
        var optimizer = new SGD(model.Parameters(), 0.1, momentum: 0.9);
        for (var step = 0; step < 40; step++)
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            new CrossEntropyLoss().Forward(model.Forward(x), classes).Backward();
            optimizer.Step();
        }
        model.Eval();
        var (unseen, truth) = Stripes(64);
        Assert.InRange(Metrics.Accuracy(model.Forward(unseen).ArgMax(1), truth), 0.95, 1);

        (Tensor, IntTensor) Stripes(int count)
        {
            var pixels = new double[count * 64];
            var labels = new int[count];
            for (var i = 0; i < count; i++)
            {
                labels[i] = generator.NextInt(2);
                var phase = generator.NextInt(4);
                for (var p = 0; p < 64; p++)
                    pixels[i * 64 + p] = ((labels[i] == 0 ? p % 8 : p / 8) + phase) / 2 % 2 + 0.5 * generator.Normal();
            }
            return (Tensor.From(pixels, [count, 1, 8, 8]), IntTensor.From(labels));
        }
    }
}
