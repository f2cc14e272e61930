namespace CourseKit.Tests;

/// <summary>A chain of modules is what its modules are one after another.</summary>
public sealed class SequentialTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_layer_and_the_ReLU_after_it_are_the_same_in_one_step_as_in_two(bool images)
    {
        foreach (var device in Device.All)
        {
            var generator = new Generator(4);
            var model = images
                ? new Sequential(new Conv2d(2, 9, 3, padding: 1, generator: generator, device: device), new ReLU(), new Conv2d(9, 3, 3, stride: 2, groups: 3, generator: generator, device: device), new ReLU(), new ReLU())
                : new Sequential(new Linear(7, 21, generator: generator, device: device), new ReLU(), new Linear(21, 2, bias: false, generator: generator, device: device), new ReLU());
            var x = Tensor.Normal(images ? [3, 2, 8, 19] : [30, 7], generator: generator, device: device);
            x.RequiresGrad = true;
            var y = model.Forward(x);
            var gradient = Tensor.Normal(y.Shape, generator: generator, device: device);
            y.Backward(gradient);
            double[][] inOneStep = [y.ToDoubleArray(), .. Gradients()];

            x.ZeroGrad();
            foreach (var parameter in model.Parameters())
                parameter.ZeroGrad();
            var z = x;
            for (var i = 0; i < model.Count; i++)
                z = model[i].Forward(z);
            z.Backward(gradient);
            double[][] inTwo = [z.ToDoubleArray(), .. Gradients()];

            Assert.Contains(inTwo[0], number => number == 0);
            for (var i = 0; i < inTwo.Length; i++)
                Assert.Equal(inTwo[i], inOneStep[i]);

            IEnumerable<double[]> Gradients() => model.Parameters().Prepend(x).Select(tensor => tensor.Grad!.ToDoubleArray());
        }
    }

    [Fact]
    public void A_ReLU_that_has_no_layer_before_it_stands_alone()
    {
        var y = new Sequential(new ReLU(), new Tanh(), new ReLU()).Forward(Tensor.From([-1.0, 0, 2]));
        Assert.Equal([0, 0, Math.Tanh(2)], y.ToDoubleArray(), (expected, found) => Math.Abs(expected - found) < 1e-6);
    }
}
