namespace CourseKit.Tests;

/// <summary>How often the host waits for a device that runs ahead: in training, once for many steps.</summary>
public sealed class WaitingTests : IDisposable
{
    private readonly IlgpuDevice device = Simulator.Open();

    public void Dispose() => device.Dispose();

    [Fact]
    public void Only_a_device_that_queues_its_work_runs_ahead()
    {
        Assert.True(device.RunsAhead);
        Assert.False(Device.Cpu.RunsAhead);
        Assert.False(Device.Reference.RunsAhead);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_epoch_waits_once_however_many_steps_it_has_up_to_those_whose_losses_are_read_together(bool classes)
    {
        var once = WaitsOfAnEpoch(4, classes);
        Assert.Equal(once, WaitsOfAnEpoch(12, classes));
        Assert.Equal(once, WaitsOfAnEpoch(32, classes));
        Assert.Equal(once + 1, WaitsOfAnEpoch(33, classes));
        Assert.Equal(1, once);
    }

    private long WaitsOfAnEpoch(int steps, bool classes)
    {
        var data = Examples(3 * steps - 1, classes).To(device);
        var (model, optimizer) = Network(device, classes ? 2 : 1);
        var loader = new DataLoader(data, 3, generator: new Generator(2));
        var before = device.Waits;
        if (classes)
            Trainer.Fit(model, new CrossEntropyLoss().Forward, optimizer, loader, 1);
        else
            Trainer.Fit(model, new MSELoss().Forward, optimizer, loader, 1);
        return device.Waits - before;
    }

    [Fact]
    public void Measuring_and_predicting_wait_as_often_for_many_batches_as_for_few()
    {
        var (model, _) = Network(device, 1);
        Assert.Equal(1, Waits(() => Trainer.Evaluate(model, new MSELoss().Forward, Examples(3).To(device), batchSize: 3)));
        Assert.Equal(1, Waits(() => Trainer.Evaluate(model, new MSELoss().Forward, Examples(30).To(device), batchSize: 3)));
        Assert.Equal(0, Waits(() => Trainer.Predict(model, Examples(30).Inputs.To(device), batchSize: 3)));
    }

    [Fact]
    public void A_batch_that_comes_from_the_host_is_not_waited_for()
    {
        var (model, optimizer) = Network(device, 1);
        var loader = new DataLoader(Examples(36), 3, generator: new Generator(2), device: device);
        Assert.Equal(1, Waits(() => Trainer.Fit(model, new MSELoss().Forward, optimizer, loader, 1)));
    }

    [Fact]
    public void Clipping_the_norm_of_all_gradients_waits_once_in_a_step()
    {
        var (model, optimizer) = Network(device, 1);
        var loader = new DataLoader(Examples(36).To(device), 3, generator: new Generator(2));
        Assert.Equal(4, model.Parameters().Count);
        Assert.Equal(12 + 1, Waits(() => Trainer.Fit(model, new MSELoss().Forward, optimizer, loader, 1, callbacks: [ClipGradients.ByNorm(1)])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Losses_that_are_read_together_have_the_mean_of_those_read_one_by_one(int accumulate)
    {
        var data = Examples(100).To(device);
        Assert.Equal(ByHand(), ByTrainer());

        double[] ByTrainer()
        {
            var (model, optimizer) = Network(device, 1);
            return [.. Trainer.Fit(model, new MSELoss().Forward, optimizer, new DataLoader(data, 3, generator: new Generator(2)), 2, accumulate: accumulate).Loss];
        }

        double[] ByHand()
        {
            var (model, optimizer) = Network(device, 1);
            var loader = new DataLoader(data, 3, generator: new Generator(2));
            var means = new List<double>();
            for (var epoch = 0; epoch < 2; epoch++)
            {
                var (total, number) = (0.0, 0);
                foreach (var batch in loader.Batches())
                {
                    using var scope = new TensorScope();
                    if (number % accumulate == 0)
                        optimizer.ZeroGrad();
                    var loss = new MSELoss().Forward(model.Forward(batch.Inputs), batch.Targets);
                    total += loss.Item() * batch.Count;
                    number++;
                    if (accumulate == 2)
                        loss *= (double)batch.Count / (number < 33 ? 6 : 4); // 100 examples: 16 pairs of 3 and 3, one of 3 and 1
                    loss.Backward();
                    if (number % accumulate == 0)
                        optimizer.Step();
                }
                means.Add(total / 100);
            }
            return [.. means];
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_loss_that_is_not_finite_is_reported_as_where_it_is_read_at_once(bool inTargets, bool fromHost)
    {
        var data = Examples(100);
        (inTargets ? data.Targets : data.Inputs)[17, 0] = double.NaN;
        var found = Message(device);
        Assert.Equal(Message(Device.Cpu), found);
        Assert.Contains("in epoch 1, batch 6 of 34", found, StringComparison.Ordinal);
        Assert.Contains($"the {(inTargets ? "targets" : "inputs")} of this batch hold NaN in row 2", found, StringComparison.Ordinal);

        string Message(Device on)
        {
            var (model, optimizer) = Network(on, 1);
            var loader = fromHost ? new DataLoader(data, 3, shuffle: false, device: on) : new DataLoader(data.To(on), 3, shuffle: false);
            return Assert.Throws<ArithmeticException>(() => Trainer.Fit(model, new MSELoss().Forward, optimizer, loader, 2)).Message;
        }
    }

    [Fact]
    public void A_loss_that_checks_its_numbers_is_not_waited_for()
    {
        var data = WithProbabilities(100).To(device);
        var (model, optimizer) = Network(device, 1);
        Assert.Equal(1, Waits(() => Trainer.Fit(model, new BCEWithLogitsLoss().Forward, optimizer, new DataLoader(data, 4, generator: new Generator(2)), 1)));
        Assert.Equal(1, Waits(() => Trainer.Evaluate(model, new BCEWithLogitsLoss().Forward, data, batchSize: 4)));
        // Outside a training each check is read at once.
        Assert.Equal(1, Waits(() => new BCEWithLogitsLoss().Forward(model.Forward(data.Inputs), data.Targets)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_number_outside_a_losss_range_is_reported_as_where_it_is_read_at_once(bool evaluating)
    {
        var data = WithProbabilities(100);
        data.Targets[17, 0] = -1;
        var found = Message(device);
        Assert.Equal(Message(Device.Cpu), found);
        Assert.Contains("got the target -1 at number 2, and a target is from 0 to 1", found, StringComparison.Ordinal);

        string Message(Device on)
        {
            var (model, optimizer) = Network(on, 1);
            return Assert.Throws<ArgumentOutOfRangeException>(() =>
            {
                if (evaluating)
                    Trainer.Evaluate(model, new BCEWithLogitsLoss().Forward, data.To(on), batchSize: 3);
                else
                    Trainer.Fit(model, new BCEWithLogitsLoss().Forward, optimizer, new DataLoader(data.To(on), 3, shuffle: false), 2);
            }).Message;
        }
    }

    [Fact]
    public void A_number_outside_a_losss_range_that_the_same_batch_no_longer_has_is_reported_with_its_batch()
    {
        var (model, optimizer) = Network(device, 1);
        var seen = 0;
        var loader = new DataLoader(WithProbabilities(20).To(device), 2, shuffle: false);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Fit(model, LossOf, optimizer, loader, 1));
        Assert.Contains("The loss of batch 4 of 10 got a number outside its range", error.Message, StringComparison.Ordinal);

        Tensor LossOf(TensorDataset batch) => new BCEWithLogitsLoss().Forward(model.Forward(batch.Inputs), ++seen == 4 ? batch.Targets + 1 : batch.Targets);
    }

    [Fact]
    public void A_loss_that_diverges_is_reported_with_its_first_batch_even_where_the_epoch_has_ended()
    {
        var data = Examples(20);
        var (model, optimizer) = Network(device, 1, learningRate: 1e9);
        var error = Assert.Throws<ArithmeticException>(() => Trainer.Fit(model, new MSELoss().Forward, optimizer, new DataLoader(data.To(device), 2, generator: new Generator(2)), 100));
        Assert.Matches("The loss became (NaN|.?Infinity) in epoch 1, batch [2-9] of 10: usually the learning rate", error.Message);
    }

    [Fact]
    public void Numbers_may_change_as_soon_as_they_were_written()
    {
        var numbers = new float[3_000_000]; // more than one piece
        var targets = Enumerable.Range(0, 3).Select(_ => Room(numbers.Length)).ToArray();
        for (var i = 0; i < targets.Length; i++)
        {
            Array.Fill(numbers, i);
            device.Write(numbers, targets[i]);
        }
        Assert.Equal(0, device.Waits);
        for (var i = 0; i < targets.Length; i++)
        {
            device.Read(targets[i], numbers);
            Assert.Equal(-1, numbers.AsSpan().IndexOfAnyExcept(i));
        }
        Assert.Equal(3, device.Waits);
    }

    [Fact]
    public void The_memory_of_copies_that_are_on_their_way_is_bounded()
    {
        var numbers = new float[16 << 20]; // 64 MB
        var target = Room(numbers.Length);
        for (var i = 0; i < 9; i++)
            device.Write(numbers, target);
        Assert.Equal(4, device.Waits); // one whenever 128 MB are on their way
    }

    private StorageView Room(int length) => new(device.Rent(length), 0, length);

    private long Waits(Action work)
    {
        var before = device.Waits;
        work();
        return device.Waits - before;
    }

    private static TensorDataset Examples(int count, bool classes = false)
    {
        var generator = new Generator(1);
        var inputs = Tensor.Normal([count, 2], generator: generator, device: Device.Cpu);
        return classes ? new(inputs, IntTensor.From([.. Enumerable.Range(0, count).Select(i => i % 2)])) : new(inputs, Tensor.Normal([count, 1], generator: generator, device: Device.Cpu));
    }

    private static TensorDataset WithProbabilities(int count)
    {
        var examples = Examples(count);
        return new(examples.Inputs, examples.Targets.Sigmoid());
    }

    private static (Sequential Model, Optimizer Optimizer) Network(Device on, int outputs, double learningRate = 0.05)
    {
        var generator = new Generator(1);
        var model = new Sequential(new Linear(2, 4, generator: generator, device: on), new Tanh(), new Dropout(0.2, generator), new Linear(4, outputs, generator: generator, device: on));
        return (model, new SGD(model.Parameters(), learningRate, momentum: 0.9));
    }
}
