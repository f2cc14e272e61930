using System.Reflection;
using ILGPU;

namespace CourseKit.Tests;

/// <summary>What goes wrong with graphics processors and does not here.</summary>
public class GuardTests
{
    private static readonly Device Simulated = Device.Named("simulator");

    [Fact]
    public void The_simulator_is_nobody_s_choice_unless_it_is_named()
    {
        Assert.DoesNotContain(Device.All, device => device.Name == "simulator");
        Assert.NotEqual("simulator", Device.Best.Name);
        Assert.Same(GpuSupport.Found is [var first, ..] ? first : Device.Cpu, Device.Best);
        Assert.Same(Simulated, Device.Named("simulator"));
        Assert.Same(Device.Cpu, Device.Named("cpu"));
        Assert.Same(Device.Meta, Device.Named("meta"));
    }

    [Fact]
    public void A_device_that_is_not_there_is_explained()
    {
        var error = Assert.Throws<ArgumentException>(() => Device.Named("cuda:77"));
        Assert.Contains("no device named \"cuda:77\"", error.Message, StringComparison.Ordinal);
        if (GpuSupport.Found.Count == 0)
            Assert.Contains("CUDA: NVIDIA's driver", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernels_are_launched_in_one_dimension_whose_end_is_far()
        => Assert.All(KernelMethods.All.Values, kernel =>
        {
            var first = kernel.GetParameters()[0].ParameterType;
            Assert.True(first == typeof(Index1D) || KernelMethods.IsGrouped(kernel) && first != typeof(Index2D) && first != typeof(Index3D), kernel.Name);
        });

    [Fact]
    public void Nothing_to_compute_launches_nothing()
    {
        var nothing = Tensor.Full([0, 3], 0, Simulated);
        Assert.Empty((nothing * 2 + nothing).Exp().ToArray());
        Assert.Equal([0, 0, 0], nothing.Sum(0).ToArray());
        Assert.Equal([3, 3], nothing.MatMul(nothing, transposeLeft: true).Shape);
    }

    [Fact]
    public void An_index_out_of_range_is_refused_before_it_reaches_the_device()
    {
        var x = Tensor.Full([3, 2], 1, Simulated);
        Assert.Throws<ShapeException>(() => x.Rows(IntTensor.From([3])));
        Assert.Throws<ShapeException>(() => x.IndexSelect(1, IntTensor.From([-1])));
    }

    [Fact]
    public void Negative_numbers_are_sorted_where_they_belong()
        => Assert.Equal([1, 3, 0, 2], Tensor.From([0.5, -2, 3, -0.25], null, Simulated).ArgSort().ToArray());

    [Fact]
    public void The_same_sum_has_the_same_bits_every_time()
    {
        var x = Tensor.Normal([7, 1001], generator: new Generator(3), device: Simulated);
        var first = Results();
        for (var i = 0; i < 3; i++)
            Assert.Equal(first, Results());

        float[] Results() => [.. x.Sum(0).ToArray(), .. x.Sum(1).ToArray(), .. x.Softmax(1).ToArray(), .. x.MatMul(x, transposeRight: true).ToArray()];
    }

    [Fact]
    public void Long_sums_are_cut_into_parts_and_right()
    {
        foreach (var (shape, axis) in new (Shape, int)[] { ([1031], 0), ([3, 1031], 1), ([1031, 3], 0), ([2, 515, 2], 1) })
            Near.Assert(Sums(Device.Reference, shape, axis), Sums(Simulated, shape, axis), 1e-6, 1, $"sum over axis {axis} of {shape}");

        var images = Tensor.Normal([4, 3, 9, 11], 2, 3, new Generator(5), Device.Reference);
        Near.Assert(Normalized(Device.Reference), Normalized(Simulated), 3e-6, 1, "normalized");

        static double[] Sums(Device on, Shape shape, int axis) => Tensor.Normal(shape, generator: new Generator(4), device: Device.Reference).To(on).Sum(axis).ToDoubleArray();

        double[] Normalized(Device on)
        {
            var x = images.To(on).Clone();
            x.RequiresGrad = true;
            var y = new BatchNorm2d(3, device: on).Forward(x);
            y.Backward(images.To(on).Sin());
            return [.. y.ToDoubleArray(), .. x.Grad!.ToDoubleArray()];
        }
    }

    [Fact]
    public void Random_numbers_are_those_of_the_processor()
    {
        foreach (var skipped in new[] { 0, 1, 6 })
        {
            Assert.Equal(Uniform(Device.Cpu), Uniform(Simulated));
            Near.Assert(Normal(Device.Cpu), Normal(Simulated), 1e-6, 1, "normal numbers");

            float[] Uniform(Device device) => Tensor.Uniform([101], -1, 3, Advanced(), device).ToArray();

            double[] Normal(Device device) => Tensor.Normal([101], 1, 2, Advanced(), device).ToDoubleArray();

            Generator Advanced()
            {
                var generator = new Generator(11);
                for (var i = 0; i < skipped; i++)
                    generator.NextUInt32();
                return generator;
            }
        }
    }

    [Fact]
    public void A_kernel_of_one_s_own_runs_on_tensors()
    {
        var x = Tensor.Arange(20, Simulated);
        var y = Tensor.Full([20], 0, Simulated);
        GpuSupport.Launch(Cube, x.Count, x, y);
        Assert.Equal(x.Pow(3).ToArray(), y.ToArray());
        GpuSupport.Launch(Cube, 0, x, y);
    }

    [Fact]
    public void A_kernel_that_cannot_be_translated_is_refused_and_the_device_goes_on()
    {
        var (x, y) = (Tensor.Arange(5, Simulated), Tensor.Full([5], 0, Simulated));
        var error = Assert.Throws<ArgumentException>(() => GpuSupport.Launch(Throwing, 5, x, y));
        Assert.Contains("kernel Throwing cannot be translated", error.Message, StringComparison.Ordinal);
        GpuSupport.Launch(Halve, x.Count, x, y); // a kernel that was not loaded before
        Assert.Equal([0, 0.5f, 1, 1.5f, 2], y.ToArray());
        Assert.Equal([0, 0.5f, 1, 1.5f, 2], (x - x / 2).ToArray());
    }

    [Fact]
    public void A_kernel_on_the_processor_s_tensors_is_told_where_it_runs()
    {
        var x = Tensor.Full([2], 1, Device.Cpu);
        Assert.Contains("x.To(Device.Best)", Assert.Throws<ArgumentException>(() => GpuSupport.Launch(Cube, 2, x, x)).Message, StringComparison.Ordinal);
        Assert.Contains("one device", Assert.Throws<ArgumentException>(() => GpuSupport.Launch(Cube, 2, x.To(Simulated), x)).Message, StringComparison.Ordinal);
    }

    internal static void Cube(Index1D i, ArrayView<float> x, ArrayView<float> y) => y[i] = x[i] * x[i] * x[i];

    internal static void Halve(Index1D i, ArrayView<float> x, ArrayView<float> y) => y[i] = 0.5f * x[i];

    internal static void Throwing(Index1D i, ArrayView<float> x, ArrayView<float> y)
    {
        if (x[i] < 0)
            throw new InvalidOperationException("negative");
        y[i] = x[i];
    }
}
