using MathNet.Numerics;

namespace CourseKit.Tests;

/// <summary>Activation functions at their kinks, far out, and against PyTorch there; and the special functions they are made of.</summary>
public class ActivationTests
{
    /// <summary>Every activation function of one number.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["Sigmoid"] = x => x.Sigmoid(),
        ["Tanh"] = x => x.Tanh(),
        ["Relu"] = x => x.Relu(),
        ["LeakyRelu"] = x => x.LeakyRelu(),
        ["PRelu"] = x => x.PRelu(Tensor.Full([1], 0.25, x.Device)),
        ["Softplus"] = x => x.Softplus(),
        ["Softplus 0.1"] = x => x.Softplus(0.1, double.PositiveInfinity),
        ["Gelu"] = x => x.Gelu(),
        ["Gelu by tanh"] = x => x.Gelu(tanhApproximation: true),
        ["Silu"] = x => x.Silu(),
        ["Swish 1.4"] = x => x.Swish(1.4),
        ["Swish of a tensor"] = x => x.Swish(Tensor.Full([1], 0.4, x.Device)),
        ["Elu"] = x => x.Elu(),
        ["Selu"] = x => x.Selu(),
        ["Erf"] = x => x.Erf(),
        ["Softmax"] = x => x.Reshape(1, -1).Softmax(),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    public static TheoryData<string, string> ReferenceCases => [.. ReferenceValues.Activations.Keys.SelectMany(_ => Device.All, (name, device) => (name, device.Name))];

