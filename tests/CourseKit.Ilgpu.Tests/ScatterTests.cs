namespace CourseKit.Tests;

/// <summary>Numbers added by index: each to a place of its own, or several to one in their order.</summary>
public sealed class ScatterTests : IDisposable
{
    private readonly IlgpuDevice device = Simulator.Open();

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(new[] { 0, 3, 64, 99 }, "in rising order")]
    [InlineData(new[] { 64, 0, 99, 1, 65, 63 }, "each once, in any order")]
    [InlineData(new[] { 5, 5 }, "one twice")]
    [InlineData(new[] { 64, 0, 64, 1, 0, 64 }, "some again")]
    public void Rows_get_what_is_added_to_them(int[] rows, string which)
    {
        foreach (var width in new[] { 1, 3 })
        {
            var (expected, found) = (Added(Device.Reference), Added(device));
            Near.Assert(expected, found, 1e-6, 1, which);

            double[] Added(Device on)
            {
                var x = Tensor.Uniform([100, width], -1, 1, new Generator(1), on);
                x.RequiresGrad = true;
                var picked = x.Rows(IntTensor.From(rows));
                (picked + picked * picked).Sum().Backward();
                x.Rows(IntTensor.From(rows)).Backward(Tensor.Uniform([rows.Length, width], -1, 1, new Generator(2), on)); // added to the first
                return x.Grad!.ToDoubleArray();
            }
        }
    }

    [Fact]
    public void More_numbers_than_places_come_together()
    {
        var x = Tensor.Full([2, 1], 0, device);
        x.RequiresGrad = true;
        x.Rows(IntTensor.From([1, 0, 1])).Backward(Tensor.From([1.0, 2, 3], [3, 1], device));
        Assert.Equal([2, 4], x.Grad!.ToArray());
    }
}
