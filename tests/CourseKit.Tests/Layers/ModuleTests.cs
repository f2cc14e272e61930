namespace CourseKit.Tests;

/// <summary>Layers as a user holds them: the gradients of their parameters, their names, training and using.</summary>
public class ModuleTests
{
    /// <summary>Networks whose parameters' gradients are checked: each with its input's shape.</summary>
    private static readonly Dictionary<string, (Func<Device, Module> Make, Shape Input)> Networks = new()
    {
        ["Linear"] = (device => new Linear(3, 2, generator: new Generator(1), device: device), [5, 3]),
        ["Linear without a bias"] = (device => new Linear(3, 2, bias: false, new Generator(2), device), [5, 3]),
        ["Linear on three axes"] = (device => new Linear(4, 3, generator: new Generator(3), device: device), [2, 3, 4]),
        ["a network of three layers"] = (device =>
        {
            var generator = new Generator(4);
            return new Sequential(new Linear(3, 17, generator: generator, device: device), new Tanh(), new Linear(17, 16, generator: generator, device: device), new Sigmoid(), new Linear(16, 2, generator: generator, device: device), new Softmax());
        }, [9, 3]),
        ["Embedding"] = (device => new OfFixedIndices(new Embedding(4, 3, generator: new Generator(1), device: device)), [2, 3, 3]),
        ["Embedding with padding"] = (device => new OfFixedIndices(new Embedding(4, 3, paddingIndex: 2, new Generator(1), device)), [2, 3, 3]),
        ["RNN"] = (device => new RNN(3, 4, layers: 2, bidirectional: true, generator: new Generator(6), device: device), [3, 5, 3]),
        ["RNN of ReLUs"] = (device => new RNN(3, 17, nonlinearity: RNNNonlinearity.ReLU, generator: new Generator(6), device: device), [3, 5, 3]),
        ["GRU"] = (device => new GRU(3, 4, layers: 2, bidirectional: true, generator: new Generator(7), device: device), [3, 5, 3]),
        ["GRU without a bias"] = (device => new GRU(3, 17, bias: false, generator: new Generator(7), device: device), [3, 1, 3]),
        ["LSTM"] = (device => new LSTM(3, 4, layers: 2, bidirectional: true, generator: new Generator(8), device: device), [3, 5, 3]),
        ["LSTM without a bias"] = (device => new LSTM(3, 17, bias: false, generator: new Generator(8), device: device), [3, 5, 3]),
        ["LSTMCell"] = (device => new LSTMCell(3, 4, generator: new Generator(8), device: device), [5, 3]),
        ["GRUCell"] = (device => new GRUCell(3, 4, generator: new Generator(8), device: device), [5, 3]),
        ["RNNCell"] = (device => new RNNCell(3, 4, generator: new Generator(8), device: device), [5, 3]),
        ["MultiHeadAttention"] = (device => new MultiHeadAttention(6, 3, generator: new Generator(9), device: device), [2, 4, 6]),
        ["LearnedPositions"] = (device => new LearnedPositions(3, 5, new Generator(9), device), [2, 4, 3]),
        ["TransformerEncoderLayer"] = (device =>
        {
            // Squares of what was normalized always sum to the same: a layer after it tells its numbers apart.
            var generator = new Generator(10);
            return new Sequential(new TransformerEncoderLayer(6, 2, 7, dropout: 0, x => x.Tanh(), generator: generator, device: device), new Linear(6, 2, generator: generator, device: device));
        }, [2, 3, 6]),
        ["TransformerEncoder, norm first"] = (device =>
        {
            var generator = new Generator(11);
            return new Sequential(new TransformerEncoder([new(6, 2, 7, dropout: 0, x => x.Tanh(), normFirst: true, generator, device), new(6, 3, 5, dropout: 0, x => x.Tanh(), normFirst: true, generator, device)], new LayerNorm(6, device: device)), new Linear(6, 2, generator: generator, device: device));
        }, [2, 3, 6]),
        ["TransformerDecoderLayer"] = (device => new ToItsMemory(new TransformerDecoderLayer(6, 2, 7, dropout: 0, x => x.Tanh(), generator: new Generator(12), device: device)), [2, 3, 6]),
        ["a convolutional network"] = (device =>
        {
            var generator = new Generator(6);
            return new Sequential(
                new Conv2d(2, 4, 3, stride: 2, padding: 1, bias: false, generator: generator, device: device), new BatchNorm2d(4, device: device), new Tanh(),
                new ResidualBlock(new Sequential(new Conv2d(4, 4, 3, padding: "same", groups: 2, generator: generator, device: device), new GroupNorm(2, 4, device: device)), new Conv2d(4, 4, 1, generator: generator, device: device)),
                new ConvTranspose2d(4, 2, 2, stride: 2, generator: generator, device: device), new AvgPool2d(2), new Flatten(), new LayerNorm(12, device: device), new Linear(12, 3, generator: generator, device: device), new Sigmoid());
        }, [3, 2, 4, 5]),
        ["a network over a series"] = (device => new Sequential(
            new Conv1d(2, 4, 3, padding: "same", dilation: 2, generator: new Generator(7), device: device), new Tanh(), new BatchNorm1d(4, device: device),
            new Flatten(), new Linear(20, 2, generator: new Generator(8), device: device)), [3, 2, 5]),
        ["PReLU of one slope and of a slope for each channel"] = (device => new Sequential(new PReLU(device: device), new PReLU(3, 0.5, device)), [5, 3, 2]),
        ["Swish that learns its beta"] = (device => new Swish(1.4, learned: true, device), [5, 3]),
        ["one layer used twice"] = (device =>
        {
            var layer = new Linear(3, 3, generator: new Generator(5), device: device);
            return new Twice(layer);
        }, [4, 3]),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_of_every_parameter_agrees_with_central_differences(string name)
    {
        var (make, shape) = Networks[name];
        var module = make(Device.Reference);
        var input = Tensor.Uniform(shape, -1, 1, new Generator(9), Device.Reference);
        Tensor Loss() => module.Forward(input).Square().Sum();
        Loss().Backward();
        foreach (var (path, parameter) in module.NamedParameters())
        {
            var gradient = parameter.Grad!.ToDoubleArray();
            var numbers = parameter.ToDoubleArray();
            for (var i = 0; i < numbers.Length; i++)
            {
                var differences = (LossAt(i, GradientCheck.Step) - LossAt(i, -GradientCheck.Step)) / (2 * GradientCheck.Step);
                Near.Assert([differences], [gradient[i]], 1e-8, 1, $"{name}, {path}, number {i}");
            }

            double LossAt(int index, double step)
            {
                var moved = numbers.ToArray();
                moved[index] += step;
                parameter.CopyFrom(Tensor.From(moved, parameter.Shape, Device.Reference));
                using var noGrad = new NoGrad();
                var loss = Loss().Item();
                parameter.CopyFrom(Tensor.From(numbers, parameter.Shape, Device.Reference));
                return loss;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_CPU_gives_every_parameter_the_gradient_of_the_reference_device(string name)
    {
        var expected = Gradients(Device.Reference);
        var found = Gradients(Device.Cpu);
        for (var i = 0; i < expected.Length; i++)
            Near.Assert(expected[i], found[i], 5e-6, Near.Largest(expected[i]), $"{name}, parameter {i}");

        double[][] Gradients(Device device)
        {
            var (make, shape) = Networks[name];
            var module = make(device);
            module.Forward(Tensor.Uniform(shape, -1, 1, new Generator(9), device)).Square().Sum().Backward();
            return [.. module.Parameters().Select(parameter => parameter.Grad!.ToDoubleArray())];
        }
    }

    [Fact]
    public void Parameters_are_named_by_their_path_and_counted()
    {
        var model = new Sequential(new Linear(3, 4), new ReLU(), new Sequential(new Linear(4, 2, bias: false)));
        Assert.Equal(["0.weight", "0.bias", "2.0.weight"], model.NamedParameters().Select(parameter => parameter.Name));
        Assert.Equal(3 * 4 + 4 + 4 * 2, model.ParameterCount);
        Assert.All(model.Parameters(), parameter => Assert.True(parameter.RequiresGrad));
    }

    [Fact]
    public void Training_and_using_reach_every_part()
    {
        var inner = new ReLU();
        var model = new Sequential(new Sequential(inner));
        Assert.True(inner.IsTraining);
        Assert.Same(model, model.Eval());
        Assert.False(inner.IsTraining);
        model.Train();
        Assert.True(inner.IsTraining);
    }

    [Fact]
    public void ZeroGrad_forgets_the_gradient_of_every_parameter()
    {
        var model = new Sequential(new Linear(2, 3), new Linear(3, 1));
        model.Forward(Tensor.Ones(4, 2)).Sum().Backward();
        Assert.All(model.Parameters(), parameter => Assert.NotNull(parameter.Grad));
        model.ZeroGrad();
        Assert.All(model.Parameters(), parameter => Assert.Null(parameter.Grad));
    }

    [Fact]
    public void First_weights_lie_within_their_bounds_and_fill_them()
    {
        var layer = new Linear(100, 400, generator: new Generator(1));
        var weights = layer.Weight.ToDoubleArray();
        Assert.InRange(weights.Max(), 0.0999, 0.1);
        Assert.InRange(weights.Min(), -0.1, -0.0999);

        Initialize.XavierUniform(layer.Weight, new Generator(1));
        Assert.InRange(Near.Largest(layer.Weight.ToDoubleArray()), 0.999 * Math.Sqrt(6.0 / 500), Math.Sqrt(6.0 / 500));

        Initialize.KaimingNormal(layer.Weight, new Generator(1));
        Assert.InRange(layer.Weight.Square().Mean().Item(), 0.98 * 2 / 100, 1.02 * 2 / 100);

        Initialize.Constant(layer.Bias!, 0.25);
        Assert.All(layer.Bias!.ToArray(), bias => Assert.Equal(0.25f, bias));
    }

    private sealed class OfFixedIndices : Module
    {
        private readonly Embedding embedding;

        public OfFixedIndices(Embedding embedding) => this.embedding = Register("embedding", embedding);

        public override Tensor Forward(Tensor input) => embedding.Forward(IntTensor.From([3, 0, 3, 1, 2, 3], [2, 3])) * input;
    }

    private sealed class ToItsMemory : Module
    {
        private readonly TransformerDecoderLayer layer;

        public ToItsMemory(TransformerDecoderLayer layer) => this.layer = Register("layer", layer);

        public override Tensor Forward(Tensor input) => layer.Forward(input, (input * 0.5)[.., 1..], isCausal: true)[.., .., ..4];
    }

    private sealed class Twice : Module
    {
        private readonly Linear layer;

        public Twice(Linear layer) => this.layer = Register("layer", layer);

        public override Tensor Forward(Tensor input) => layer.Forward(layer.Forward(input).Tanh());
    }
}
