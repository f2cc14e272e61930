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
        ["a convolutional network"] = (device =>
        {
            var generator = new Generator(6);
            return new Sequential(
                new Conv2d(2, 4, 3, stride: 2, padding: 1, bias: false, generator: generator, device: device), new BatchNorm2d(4, device: device), new Tanh(),
                new ResidualBlock(new Sequential(new Conv2d(4, 4, 3, padding: "same", groups: 2, generator: generator, device: device), new GroupNorm(2, 4, device: device)), new Conv2d(4, 4, 1, generator: generator, device: device)),
                new ConvTranspose2d(4, 2, 2, stride: 2, generator: generator, device: device), new AvgPool2d(2), new Flatten(), new LayerNorm(12, device: device), new Linear(12, 3, generator: generator, device: device), new Sigmoid());
        }, [3, 2, 4, 5]),
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

    private sealed class Twice : Module
    {
        private readonly Linear layer;

        public Twice(Linear layer) => this.layer = Register("layer", layer);

        public override Tensor Forward(Tensor input) => layer.Forward(layer.Forward(input).Tanh());
    }
}
