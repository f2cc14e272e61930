namespace CourseKit.Tests;

/// <summary>Clipping where gradients are missing, were looked at, or are not ordinary numbers.</summary>
public class GradientClippingTests
{
    [Fact]
    public void A_gradient_that_was_looked_at_stays_what_it_was()
    {
        foreach (var device in Device.All)
        {
            var w = With(device, 3, 4);
            var seen = w.Grad!;
            Assert.Equal(5, GradientClipping.ByNorm([w], 1), 1e-6);
            Assert.Equal([3, 4], seen.ToDoubleArray());
            Near.Assert([0.6, 0.8], w.Grad!.ToDoubleArray(), 1e-6, 1, "clipped");
        }
    }

    [Fact]
    public void Clipping_does_not_count_as_looking()
    {
        // Else each step of training would leave a block of memory behind.
        var w = With(Device.Cpu, 3, 4);
        var before = w.GradUnseen;
        GradientClipping.ByNorm([w], 1);
        GradientClipping.ByValue([w], 0.1);
        Assert.Same(before, w.GradUnseen);
    }

    [Fact]
    public void Parameters_without_a_gradient_do_not_count()
    {
        Assert.Equal(0, GradientClipping.ByNorm([AllOptimizers.Leaf(Device.Cpu, 1)], 1));
        Assert.Equal(0, GradientClipping.ByNorm([], 1));
        var w = With(Device.Cpu, 3, 4);
        Assert.Equal(5, GradientClipping.ByNorm([AllOptimizers.Leaf(Device.Cpu, 100), w], 10), 1e-6);
        GradientClipping.ByValue([AllOptimizers.Leaf(Device.Cpu, 100)], 1);
    }

    [Fact]
    public void The_norm_of_gradients_whose_squares_leave_float32_is_right()
    {
        var exploding = With(Device.Cpu, 3e30, -4e30);
        Assert.Equal(5e30, GradientClipping.ByNorm([exploding], 1), 1e25);
        Near.Assert([0.6, -0.8], exploding.Grad!.ToDoubleArray(), 1e-6, 1, "exploding");
        var tiny = With(Device.Cpu, 3e-30, -4e-30);
        Assert.Equal(5e-30, GradientClipping.ByNorm([tiny], 1), 1e-35);
        var cubes = With(Device.Cpu, 3e-20, -4e-20);
        Assert.Equal(Math.Cbrt(27 + 64) * 1e-20, GradientClipping.ByNorm([cubes], 1, normType: 3), 1e-25);
        Assert.Equal(0, GradientClipping.ByNorm([With(Device.Cpu, 0, 0)], 1));
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_is_passed_on_or_is_an_error_as_asked()
    {
        foreach (var device in Device.All)
            foreach (var type in new[] { 1, 2, double.PositiveInfinity })
            {
                var w = With(device, 1, double.NaN, 2);
                Assert.Contains("NaN", Assert.Throws<ArithmeticException>(() => GradientClipping.ByNorm([w], 1, type, errorIfNonFinite: true)).Message, StringComparison.Ordinal);
                Assert.True(double.IsNaN(GradientClipping.ByNorm([w], 1, type)));
                Assert.All(w.Grad!.ToDoubleArray(), number => Assert.Equal(double.NaN, number));

                var infinite = With(device, 1, double.NegativeInfinity);
                Assert.Equal(double.PositiveInfinity, GradientClipping.ByNorm([infinite], 1, type));
                Assert.Equal([0, double.NaN], infinite.Grad!.ToDoubleArray());
            }
        var cut = With(Device.Cpu, 1, double.NaN, double.PositiveInfinity, -5);
        GradientClipping.ByValue([cut], 2);
        Assert.Equal([1, double.NaN, 2, -2], cut.Grad!.ToDoubleArray());
    }

    [Fact]
    public void Large_gradients_are_clipped_on_the_CPU_as_on_the_reference_device()
    {
        var (cpu, exact) = (Large(Device.Cpu), Large(Device.Reference));
        Assert.Equal(GradientClipping.ByNorm([exact], 3), GradientClipping.ByNorm([cpu], 3), 1e-4);
        GradientClipping.ByValue([exact], 0.015);
        GradientClipping.ByValue([cpu], 0.015);
        Near.Assert(exact.Grad!.ToDoubleArray(), cpu.Grad!.ToDoubleArray(), 1e-6, 0.01, "clipped");

        static Tensor Large(Device device)
        {
            var w = Tensor.Full([70_001], 0, device);
            w.RequiresGrad = true;
            w.Backward(Tensor.Normal([70_001], generator: new Generator(3), device: device));
            return w;
        }
    }

    private static Tensor With(Device device, params double[] gradient)
    {
        var w = AllOptimizers.Leaf(device, new double[gradient.Length]);
        w.Backward(Tensor.From(gradient, null, device));
        return w;
    }
}
