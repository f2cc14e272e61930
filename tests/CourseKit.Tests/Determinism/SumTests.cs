namespace CourseKit.Tests;

/// <summary>A sum of many float32 numbers does not drift: what is added up in float32 stops growing at 2^24.</summary>
public class SumTests
{
    private const int Many = 10_000_000;

    [Fact]
    public void The_sum_and_the_mean_of_ten_million_numbers_do_not_drift()
    {
        using var scope = new TensorScope();
        var tenths = Tensor.Full([Many], 0.1, Device.Cpu);
        Assert.Equal((float)(Many * (double)0.1f), (float)tenths.Sum().Item());
        Assert.Equal(0.1f, (float)tenths.Mean().Item());
    }

    [Fact]
    public void Sums_along_an_axis_do_not_drift()
    {
        using var scope = new TensorScope();
        var tenths = Tensor.Full([Many / 2, 2], 0.1, Device.Cpu);
        Assert.All(tenths.Sum(0).ToArray(), sum => Assert.Equal((float)(Many / 2 * (double)0.1f), sum));
        Assert.All(tenths.Reshape(2, -1).Sum(1).ToArray(), sum => Assert.Equal((float)(Many / 2 * (double)0.1f), sum));
    }

    [Fact]
    public void Small_numbers_after_a_large_one_are_not_lost()
    {
        using var scope = new TensorScope();
        var numbers = new float[Many];
        Array.Fill(numbers, 1);
        numbers[0] = 1 << 24;
        Assert.Equal((1 << 24) + Many - 1, Tensor.From(numbers, null, Device.Cpu).Sum().Item(), tolerance: 1);
    }

    [Fact]
    public void The_gradient_of_a_bias_added_to_a_long_batch_does_not_drift()
    {
        using var scope = new TensorScope();
        var bias = Tensor.Full([1], 0, Device.Cpu);
        bias.RequiresGrad = true;
        ((Tensor.Full([Many / 2, 1], 1, Device.Cpu) + bias) * 0.1).Sum().Backward();
        Assert.Equal((float)(Many / 2 * (double)0.1f), (float)bias.Grad!.Item());
    }
}
