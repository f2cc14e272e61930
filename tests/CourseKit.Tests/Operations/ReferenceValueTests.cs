namespace CourseKit.Tests;

/// <summary>Values and gradients against PyTorch: in double precision on the reference device, in single on the CPU.</summary>
public class ReferenceValueTests
{
    public static TheoryData<string, string> FunctionCases => Cases(ReferenceValues.Functions.Keys);

    public static TheoryData<string, string> LinearCases => Cases(ReferenceValues.Linear.Keys);

    public static TheoryData<string, string> SgdCases => Cases(ReferenceValues.Sgd.Keys);

    [Theory]
    [MemberData(nameof(FunctionCases))]
    public void A_function_and_its_gradient_are_those_of_PyTorch(string name, string device)
    {
        var reference = ReferenceValues.Functions[name];
        var exponent = reference.Arguments.Exponent ?? 0;
        Func<Tensor, Tensor> function = name.Split(' ')[0] switch
        {
            "abs" => x => x.Abs(),
            "exp" => x => x.Exp(),
            "log" => x => x.Log(),
            "log_softmax" => x => x.LogSoftmax(),
            "pow" => x => x.Pow(exponent),
            "relu" => x => x.Relu(),
            "sigmoid" => x => x.Sigmoid(),
            "softmax" => x => x.Softmax(),
            "sqrt" => x => x.Sqrt(),
            "square" => x => x.Square(),
            "tanh" => x => x.Tanh(),
            _ => throw new InvalidOperationException($"The fixture has a function {name} that this test does not know."),
        };
        var x = reference.Inputs["x"].On(DeviceCalled(device), requiresGrad: true);
        Compare(reference, function(x), [("x", x)], ToleranceOf(device));
    }

    [Theory]
    [MemberData(nameof(LinearCases))]
    public void A_linear_layer_and_its_gradients_are_those_of_PyTorch(string name, string device)
    {
        var reference = ReferenceValues.Linear[name];
        var on = DeviceCalled(device);
        var (outputs, inputs) = (reference.Inputs["weight"].Shape[0], reference.Inputs["weight"].Shape[1]);
        var layer = new Linear(inputs, outputs, bias: reference.Inputs.ContainsKey("bias"), new Generator(1), on);
        layer.Weight.CopyFrom(reference.Inputs["weight"].On(on));
        layer.Bias?.CopyFrom(reference.Inputs["bias"].On(on));
        var input = reference.Inputs["input"].On(on, requiresGrad: true);

        var leaves = new List<(string, Tensor)> { ("input", input), ("weight", layer.Weight) };
        if (layer.Bias is not null)
            leaves.Add(("bias", layer.Bias));
        Compare(reference, layer.Forward(input), leaves, ToleranceOf(device));
    }

    [Theory]
    [MemberData(nameof(SgdCases))]
    public void SGD_takes_the_steps_of_PyTorch(string name, string device)
    {
        var reference = ReferenceValues.Sgd[name];
        var on = DeviceCalled(device);
        var layer = new Linear(3, 1, generator: new Generator(1), device: on);
        layer.Weight.CopyFrom(reference.Inputs["weight"].On(on));
        layer.Bias!.CopyFrom(reference.Inputs["bias"].On(on));
        var (x, y) = (reference.Inputs["x"].On(on), reference.Inputs["y"].On(on));
        var arguments = reference.Arguments;
        var optimizer = new SGD(layer.Parameters(), arguments.Lr, arguments.Momentum, arguments.WeightDecay);
        for (var step = 0; step < reference.Steps.Length; step++)
        {
            optimizer.ZeroGrad();
            var loss = new MSELoss().Forward(layer.Forward(x), y);
            loss.Backward();
            optimizer.Step();

            var expected = reference.Steps[step];
            Near.Assert([expected.Loss], [loss.Item()], ToleranceOf(device), 1, $"{name}, loss of step {step}");
            Near.Assert(expected.Weight.Values, layer.Weight.ToDoubleArray(), ToleranceOf(device), 1, $"{name}, weight after step {step}");
            Near.Assert(expected.Bias.Values, layer.Bias.ToDoubleArray(), ToleranceOf(device), 1, $"{name}, bias after step {step}");
        }
    }

    private static void Compare(ReferenceCase reference, Tensor output, IEnumerable<(string Name, Tensor Leaf)> leaves, double tolerance)
    {
        Assert.Equal(reference.Output.Shape, output.Shape.AsSpan().ToArray());
        Near.Assert(reference.Output.Values, output.ToDoubleArray(), tolerance, 1, "value");
        output.Backward(reference.Upstream.On(output.Device));
        foreach (var (name, leaf) in leaves)
            Near.Assert(reference.Gradients[name].Values, leaf.Grad!.ToDoubleArray(), tolerance, 1, $"gradient of {name}");
    }

    private static TheoryData<string, string> Cases(IEnumerable<string> names)
        => [.. names.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    private static Device DeviceCalled(string name) => Device.All.Single(device => device.Name == name);

    private static double ToleranceOf(string device) => DeviceCalled(device).Precision == 64 ? 1e-13 : 2e-6;
}
