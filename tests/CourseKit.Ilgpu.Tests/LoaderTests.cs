namespace CourseKit.Tests;

/// <summary>Batches that go from the host to the device while the one before is used are those that go there in between.</summary>
public sealed class LoaderTests : IDisposable
{
    private readonly IlgpuDevice device = Simulator.Open();

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_draw_from_one_generator_in_the_same_order(bool transforms)
    {
        var (expected, found) = (Walk(Device.Cpu), Walk(device));
        Assert.Equal(expected.Inputs, found.Inputs);
        Assert.Equal(expected.Targets, found.Targets);
        Assert.Equal(expected.Drawn, found.Drawn);

        (List<float> Inputs, List<float> Targets, List<uint> Drawn) Walk(Device to)
        {
            var generator = new Generator(3);
            Func<TensorDataset, TensorDataset> shift = batch => batch.WithInputs(batch.Inputs + generator.NextUInt32() % 1000);
            var loader = new DataLoader(Examples(20), 3, generator: generator, transform: transforms ? shift : null, device: to);
            var (inputs, targets, drawn) = (new List<float>(), new List<float>(), new List<uint>());
            for (var epoch = 0; epoch < 3; epoch++)
                foreach (var batch in loader.Batches())
                {
                    using var scope = new TensorScope();
                    Assert.Same(to, batch.Inputs.Device);
                    drawn.Add(generator.NextUInt32());
                    inputs.AddRange(batch.Inputs.ToArray());
                    targets.AddRange((batch.Targets * 1).ToArray());
                }
            return (inputs, targets, drawn);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Epochs_take_the_same_memory_again_and_again_also_where_they_are_left_early(bool early, bool transforms)
    {
        var loader = new DataLoader(Examples(20), 3, generator: new Generator(3), transform: transforms ? batch => batch.WithInputs(batch.Inputs * 2) : null, device: device);
        for (var epoch = 0; epoch < 200; epoch++)
            Walk();
        // The batch that is used and the one that is ready, inputs and targets, each in a block of the smallest size.
        Assert.InRange(device.MemoryInUse, 1, 2 * 2 * 16 * sizeof(float));

        void Walk()
        {
            using var batches = loader.Batches().GetEnumerator();
            for (var number = 0; number < (early ? 2 : 7); number++)
            {
                using var scope = new TensorScope();
                Assert.True(batches.MoveNext());
            }
        }
    }

    [Fact]
    public void A_device_that_has_no_room_for_the_next_batch_says_so_and_the_next_epoch_goes_on()
    {
        var loader = new DataLoader(Examples(20), 3, generator: new Generator(3), device: device);
        device.MemoryLimit = 1;
        Assert.Throws<InsufficientMemoryException>(() => loader.Batches().Count());
        device.MemoryLimit = long.MaxValue;
        Assert.Equal(7, loader.Batches().Count());
    }

    [Fact]
    public void Training_with_batches_from_the_host_has_the_losses_of_training_with_data_that_is_there()
    {
        Assert.Equal(Losses(Examples(50).To(device), on: null), Losses(Examples(50), on: device));

        IReadOnlyList<double> Losses(TensorDataset data, Device? on)
        {
            var generator = new Generator(1);
            var model = new Sequential(new Linear(2, 4, generator: generator, device: device), new Tanh(), new Dropout(0.2, generator), new Linear(4, 1, generator: generator, device: device));
            return Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), 0.05), new DataLoader(data, 4, generator: generator, device: on), 3).Loss;
        }
    }

    private static TensorDataset Examples(int count)
    {
        var generator = new Generator(1);
        return new(Tensor.Normal([count, 2], generator: generator, device: Device.Cpu), Tensor.Normal([count, 1], generator: generator, device: Device.Cpu));
    }
}
