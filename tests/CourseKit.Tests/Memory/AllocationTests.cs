namespace CourseKit.Tests;

/// <summary>The budget of a training step: little managed memory, none that grows, whatever the number of steps.</summary>
[Collection(ProcessWide.Name)]
public class AllocationTests
{
    [Fact]
    public void A_step_of_a_small_network_stays_within_its_budget_and_does_not_grow()
    {
        var generator = new Generator(1);
        var model = new Sequential(new Linear(4, 16, generator: generator), new Tanh(), new Linear(16, 16, generator: generator), new ReLU(), new Linear(16, 3, generator: generator));
        var optimizer = new SGD(model.Parameters(), 0.01, momentum: 0.9);
        var x = Tensor.Normal([32, 4], generator: generator);
        var classes = IntTensor.From([.. Enumerable.Range(0, 32).Select(row => row % 3)]);
        var lossOf = new CrossEntropyLoss();

        SteadySteps.Assert(steps: 5000, warmUp: 1000, () =>
        {
            optimizer.ZeroGrad();
            lossOf.Forward(model.Forward(x), classes).Backward();
            optimizer.Step();
        });
    }

    [Fact]
    public void Ten_thousand_steps_do_not_grow_memory()
    {
        var generator = new Generator(1);
        var model = new Sequential(new Linear(4, 16, generator: generator), new Tanh(), new Linear(16, 3, generator: generator));
        var optimizer = new SGD(model.Parameters(), 0.01, momentum: 0.9);
        var data = new TensorDataset(Tensor.Normal([320, 4], generator: generator), IntTensor.From([.. Enumerable.Range(0, 320).Select(row => row % 3)]));
        var loader = new DataLoader(data, 32, generator: generator);

        Trainer.Fit(model, new CrossEntropyLoss().Forward, optimizer, loader, epochs: 100);
        // A leak grows at every round; what the test runner does beside us does not.
        Assert.InRange(Enumerable.Range(0, 3).Min(_ => GrowthBy(epochs: 1000)), long.MinValue, 32 * 1024);

        long GrowthBy(int epochs)
        {
            var before = Live();
            Trainer.Fit(model, new CrossEntropyLoss().Forward, optimizer, loader, epochs);
            return Live() - before;
        }

        // What the collector cannot free after it has looked at everything.
        static long Live() => GC.GetTotalMemory(forceFullCollection: true);
    }

    [Fact]
    public void Steps_with_large_tensors_reuse_their_blocks()
    {
        // 4 MB a tensor: were one block not given back, 200 steps would need more than a gigabyte.
        var w = Tensor.Ones(1 << 20);
        w.RequiresGrad = true;
        Step();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 200; i++)
            Step();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4 << 20);

        void Step()
        {
            using var scope = new TensorScope();
            w.ZeroGrad();
            (w * 2).Square().Mean().Backward();
        }
    }
}
