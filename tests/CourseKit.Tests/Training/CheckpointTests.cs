namespace CourseKit.Tests;

/// <summary>Training that is interrupted and goes on as if it had not been.</summary>
[Collection(ProcessWide.Name)]
public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-checkpoint").FullName;

    private string Path => System.IO.Path.Combine(folder, "run.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Adds noise from a generator of its own and from the shared one, and remembers the mean of its inputs: everything a checkpoint must hold.</summary>
    private sealed class Noise : Module
    {
        private readonly Generator generator;

        public Noise(Generator generator)
        {
            this.generator = generator;
            Mean = RegisterBuffer("running_mean", Tensor.Zeros(1));
        }

        public Tensor Mean { get; }

        public override Tensor Forward(Tensor input)
        {
            if (!IsTraining)
                return input - Mean;
            Mean.CopyFrom(0.9 * Mean + 0.1 * input.Detach().Mean());
            return input + Tensor.Normal(input.Shape, 0, 0.05, generator) + 0.05 * generator.Normal() + Tensor.Uniform(input.Shape, -0.01, 0.01);
        }
    }

    private sealed record Setup(Sequential Model, Adam Optimizer, DataLoader Loader, TensorDataset Validation, Generator Noise, EarlyStopping EarlyStopping, LearningRateSchedule Schedule)
    {
        public TrainingHistory Fit(int epochs, Checkpoint? checkpoint, Func<TrainingProgress, bool>? onEpoch = null) => Trainer.Fit(Model, new MSELoss().Forward, Optimizer, Loader, epochs, Validation, onEpoch,
            callbacks: checkpoint is null ? [EarlyStopping, Schedule] : [checkpoint, EarlyStopping, Schedule],
            metrics: [("error", (prediction, target) => Metrics.MeanAbsoluteError(prediction, target))]);

        public double[] Parameters => [.. Model.StateDict().Values.SelectMany(tensor => tensor.ToDoubleArray())];
    }

    /// <summary>The same start each time.</summary>
    private static Setup Start(int patience = 100)
    {
        Generator.ManualSeed(1);
        var (data, noise) = (new Generator(2), new Generator(3));
        TensorDataset Draw(int count)
        {
            var x = Tensor.Uniform([count, 2], -1, 1, data);
            return new TensorDataset(x, x.Columns(0, 1) * x.Columns(1, 1));
        }
        var model = new Sequential(new Linear(2, 8, generator: data), new Tanh(), new Noise(noise), new Linear(8, 1, generator: data));
        var optimizer = new Adam(model.Parameters(), 0.02);
        return new Setup(model, optimizer, new DataLoader(Draw(37), 8, generator: new Generator(4)), Draw(20), noise, new EarlyStopping(patience), new LearningRateSchedule(new CosineAnnealingLR(optimizer, halfPeriod: 12)));
    }

    [Theory]
    [InlineData(1, 5, 5)]
    [InlineData(2, 5, 4)] // the fifth epoch was not saved: it is trained again
    [InlineData(3, 11, 9)]
    public void Resumed_training_ends_with_the_same_bits_as_training_that_was_not_interrupted(int every, int interrupted, int saved)
    {
        var whole = Start();
        var history = whole.Fit(12, checkpoint: null);

        var first = Start();
        Assert.Throws<InvalidOperationException>(() => first.Fit(12, new Checkpoint(Path, every, generators: [first.Noise]),
            progress => progress.Epoch > interrupted ? throw new InvalidOperationException("a crash") : true));

        var second = Start();
        var epochs = new List<int>();
        var resumed = second.Fit(12, new Checkpoint(Path, every, resume: true, generators: [second.Noise]), progress => { epochs.Add(progress.Epoch); return true; });
        Assert.Equal(Enumerable.Range(saved + 1, 12 - saved), epochs);
        Assert.Equal(whole.Parameters, second.Parameters);
        Assert.Equal(history.Loss, resumed.Loss);
        Assert.Equal(history.ValidationLoss, resumed.ValidationLoss);
        Assert.Equal(history["error"], resumed["error"]);
        Assert.Equal(history["learning rate"], resumed["learning rate"]);
        Assert.Equal(whole.EarlyStopping.BestEpoch, second.EarlyStopping.BestEpoch);
        Assert.Equal(whole.Optimizer.LearningRate, second.Optimizer.LearningRate);
    }

    [Fact]
    public void Early_stopping_remembers_its_best_epoch_and_its_patience_over_a_resumption()
    {
        // The distance is smallest in epoch 3: a patience of 4 ends training after epoch 7.
        (double[] Weights, TrainingHistory History) Fit(int epochs, bool resume)
        {
            var model = new Linear(1, 1, generator: new Generator(1));
            var history = Trainer.Fit(model, (Tensor prediction, Tensor _) => prediction.Mean(), new SGD(model.Parameters(), 0.1),
                new DataLoader(new TensorDataset(Tensor.Ones(1, 1), Tensor.Ones(1, 1)), 1), epochs,
                callbacks: [new Checkpoint(Path, resume: resume), new Distance(), new EarlyStopping(4, metric: "distance")]);
            return ([model.Weight.Item(), model.Bias!.Item()], history);
        }
        var whole = Fit(20, resume: false);
        Assert.Equal(7, whole.History.Epochs);
        Fit(5, resume: false);
        var resumed = Fit(20, resume: true);
        Assert.Equal(whole.History.Series["distance"], resumed.History.Series["distance"]);
        Assert.Equal(whole.Weights, resumed.Weights);
        // Training that had ended stays ended.
        var ended = Fit(20, resume: true);
        Assert.Equal((7, whole.History.StopReason), (ended.History.Epochs, ended.History.StopReason));
        Assert.Equal(whole.Weights, ended.Weights);
    }

    private sealed class Distance : TrainingCallback
    {
        public override void OnEpoch(TrainingRun run) => run.Report("distance", Math.Abs(run.Epoch - 3));
    }

    [Fact]
    public void Without_resuming_training_begins_anew_and_replaces_the_file()
    {
        Start().Fit(3, new Checkpoint(Path));
        Assert.Equal("3", Safetensors.Metadata(Path)["epochs"]);
        Assert.Equal(2, Start().Fit(2, new Checkpoint(Path)).Epochs);
        Assert.Equal("2", Safetensors.Metadata(Path)["epochs"]);
        Assert.Single(Directory.GetFiles(folder)); // nothing half written is left
    }

    [Fact]
    public void Resuming_without_a_file_begins_anew_and_a_finished_training_can_be_lengthened()
    {
        Assert.Equal(3, Start().Fit(3, new Checkpoint(Path, resume: true)).Epochs);
        var trained = new List<int>();
        Assert.Equal(5, Start().Fit(5, new Checkpoint(Path, resume: true), progress => { trained.Add(progress.Epoch); return true; }).Epochs);
        Assert.Equal([4, 5], trained);
    }

    [Fact]
    public void A_file_that_does_not_fit_is_explained()
    {
        Start().Fit(1, new Checkpoint(Path));
        var other = Start();
        var generators = Assert.Throws<InvalidDataException>(() => other.Fit(2, new Checkpoint(Path, resume: true, generators: [other.Noise])));
        Assert.Equal("run.safetensors was saved with 0 generators of its own and is resumed with 1: give Checkpoint the same ones in the same order.", generators.Message);

        var wider = new Linear(3, 1);
        var model = Assert.Throws<InvalidDataException>(() => Trainer.Fit(wider, new MSELoss().Forward, new SGD(wider.Parameters(), 0.1),
            new DataLoader(new TensorDataset(Tensor.Zeros(1, 3), Tensor.Zeros(1, 1)), 1), 2, callbacks: [new Checkpoint(Path, resume: true)]));
        Assert.Contains("does not fit this Linear", model.Message, StringComparison.Ordinal);

        Start().Model.Save(Path);
        var parameters = Assert.Throws<InvalidDataException>(() => Start().Fit(2, new Checkpoint(Path, resume: true)));
        Assert.Equal("run.safetensors is no checkpoint of a training: a model's parameters alone are loaded with its Load.", parameters.Message);

        File.WriteAllText(Path, "no tensors");
        Assert.Throws<InvalidDataException>(() => Start().Fit(2, new Checkpoint(Path, resume: true)));
    }

    [Fact]
    public void A_damaged_generator_is_noticed()
    {
        Start().Fit(1, new Checkpoint(Path));
        var metadata = new Dictionary<string, string>(Safetensors.Metadata(Path)) { ["generator.0"] = "1 x 2" };
        Safetensors.Save(Path, Safetensors.Load(Path, Device.Reference), metadata);
        var error = Assert.Throws<InvalidDataException>(() => Start().Fit(2, new Checkpoint(Path, resume: true)));
        Assert.Equal("run.safetensors is damaged: where a generator stands is not readable in it.", error.Message);
    }
}
