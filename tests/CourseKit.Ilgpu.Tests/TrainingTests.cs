namespace CourseKit.Tests;

/// <summary>Training on the device goes the way it goes on the processor.</summary>
public class TrainingTests
{
    public static TheoryData<string> Devices => [.. TestDevices.All.Select(device => device.Name)];

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_convolutional_network_on_digits_has_the_losses_of_the_processor(string name)
    {
        var device = TestDevices.Named(name);
        var digits = Mnist.Load(device: Device.Cpu).Train;
        // The simulator needs a second for what a graphics processor does at once.
        var few = digits.Rows([.. Enumerable.Range(0, name == "simulator" ? 4 : 256)]);
        var (expected, found) = (Losses(Device.Cpu), Losses(device));
        Near.Assert(expected, found, 1e-4, 1, "losses");
        Assert.True(found[^1] < found[0], "the network learns");

        List<double> Losses(Device on)
        {
            var generator = new Generator(1);
            var model = new Sequential(
                new Conv2d(1, 4, 3, padding: 1, generator: generator, device: on), new ReLU(), new MaxPool2d(2),
                new Conv2d(4, 8, 3, padding: 1, generator: generator, device: on), new BatchNorm2d(8, device: on), new ReLU(), new MaxPool2d(2),
                new Flatten(), new Linear(8 * 7 * 7, 16, generator: generator, device: on), new ReLU(), new Dropout(0.2, generator), new Linear(16, 10, generator: generator, device: on));
            var optimizer = new Adam(model.Parameters(), 0.01);
            var losses = new List<double>();
            for (var epoch = 0; epoch < 4; epoch++)
                foreach (var batch in new DataLoader(few.To(on), few.Count, shuffle: false, generator: generator).Batches())
                {
                    using var scope = new TensorScope();
                    optimizer.ZeroGrad();
                    var loss = new CrossEntropyLoss().Forward(model.Forward(batch.Inputs), batch.Classes);
                    loss.Backward();
                    optimizer.Step();
                    losses.Add(loss.Item());
                }
            return losses;
        }
    }
}
