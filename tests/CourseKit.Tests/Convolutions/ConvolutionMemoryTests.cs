namespace CourseKit.Tests;

/// <summary>The budget of a training step of a small convolutional network: little managed memory, and none that grows.</summary>
[Collection(ProcessWide.Name)]
public class ConvolutionMemoryTests
{
    [Fact]
    public void A_step_stays_within_its_budget_and_its_large_blocks_are_used_again()
    {
        var generator = new Generator(1);
        var model = new Sequential(
            new Conv2d(1, 4, 3, generator: generator), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2),
            new Conv2d(4, 6, 3, generator: generator), new ReLU(), new Dropout(0.2, generator), new AvgPool2d(2), new Flatten(), new Linear(24, 3, generator: generator));
        var optimizer = new SGD(model.Parameters(), 0.01, momentum: 0.9);
        var x = Tensor.Normal([16, 1, 14, 14], generator: generator);
        var classes = IntTensor.From([.. Enumerable.Range(0, 16).Select(row => row % 3)]);

        Run(300); // compiled, pools filled
        var early = AllocatedBy(500);
        var late = AllocatedBy(500);
        // Tensor objects, shapes and tape nodes.
        Assert.True(early / 500 < 16 * 1024, $"{early / 500} bytes a step");
        Assert.InRange(late, 0.95 * early, 1.05 * early);

        long AllocatedBy(int steps)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(steps);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = new TensorScope();
                optimizer.ZeroGrad();
                new CrossEntropyLoss().Forward(model.Forward(x), classes).Backward();
                optimizer.Step();
            }
        }
    }
}
