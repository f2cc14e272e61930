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

        SteadySteps.Assert(steps: 500, warmUp: 300, () =>
        {
            optimizer.ZeroGrad();
            new CrossEntropyLoss().Forward(model.Forward(x), classes).Backward();
            optimizer.Step();
        });
    }
}
