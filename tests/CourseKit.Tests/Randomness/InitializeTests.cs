using System.Text.Json;

namespace CourseKit.Tests;

/// <summary>First weights: bounds, moments, fans of convolutions, orthogonality, and the same numbers for the same seed.</summary>
public class InitializeTests
{
    private static readonly Dictionary<string, Dictionary<string, JsonElement>> Reference = ReferenceValues.Read<Dictionary<string, JsonElement>>("initializers.json");

    /// <summary>Initializers with the standard deviation they promise for weights of so many inputs and outputs, and the bound, where they have one.</summary>
    private static readonly Dictionary<string, (Action<Tensor, Generator> Draw, Func<int, int, double> Deviation, bool Uniform)> Initializers = new()
    {
        ["XavierUniform"] = ((w, g) => Initialize.XavierUniform(w, g), (i, o) => Math.Sqrt(2.0 / (i + o)), true),
        ["XavierUniform for tanh"] = ((w, g) => Initialize.XavierUniform(w, g, Initialize.Gain(Nonlinearity.Tanh)), (i, o) => 5.0 / 3 * Math.Sqrt(2.0 / (i + o)), true),
        ["XavierNormal"] = ((w, g) => Initialize.XavierNormal(w, g), (i, o) => Math.Sqrt(2.0 / (i + o)), false),
        ["KaimingUniform"] = ((w, g) => Initialize.KaimingUniform(w, g), (i, _) => Math.Sqrt(2.0 / i), true),
        ["KaimingUniform by outputs, leaky"] = ((w, g) => Initialize.KaimingUniform(w, g, FanMode.FanOut, Nonlinearity.LeakyReLU, 0.5), (_, o) => Math.Sqrt(2 / 1.25 / o), true),
        ["KaimingNormal"] = ((w, g) => Initialize.KaimingNormal(w, g), (i, _) => Math.Sqrt(2.0 / i), false),
        ["KaimingNormal by outputs, linear"] = ((w, g) => Initialize.KaimingNormal(w, g, FanMode.FanOut, Nonlinearity.Linear), (_, o) => Math.Sqrt(1.0 / o), false),
        ["LeCunUniform"] = ((w, g) => Initialize.LeCunUniform(w, g), (i, _) => Math.Sqrt(1.0 / i), true),
        ["LeCunNormal"] = ((w, g) => Initialize.LeCunNormal(w, g), (i, _) => Math.Sqrt(1.0 / i), false),
    };

