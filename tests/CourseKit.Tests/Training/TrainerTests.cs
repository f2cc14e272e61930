namespace CourseKit.Tests;

/// <summary>The training loop, on real data.</summary>
public class TrainerTests
{
    /// <summary>Two species that a straight line separates.</summary>
    private static TensorDataset SetosaAndVirginica()
    {
        var iris = Table.Load("iris.csv").Where("Species", "setosa", "virginica");
        return new TensorDataset(iris.Numbers("Petal.Length", "Petal.Width"), iris.Targets("Species", "virginica"));
    }

    private static (Sequential Model, SGD Optimizer, DataLoader Loader, DataSplit Split) LogisticRegression(double learningRate = 0.1)
    {
        var split = SetosaAndVirginica().Split(0.6, 0.2, 0.2, new Generator(1));
        var model = new Sequential(new Linear(2, 1, generator: new Generator(2)), new Sigmoid());
        return (model, new SGD(model.Parameters(), learningRate), new DataLoader(split.Train, 16, generator: new Generator(3)), split);
    }

    [Fact]
    public void Logistic_regression_tells_setosa_from_virginica_without_a_mistake()
    {
        var (model, optimizer, loader, split) = LogisticRegression();
        var history = Trainer.Fit(model, new BCELoss().Forward, optimizer, loader, epochs: 40, split.Validation);
        Assert.Equal(40, history.Epochs);
        Assert.Equal(40, history.Loss.Count);
        Assert.Equal(40, history.ValidationLoss.Count);
        Assert.True(history.Loss[^1] < 0.3 * history.Loss[0], history.ToString());
        Assert.True(history.ValidationLoss[^1] < 0.3 * history.ValidationLoss[0], history.ToString());
        Assert.Equal(1, Metrics.BinaryAccuracy(model.Forward(split.Test.Inputs), split.Test.Targets));
        Assert.Equal(1, Metrics.BinaryAccuracy(model.Forward(split.Train.Inputs), split.Train.Targets));
    }

    [Fact]
    public void A_network_tells_the_three_species_apart()
    {
        var iris = Table.Load("iris.csv");
        var split = new TensorDataset(iris.Numbers([.. iris.Columns.Take(4)]), iris.Classes("Species", "setosa", "versicolor", "virginica")).Split(generator: new Generator(5));
        var scaler = StandardScaler.Fit(split.Train.Inputs);
        var generator = new Generator(6);
        var model = new Sequential(new Linear(4, 16, generator: generator), new Tanh(), new Linear(16, 3, generator: generator));
        var optimizer = new SGD(model.Parameters(), 0.1, momentum: 0.9);
        Trainer.Fit(model, new CrossEntropyLoss().Forward, optimizer, new DataLoader(scaler.Transform(split.Train), 16, generator: generator), 40);
        var predicted = model.Forward(scaler.Transform(split.Test).Inputs).ArgMax(1);
        Assert.True(Metrics.Accuracy(predicted, split.Test.Classes) > 0.9);
    }

    [Fact]
    public void Training_with_the_same_seeds_repeats_to_the_last_bit()
    {
        double[] Losses()
        {
            var (model, optimizer, loader, _) = LogisticRegression();
            return [.. Trainer.Fit(model, new BCELoss().Forward, optimizer, loader, 5).Loss];
        }
        Assert.Equal(Losses(), Losses());
    }

    [Fact]
    public void Without_a_validation_part_there_is_no_validation_loss()
    {
        var (model, optimizer, loader, _) = LogisticRegression();
        var seen = new List<TrainingProgress>();
        var history = Trainer.Fit(model, new BCELoss().Forward, optimizer, loader, 3, onEpoch: progress => { seen.Add(progress); return true; });
        Assert.Empty(history.ValidationLoss);
        Assert.Equal([1, 2, 3], seen.Select(progress => progress.Epoch));
        Assert.All(seen, progress => Assert.True(progress.Epochs == 3 && double.IsNaN(progress.ValidationLoss)));
        Assert.Equal(history.Loss, seen.Select(progress => progress.Loss));
    }

    [Fact]
    public void Returning_false_after_an_epoch_stops_early_with_what_was_learned()
    {
        var (model, optimizer, loader, split) = LogisticRegression();
        var history = Trainer.Fit(model, new BCELoss().Forward, optimizer, loader, 100, split.Validation, progress => progress.Epoch < 4);
        Assert.Equal(4, history.Loss.Count);
        Assert.Equal(4, history.ValidationLoss.Count);
    }

    [Fact]
    public void No_epochs_train_nothing()
    {
        var (model, optimizer, loader, _) = LogisticRegression();
        var before = model.Parameters()[0].ToArray();
        Assert.Equal(0, Trainer.Fit(model, new BCELoss().Forward, optimizer, loader, 0).Epochs);
        Assert.Equal(before, model.Parameters()[0].ToArray());
    }

    [Fact]
    public void A_diverging_loss_is_explained()
    {
        var model = new Linear(2, 1, generator: new Generator(1));
        var data = SetosaAndVirginica();
        var error = Assert.Throws<ArithmeticException>(() => InCulture.Run(Cultures.German, () =>
            Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 2.5), new DataLoader(data, 10, generator: new Generator(1)), 200)));
        Assert.Matches("The loss became (NaN|Infinity) in epoch [0-9]+", error.Message);
        Assert.Contains("the learning rate (2.5) is too large, or the features were not standardized", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_training_loss_is_the_mean_over_all_examples_however_they_are_cut_into_batches()
    {
        double Loss(int batchSize)
        {
            var (model, _, _, split) = LogisticRegression();
            var still = new SGD(model.Parameters(), learningRate: 0);
            return Trainer.Fit(model, new BCELoss().Forward, still, new DataLoader(split.Train, batchSize), 1).Loss[0];
        }
        Assert.Equal(Loss(60), Loss(7), tolerance: 1e-6);
    }

    [Fact]
    public void Training_leaves_no_scope_open_where_a_loss_throws()
    {
        var (model, optimizer, loader, _) = LogisticRegression();
        Assert.Throws<ShapeException>(() => Trainer.Fit(model, (Tensor prediction, Tensor target) => new BCELoss().Forward(prediction, target.Reshape(-1)), optimizer, loader, 1));
        var made = Tensor.Ones(3);
        using (new TensorScope())
            _ = made + 1;
        Assert.Equal([1, 1, 1], made.ToArray());
    }
}

/// <summary>How a notebook's host stops training.</summary>
[Collection(ProcessWide.Name)]
public sealed class StopRequestTests : IDisposable
{
    public void Dispose() => AppContext.SetData(StopRequest.Name, null);

    [Fact]
    public void A_request_to_stop_ends_training_between_two_steps()
    {
        var asked = 0;
        AppContext.SetData(StopRequest.Name, (Func<bool>)(() => ++asked > 5));
        var model = new Linear(1, 1, generator: new Generator(1));
        var data = new TensorDataset(Tensor.Ones(10, 1), Tensor.Ones(10, 1));
        var steps = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(model, (Tensor prediction, Tensor target) => { steps++; return new MSELoss().Forward(prediction, target); },
            new SGD(model.Parameters(), 0.1), new DataLoader(data, 1, generator: new Generator(2)), 100));
        Assert.Equal(5, steps);
        Assert.True(double.IsFinite(model.Forward(Tensor.Ones(1, 1)).Item())); // everything is intact
    }

    [Fact]
    public void Without_a_request_nothing_stops()
    {
        StopRequest.ThrowIfRequested();
        AppContext.SetData(StopRequest.Name, (Func<bool>)(() => false));
        StopRequest.ThrowIfRequested();
    }
}
