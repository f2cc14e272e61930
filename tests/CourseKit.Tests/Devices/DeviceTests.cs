namespace CourseKit.Tests;

/// <summary>Choosing a device.</summary>
[Collection(ProcessWide.Name)]
public sealed class DeviceTests : IDisposable
{
    private readonly Device before = Device.Default;

    public void Dispose() => Device.Default = before;

    [Fact]
    public void What_is_made_without_naming_a_device_is_on_the_default_one()
    {
        Assert.Same(Device.Cpu, Tensor.Ones(2).Device);
        Device.Default = Device.Reference;
        var model = new Sequential(new Linear(2, 3), new Tanh());
        Assert.All(model.Parameters(), parameter => Assert.Same(Device.Reference, parameter.Device));
        Assert.Same(Device.Reference, Table.Read(new StringReader("a\n1\n")).Numbers("a").Device);
        Assert.Same(Device.Reference, Tensor.Normal([3]).Device);
        model.Forward(Tensor.Ones(4, 2)).Sum().Backward();
        Assert.Same(Device.Reference, model.Parameters()[0].Grad!.Device);
    }

    [Fact]
    public void The_reference_device_computes_in_double_precision()
    {
        Assert.Equal(1e-12, (Tensor.Scalar(1 + 1e-12, Device.Reference) - 1).Item(), tolerance: 1e-15);
        Assert.Equal((64, 32), (Device.Reference.Precision, Device.Cpu.Precision));
    }

    [Fact]
    public void Fewer_threads_than_one_are_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cpu.Threads = 0);

    [Fact]
    public void Devices_and_models_say_what_they_are_alike_in_every_culture()
    {
        Assert.Equal("cpu", Device.Cpu.ToString());
        Assert.Equal("reference", Device.Reference.ToString());
        var model = new Sequential(new Linear(784, 10), new ReLU());
        Assert.Equal("Sequential, 7,850 parameters\n  (0) Linear(784 -> 10)\n  (1) ReLU()", InCulture.Run(Cultures.German, model.ToString));
    }
}
