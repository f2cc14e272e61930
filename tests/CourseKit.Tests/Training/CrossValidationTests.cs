namespace CourseKit.Tests;

/// <summary>Cross-validation on all folds.</summary>
public class CrossValidationTests
{
    private static readonly TensorDataset Ten = new(Tensor.Arange(10).Reshape(10, 1), Tensor.Arange(10).Reshape(10, 1));

    [Fact]
    public void Each_fold_is_scored_on_what_it_did_not_learn_from()
    {
        var result = CrossValidation.Run(Ten, new KFold(5, shuffle: false), (train, test) =>
        {
            Assert.Equal((8, 2), (train.Count, test.Count));
            Assert.Empty(train.Inputs.ToArray().Intersect(test.Inputs.ToArray()));
            Assert.Equal(test.Inputs.ToArray(), test.Targets.ToArray());
            return test.Inputs.Sum().Item();
        });
        Assert.Equal([1, 5, 9, 13, 17], result.Scores);
        Assert.Equal(9, result.Mean);
        Assert.Equal(Math.Sqrt(40), result.StandardDeviation, tolerance: 1e-12);
        Assert.Equal("9.0000 +- 6.3246 over 5 folds: 1.0000, 5.0000, 9.0000, 13.0000, 17.0000", InCulture.Run(Cultures.German, result.ToString));
    }

    [Fact]
    public void Folds_can_be_made_by_hand_and_one_has_no_spread()
    {
        var result = CrossValidation.Run(Ten, [new Fold([0, 1], [9])], (train, test) => test.Inputs.Item() - train.Inputs.Sum().Item());
        Assert.Equal([8], result.Scores);
        Assert.Equal(0, result.StandardDeviation);
    }
}

/// <summary>How a notebook's host stops what runs long.</summary>
[Collection(ProcessWide.Name)]
public sealed class StoppedRunTests : IDisposable
{
    public void Dispose() => AppContext.SetData(StopRequest.Name, null);

    private static void StopWhen(Func<bool> stop) => AppContext.SetData(StopRequest.Name, stop);

    [Fact]
    public void Cross_validation_stops_between_two_folds()
    {
        var folds = 0;
        StopWhen(() => folds == 2);
        Assert.Throws<OperationCanceledException>(() => CrossValidation.Run(
            new TensorDataset(Tensor.Zeros(10, 1), Tensor.Zeros(10, 1)), new KFold(5), (_, _) => ++folds));
        Assert.Equal(2, folds);
    }

    [Fact]
    public void A_search_stops_between_two_trials_and_keeps_what_it_found()
    {
        var tried = 0;
        StopWhen(() => tried == 3);
        var stopped = Assert.Throws<SearchStoppedException>(() => RandomSearch.Run(new SearchSpace().Uniform("x", 0, 1), 10, trial => { tried++; return trial.Number("x"); }));
        Assert.Equal(3, stopped.Result.Trials.Count);
        Assert.Equal(stopped.Result.Trials.Max(trial => trial.Score), stopped.Result.Best.Score);
        Assert.Contains("after 3 of 10 trials", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_within_a_trial_ends_the_search_and_is_no_failed_trial()
    {
        var trials = 0;
        var stopped = Assert.Throws<SearchStoppedException>(() => GridSearch.Run(new SearchSpace().Integer("n", 1, 5),
            trial => ++trials < 3 ? trial.Integer("n") : throw new OperationCanceledException()));
        Assert.Equal(2, stopped.Result.Trials.Count);
        Assert.IsType<OperationCanceledException>(stopped.InnerException);
    }

    [Fact]
    public void Training_that_is_stopped_keeps_its_history_and_gives_the_best_epoch_back()
    {
        var (model, data) = (new Linear(1, 1, generator: new Generator(1)), new TensorDataset(Tensor.Ones(4, 1), Tensor.Full([4, 1], 10)));
        var earlyStopping = new EarlyStopping(patience: 100);
        var epochs = 0;
        StopWhen(() => epochs == 5);
        double[] weights = [];
        // Learning 10 moves away from -10: the first epoch is the best.
        var stopped = Assert.Throws<TrainingStoppedException>(() => Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(data, 4), 100,
            new TensorDataset(Tensor.Ones(1, 1), Tensor.Full([1, 1], -10)), callbacks: [earlyStopping], onEpoch: _ =>
            {
                if (++epochs == 1)
                    weights = [model.Weight.Item()];
                return true;
            }));
        Assert.Equal(5, stopped.History.Epochs);
        Assert.Equal("Training was stopped after 5 of 100 epochs; the model keeps what it has learned.", stopped.Message);
        Assert.Equal(1, earlyStopping.BestEpoch);
        Assert.Equal(weights[0], model.Weight.Item());
    }
}
