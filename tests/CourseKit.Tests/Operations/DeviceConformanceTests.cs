namespace CourseKit.Tests;

/// <summary>Every operation of the catalogue on every device, against the reference device and PyTorch.</summary>
public class DeviceConformanceTests
{
    public static TheoryData<string> Names => [.. OperationCatalog.All.Select(operation => operation.Name)];

    public static TheoryData<string, string> NamesOnDevices
        => [.. TestDevices.All.Where(device => device != Device.Reference).SelectMany(_ => OperationCatalog.All, (device, operation) => (operation.Name, device.Name))];

    [Theory]
    [MemberData(nameof(NamesOnDevices))]
    public void A_device_computes_what_the_reference_device_computes(string name, string deviceName)
    {
        var operation = OperationCatalog.Find(name);
        var device = TestDevices.Named(deviceName);
        foreach (var size in TestDevices.SizesOn(device, operation))
        {
            var (expected, expectedGradients) = ForwardAndBackward(operation, Device.Reference, size);
            var (found, foundGradients) = ForwardAndBackward(operation, device, size);
            var tolerance = 3e-6 + 1e-7 * Math.Sqrt(operation.Terms?.Invoke(size) ?? 1);
            Near.Assert(expected, found, tolerance, Near.Largest(expected), $"{name} at size {size}, value");
            for (var i = 0; i < expectedGradients.Length; i++)
                Near.Assert(expectedGradients[i], foundGradients[i], tolerance, Near.Largest(expectedGradients[i]), $"{name} at size {size}, gradient of input {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_second_backward_pass_adds_to_the_gradient_of_the_first(string name)
    {
        var operation = OperationCatalog.Find(name);
        foreach (var device in TestDevices.All)
        {
            var inputs = operation.InputsOn(device, 17);
            foreach (var input in inputs)
                input.RequiresGrad = true;
            Backward();
            var once = inputs.Select(input => input.Grad!.ToDoubleArray()).ToArray();
            Backward();
            for (var i = 0; i < inputs.Length; i++)
                Near.Assert([.. once[i].Select(number => 2 * number)], inputs[i].Grad!.ToDoubleArray(), device.Precision == 64 ? 1e-13 : 1e-6, Near.Largest(once[i]), $"{name} on {device}, gradient of input {i}");

            void Backward()
            {
                var output = operation.Function(inputs);
                output.Backward(new OperationInput(_ => output.Shape, Values.Any).On(device, 17, index: 3));
            }
        }
    }

    public static TheoryData<string, string> ReferenceCases
        => [.. ReferenceValues.Operations.Keys.SelectMany(_ => TestDevices.All, (name, device) => (name, device.Name))];

    [Theory]
    [MemberData(nameof(ReferenceCases))]
    public void Values_and_gradients_are_those_of_PyTorch(string name, string deviceName)
    {
        var reference = ReferenceValues.Operations[name];
        var operation = OperationCatalog.Find(name);
        var device = TestDevices.Named(deviceName);
        var tolerance = device.Precision == 64 ? 1e-13 : 3e-6;
        var inputs = operation.InputsOn(device, 5);
        for (var i = 0; i < inputs.Length; i++)
        {
            var expected = reference.Inputs[$"x{i}"];
            Assert.Equal(expected.Shape, inputs[i].Shape);
            Near.Assert(expected.Values, inputs[i].ToDoubleArray(), 1e-6, 1, $"input {i} of the fixture");
            inputs[i].CopyFrom(expected.On(device));
            inputs[i].RequiresGrad = true;
        }
        var output = operation.Function(inputs);
        Assert.Equal(reference.Output.Shape, output.Shape);
        Near.Assert(reference.Output.Values, output.ToDoubleArray(), tolerance, Near.Largest(reference.Output.Values), "value");
        output.Backward(reference.Upstream.On(device));
        for (var i = 0; i < inputs.Length; i++)
            Near.Assert(reference.Gradients[$"x{i}"].Values, inputs[i].Grad!.ToDoubleArray(), tolerance, Near.Largest(reference.Gradients[$"x{i}"].Values), $"gradient of input {i}");
    }

    [Theory]
    [MemberData(nameof(NamesOnDevices))]
    public void Of_nothing_a_device_makes_what_the_reference_device_makes(string name, string deviceName)
    {
        var operation = OperationCatalog.Find(name);
        var (expected, complaint) = Outcome(Device.Reference);
        var (found, otherComplaint) = Outcome(TestDevices.Named(deviceName));
        Assert.Equal(complaint, otherComplaint);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Near.Assert(expected[i], found[i], 5e-6, Near.Largest(expected[i].Where(double.IsFinite)), $"{name} of nothing, {(i == 0 ? "value" : $"gradient of input {i - 1}")}");

        (double[][] Numbers, string? Complaint) Outcome(Device device)
        {
            try
            {
                var (values, gradients) = ForwardAndBackward(operation, device, size: 0);
                return ([values, .. gradients], null);
            }
            catch (Exception error) when (error is ShapeException or ArgumentException) // a sentence for the user; anything else is a crash
            {
                return ([], error.Message);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_view_into_a_larger_tensor_is_as_good_as_a_tensor_of_its_own(string name)
    {
        const int Before = 5, After = 3;
        var operation = OperationCatalog.Find(name);
        foreach (var device in TestDevices.All)
        {
            var (expected, expectedGradients) = ForwardAndBackward(operation, device, size: 17);
            // What lies around the view is no number: whoever reads it, shows.
            var wholes = operation.InputsOn(device, 17).Select(input => input.Reshape(-1).Pad(0, Before, After, double.NaN)).ToArray();
            var views = wholes.Select((whole, i) =>
            {
                whole.RequiresGrad = true;
                return whole.Rows(Before, whole.Count - Before - After).Reshape(operation.Inputs[i].ShapeAt(17).AsSpan());
            }).ToArray();
            var output = operation.Function(views);
            output.Backward(new OperationInput(_ => output.Shape, Values.Any).On(device, 17, index: 3));
            Assert.Equal(expected, output.ToDoubleArray());
            for (var i = 0; i < wholes.Length; i++)
                Assert.Equal([.. new double[Before], .. expectedGradients[i], .. new double[After]], wholes[i].Grad!.ToDoubleArray());
        }
    }

    [Theory]
    [MemberData(nameof(NamesOnDevices))]
    public void A_NaN_spreads_on_a_device_as_on_the_reference_device(string name, string deviceName)
    {
        var operation = OperationCatalog.Find(name);
        for (var poisoned = 0; poisoned < operation.Inputs.Length; poisoned++)
        {
            var expected = Poisoned(Device.Reference, poisoned);
            var found = Poisoned(TestDevices.Named(deviceName), poisoned);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(expected[i].SequenceEqual(found[i]), $"{name}, NaN in input {poisoned}: {(i == 0 ? "the values" : $"the gradient of input {i - 1}")} hold a NaN at other places.\n{string.Join(' ', expected[i])}\n{string.Join(' ', found[i])}");
        }

        // Where the values and the gradients are no numbers.
        int[][] Poisoned(Device device, int input)
        {
            var inputs = operation.InputsOn(device, size: 5);
            var numbers = inputs[input].ToDoubleArray();
            numbers[numbers.Length / 2] = double.NaN;
            inputs[input].CopyFrom(Tensor.From(numbers, inputs[input].Shape, device));
            foreach (var tensor in inputs)
                tensor.RequiresGrad = true;
            var output = operation.Function(inputs);
            output.Backward(new OperationInput(_ => output.Shape, Values.Any).On(device, 5, index: 3));
            return [.. inputs.Select(tensor => tensor.Grad!).Prepend(output).Select(tensor => PlacesOfNaN(tensor.ToDoubleArray()))];
        }

        static int[] PlacesOfNaN(double[] numbers) => [.. Enumerable.Range(0, numbers.Length).Where(i => double.IsNaN(numbers[i]))];
    }

    private static (double[] Values, double[][] Gradients) ForwardAndBackward(Operation operation, Device device, int size)
    {
        using var scope = new TensorScope();
        var inputs = operation.InputsOn(device, size);
        foreach (var input in inputs)
            input.RequiresGrad = true;
        var output = operation.Function(inputs);
        var upstream = new OperationInput(_ => output.Shape, Values.Any).On(device, size, index: 3);
        output.Backward(upstream);
        return (output.ToDoubleArray(), [.. inputs.Select(input => input.Grad!.ToDoubleArray())]);
    }
}
