namespace CourseKit.Tests;

/// <summary>Products and convolutions by tiles, whose groups of 256 threads the simulator plays for sizes around one tile.</summary>
public sealed class TileTests : IDisposable
{
    private readonly IlgpuDevice device = Simulator.Open(Tiles.Threads);

    public TileTests() => device.UsesGroups = true;

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(65, 3, 18, false, false)]
    [InlineData(3, 66, 17, true, false)]
    [InlineData(20, 5, 33, false, true)]
    [InlineData(7, 9, 16, true, true)]
    public void A_product_is_that_of_the_reference_device(int m, int n, int k, bool transposeLeft, bool transposeRight)
        => Agree(on =>
        {
            var a = Numbers(transposeLeft ? [k, m] : [m, k], 1, on);
            var b = Numbers(transposeRight ? [n, k] : [k, n], 2, on);
            return [a.MatMul(b, transposeLeft, transposeRight)];
        });

    [Fact]
    public void A_batch_of_products_and_their_sum_are_those_of_the_reference_device()
        => Agree(on =>
        {
            var (a, b) = (Numbers([3, 5, 7], 1, on), Numbers([7, 4], 2, on));
            (a.RequiresGrad, b.RequiresGrad) = (true, true);
            var y = a.MatMul(b);
            y.Backward(Numbers([3, 5, 4], 3, on));
            return [y, a.Grad!, b.Grad!];
        });

    [Theory]
    [InlineData(2, 3, 4, 1, 6, 3, 1, 1, 1)]
    [InlineData(1, 4, 6, 2, 9, 3, 2, 0, 1)]
    [InlineData(2, 2, 3, 1, 7, 2, 1, 1, 2)]
    [InlineData(1, 1, 2, 1, 36, 2, 1, 0, 1)] // its places are in two parts
    public void A_convolution_and_its_derivatives_are_those_of_the_reference_device(int batch, int inputs, int outputs, int groups, int size, int kernel, int stride, int padding, int dilation)
        => Agree(on =>
        {
            var x = Numbers([batch, inputs, size, size], 1, on);
            var weight = Numbers([outputs, inputs / groups, kernel, kernel], 2, on);
            (x.RequiresGrad, weight.RequiresGrad) = (true, true);
            var y = x.Conv2d(weight, null, stride, (padding, padding), dilation, groups);
            y.Backward(Numbers(y.Shape.AsSpan().ToArray(), 3, on));
            return [y, x.Grad!, weight.Grad!];
        });

    private static Tensor Numbers(int[] shape, ulong seed, Device on) => Tensor.Uniform(Shape.Create(shape), -1, 1, new Generator(seed), on);

    private void Agree(Func<Device, Tensor[]> compute)
    {
        var (expected, found) = (compute(Device.Reference), compute(device));
        for (var i = 0; i < expected.Length; i++)
            Near.Assert(expected[i].ToDoubleArray(), found[i].ToDoubleArray(), 3e-6, Near.Largest(expected[i].ToDoubleArray()), $"result {i}");
    }
}
