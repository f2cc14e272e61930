namespace CourseKit.Tests;

/// <summary>A model as a table, and the device without memory that it is laid out on.</summary>
public class ModelSummaryTests
{
    [Fact]
    public void Each_module_has_its_shape_parameters_memory_and_operations()
    {
        var model = new Sequential(new Linear(784, 128), new ReLU(), new Sequential(new Linear(128, 10), new Softmax()));
        var summary = model.Summary(32, 784);
        Assert.Equal(["0", "1", "2.0", "2.1"], summary.Rows.Select(row => row.Name));
        Assert.Equal(["Linear(784 -> 128)", "ReLU()", "Linear(128 -> 10)", "Softmax()"], summary.Rows.Select(row => row.Module));
        Assert.Equal([128 * 784 + 128, 0, 10 * 128 + 10, 0], summary.Rows.Select(row => row.Parameters));
        Assert.Equal(101_770, summary.Total.Parameters); // SimpleNet of the lecture
        Assert.Equal([32, 10], summary.Total.OutputShape);
        Assert.Equal(32 * 128 * 4, summary.Rows[0].OutputBytes);
        Assert.Equal(2 * 32 * 784 * 128 + 32 * 128, summary.Rows[0].Flops); // a product and a bias
        Assert.Equal(101_770 * 4, summary.ParameterBytes);
    }

    [Fact]
    public void The_table_can_be_read()
    {
        var model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
        Assert.Equal("""
               module                   output  parameters     memory    FLOPs
            ------------------------------------------------------------------
            0  Linear(784 -> 128)       1x128      100,480      512 B  200.8 k
            1  ReLU()                   1x128            0      512 B      128
            2  Linear(128 -> 10)        1x10         1,290       40 B   2.57 k
            ------------------------------------------------------------------
               Sequential, input 1x784  1x10       101,770  1.039 KiB  203.5 k
            parameters in memory: 397.5 KiB
            """, model.Summary(1, 784).ToString());
    }

    [Fact]
    public void Looking_at_a_model_leaves_it_as_it_was()
    {
        var model = new Sequential(new Linear(3, 4, generator: new Generator(1)), new ReLU());
        model.Eval();
        model[0].Train();
        var before = Fingerprint.Of(model.Parameters());
        var weight = model.Parameters()[0];
        model.Summary(5, 3);
        Assert.Equal(before, Fingerprint.Of(model.Parameters()));
        Assert.Same(weight, model.Parameters()[0]);
        Assert.Same(Device.Cpu, weight.Device);
        Assert.Equal((true, false, false), (model[0].IsTraining, model[1].IsTraining, model.IsTraining));
    }

    [Fact]
    public void A_wrong_input_is_explained_and_the_model_survives_it()
    {
        var model = new Sequential(new Linear(3, 4));
        Assert.Contains("Linear(3 -> 4) got 5x2", Assert.Throws<ShapeException>(() => model.Summary(5, 2)).Message, StringComparison.Ordinal);
        Assert.Equal([5, 4], model.Forward(Tensor.Ones(5, 3)).Shape);
    }

    [Fact]
    public void A_network_larger_than_memory_is_laid_out_and_has_no_numbers()
    {
        var model = new Sequential(new Linear(30_000, 30_000, device: Device.Meta), new ReLU(), new Linear(30_000, 30_000, device: Device.Meta));
        Assert.Equal(2 * (30_000L * 30_000 + 30_000), model.Summary(64, 30_000).Total.Parameters);
        var error = Assert.Throws<InvalidOperationException>(() => model.Parameters()[0].ToArray());
        Assert.Equal("A tensor on the meta device has a shape and no numbers, so none can be read: make it on Device.Cpu, or look at its Shape.", error.Message);
    }

    [Fact]
    public void A_model_moves_to_another_device_with_its_numbers()
    {
        var model = new Sequential(new Linear(3, 4, generator: new Generator(1)), new Tanh());
        var x = Tensor.Uniform([5, 3], -1, 1, new Generator(2));
        var expected = model.Forward(x).ToDoubleArray();
        var weight = model.Parameters()[0];
        Assert.Same(model, model.To(Device.Reference));
        Assert.Same(Device.Reference, weight.Device);
        Near.Assert(expected, model.Forward(x.To(Device.Reference)).ToDoubleArray(), 1e-6, 1, "output");
        model.Forward(x.To(Device.Reference)).Sum().Backward();
        Assert.NotNull(weight.Grad);
    }
}
