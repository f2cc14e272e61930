namespace CourseKit.Tests;

/// <summary>Splitting, scaling and handing out examples without losing, doubling or leaking any.</summary>
public class DatasetTests
{
    /// <summary>Examples that can be told apart: input (i, 2i), target i or class i mod 3.</summary>
    private static TensorDataset Numbered(int count, bool classes = false)
    {
        var inputs = Tensor.From([.. Enumerable.Range(0, count).SelectMany(i => new double[] { i, 2 * i })], [count, 2]);
        return classes
            ? new TensorDataset(inputs, IntTensor.From([.. Enumerable.Range(0, count).Select(i => i % 3)]))
            : new TensorDataset(inputs, Tensor.From([.. Enumerable.Range(0, count).Select(i => (double)i)], [count, 1]));
    }

    private static int[] NumbersOf(TensorDataset data) => [.. data.Inputs.Columns(0, 1).ToArray().Select(number => (int)number)];

    [Theory]
    [InlineData(150, 0.7, 0.15, 0.15)]
    [InlineData(101, 0.6, 0.2, 0.2)]
    [InlineData(10, 0.5, 0, 0.5)]
    [InlineData(7, 1, 0, 0)]
    public void The_parts_of_a_split_are_disjoint_and_complete(int count, double train, double validation, double test)
    {
        var split = Numbered(count).Split(train, validation, test, new Generator(1));
        Assert.Equal(Math.Round(count * train), split.Train.Count);
        Assert.Equal(Math.Round(count * validation), split.Validation.Count);
        int[] all = [.. NumbersOf(split.Train), .. NumbersOf(split.Validation), .. NumbersOf(split.Test)];
        Assert.Equal(Enumerable.Range(0, count), all.Order());
    }

    [Fact]
    public void Each_input_keeps_its_target_and_its_class()
    {
        foreach (var part in PartsOf(Numbered(60)))
            Assert.Equal(NumbersOf(part), part.Targets.ToArray().Select(target => (int)target));
        foreach (var part in PartsOf(Numbered(60, classes: true)))
            Assert.Equal(NumbersOf(part).Select(number => number % 3), part.Classes.ToArray());

        static TensorDataset[] PartsOf(TensorDataset data)
        {
            var split = data.Split(0.5, 0.25, 0.25, new Generator(2));
            return [split.Train, split.Validation, split.Test];
        }
    }

    [Fact]
    public void A_split_is_random_and_repeats_with_its_seed()
    {
        int[] Train(ulong seed) => NumbersOf(Numbered(50).Split(generator: new Generator(seed)).Train);
        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
        Assert.NotEqual(Train(1).Order(), Train(1));
    }

