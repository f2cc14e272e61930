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
        var sum = Assert.Throws<ArgumentException>(() => InCulture.Run("de-DE", () => Numbered(10).Split(0.5, 0.5, 0.5)));
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
}
