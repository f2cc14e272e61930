namespace CourseKit.Tests;

/// <summary>Handwritten digits, all 60,000 of them: networks of the usual size reach the usual accuracy on the 10,000 that were kept apart.</summary>
public class MnistQualityTests
{
    private static readonly Lazy<(TensorDataset Train, TensorDataset Test)> Digits = new(() => Mnist.Load(device: Device.Cpu));

    [Fact]
    public void A_perceptron_with_one_hidden_layer_reads_97_and_a_half_percent_of_the_digits()
    {
        var generator = new Generator(1);
        var model = new Sequential(new Flatten(), new Linear(784, 128, generator: generator), new ReLU(), new Linear(128, 10, generator: generator));
        Assert.Equal(101_770, model.ParameterCount); // SimpleNet of the lecture
        Assert.InRange(AccuracyAfter(model, epochs: 6, generator), 0.975, 1);
    }

    [Trait(ToolTests.Trait, LongTests.Group)]
    [Fact]
    public void A_convolutional_network_reads_99_percent_of_the_digits()
    {
        LongTests.SkipUnlessWanted();
        var generator = new Generator(1);
        var model = new Sequential(
            new Conv2d(1, 16, 3, padding: 1, generator: generator), new ReLU(), new MaxPool2d(2), // (N, 16, 14, 14)
            new Conv2d(16, 32, 3, padding: 1, generator: generator), new ReLU(), new MaxPool2d(2), // (N, 32, 7, 7)
            new Flatten(), new Linear(32 * 7 * 7, 64, generator: generator), new ReLU(), new Linear(64, 10, generator: generator));
        Assert.InRange(AccuracyAfter(model, epochs: 4, generator), 0.99, 1);
    }

    private static double AccuracyAfter(Module model, int epochs, Generator generator)
    {
        var (train, test) = Digits.Value;
        var optimizer = new Adam(model.Parameters(), 0.002);
        Trainer.Fit(model, new CrossEntropyLoss().Forward, optimizer, new DataLoader(train, 64, generator: generator), epochs,
            callbacks: [new LearningRateSchedule(new CosineAnnealingLR(optimizer, epochs))]);
        return Metrics.Accuracy(Trainer.Predict(model, test.Inputs).ArgMax(1), test.Classes);
    }
}
