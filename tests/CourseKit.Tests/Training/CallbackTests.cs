namespace CourseKit.Tests;

/// <summary>What the training loop tells callbacks, measures and does on request.</summary>
public class CallbackTests
{
    /// <summary>Four points on the line y = 2 x + 1.</summary>
    private static readonly TensorDataset Line = new(Tensor.From([0.0, 1, 2, 3], [4, 1]), Tensor.From([1.0, 3, 5, 7], [4, 1]));

    private static Linear Model() => new(1, 1, generator: new Generator(1));

    private sealed class Diary(List<string> entries, string name) : TrainingCallback
    {
        public override void OnStart(TrainingRun run) => entries.Add($"{name} start");

        public override void OnGradients(TrainingRun run) => entries.Add($"{name} gradients {run.Epoch}");

        public override void OnEpoch(TrainingRun run) => entries.Add($"{name} epoch {run.Epoch}");

        public override void OnEnd(TrainingRun run) => entries.Add($"{name} end");
    }

    [Fact]
    public void Callbacks_are_told_in_the_order_given()
    {
        var (model, entries) = (Model(), new List<string>());
        Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(Line, 4), 2, callbacks: [new Diary(entries, "a"), new Diary(entries, "b")]);
        Assert.Equal(["a start", "b start", "a gradients 1", "b gradients 1", "a epoch 1", "b epoch 1", "a gradients 2", "b gradients 2", "a epoch 2", "b epoch 2", "a end", "b end"], entries);
    }

    [Fact]
    public void The_end_is_told_also_where_training_fails_and_where_another_callback_does()
    {
        var (model, entries) = (Model(), new List<string>());
        Assert.Throws<ShapeException>(() => Trainer.Fit(model, (Tensor _, Tensor _) => throw new ShapeException("wrong"), new SGD(model.Parameters(), 0.01), new DataLoader(Line, 4), 2,
            callbacks: [new Diary(entries, "a")]));
        Assert.Equal(["a start", "a end"], entries);
        entries.Clear();
        Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(Line, 4), 0,
            callbacks: [new FailsAtTheEnd(), new Diary(entries, "b")]));
        Assert.Equal(["b start", "b end"], entries);
    }

    private sealed class FailsAtTheEnd : TrainingCallback
    {
        public override void OnEnd(TrainingRun run) => throw new InvalidOperationException("at the end");
    }

    private sealed class Reporter : TrainingCallback
    {
        public override void OnGradients(TrainingRun run) => run.Report("gradient", Math.Abs(((Linear)run.Model).Weight.Grad!.Item()));

        public override void OnEpoch(TrainingRun run)
        {
            if (run.Epoch >= 2)
                run.Report("late", run.Epoch);
            if (run.Epoch == 3)
                run.Stop("three are enough");
        }
    }

    [Fact]
    public void What_a_callback_reports_is_a_series_of_the_history()
    {
        var model = Model();
        var history = Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.05), new DataLoader(Line, 2, shuffle: false), 10, callbacks: [new Reporter()]);
        Assert.Equal("three are enough", history.StopReason);
        Assert.Equal(3, history["gradient"].Count); // the last batch of each epoch counts
        Assert.True(history["gradient"].All(slope => slope > 0));
        Assert.Equal([double.NaN, 2, 3], history["late"]);
        Assert.Contains("late", Assert.Throws<KeyNotFoundException>(() => history["accuracy"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_are_measured_after_each_epoch_on_all_validation_examples_at_once()
    {
        var model = Model();
        var many = new TensorDataset(Tensor.Uniform([700, 1], generator: new Generator(2)), Tensor.Zeros(700, 1)); // more than one batch of the evaluation
        var history = Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.05), new DataLoader(Line, 4), 3, many, metrics:
        [
            ("examples", (prediction, target) => prediction.Count + target.Count),
            ("error", (prediction, target) => Metrics.RootMeanSquaredError(prediction, target)),
        ]);
        Assert.Equal([1400, 1400, 1400], history["examples"]);
        Near.Assert([.. history.ValidationLoss.Select(Math.Sqrt)], [.. history["error"]], 1e-6, 0, "error");
        Assert.Equal(history["error"][^1], Metrics.RootMeanSquaredError(model.Forward(many.Inputs), many.Targets), tolerance: 1e-6);
    }

    [Fact]
    public void Metrics_of_classes_get_classes()
    {
        var data = new TensorDataset(Tensor.From([-1.0, -2, 1, 2], [4, 1]), IntTensor.From([0, 0, 1, 1]));
        var model = new Linear(1, 2, generator: new Generator(3));
        var history = Trainer.Fit(model, new CrossEntropyLoss().Forward, new SGD(model.Parameters(), 1), new DataLoader(data, 4), 20, data,
            metrics: [("accuracy", (scores, classes) => Metrics.Accuracy(scores.ArgMax(1), classes))]);
        Assert.Equal(1, history["accuracy"][^1]);
        Assert.Contains("accuracy", history.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_of_a_whole_batch_trains_an_autoencoder()
    {
        // Two features on a line through the origin: one number is enough to give both back.
        var generator = new Generator(11);
        double[] along = [.. Enumerable.Range(0, 32).Select(_ => generator.Normal())];
        var data = new TensorDataset(Tensor.From([.. along.SelectMany(t => new[] { t, 2 * t })], [32, 2]), IntTensor.From(new int[32]));
        var model = new Sequential(new Linear(2, 1, generator: generator), new Linear(1, 2, generator: generator));
        Func<TensorDataset, Tensor> loss = batch => new MSELoss().Forward(model.Forward(batch.Inputs), batch.Inputs);
        var history = Trainer.Fit(model, loss, new SGD(model.Parameters(), 0.05), new DataLoader(data, 8, generator: generator), 60, data);
        Assert.True(history.ValidationLoss[^1] < 1e-3, history.ToString());
        Assert.Equal(history.ValidationLoss[^1], Trainer.Evaluate(model, loss, data));
    }

    [Fact]
    public void An_evaluation_in_batches_weighs_them_by_their_examples_and_leaves_the_mode_as_it_was()
    {
        var (model, data) = (Model(), new TensorDataset(Tensor.Uniform([10, 1], generator: new Generator(4)), Tensor.Uniform([10, 1], generator: new Generator(5))));
        double Loss(int batchSize) => Trainer.Evaluate(model, new MSELoss().Forward, data, batchSize);
        Assert.Equal(new MSELoss().Forward(model.Forward(data.Inputs), data.Targets).Item(), Loss(10), tolerance: 1e-7);
        foreach (var batchSize in new[] { 1, 3, 7 }) // a last batch of 1, of 1 and of 3
            Assert.Equal(Loss(10), Loss(batchSize), tolerance: 1e-6);
        Assert.True(model.IsTraining);
        model.Eval();
        Loss(3);
        Assert.False(model.IsTraining);
    }

    [Fact]
    public void Predictions_in_batches_are_those_of_the_whole()
    {
        var model = new Sequential(new Linear(3, 2, generator: new Generator(6)), new Softmax());
        var inputs = Tensor.Uniform([11, 3], generator: new Generator(7));
        var predicted = Trainer.Predict(model, inputs, batchSize: 4);
        Assert.Equal("11x2", predicted.Shape.ToString());
        Near.Assert(model.Forward(inputs).ToDoubleArray(), predicted.ToDoubleArray(), 1e-6, 1, "prediction");
        Assert.False(predicted.RequiresGrad);
    }

    [Theory]
    [InlineData(8, 2, 4)] // 8 examples: 4 batches of 2
    [InlineData(7, 2, 4)] // a smaller last batch counts for less
    [InlineData(7, 3, 3)]
    public void Accumulated_batches_are_one_large_batch(int count, int batchSize, int accumulate)
    {
        var data = new TensorDataset(Tensor.Uniform([count, 1], generator: new Generator(8), device: Device.Reference), Tensor.Uniform([count, 1], generator: new Generator(9), device: Device.Reference));
        double[] Weights(int size, int batches)
        {
            var model = new Linear(1, 1, generator: new Generator(10), device: Device.Reference);
            Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.1), new DataLoader(data, size, shuffle: false), 3, accumulate: batches);
            return [model.Weight.Item(), model.Bias!.Item()];
        }
        Near.Assert(Weights(count, 1), Weights(batchSize, accumulate), 1e-12, 1, "weights");
    }

    [Fact]
    public void Accumulated_batches_of_a_loader_that_leaves_the_last_one_out_count_what_is_handed_out()
    {
        // 7 examples in batches of 2: three batches with 6 examples make one step.
        var data = new TensorDataset(Tensor.Uniform([7, 1], generator: new Generator(8), device: Device.Reference), Tensor.Uniform([7, 1], generator: new Generator(9), device: Device.Reference));
        double[] Weights(TensorDataset examples, int batchSize, int accumulate)
        {
            var model = new Linear(1, 1, generator: new Generator(10), device: Device.Reference);
            Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.1), new DataLoader(examples, batchSize, shuffle: false, dropLast: true), 1, accumulate: accumulate);
            return [model.Weight.Item(), model.Bias!.Item()];
        }
        Near.Assert(Weights(data.Rows([0, 1, 2, 3, 4, 5]), 6, 1), Weights(data, 2, 3), 1e-12, 1, "weights");
    }

    [Fact]
    public void Training_on_tokens_is_a_loss_of_a_whole_batch_and_one_that_diverges_is_explained()
    {
        var data = new TensorDataset(IntTensor.From([0, 1, 2, 3], [4, 1]), Tensor.From([0.0, 1, 2, 3], [4, 1]));
        var model = Model();
        Func<TensorDataset, Tensor> loss = batch => new MSELoss().Forward(model.Forward(Tensor.From([.. batch.Tokens.ToArray().Select(token => (double)token)], [batch.Count, 1])), batch.Targets);
        Assert.True(Trainer.Fit(model, loss, new SGD(model.Parameters(), 0.05), new DataLoader(data, 2, generator: new Generator(1)), 200, data).ValidationLoss[^1] < 0.01);
        Assert.Contains("learning rate (10) is too large", Assert.Throws<ArithmeticException>(
            () => Trainer.Fit(model, loss, new SGD(model.Parameters(), 10), new DataLoader(data, 2), 200)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_at_the_end_of_an_epoch_is_a_step_of_its_own()
    {
        var (model, entries) = (Model(), new List<string>());
        Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(Line, 1), 1, callbacks: [new Diary(entries, "a")], accumulate: 3);
        Assert.Equal(2, entries.Count(entry => entry.Contains("gradients", StringComparison.Ordinal)));
    }

    [Fact]
    public void Gradients_are_clipped_before_the_step_and_their_norm_is_reported()
    {
        double[] Step(TrainingCallback? clip, out TrainingHistory history)
        {
            var model = new Linear(1, 1, generator: new Generator(1), device: Device.Reference);
            var (weight, bias) = (model.Weight.Item(), model.Bias!.Item());
            var data = new TensorDataset(Line.Inputs.To(Device.Reference), Line.Targets.To(Device.Reference));
            history = Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 1), new DataLoader(data, 4), 1, callbacks: clip is null ? [] : [clip]);
            return [weight - model.Weight.Item(), bias - model.Bias!.Item()]; // the gradient, at a rate of 1
        }
        var gradient = Step(null, out _);
        var norm = Math.Sqrt(gradient.Sum(slope => slope * slope));
        Assert.True(norm > 3);
        Near.Assert([.. gradient.Select(slope => slope * 0.5 / norm)], Step(ClipGradients.ByNorm(0.5), out var history), 1e-6, 0, "clipped by norm");
        Assert.Equal(norm, Assert.Single(history["gradient norm"]), tolerance: 1e-9);
        Near.Assert([.. gradient.Select(slope => Math.Clamp(slope, -0.25, 0.25))], Step(ClipGradients.ByValue(0.25), out history), 1e-12, 0, "clipped by value");
        Assert.Empty(history.Series);
    }

    [Fact]
    public void The_largest_norm_of_an_epoch_is_reported()
    {
        var model = Model();
        var norms = new List<double>();
        var history = Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.01), new DataLoader(Line, 1, shuffle: false), 2,
            callbacks: [new Norms(norms), ClipGradients.ByNorm(1)]);
        Assert.Equal([norms[..4].Max(), norms[4..].Max()], history["gradient norm"]);
    }

    private sealed class Norms(List<double> norms) : TrainingCallback
    {
        public override void OnGradients(TrainingRun run) => norms.Add(GradientClipping.ByNorm(run.Optimizer.Parameters, double.MaxValue));
    }

    [Fact]
    public void A_schedule_changes_the_rate_after_each_epoch_and_reports_it()
    {
        var model = Model();
        var optimizer = new SGD(model.Parameters(), 0.08);
        var history = Trainer.Fit(model, new MSELoss().Forward, optimizer, new DataLoader(Line, 4), 5, callbacks: [new LearningRateSchedule(new StepLR(optimizer, stepSize: 2, gamma: 0.5))]);
        Assert.Equal([0.08, 0.08, 0.04, 0.04, 0.02], history["learning rate"]);
        Assert.Equal(0.02, optimizer.LearningRate);
    }

    [Fact]
    public void A_schedule_lowers_the_rate_where_the_validation_loss_or_a_metric_stalls()
    {
        double[] Rates(string? metric, double[] errors)
        {
            var model = Model();
            var (optimizer, epoch) = (new SGD(model.Parameters(), 0.01), 0);
            var plateau = new LearningRateSchedule(new ReduceLROnPlateau(optimizer, factor: 0.5, patience: 0), metric);
            // The rate 0.01 lowers the loss on the line itself epoch for epoch; the metric does what it is told.
            return [.. Trainer.Fit(model, new MSELoss().Forward, optimizer, new DataLoader(Line, 4), 4, Line, metrics: [("error", (_, _) => errors[epoch++])], callbacks: [plateau])["learning rate"]];
        }
        Assert.Equal([0.01, 0.01, 0.01, 0.01], Rates(null, [1, 1, 1, 1]));
        Assert.Equal([0.01, 0.01, 0.005, 0.005], Rates("error", [3, 3, 2, 1]));
    }

    [Fact]
    public void A_progress_line_tells_epoch_losses_and_metrics_in_whatever_culture()
    {
        var model = Model();
        using var output = new StringWriter { NewLine = "\n" };
        InCulture.Run(Cultures.German, () => Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0), new DataLoader(Line, 4, shuffle: false), 11, Line,
            metrics: [("half", (_, _) => 0.5)], callbacks: [new ProgressLine(every: 5, output), new StopsAt(7)]));
        var loss = FormattableString.Invariant($"{Trainer.Evaluate(model, new MSELoss().Forward, Line):G4}");
        Assert.Equal(string.Concat(new[] { "1 ", "5 ", "7 " }.Select(epoch => $"epoch {epoch}/11  loss {loss}  validation {loss}  half 0.5\n")), output.ToString());
    }

    [Fact]
    public void A_line_for_a_loop_of_ones_own_tells_the_last_epoch_and_needs_no_total()
    {
        var history = new TrainingHistory([1.5, 0.25], [1.75, 0.5]) { Series = new Dictionary<string, IReadOnlyList<double>> { ["accuracy"] = [0.5, 0.875] } };
        Assert.Equal("epoch 2  loss 0.25  validation 0.5  accuracy 0.875", ProgressLine.Of(history));
        Assert.Equal("epoch 2  /100  loss 0.25  validation 0.5  accuracy 0.875", ProgressLine.Of(history, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProgressLine.Of(new TrainingHistory([], [])));
    }

    private sealed class StopsAt(int epoch) : TrainingCallback
    {
        public override void OnEpoch(TrainingRun run)
        {
            if (run.Epoch == epoch)
                run.Stop("enough");
        }
    }

    [Fact]
    public void A_large_validation_set_is_measured_in_the_memory_of_a_batch()
    {
        var model = Model();
        var largest = 0;
        Trainer.Evaluate(model, (Tensor prediction, Tensor target) => { largest = Math.Max(largest, prediction.Count); return new MSELoss().Forward(prediction, target); },
            new TensorDataset(Tensor.Zeros(1000, 1), Tensor.Zeros(1000, 1)));
        Assert.Equal(256, largest);
    }
}
