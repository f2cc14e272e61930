namespace CourseKit.Tests;

/// <summary>The softmax of rows that a group of 128 threads shares, which the simulator plays.</summary>
public sealed class SoftmaxTests : IDisposable
{
    private readonly IlgpuDevice device = Simulator.Open(Tiles.Threads);

    public SoftmaxTests() => device.UsesGroups = true;

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(1, 32)]
    [InlineData(3, 127)]
    [InlineData(2, 128)]
    [InlineData(2, 300)]
    public void A_row_and_its_derivative_are_those_of_the_reference_device(int rows, int length)
    {
        foreach (var logarithm in new[] { false, true })
        {
            var (expected, found) = (Compute(Device.Reference), Compute(device));
            for (var i = 0; i < expected.Length; i++)
                Near.Assert(expected[i].ToDoubleArray(), found[i].ToDoubleArray(), 1e-6, Near.Largest(expected[i].ToDoubleArray()), $"result {i}");

            Tensor[] Compute(Device on)
            {
                var x = Tensor.Uniform([rows, length], -20, 20, new Generator(1), on);
                x.RequiresGrad = true;
                var y = logarithm ? x.LogSoftmax(1) : x.Softmax(1);
                (y + x * 2).Backward(Tensor.Uniform([rows, length], -1, 1, new Generator(2), on)); // the second gradient is added to the first
                return [y, x.Grad!];
            }
        }
    }

    [Fact]
    public void A_NaN_is_not_lost_wherever_it_stands_and_the_other_rows_stay_what_they_are()
    {
        foreach (var place in new[] { 0, 70, 130, 199 })
        {
            var numbers = new double[3 * 200];
            numbers[200 + place] = double.NaN;
            var y = Tensor.From(numbers, [3, 200], device).Softmax(1).ToArray();
            Assert.All(y[..200], value => Assert.Equal(1 / 200f, value, 1e-7f));
            Assert.All(y[200..400], value => Assert.Equal(float.NaN, value));
            Assert.All(y[400..], value => Assert.Equal(1 / 200f, value, 1e-7f));
        }
    }

    [Fact]
    public void Large_numbers_do_not_overflow_and_what_is_minus_infinity_has_no_share()
    {
        var numbers = new double[64];
        Array.Fill(numbers, double.NegativeInfinity);
        (numbers[3], numbers[40]) = (3e38, 3e38);
        var y = Tensor.From(numbers, [1, 64], device).Softmax(1).ToArray();
        Assert.Equal((0.5f, 0.5f), (y[3], y[40]));
        Assert.Equal(62, y.Count(value => value == 0));
    }

    [Fact]
    public void The_same_numbers_give_the_same_bits()
    {
        var x = Tensor.Uniform([2, 333], -5, 5, new Generator(1), device);
        Assert.Equal(x.Softmax(1).ToArray(), x.Softmax(1).ToArray());
    }
}
