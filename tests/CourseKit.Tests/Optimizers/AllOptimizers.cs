namespace CourseKit.Tests;

/// <summary>Every optimizer in each of its forms, by name: what must hold for all is tested over this list.</summary>
internal static class AllOptimizers
{
    public static IReadOnlyDictionary<string, Func<IReadOnlyList<ParameterGroup>, double, Optimizer>> Make { get; } = new Dictionary<string, Func<IReadOnlyList<ParameterGroup>, double, Optimizer>>
    {
        ["SGD"] = (groups, rate) => new SGD(groups, rate),
        ["SGD, momentum"] = (groups, rate) => new SGD(groups, rate, 0.9, 0.01),
        ["SGD, momentum, dampening"] = (groups, rate) => new SGD(groups, rate, 0.9, 0.01, 0.5),
        ["SGD, momentum as an average"] = (groups, rate) => new SGD(groups, rate, 0.5, form: MomentumForm.Average),
        ["SGD, Nesterov"] = (groups, rate) => new SGD(groups, rate, 0.9, 0.01, nesterov: true),
        ["SGD, Nesterov as an average"] = (groups, rate) => new SGD(groups, rate, 0.9, nesterov: true, form: MomentumForm.Average),
        ["Adagrad"] = (groups, rate) => new Adagrad(groups, rate, 0.001, 0.01, 0.1),
        ["Adagrad, epsilon inside"] = (groups, rate) => new Adagrad(groups, rate, epsilon: 1e-6, placement: EpsilonPlacement.InsideRoot),
        ["RMSprop"] = (groups, rate) => new RMSprop(groups, rate, weightDecay: 0.01),
        ["RMSprop, epsilon inside"] = (groups, rate) => new RMSprop(groups, rate, epsilon: 1e-6, placement: EpsilonPlacement.InsideRoot),
        ["RMSprop, momentum"] = (groups, rate) => new RMSprop(groups, rate, momentum: 0.5),
        ["RMSprop, centered"] = (groups, rate) => new RMSprop(groups, rate, epsilon: 1e-3, centered: true),
        ["RMSprop, momentum, centered"] = (groups, rate) => new RMSprop(groups, rate, epsilon: 1e-3, momentum: 0.5, centered: true),
        ["Adam"] = (groups, rate) => new Adam(groups, rate, weightDecay: 0.01),
        ["Adam, no bias correction"] = (groups, rate) => new Adam(groups, rate, biasCorrection: false),
        ["Adam, epsilon inside"] = (groups, rate) => new Adam(groups, rate, epsilon: 1e-6, placement: EpsilonPlacement.InsideRoot),
        ["Adam, amsgrad"] = (groups, rate) => new Adam(groups, rate, amsgrad: true),
        ["AdamW"] = (groups, rate) => new AdamW(groups, rate),
        ["AdamW, amsgrad"] = (groups, rate) => new AdamW(groups, rate, amsgrad: true),
    };

    public static TheoryData<string> Names => [.. Make.Keys];

    public static Optimizer Of(string name, IReadOnlyList<Tensor> parameters, double rate) => Make[name]([new ParameterGroup(parameters)], rate);

    /// <summary>A small network with its data, the same for the same seed.</summary>
    public static (Sequential Model, Tensor X, Tensor Y) Network(Device device, int width = 17)
    {
        var generator = new Generator(21);
        var model = new Sequential(new Linear(3, width, generator: generator, device: device), new Tanh(), new Linear(width, 2, generator: generator, device: device));
        return (model, Tensor.Uniform([13, 3], -1, 1, generator, device), Tensor.Uniform([13, 2], -1, 1, generator, device));
    }

    public static void Train(Module model, Tensor x, Tensor y, Optimizer optimizer, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            new MSELoss().Forward(model.Forward(x), y).Backward();
            optimizer.Step();
        }
    }

    public static Tensor Leaf(Device device, params double[] numbers)
    {
        var leaf = Tensor.From(numbers, null, device);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