    public static TheoryData<string> Names => [.. Initializers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_have_the_variance_promised_and_their_distributions_shape(string name)
    {
        var (draw, deviationOf, uniform) = Initializers[name];
        foreach (var (shape, inputs, outputs) in new[] { (Shape.Create(200, 500), 500, 200), (Shape.Create(100, 40, 5, 5), 40 * 25, 100 * 25), (Shape.Create(250, 80, 5), 400, 1250) })
        {
            var weight = Tensor.Zeros(shape.AsSpan());
            draw(weight, new Generator(3));
            var numbers = weight.ToDoubleArray();
            var deviation = deviationOf(inputs, outputs);
            Assert.Equal(0, numbers.Average() / deviation, 0.015); // 100,000 numbers: 4.7 standard errors
            Assert.Equal(1, numbers.Sum(number => number * number) / numbers.Length / (deviation * deviation), 0.025);
            // The fourth moment tells a uniform distribution, 9/5, from a normal one, 3.
            Assert.Equal(uniform ? 1.8 : 3, numbers.Sum(number => Math.Pow(number / deviation, 4)) / numbers.Length, 0.15);
            if (uniform)
                Assert.InRange(Near.Largest(numbers) / (Math.Sqrt(3) * deviation), 0.999, 1 + 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_draws_the_same_weights(string name)
    {
        Assert.Equal(Drawn(4, Device.Cpu), Drawn(4, Device.Cpu));
        Assert.NotEqual(Drawn(4, Device.Cpu), Drawn(5, Device.Cpu));
        Near.Assert([.. Drawn(4, Device.Reference).Select(number => (double)number)], [.. Drawn(4, Device.Cpu).Select(number => (double)number)], 1e-6, 1, name);

        float[] Drawn(ulong seed, Device device)
        {
            var weight = Tensor.Full([7, 5, 3], 0, device);
            Initializers[name].Draw(weight, new Generator(seed));
            return weight.ToArray();
        }
    }

    [Fact]
    public void Inputs_and_outputs_are_counted_as_in_PyTorch()
    {
        foreach (var (name, fans) in Reference["fans"])
        {
            var shape = Shape.Create([.. name.Split('x').Select(int.Parse)]);
            // An even distribution's bound tells what it was divided by: sqrt(3 / inputs) and sqrt(3 / outputs).
            Assert.Equal(fans[0].GetInt32(), CountedBy(FanMode.FanIn), 0.02 * fans[0].GetInt32());
            Assert.Equal(fans[1].GetInt32(), CountedBy(FanMode.FanOut), 0.02 * fans[1].GetInt32());

            double CountedBy(FanMode mode)
            {
                var largest = 0.0;
                var generator = new Generator(1);
                for (var drawn = 0; drawn < 5000; drawn += shape.ElementCount)
                {
                    var weight = Tensor.Full(shape, 0, Device.Reference);
                    Initialize.KaimingUniform(weight, generator, mode, Nonlinearity.Linear);
                    largest = Math.Max(largest, Near.Largest(weight.ToDoubleArray()));
                }
                return 3 / (largest * largest);
            }
        }
    }

    [Fact]
    public void Gains_are_those_of_PyTorch()
    {
        var gains = Reference["gains"];
        foreach (var nonlinearity in Enum.GetValues<Nonlinearity>())
        {
            var name = nonlinearity switch { Nonlinearity.LeakyReLU => "leaky_relu", var other => other.ToString().ToLowerInvariant() };
            Assert.Equal(gains[name].GetDouble(), Initialize.Gain(nonlinearity), 1e-15);
        }
        Assert.Equal(gains["leaky_relu of 0.25"].GetDouble(), Initialize.Gain(Nonlinearity.LeakyReLU, 0.25), 1e-15);
    }

    [Fact]
    public void Orthogonal_weights_have_orthonormal_rows_or_columns()
    {
        foreach (var shape in new Shape[] { [8, 8], [20, 7], [7, 20], [6, 3, 2, 2], [1, 5], [5, 1], [1, 1] })
        {
            var weight = Tensor.Full(shape, 0, Device.Reference);
            Initialize.Orthogonal(weight, new Generator(2), gain: 3);
            var q = weight.Reshape(shape[0], -1) / 3;
            var (rows, columns) = (q.Shape[0], q.Shape[1]);
            var product = rows < columns ? q.MatMul(q, transposeRight: true) : q.MatMul(q, transposeLeft: true);
            var identity = Enumerable.Range(0, product.Count).Select(i => i % product.Shape[0] == i / product.Shape[0] ? 1.0 : 0).ToArray();
            Near.Assert(identity, product.ToDoubleArray(), 1e-14, 1, $"orthogonal {shape}");
        }
    }

    [Fact]
    public void Every_orthogonal_matrix_is_equally_likely()
    {
        // Of a Haar distributed 2 x 2 matrix each number is the cosine of an even angle: mean 0, mean square 1/2, fourth moment
        // 3/8, and both determinants half of the time. Without the correction of signs the first would be positive or negative always.
        var generator = new Generator(6);
        const int Draws = 20_000;
        double[] sum = new double[4], square = new double[4], fourth = new double[4];
        var reflections = 0;
        var weight = Tensor.Full([2, 2], 0, Device.Reference);
        for (var draw = 0; draw < Draws; draw++)
        {
            using var scope = new TensorScope();
            Initialize.Orthogonal(weight, generator);
            var q = weight.ToDoubleArray();
            if (q[0] * q[3] - q[1] * q[2] < 0)
                reflections++;
            for (var i = 0; i < 4; i++)
                (sum[i], square[i], fourth[i]) = (sum[i] + q[i], square[i] + q[i] * q[i], fourth[i] + Math.Pow(q[i], 4));
        }
        Assert.Equal(0.5, (double)reflections / Draws, 0.015);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(0, sum[i] / Draws, 0.02);
            Assert.Equal(0.5, square[i] / Draws, 0.01);
            Assert.Equal(0.375, fourth[i] / Draws, 0.01);
        }
    }

    [Fact]
    public void What_is_not_drawn_is_what_it_says()
    {
        var weight = Tensor.Zeros(2, 3);
        Initialize.Ones(weight);
        Assert.All(weight.ToArray(), number => Assert.Equal(1, number));
        Initialize.Zeros(weight);
        Assert.All(weight.ToArray(), number => Assert.Equal(0, number));
        Initialize.SmallPositive(weight);
        Assert.All(weight.ToArray(), number => Assert.Equal(0.01f, number));
        Initialize.Constant(weight, -4);
        Assert.All(weight.ToArray(), number => Assert.Equal(-4, number));
    }

    [Fact]
    public void Uniform_and_normal_weights_have_the_bounds_mean_and_deviation_asked_for()
    {
        var weight = Tensor.Zeros(100_000);
        Initialize.Uniform(weight, 2, 5, new Generator(1));
        Assert.InRange(weight.Min().Item(), 2, 2.001);
        Assert.InRange(weight.Max().Item(), 4.999, 5);
        Initialize.Normal(weight, 3, 0.5, new Generator(1));
        Assert.Equal(3, weight.Mean().Item(), 0.01);
        Assert.Equal(0.25, (weight - 3).Square().Mean().Item(), 0.005);
    }
}
