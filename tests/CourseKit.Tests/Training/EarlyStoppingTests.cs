namespace CourseKit.Tests;

/// <summary>Ending training at the right epoch, with the right weights.</summary>
public class EarlyStoppingTests
{
    /// <summary>A parameter and a buffer that count the training steps, whatever the data: after epoch n both are n.</summary>
    private sealed class Counter : Module
    {
        public Counter()
        {
            Value = Register("value", Tensor.Zeros(1, 1));
            Seen = RegisterBuffer("seen", Tensor.Zeros(1));
        }

        public Tensor Value { get; }

        public Tensor Seen { get; }

        public override Tensor Forward(Tensor input)
        {
            if (IsTraining)
                Seen.CopyFrom(Seen + 1);
            return input * Value;
        }
    }

    /// <summary>Trains a counter whose validation loss after epoch n is the n-th number.</summary>
    private static (Counter Model, TrainingHistory History) Fit(EarlyStopping earlyStopping, params double[] validationLosses)
    {
        var model = new Counter();
        // The slope of -x in training is -1: with a rate of 1 the value grows by 1 at each step.
        Tensor Loss(Tensor prediction, Tensor target) => model.IsTraining ? -prediction.Mean() : Tensor.Scalar(validationLosses[(int)model.Value.Item() - 1]);
        var one = new TensorDataset(Tensor.Ones(1, 1), Tensor.Ones(1, 1));
        return (model, Trainer.Fit(model, (Func<Tensor, Tensor, Tensor>)Loss, new SGD(model.Parameters(), 1), new DataLoader(one, 1), validationLosses.Length, one, callbacks: [earlyStopping]));
    }

    [Fact]
    public void Training_ends_when_the_patience_is_at_its_end_and_the_best_parameters_and_buffers_come_back()
    {
        var earlyStopping = new EarlyStopping(patience: 2);
        var (model, history) = Fit(earlyStopping, 5, 4, 4.5, 3, 3.5, 3.25, 1, 1);
        Assert.Equal(6, history.Epochs);
        Assert.Equal((4, 3.0), (earlyStopping.BestEpoch, earlyStopping.BestValue));
        Assert.Equal((4, 4), (model.Value.Item(), model.Seen.Item()));
        Assert.Equal("stopped early: best validation loss 3 in epoch 4", history.StopReason);
        Assert.EndsWith("(stopped early: best validation loss 3 in epoch 4)", history.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_comes_back_also_where_the_last_epoch_was_reached()
    {
        var (model, history) = Fit(new EarlyStopping(patience: 5), 3, 1, 2);
        Assert.Equal((3, null), (history.Epochs, history.StopReason));
        Assert.Equal((2, 2), (model.Value.Item(), model.Seen.Item()));
    }

    [Fact]
    public void Without_restoring_the_last_parameters_stay()
    {
        var (model, _) = Fit(new EarlyStopping(patience: 1, restoreBest: false), 3, 1, 2, 0);
        Assert.Equal((3, 3), (model.Value.Item(), model.Seen.Item()));
    }

    [Fact]
    public void An_improvement_smaller_than_the_least_that_counts_is_none()
    {
        Assert.Equal(3, Fit(new EarlyStopping(patience: 2, minDelta: 0.5), 3, 2.75, 2.5, 0).History.Epochs);
        Assert.Equal(4, Fit(new EarlyStopping(patience: 2, minDelta: 0.5), 3, 2.75, 2.25, 2, 2).History.Epochs - 1);
    }

    [Fact]
    public void Not_a_number_is_no_improvement()
    {
        var earlyStopping = new EarlyStopping(patience: 2);
        var (model, history) = Fit(earlyStopping, double.NaN, 2, double.NaN, double.NaN, 0);
        Assert.Equal(4, history.Epochs);
        Assert.Equal(2, model.Value.Item());
    }

    [Fact]
    public void A_metric_can_be_watched_for_its_largest_value()
    {
        var model = new Counter();
        double[] accuracies = [0.5, 0.9, 0.8, 0.85, 1];
        var one = new TensorDataset(Tensor.Ones(1, 1), Tensor.Ones(1, 1));
        var history = Trainer.Fit(model, (Tensor prediction, Tensor _) => -prediction.Mean(), new SGD(model.Parameters(), 1), new DataLoader(one, 1), 5, one,
            metrics: [("accuracy", (prediction, _) => accuracies[(int)prediction.Item() - 1])],
            callbacks: [new EarlyStopping(2, metric: "accuracy", maximize: true)]);
        Assert.Equal([0.5, 0.9, 0.8, 0.85], history["accuracy"]);
        Assert.Equal(2, model.Value.Item());
        Assert.Equal("stopped early: best accuracy 0.9 in epoch 2", history.StopReason);
    }

    [Fact]
    public void It_can_be_used_again()
    {
        var earlyStopping = new EarlyStopping(patience: 1);
        Assert.Equal(2, Fit(earlyStopping, 1, 2, 0).Model.Value.Item() + 1);
        Assert.Equal(3, Fit(earlyStopping, 9, 8, 7).Model.Value.Item());
        Assert.Equal(3, earlyStopping.BestEpoch);
    }

    [Fact]
    public void Early_stopping_in_a_scope_of_ones_own_restores_what_it_copied()
    {
        using var scope = new TensorScope();
        Assert.Equal(1, Fit(new EarlyStopping(patience: 2), 1, 2, 3, 4).Model.Value.Item());
    }
}
