namespace CourseKit.Tests;

/// <summary>Schedules as functions and as schedulers; PyTorch's rates are in <see cref="OptimizerReferenceTests"/>.</summary>
public class ScheduleTests
{
    /// <summary>Each scheduler beside the function it follows.</summary>
    private static readonly Dictionary<string, (Func<Optimizer, LearningRateScheduler> Make, Func<double, int, double> Rate)> Schedules = new()
    {
        ["time decay"] = (optimizer => new TimeDecayLR(optimizer, 0.25), (initial, epoch) => LearningRates.TimeDecay(initial, 0.25, epoch)),
        ["exponential"] = (optimizer => new ExponentialLR(optimizer, 0.9), (initial, epoch) => LearningRates.ExponentialDecay(initial, 0.9, epoch)),
        ["inverse square root"] = (optimizer => new InverseSquareRootLR(optimizer, 0.5), (initial, epoch) => LearningRates.InverseSquareRootDecay(initial, 0.5, epoch)),
        ["step"] = (optimizer => new StepLR(optimizer, 3), (initial, epoch) => LearningRates.StepDecay(initial, 3, 0.1, epoch)),
        ["cosine"] = (optimizer => new CosineAnnealingLR(optimizer, 6, 0.001), (initial, epoch) => LearningRates.CosineAnnealing(initial, 6, 0.001, epoch)),
        ["warm-up"] = (optimizer => new LinearLR(optimizer, 0.25, 4), (initial, epoch) => LearningRates.LinearWarmup(initial, 4, 0.25, epoch)),
        ["warm-up, then cosine"] = (optimizer => new WarmupCosineLR(optimizer, 3, 9), (initial, epoch) => LearningRates.WarmupCosine(initial, 3, 9, 1.0 / 3, 0, epoch)),
        ["one's own"] = (optimizer => new LambdaLR(optimizer, epoch => 1.0 / (1 + epoch * epoch)), (initial, epoch) => initial / (1 + epoch * epoch)),
    };

    public static TheoryData<string> Names => [.. Schedules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scheduler_sets_what_its_function_says_and_keeps_each_groups_own_rate(string name)
    {
        var (make, rate) = Schedules[name];
        var optimizer = TwoGroups();
        var scheduler = make(optimizer);
        for (var step = 0; step < 12; step++)
        {
            Near.Assert([rate(0.5, scheduler.Epoch), rate(0.125, scheduler.Epoch)], [.. optimizer.Groups.Select(group => group.LearningRate)], 1e-14, 0.01, $"{name}, epoch {scheduler.Epoch}");
            Assert.Equal(optimizer.LearningRate, scheduler.Rate(scheduler.Epoch));
            scheduler.Step();
        }
        Assert.Equal(rate(0.5, 4), scheduler.Rate(4), 1e-15); // any epoch, and nothing changes
        Assert.Equal(rate(0.5, scheduler.Epoch), optimizer.LearningRate, 1e-15);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scheduler_goes_on_from_a_saved_state(string name)
    {
        var (make, _) = Schedules[name];
        var (optimizer, other) = (TwoGroups(), TwoGroups());
        var scheduler = make(optimizer);
        for (var step = 0; step < 5; step++)
            scheduler.Step();
        other.LearningRate = 77;
        var resumed = make(other);
        resumed.LoadStateDict(scheduler.StateDict());
        for (var step = 0; step < 5; step++)
        {
            Assert.Equal(scheduler.Epoch, resumed.Epoch);
            Assert.Equal(optimizer.Groups.Select(group => group.LearningRate), other.Groups.Select(group => group.LearningRate));
            scheduler.Step();
            resumed.Step();
        }
    }

    [Fact]
    public void A_plateau_goes_on_from_a_saved_state()
    {
        var (optimizer, other) = (TwoGroups(), TwoGroups());
        var scheduler = new ReduceLROnPlateau(optimizer, patience: 2, cooldown: 3);
        double[] metrics = [3, 2, 2, 2, 2, 2, 1.9, 2, 2, 2, 2, 2, 2, 2, 2, double.NaN, double.NaN, double.NaN, double.NaN];
        for (var epoch = 0; epoch < metrics.Length; epoch++)
        {
            // A fresh one at every epoch, that knows only what was saved.
            var resumed = new ReduceLROnPlateau(other, patience: 2, cooldown: 3);
            resumed.LoadStateDict(scheduler.StateDict());
            resumed.Step(metrics[epoch]);
            scheduler.Step(metrics[epoch]);
            Assert.Equal(optimizer.LearningRate, other.LearningRate);
        }
        Assert.Equal(0.5e-3, optimizer.LearningRate, 1e-15);
    }

    [Fact]
    public void A_metric_that_is_not_a_number_is_not_better()
    {
        var optimizer = TwoGroups();
        var scheduler = new ReduceLROnPlateau(optimizer, patience: 1);
        scheduler.Step(1);
        scheduler.Step(double.NaN);
        Assert.Equal(0.5, optimizer.LearningRate);
        scheduler.Step(double.NaN);
        Assert.Equal(0.05, optimizer.LearningRate, 1e-15);
    }

    [Fact]
    public void Only_time_decay_has_rates_whose_sum_grows_without_end_and_whose_squares_sum_to_a_number()
    {
        // Robbins and Monro: doubling the epochs must go on adding to the sum, and ever less to that of the squares.
        Assert.True(SumOf(epoch => LearningRates.TimeDecay(1, 1, epoch), 10_000, 20_000) > 0.69);
        Assert.True(SumOf(epoch => Math.Pow(LearningRates.TimeDecay(1, 1, epoch), 2), 10_000, 20_000) < 1e-4);
        Assert.True(SumOf(epoch => LearningRates.ExponentialDecay(1, 0.99, epoch), 10_000, 20_000) < 1e-40);
        Assert.True(SumOf(epoch => Math.Pow(LearningRates.InverseSquareRootDecay(1, 1, epoch), 2), 10_000, 20_000) > 0.69);

        static double SumOf(Func<int, double> rate, int from, int to) => Enumerable.Range(from, to - from).Sum(rate);
    }

    [Fact]
    public void A_schedule_in_training_lowers_the_rate_after_each_epoch()
    {
        var (model, x, y) = AllOptimizers.Network(Device.Cpu);
        var optimizer = new SGD(model.Parameters(), 0.1);
        var scheduler = new StepLR(optimizer, 2, 0.5);
        var rates = new List<double>();
        Trainer.Fit(model, new MSELoss().Forward, optimizer, new DataLoader(new TensorDataset(x, y), 4), 6, onEpoch: _ =>
        {
            rates.Add(optimizer.LearningRate);
            scheduler.Step();
            return true;
        });
        Assert.Equal([0.1, 0.1, 0.05, 0.05, 0.025, 0.025], rates);
    }

    private static SGD TwoGroups() => new([new ParameterGroup([AllOptimizers.Leaf(Device.Cpu, 1)]), new ParameterGroup([AllOptimizers.Leaf(Device.Cpu, 1)], learningRate: 0.125)], 0.5);
}