    [Theory]
    [MemberData(nameof(ReferenceCases))]
    public void Far_out_and_at_their_kinks_values_and_gradients_are_those_of_PyTorch(string name, string deviceName)
    {
        var reference = ReferenceValues.Activations[name];
        var device = Device.All.Single(candidate => candidate.Name == deviceName);
        var tolerance = device.Precision == 64 ? 1e-13 : 2e-6;
        var inputs = reference.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input => input.Value.On(device, requiresGrad: true)).ToArray();
        var output = OperationCatalog.Find(name).Function(inputs);
        Assert.Equal(reference.Output.Shape, output.Shape.AsSpan().ToArray());
        Near.Assert(reference.Output.Values, output.ToDoubleArray(), tolerance, 1, "value");
        output.Backward(reference.Upstream.On(device));
        for (var i = 0; i < inputs.Length; i++)
            Near.Assert(reference.Gradients[$"x{i}"].Values, inputs[i].Grad!.ToDoubleArray(), tolerance, 1, $"gradient of input {i}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void However_far_out_nothing_overflows_and_nothing_becomes_NaN(string name)
    {
        foreach (var device in Device.All)
        {
            var far = device.Precision == 64 ? 1e300 : 1e38;
            var x = Tensor.From([-far, -1e20, -1000, -104, -89, -1e-40, 0, 1e-40, 89, 104, 1000, 1e20, far], null, device);
            x.RequiresGrad = true;
            var y = Functions[name](x);
            Assert.All(y.ToDoubleArray(), value => Assert.True(double.IsFinite(value), $"{name} on {device}"));
            y.Backward(Tensor.Full(y.Shape, 1, device));
            Assert.All(x.Grad!.ToDoubleArray(), slope => Assert.InRange(slope, -1.2, 1.8));
        }
    }

    [Theory]
    [InlineData("Softplus", 0)]
    [InlineData("Gelu", 0)]
    [InlineData("Gelu by tanh", 0)]
    [InlineData("Silu", 0)]
    [InlineData("Swish 1.4", 0)]
    [InlineData("Elu", -1)]
    [InlineData("Selu", -1.7580993408473766)]
    [InlineData("Relu", 0)]
    public void At_minus_infinity_the_limit_is_taken_and_at_plus_infinity_the_value_is_infinite(string name, double limit)
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.From([double.NegativeInfinity, double.PositiveInfinity], null, device);
            x.RequiresGrad = true;
            var y = Functions[name](x);
            Near.Assert([limit], [y[0]], 1e-6, 1, $"{name} on {device}");
            Assert.True(y[1] > 1e38, $"{name}({x[1]}) is {y[1]} on {device}");
            y.Sum().Backward();
            Near.Assert([0, name == "Selu" ? SELU.Lambda : 1], x.Grad!.ToDoubleArray(), 1e-6, 1, $"slope of {name} on {device}");
        }
    }

    [Theory]
    [InlineData("Relu", 0)]
    [InlineData("LeakyRelu", 0.01)]
    [InlineData("PRelu", 0.25)]
    [InlineData("Elu", 1)]
    [InlineData("Selu", 1.7580993408473766)]
    public void The_slope_at_a_kink_is_that_of_the_negative_side(string name, double slope)
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.Scalar(0, device);
            x.RequiresGrad = true;
            Functions[name](x).Sum().Backward();
            Assert.Equal(slope, x.Grad!.Item(), tolerance: 1e-6);
        }
    }

    [Fact]
    public void Mean_0_and_variance_1_are_a_fixed_point_of_SELU()
    {
        // The integral over the standard normal distribution, by the midpoint rule on -12 to 12.
        const int Steps = 200_000;
        var x = Tensor.Linspace(-12 + 12.0 / Steps, 12 - 12.0 / Steps, Steps, Device.Reference);
        var weights = (-0.5 * x.Square()).Exp() * (24.0 / Steps / Math.Sqrt(2 * Math.PI));
        var y = x.Selu();
        Assert.Equal(0, (y * weights).Sum().Item(), tolerance: 1e-9);
        Assert.Equal(1, (y.Square() * weights).Sum().Item(), tolerance: 1e-9);
    }

    [Fact]
    public void The_approximation_of_GELU_stays_within_5e_4()
    {
        var x = Tensor.Linspace(-8, 8, 20_001, Device.Reference);
        Assert.InRange((x.Gelu() - x.Gelu(tanhApproximation: true)).Abs().Max(0).Item(), 1e-4, 5e-4);
    }

    [Fact]
    public void Swish_is_SiLU_at_1_half_of_x_at_0_and_nearly_ReLU_for_a_large_beta()
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.From([-3.0, -0.5, 0, 0.25, 4], null, device);
            Assert.Equal(x.Silu().ToDoubleArray(), x.Swish().ToDoubleArray());
            Assert.Equal((x / 2).ToDoubleArray(), x.Swish(0).ToDoubleArray());
            Near.Assert(x.Relu().ToDoubleArray(), x.Swish(1000).ToDoubleArray(), 1e-12, 1, "Swish 1000");
        }
    }

    [Fact]
    public void Softmax_along_any_axis_is_softmax_along_the_last_after_a_transpose()
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.Uniform([37, 21], -5, 5, new Generator(3), device);
            var tolerance = device.Precision == 64 ? 1e-15 : 2e-7;
            Near.Assert(x.Transpose().Softmax().Transpose().ToDoubleArray(), x.Softmax(0).ToDoubleArray(), tolerance, 1e-3, "Softmax");
            Near.Assert(x.Transpose().LogSoftmax().Transpose().ToDoubleArray(), x.LogSoftmax(0).ToDoubleArray(), tolerance, 1, "LogSoftmax");
        }
    }

    [Fact]
    public void A_score_of_minus_infinity_has_the_probability_0_along_any_axis()
    {
        foreach (var device in Device.All)
        {
            var x = Tensor.From([1.0, double.NegativeInfinity, double.NegativeInfinity, 1, 1, 1], [2, 3], device);
            Assert.Equal([0.5, 0, 0, 0.5, 1, 1], x.Softmax(0).ToDoubleArray());
            Assert.Equal([1, 0, 0], x.Softmax().ToDoubleArray().Take(3));
        }
    }

    [Fact]
    public void Modules_say_what_they_are_alike_in_every_culture()
    {
        Module[] modules = [new Identity(), new Step(), new LeakyReLU(), new PReLU(3), new Softplus(0.5), new GELU(), new GELU(true), new SiLU(), new Swish(1.4), new Swish(0.5, learned: true), new ELU(0.5), new SELU(), new Softmax(), new Softmax(1), new LogSoftmax()];
        Assert.Equal(
            ["Identity()", "Step()", "LeakyReLU(0.01)", "PReLU(3)", "Softplus(beta 0.5)", "GELU()", "GELU(tanh)", "SiLU()", "Swish(beta 1.4)", "Swish(beta 0.5, learned)", "ELU(0.5)", "SELU()", "Softmax()", "Softmax(axis 1)", "LogSoftmax()"],
            InCulture.Run(Cultures.German, () => modules.Select(module => module.ToString()!).ToArray()));
    }

    [Fact]
    public void A_learned_slope_starts_where_it_is_told_and_is_named_as_in_PyTorch()
    {
        var (name, slopes) = new PReLU(4).NamedParameters().Single();
        Assert.Equal("weight", name);
        Assert.Equal([0.25, 0.25, 0.25, 0.25], slopes.ToDoubleArray());
        Assert.Empty(new Swish(2).NamedParameters());
        Assert.Equal("beta", new Swish(2, learned: true).NamedParameters().Single().Name);
    }

    [Fact]
    public void The_special_functions_agree_with_MathNet()
    {
        for (var x = -6.0; x <= 26; x += 0.0137)
        {
            Near.Assert([MathNet.Numerics.SpecialFunctions.Erf(x)], [CourseKit.SpecialFunctions.Erf(x)], 4e-16, 1e-300, $"erf({x})");
            Near.Assert([MathNet.Numerics.SpecialFunctions.Erfc(x)], [CourseKit.SpecialFunctions.Erfc(x)], 1e-13, 1e-300, $"erfc({x})");
        }
        for (var x = 0.0; x <= 700; x = 1.01 * x + 0.003)
        {
            var (scaled, ratio) = CourseKit.SpecialFunctions.Bessel(x);
            Near.Assert([MathNet.Numerics.SpecialFunctions.BesselIScaled(0, x)], [scaled], 1e-14, 1e-300, $"e^-x I0 at {x}");
            Near.Assert([MathNet.Numerics.SpecialFunctions.BesselIScaled(1, x) / MathNet.Numerics.SpecialFunctions.BesselIScaled(0, x)], [ratio], 1e-14, 1e-300, $"I1 / I0 at {x}");
        }
        for (var x = 1e-6; x <= 1e6; x = 1.01 * x + 1e-4)
        {
            Near.Assert([MathNet.Numerics.SpecialFunctions.GammaLn(x)], [CourseKit.SpecialFunctions.LogGamma(x)], 1e-13, 1, $"ln Gamma at {x}");
            Near.Assert([MathNet.Numerics.SpecialFunctions.DiGamma(x)], [CourseKit.SpecialFunctions.Digamma(x)], 1e-12, 1, $"digamma at {x}");
        }
    }

    // Gamma(1) = Gamma(2) = 1, Gamma(1/2) is the square root of pi, Gamma(n) = (n - 1)!; digamma(1) is minus Euler's constant.
    [Fact]
    public void The_gamma_function_has_its_known_values_on_every_device()
    {
        foreach (var device in Device.All)
        {
            var values = Tensor.From([1.0, 2, 0.5, 5, 11], null, device);
            Near.Assert([0, 0, 0.5 * Math.Log(Math.PI), Math.Log(24), Math.Log(3628800)], values.LogGamma().ToDoubleArray(), 1e-6, 1e-7, "ln Gamma");
            var one = Tensor.From([1.0], null, device);
            one.RequiresGrad = true;
            one.LogGamma().Sum().Backward();
            Assert.Equal(-0.5772156649, one.Grad![0], tolerance: 1e-7);
            Assert.All(Tensor.From([0.0, -1.5, double.NaN], null, device).LogGamma().ToDoubleArray(), value => Assert.Equal(double.NaN, value));
        }
    }

    // Computed with 40 digits: the error function, what it lacks to 1, and the normal distribution's probability of less than -x.
    [Theory]
    [InlineData(-3.5, -0.99999925690162766, 1.9999992569016277, 0.99976737092096447)]
    [InlineData(-1.25, -0.92290012825645823, 1.9229001282564582, 0.89435022633314474)]
    [InlineData(0.25, 0.27632639016823693, 0.72367360983176307, 0.40129367431707628)]
    [InlineData(0.75, 0.71115563365351513, 0.28884436634648487, 0.2266273523768682)]
    [InlineData(1, 0.84270079294971487, 0.15729920705028513, 0.15865525393145705)]
    [InlineData(3, 0.99997790950300141, 2.2090496998585441e-5, 0.0013498980316300945)]
    [InlineData(10, 1, 2.0884875837625448e-45, 7.6198530241605261e-24)]
    [InlineData(26, 1, 5.6631924088561428e-296, 2.4760633155033893e-149)]
    public void The_error_function_is_right_to_the_last_digits_also_far_out(double x, double erf, double erfc, double normal)
    {
        Near.Assert([erf, erfc, normal], [CourseKit.SpecialFunctions.Erf(x), CourseKit.SpecialFunctions.Erfc(x), CourseKit.SpecialFunctions.NormalProbability(-x)], 6e-16, 0, $"at {x}");
        Assert.Equal(double.NaN, CourseKit.SpecialFunctions.Erf(double.NaN));
        Assert.Equal((0, 2), (CourseKit.SpecialFunctions.Erfc(double.PositiveInfinity), CourseKit.SpecialFunctions.Erfc(double.NegativeInfinity)));
    }

    [Fact]
    public void Differences_that_the_plain_formula_would_round_away_are_kept()
    {
        foreach (var x in new[] { 1e-300, 1e-20, 3e-10, 1e-5, 0.3 })
        {
            // ln(1 + x) = x - x^2/2 + x^3/3 - ..., e^x - 1 = x + x^2/2 + x^3/6 + ...
            double log = 0, exp = 0, power = 1, factorial = 1;
            for (var k = 1; k < 60; k++)
            {
                (power, factorial) = (power * x, factorial * k);
                log += (k % 2 == 1 ? power : -power) / k;
                exp += power / factorial;
            }
            Near.Assert([log], [CourseKit.SpecialFunctions.LogOnePlus(x)], 4e-16, 0, $"ln(1 + {x})");
            Near.Assert([exp], [CourseKit.SpecialFunctions.ExpMinusOne(x)], 4e-16, 0, $"e^{x} - 1");
        }
        Assert.Equal(double.PositiveInfinity, CourseKit.SpecialFunctions.LogOnePlus(double.PositiveInfinity));
        Assert.Equal(-1, CourseKit.SpecialFunctions.ExpMinusOne(double.NegativeInfinity));
        Assert.Equal(-1, CourseKit.SpecialFunctions.ExpMinusOne(-50));
    }
}
