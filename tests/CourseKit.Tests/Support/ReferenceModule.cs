using System.Text.Json;

namespace CourseKit.Tests;

/// <summary>
/// A module as PyTorch ran it: its state before (parameters and buffers by PyTorch's names), inputs, output, and every
/// gradient for the gradient handed in at the output. Written by module_case in build/reference-values/common.py.
/// </summary>
internal sealed record ReferenceModule(
    JsonElement Arguments,
    Dictionary<string, ReferenceNumbers> State,
    Dictionary<string, ReferenceNumbers> Inputs,
    ReferenceNumbers Output,
    ReferenceNumbers Upstream,
    Dictionary<string, ReferenceNumbers> Gradients,
    Dictionary<string, ReferenceNumbers> ParameterGradients,
    Dictionary<string, ReferenceNumbers> BuffersAfter)
{
    /// <summary>Gives a module PyTorch's parameters and buffers, runs it on PyTorch's inputs, and compares everything.</summary>
    /// <param name="module">A module of the same kind, on the device under test.</param>
    /// <param name="call">Its output for the inputs, in the order of their names; the plain Forward where none is given.</param>
    /// <param name="tolerance">Absolute and relative; by default what the device's precision allows.</param>
    /// <param name="device">The device under test; by default that of the module's parameters.</param>
    public void Compare(Module module, Func<Dictionary<string, Tensor>, Tensor>? call = null, double? tolerance = null, Device? device = null)
    {
        var state = module.NamedParameters().Concat(module.NamedBuffers()).ToDictionary(named => named.Name, named => named.Item2);
        Assert.Equal(State.Keys.Order(StringComparer.Ordinal), state.Keys.Order(StringComparer.Ordinal));
        device ??= state.Values.FirstOrDefault()?.Device ?? Device.Default;
        var within = tolerance ?? (device.Precision == 64 ? 1e-12 : 5e-6);
        foreach (var (name, tensor) in state)
            tensor.CopyFrom(State[name].On(device));
        var inputs = Inputs.ToDictionary(input => input.Key, input => input.Value.On(device, requiresGrad: true));

        var output = call?.Invoke(inputs) ?? module.Forward(inputs.Values.Single());
        Assert.Equal(Output.Shape, output.Shape.AsSpan().ToArray());
        Near.Assert(Output.Values, output.ToDoubleArray(), within, Near.Largest(Output.Values), "value");
        output.Backward(Upstream.On(device));
        foreach (var (name, expected) in Gradients)
            Near.Assert(expected.Values, inputs[name].Grad!.ToDoubleArray(), within, Near.Largest(expected.Values), $"gradient of {name}");
        foreach (var (name, expected) in ParameterGradients)
            Near.Assert(expected.Values, state[name].Grad!.ToDoubleArray(), within, Near.Largest(expected.Values), $"gradient of {name}");
        foreach (var (name, expected) in BuffersAfter)
            Near.Assert(expected.Values, state[name].ToDoubleArray(), within, Near.Largest(expected.Values), $"buffer {name} afterwards");
    }
}
