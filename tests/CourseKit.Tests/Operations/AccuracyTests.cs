namespace CourseKit.Tests;

/// <summary>How close single precision comes, measured in units in the last place (ulp), and what happens where a function has no ordinary value.</summary>
public class AccuracyTests
{
    [Theory]
    [InlineData(-87, 88, "Exp", 1)]
    [InlineData(-1, 1, "Exp", 1)]
    [InlineData(1e-6, 4, "Log", 1)]
    [InlineData(1, 1e6, "Log", 1)]
    [InlineData(-20, 20, "Sigmoid", 3)]
    [InlineData(-10, 10, "Tanh", 2)]
    [InlineData(-10, 10, "Sin", 1)]
    [InlineData(-1e6, 1e6, "Cos", 1)]
    [InlineData(2e9, 3e9, "Sin", 1)]
    [InlineData(-6, 6, "Erf", 2)]
    [InlineData(-0.001, 0.001, "Erf", 1)]
    [InlineData(-30, 0, "Elu", 1)]
    [InlineData(-0.01, 0, "Elu", 1)]
    [InlineData(-12, 12, "Gelu", 5)]
    [InlineData(-80, 80, "Softplus", 3)]
    [InlineData(-80, 80, "Silu", 4)]
    public void A_function_on_the_CPU_is_right_to_the_last_digit(double low, double high, string function, double units)
    {
        var (single, exact) = function switch
        {
            "Exp" => ((Func<Tensor, Tensor>)(x => x.Exp()), (Func<double, double>)Math.Exp),
            "Log" => (x => x.Log(), Math.Log),
            "Sin" => (x => x.Sin(), Math.Sin),
            "Cos" => (x => x.Cos(), Math.Cos),
            "Erf" => (x => x.Erf(), MathNet.Numerics.SpecialFunctions.Erf),
            "Elu" => (x => x.Elu(), x => Math.Abs(x) < 1e-3 ? x + x * x / 2 + x * x * x / 6 : Math.Exp(x) - 1),
            "Gelu" => (x => x.Gelu(), x => x / 2 * MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2))),
            "Softplus" => (x => x.Softplus(), x => x > 20 ? x : x < -20 ? Math.Exp(x) - Math.Exp(2 * x) / 2 : Math.Log(1 + Math.Exp(x))),
            "Silu" => (x => x.Silu(), x => x / (1 + Math.Exp(-x))),
            "Sigmoid" => (x => x.Sigmoid(), x => 1 / (1 + Math.Exp(-x))),
            _ => (x => x.Tanh(), Math.Tanh),
        };
        var points = Tensor.Linspace(low, high, 200_003, Device.Cpu);
        var x = points.ToArray();
        var y = single(points).ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            var expected = exact(x[i]);
            var unit = MathF.BitIncrement((float)Math.Abs(expected)) - (float)Math.Abs(expected);
            if (!(Math.Abs(y[i] - expected) <= units * unit))
                Assert.Fail(FormattableString.Invariant($"{function}({x[i]:R}) is {y[i]:R}, and {expected:R} was expected."));
        }
    }

    [Fact]
    public void Where_a_result_is_exact_it_is_exact_on_every_device()
    {
        foreach (var device in Device.All)
        {
            Assert.Equal(1, Tensor.Scalar(0, device).Exp().Item());
            Assert.Equal(0, Tensor.Scalar(1, device).Log().Item());
            Assert.Equal(0.5, Tensor.Scalar(0, device).Sigmoid().Item());
            Assert.Equal(0, Tensor.Scalar(0, device).Tanh().Item());
            Assert.Equal([0.25, 0.25, 0.25, 0.25], Tensor.From([7.0, 7, 7, 7], null, device).Softmax().ToDoubleArray());
            Assert.Equal(0, new CrossEntropyLoss().Forward(Tensor.From([0.0, 200], [1, 2], device), IntTensor.From([1])).Item());
        }
    }

    [Fact]
    public void A_whole_number_divided_by_itself_is_one()
    {
        foreach (var device in Device.All)
            for (var number = 1; number <= 200; number++)
                Assert.Equal(1, (Tensor.Scalar(number, device) / number).Item());
    }

    [Fact]
    public void Functions_without_an_ordinary_value_give_what_IEEE_754_gives()
    {
        foreach (var device in Device.All)
        {
            Tensor X() => Tensor.From([double.NegativeInfinity, -1, 0, double.PositiveInfinity, double.NaN], null, device);
            Assert.Equal([double.NaN, double.NaN, double.NegativeInfinity, double.PositiveInfinity, double.NaN], X().Log().ToDoubleArray());
            Assert.Equal([double.NaN, double.NaN, 0, double.PositiveInfinity, double.NaN], X().Sqrt().ToDoubleArray());
            Assert.Equal([0, 1, 1, double.PositiveInfinity, double.NaN], (X() + Tensor.From([0.0, 1, 0, 0, 0], null, device)).Exp().ToDoubleArray());
            Assert.Equal([0, 0, 0, double.PositiveInfinity, double.NaN], X().Relu().ToDoubleArray());
            Assert.Equal([0, 0, 1, 1, double.NaN], X().Step().ToDoubleArray());
            Assert.Equal([double.NaN, 0, double.NaN, double.NaN], Without(1, X().Sin()));
            Assert.Equal([double.NaN, 1, double.NaN, double.NaN], Without(1, X().Cos()));
            Assert.Equal([-0.5, -0.5, 0, 2, double.NaN], X().Clamp(-0.5, 2).ToDoubleArray());
            Assert.Equal([0, 0.5, 1, double.NaN], Without(1, X().Sigmoid()));
            Assert.Equal([-1, 0, 1, double.NaN], Without(1, X().Tanh()));
        }

        static double[] Without(int index, Tensor tensor) => [.. tensor.ToDoubleArray().Where((_, i) => i != index)];
    }

    [Fact]
    public void The_derivative_at_a_kink_is_0_as_in_PyTorch()
    {
        foreach (var device in Device.All)
        {
            Assert.Equal(0, GradientAtZero(x => x.Relu()));
            Assert.Equal(0, GradientAtZero(x => x.Abs()));
            Assert.Equal(0, GradientAtZero(x => x.Step()));
            Assert.Equal(0, GradientAtZero(x => x.Pow(0)));

            double GradientAtZero(Func<Tensor, Tensor> function)
            {
                var x = Tensor.Scalar(0, device);
                x.RequiresGrad = true;
                function(x).Backward();
                return x.Grad!.Item();
            }
        }
    }

    [Fact]
    public void Of_several_largest_numbers_the_first_gets_the_gradient()
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.From([1.0, 3, 3, 2], [1, 4], device);
            x.RequiresGrad = true;
            x.Max(-1).Sum().Backward();
            Assert.Equal([0, 1, 0, 0], x.Grad!.ToDoubleArray());
            Assert.Equal([1], x.ArgMax(-1).ToArray());
        }
    }
}