    [Fact]
    public void A_split_that_cannot_be_made_says_why()
    {
        var sum = Assert.Throws<ArgumentException>(() => InCulture.Run(Cultures.German, () => Numbered(10).Split(0.5, 0.5, 0.5)));
        Assert.Contains("sum to 1, and 0.5 + 0.5 + 0.5 = 1.5", sum.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Numbered(10).Split(1.2, -0.2, 0));
        var few = Assert.Throws<ArgumentException>(() => Numbered(2).Split(0.7, 0.15, 0.15));
        Assert.Contains("2 examples are too few", few.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_and_classes_are_not_mistaken_for_each_other()
    {
        Assert.Contains("use Targets", Assert.Throws<InvalidOperationException>(() => Numbered(3).Classes).Message, StringComparison.Ordinal);
        Assert.Contains("use Classes", Assert.Throws<InvalidOperationException>(() => Numbered(3, classes: true).Targets).Message, StringComparison.Ordinal);
        Assert.True(Numbered(3, classes: true).HasClasses);
    }

    [Fact]
    public void Classes_in_a_column_stay_in_a_column()
    {
        var classes = IntTensor.From([0, 1, 2, 3, 4, 5], [3, 2]);
        var picked = new TensorDataset(Tensor.Zeros(3, 1), classes).Rows([2, 0]).Classes;
        Assert.Equal("2x2", picked.Shape.ToString());
        Assert.Equal([4, 5, 0, 1], picked.ToArray());
    }

    [Fact]
    public void A_scaler_fitted_on_the_training_part_gives_it_mean_0_and_deviation_1_and_the_test_part_not_exactly()
    {
        var iris = Table.Load("iris.csv");
        var data = new TensorDataset(iris.Numbers([.. iris.Columns.Take(4)]), iris.Classes("Species", "setosa", "versicolor", "virginica"));
        var split = data.Split(0.7, 0, 0.3, new Generator(3));
        var scaler = StandardScaler.Fit(split.Train.Inputs);
        var (train, test) = (scaler.Transform(split.Train), scaler.Transform(split.Test));
        for (var feature = 0; feature < 4; feature++)
        {
            var (mean, deviation) = Moments(train, feature);
            Assert.Equal(0, mean, tolerance: 1e-6);
            Assert.Equal(1, deviation, tolerance: 1e-6);
            var (testMean, testDeviation) = Moments(test, feature);
            Assert.True(Math.Abs(testMean) > 1e-4 && Math.Abs(testDeviation - 1) > 1e-4, "The scaler knew the test part.");
        }
        Assert.Equal(split.Test.Classes.ToArray(), test.Classes.ToArray());

        static (double Mean, double Deviation) Moments(TensorDataset data, int feature)
        {
            var values = data.Inputs.Columns(feature, 1).ToDoubleArray();
            var mean = values.Average();
            return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-1234.567)]
    [InlineData(0)]
    public void A_constant_feature_becomes_0_and_is_not_divided_by_0(double constant)
    {
        foreach (var device in Device.All)
        {
            var features = Tensor.From([.. Enumerable.Range(0, 10).SelectMany(i => new[] { constant, i })], [10, 2], device);
            var scaler = StandardScaler.Fit(features);
            Assert.Equal(1, scaler.StandardDeviation[0]);
            Assert.All(scaler.Transform(features).Columns(0, 1).ToDoubleArray(), value => Assert.Equal(0, value, tolerance: 1e-9));
            Assert.Equal(Math.Sqrt(8.25), scaler.StandardDeviation[1], tolerance: 1e-6);
        }
    }

    [Theory]
    [InlineData(10, 3, new[] { 3, 3, 3, 1 })]
    [InlineData(9, 3, new[] { 3, 3, 3 })]
    [InlineData(2, 5, new[] { 2 })]
    public void A_loader_visits_every_example_once_in_each_epoch(int count, int batchSize, int[] sizes)
    {
        var loader = new DataLoader(Numbered(count), batchSize, generator: new Generator(4));
        Assert.Equal(sizes.Length, loader.BatchCount);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var batches = loader.Batches().ToArray();
            Assert.Equal(sizes, batches.Select(batch => batch.Count));
            Assert.Equal(Enumerable.Range(0, count), batches.SelectMany(NumbersOf).Order());
        }
    }

    [Fact]
    public void The_order_differs_between_epochs_and_repeats_with_the_seed()
    {
        int[][] Epochs(ulong seed)
        {
            var loader = new DataLoader(Numbered(40), 8, generator: new Generator(seed));
            return [.. Enumerable.Range(0, 2).Select(_ => loader.Batches().SelectMany(NumbersOf).ToArray())];
        }
        var epochs = Epochs(5);
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.Equal(epochs, Epochs(5));
        Assert.NotEqual(epochs[0], Epochs(6)[0]);
    }

    [Fact]
    public void Without_shuffling_the_order_is_that_of_the_data()
        => Assert.Equal(Enumerable.Range(0, 20), new DataLoader(Numbered(20), 6, shuffle: false).Batches().SelectMany(NumbersOf));

    [Theory]
    [InlineData(10, 3, 3, 9)]
    [InlineData(9, 3, 3, 9)]
    [InlineData(2, 5, 0, 0)]
    public void A_last_batch_that_is_smaller_is_left_out_where_that_is_asked_for(int count, int batchSize, int batches, int examples)
    {
        var loader = new DataLoader(Numbered(count), batchSize, generator: new Generator(4), dropLast: true);
        Assert.Equal((batches, examples), (loader.BatchCount, loader.ExampleCount));
        var epoch = loader.Batches().ToArray();
        Assert.All(epoch, batch => Assert.Equal(batchSize, batch.Count));
        Assert.Equal(batches, epoch.Length);
        Assert.Distinct(epoch.SelectMany(NumbersOf));
    }

    [Fact]
    public void The_mean_loss_of_an_epoch_is_over_the_examples_that_were_used()
    {
        // A model that cannot change: every example of the whole batches has the loss (0 - 1)^2.
        var data = new TensorDataset(Tensor.Zeros(10, 1), Tensor.Ones(10, 1));
        var model = new Sequential(new Linear(1, 1));
        foreach (var parameter in model.Parameters())
            parameter.CopyFrom(Tensor.Zeros(parameter.Shape.AsSpan()));
        var history = Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 1e-12), new DataLoader(data, 4, dropLast: true), 1);
        Assert.Equal(1, history.Loss[0], tolerance: 1e-9);
    }

    [Fact]
    public void A_transform_is_applied_to_every_batch_as_it_is_handed_out()
    {
        var calls = 0;
        var loader = new DataLoader(Numbered(10), 4, shuffle: false, transform: batch =>
        {
            calls++;
            return batch.WithInputs(batch.Inputs + 100);
        });
        Assert.Equal(Enumerable.Range(100, 10), loader.Batches().SelectMany(NumbersOf));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void Tokens_go_in_as_whole_numbers_and_keep_their_targets()
    {
        var tokens = IntTensor.From([0, 1, 2, 3, 4, 5, 6, 7], [4, 2]);
        var perToken = new TensorDataset(tokens, IntTensor.From([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]));
        var perRow = new TensorDataset(tokens, Tensor.From([0.0, 2, 4, 6], [4, 1]));
        foreach (var data in new[] { perToken, perRow })
        {
            Assert.True(data.HasTokens);
            Assert.Equal(4, data.Count);
            Assert.Contains("use Tokens", Assert.Throws<InvalidOperationException>(() => data.Inputs).Message, StringComparison.Ordinal);
            foreach (var batch in new DataLoader(data, 3, generator: new Generator(1)).Batches())
                for (var row = 0; row < batch.Count; row++)
                {
                    var first = batch.Tokens[2 * row];
                    Assert.Equal(first + 1, batch.Tokens[2 * row + 1]);
                    Assert.Equal(data.HasClasses ? first + 1 : first, data.HasClasses ? batch.Classes[2 * row] : batch.Targets[row, 0]);
                }
        }
        Assert.False(Numbered(3).HasTokens);
        Assert.Contains("use Inputs", Assert.Throws<InvalidOperationException>(() => Numbered(3).Tokens).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new TensorDataset(tokens, IntTensor.From([0, 1])));
    }

    [Fact]
    public void Classes_become_targets_of_a_binary_problem()
    {
        var data = new TensorDataset(Tensor.Zeros(3, 2), IntTensor.From([0, 1, 1])).WithClassesAsTargets();
        Assert.Equal("3x1", data.Targets.Shape.ToString());
        Assert.Equal([0, 1, 1], data.Targets.ToArray());
        Assert.Throws<InvalidOperationException>(data.WithClassesAsTargets);
    }

    [Fact]
    public void A_min_max_scaler_fills_the_range_with_the_training_part_and_lets_others_go_beyond()
    {
        foreach (var device in Device.All)
        {
            var train = Tensor.From([0, 5, 10.0, 5, 2.5, 5], [3, 2], device);
            var scaler = MinMaxScaler.Fit(train, -1, 1);
            Assert.Equal([-1, -1, 1, -1, -0.5, -1], scaler.Transform(train).ToDoubleArray());
            Assert.Equal([3, 1], scaler.Transform(Tensor.From([20.0, 6], [1, 2], device)).ToDoubleArray()); // the constant feature is shifted and not stretched: (6 - 5) / 1 * 2 - 1
            Near.Assert(train.ToDoubleArray(), scaler.Inverse(scaler.Transform(train)).ToDoubleArray(), 1e-6, 10, "back");
            Assert.Equal(-0.5, scaler.Transform(new TensorDataset(train, IntTensor.From([0, 1, 2]))).Inputs[2, 0]);
        }
        Assert.Contains("range 1 to 1", Assert.Throws<ArgumentException>(() => MinMaxScaler.Fit(Tensor.Ones(2, 2), 1, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scalers_go_back_to_the_units_they_were_fitted_in()
    {
        var train = Tensor.Normal([20, 3], 5, 2, new Generator(1), Device.Reference);
        var scaler = StandardScaler.Fit(train);
        Near.Assert(train.ToDoubleArray(), scaler.Inverse(scaler.Transform(train)).ToDoubleArray(), 1e-12, 5, "back");
    }

    [Fact]
    public void A_feature_with_gaps_is_not_scaled_silently()
    {
        var gaps = Tensor.From([1, 2, 3, double.NaN], [2, 2]);
        foreach (var fit in new Action[] { () => StandardScaler.Fit(gaps), () => MinMaxScaler.Fit(gaps) })
            Assert.Contains("feature 1 of the training part holds NaN or an infinite number. Fill gaps with an Imputer", Assert.Throws<ArgumentException>(fit).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_channel_of_images_gets_mean_0_and_deviation_1()
    {
        foreach (var device in Device.All)
        {
            var images = Tensor.Uniform([5, 2, 4, 3], 0, 255, new Generator(2), device) * Tensor.From([1.0, 100], [2, 1, 1], device);
            var normalizer = ChannelNormalizer.Fit(images);
            var normalized = normalizer.Transform(images);
            for (var channel = 0; channel < 2; channel++)
            {
                var values = normalized.ToDoubleArray().Where((_, i) => i / 12 % 2 == channel).ToArray();
                Assert.Equal(0, values.Average(), tolerance: 1e-6);
                Assert.Equal(1, values.Average(value => value * value), tolerance: 1e-5);
            }
            Near.Assert(images.ToDoubleArray(), normalizer.Inverse(normalized).ToDoubleArray(), 1e-6, 25_500, "back");
            Assert.Equal(1, ChannelNormalizer.Fit(Tensor.Full([2, 1, 3, 3], 0.1, device)).StandardDeviation[0]);
        }
        Assert.Equal([0.25, -1], ChannelNormalizer.From([0.5, 3], [2, 1], Device.Reference).Transform(Tensor.From([1.0, 2], [1, 2, 1, 1], Device.Reference)).ToDoubleArray());
        Assert.Throws<ArgumentException>(() => ChannelNormalizer.From([0], [1, 2]));
    }

    [Fact]
    public void MNIST_has_the_mean_and_the_deviation_that_everybody_uses()
    {
        var normalizer = ChannelNormalizer.Fit(Mnist.Load(test: 0).Train.Inputs);
        Assert.Equal(0.1306604762738429, normalizer.Mean[0], tolerance: 1e-7);
        Assert.Equal(0.30810780385646264, normalizer.StandardDeviation[0], tolerance: 1e-7);
    }

    [Fact]
    public void Classes_become_rows_with_a_single_one_and_come_back()
    {
        foreach (var device in Device.All)
        {
            var encoded = OneHot.Encode(IntTensor.From([2, 0, 1]), device: device);
            Assert.Equal("3x3", encoded.Shape.ToString());
            Assert.Equal([0, 0, 1, 1, 0, 0, 0, 1, 0], encoded.ToArray());
            Assert.Equal([2, 0, 1], OneHot.Decode(encoded).ToArray());
        }
        var grid = IntTensor.From([0, 3, 1, 2, 2, 0], [2, 3]);
        var wide = OneHot.Encode(grid, 5);
        Assert.Equal("2x3x5", wide.Shape.ToString());
        Assert.Equal(grid.ToArray(), OneHot.Decode(wide).ToArray());
        Assert.Equal("2x3", OneHot.Decode(wide).Shape.ToString());
    }

    [Fact]
    public void A_class_too_many_and_a_row_that_is_not_one_hot_are_named()
    {
        Assert.Equal("OneHot.Encode got the class 3 at place 1, but there are 3 classes, numbered 0 to 2.", Assert.Throws<ArgumentOutOfRangeException>(() => OneHot.Encode(IntTensor.From([0, 3]), 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => OneHot.Encode(IntTensor.From([-1])));
        foreach (var row in new[] { new[] { 0.0, 0 }, [1, 1], [0.5, 0.5], [1, 0.1] })
            Assert.Contains("row 1 of 2x2 is not one 1 among zeros", Assert.Throws<ArgumentException>(() => OneHot.Decode(Tensor.From([1, 0, .. row], [2, 2]))).Message, StringComparison.Ordinal);
    }
}
