using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace CourseKit;

/// <summary>Which of a layer's sides an initialization keeps at the same variance.</summary>
public enum FanMode
{
    /// <summary>The numbers that flow forward: divides by the inputs of a neuron.</summary>
    FanIn,

    /// <summary>The gradients that flow backward: divides by the outputs that an input reaches.</summary>
    FanOut,
}

/// <summary>The activation after a layer, as far as an initialization makes up for it.</summary>
public enum Nonlinearity
{
    /// <summary>None: gain 1.</summary>
    Linear,

    /// <summary>The logistic function: gain 1, as in PyTorch.</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent: gain 5/3.</summary>
    Tanh,

    /// <summary>max(x, 0): gain sqrt(2), because half of the variance is cut off.</summary>
    ReLU,

    /// <summary>Leaky ReLU of a negative slope a: gain sqrt(2 / (1 + a^2)).</summary>
    LeakyReLU,

    /// <summary>SELU: gain 3/4, as in PyTorch.</summary>
    SELU,
}

/// <summary>
/// Ways to draw a layer's first weights. A weight matrix is outputs x inputs, as <see cref="Linear"/> holds it; weights of a
/// convolution are outputs x inputs x kernel, and each position of the kernel counts as an input and as an output.
/// </summary>
public static class Initialize
{
    /// <summary>0 everywhere: right for biases. Weights of hidden layers stay alike for ever with it.</summary>
    public static void Zeros(Tensor weight) => Constant(weight, 0);

    /// <summary>1 everywhere.</summary>
    public static void Ones(Tensor weight) => Constant(weight, 1);

    /// <summary>One value everywhere.</summary>
    public static void Constant(Tensor weight, double value)
    {
        ArgumentNullException.ThrowIfNull(weight);
        weight.CopyFrom(Tensor.Full(weight.Shape, value, weight.Device));
    }

    /// <summary>A small positive number everywhere: biases with which ReLU neurons begin alive.</summary>
    /// <exception cref="ArgumentException">The value is not above 0.</exception>
    public static void SmallPositive(Tensor bias, double value = 0.01) => Constant(bias, ArgumentCheck.Positive("Initialize.SmallPositive", "value", value));

    /// <summary>Evenly in plus or minus <paramref name="bound"/>.</summary>
    public static void Uniform(Tensor weight, double bound, Generator? generator = null) => Uniform(weight, -bound, bound, generator);

    /// <summary>Evenly from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static void Uniform(Tensor weight, double low, double high, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        weight.CopyFrom(Tensor.Uniform(weight.Shape, low, high, generator, weight.Device));
    }

    /// <summary>Normal with mean 0.</summary>
    /// <exception cref="ArgumentException">A negative deviation.</exception>
    public static void Normal(Tensor weight, double standardDeviation, Generator? generator = null) => Normal(weight, 0, standardDeviation, generator);

    /// <summary>Normal.</summary>
    /// <exception cref="ArgumentException">A negative deviation.</exception>
    public static void Normal(Tensor weight, double mean, double standardDeviation, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentCheck.NotNegative("Initialize.Normal", "standard deviation", standardDeviation);
        weight.CopyFrom(Tensor.Normal(weight.Shape, mean, standardDeviation, generator, weight.Device));
    }

    /// <summary>Evenly in plus or minus gain sqrt(6 / (inputs + outputs)), variance gain^2 2 / (inputs + outputs) (Glorot and Bengio 2010): for tanh and sigmoid.</summary>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public static void XavierUniform(Tensor weight, Generator? generator = null, double gain = 1)
    {
        var (inputs, outputs) = Fan(weight);
        Uniform(weight, gain * Math.Sqrt(6.0 / (inputs + outputs)), generator);
    }

    /// <summary>Normal with variance gain^2 2 / (inputs + outputs) (Glorot and Bengio 2010): for tanh and sigmoid.</summary>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public static void XavierNormal(Tensor weight, Generator? generator = null, double gain = 1)
    {
        var (inputs, outputs) = Fan(weight);
        Normal(weight, gain * Math.Sqrt(2.0 / (inputs + outputs)), generator);
    }

    /// <summary>Evenly in plus or minus gain sqrt(3 / fan), variance gain^2 / fan (He, Zhang, Ren, Sun 2015): for ReLU and its kin.</summary>
    /// <param name="weight">What is drawn.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="mode">Whether fan is the inputs or the outputs.</param>
    /// <param name="nonlinearity">The activation after the layer.</param>
    /// <param name="negativeSlope">The slope of <see cref="Nonlinearity.LeakyReLU"/> below 0; with 0 it is ReLU.</param>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public static void KaimingUniform(Tensor weight, Generator? generator = null, FanMode mode = FanMode.FanIn, Nonlinearity nonlinearity = Nonlinearity.LeakyReLU, double negativeSlope = 0)
        => Uniform(weight, Math.Sqrt(3) * KaimingDeviation(weight, mode, nonlinearity, negativeSlope), generator);

    /// <summary>Normal with variance gain^2 / fan: 2 / inputs for ReLU (He, Zhang, Ren, Sun 2015).</summary>
    /// <inheritdoc cref="KaimingUniform" path="/param|/exception"/>
    public static void KaimingNormal(Tensor weight, Generator? generator = null, FanMode mode = FanMode.FanIn, Nonlinearity nonlinearity = Nonlinearity.LeakyReLU, double negativeSlope = 0)
        => Normal(weight, KaimingDeviation(weight, mode, nonlinearity, negativeSlope), generator);

    private static double KaimingDeviation(Tensor weight, FanMode mode, Nonlinearity nonlinearity, double negativeSlope)
    {
        var (inputs, outputs) = Fan(weight);
        // One root of one quotient: for ReLU the same bits as sqrt(2 / inputs).
        return Math.Sqrt(SquaredGain(nonlinearity, negativeSlope) / (mode == FanMode.FanIn ? inputs : outputs));
    }

    /// <summary>Evenly in plus or minus sqrt(3 / inputs), variance 1 / inputs (LeCun, Bottou, Orr, Müller 1998): for SELU and scaled tanh.</summary>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public static void LeCunUniform(Tensor weight, Generator? generator = null) => Uniform(weight, Math.Sqrt(3.0 / Fan(weight).Inputs), generator);

    /// <summary>Normal with variance 1 / inputs (LeCun, Bottou, Orr, Müller 1998): for SELU and scaled tanh.</summary>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public static void LeCunNormal(Tensor weight, Generator? generator = null) => Normal(weight, Math.Sqrt(1.0 / Fan(weight).Inputs), generator);

    /// <summary>
    /// gain times a random matrix with orthonormal rows, or columns where there are fewer of them (Saxe, McClelland, Ganguli 2014): lengths
    /// stay what they are through a layer. The Q of a QR decomposition of normal numbers, its signs made those of a positive diagonal of R,
    /// so that every orthogonal matrix is equally likely (Mezzadri 2007). A kernel's axes are joined with the inputs.
    /// </summary>
    /// <exception cref="ShapeException">Fewer than two axes.</exception>
    public static void Orthogonal(Tensor weight, Generator? generator = null, double gain = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ShapeCheck.Fan(weight.Shape);
        if (weight.Count == 0)
            return;
        var rows = weight.Shape[0];
        var columns = weight.Count / rows;
        generator ??= Generator.Default;
        var (tall, slim) = (Math.Max(rows, columns), Math.Min(rows, columns));
        var normal = Matrix<double>.Build.Dense(tall, slim);
        for (var i = 0; i < tall; i++)
            for (var j = 0; j < slim; j++)
                normal[i, j] = generator.Normal();
        var decomposition = normal.QR(QRMethod.Thin);
        var values = new double[weight.Count];
        for (var i = 0; i < tall; i++)
            for (var j = 0; j < slim; j++)
            {
                var value = gain * decomposition.Q[i, j] * (decomposition.R[j, j] < 0 ? -1 : 1);
                values[rows >= columns ? i * columns + j : j * columns + i] = value;
            }
        weight.CopyFrom(Tensor.From(values, weight.Shape, weight.Device));
    }

    /// <summary>What the weights' standard deviation is multiplied by to make up for an activation; PyTorch's calculate_gain.</summary>
    public static double Gain(Nonlinearity nonlinearity, double negativeSlope = 0.01) => Math.Sqrt(SquaredGain(nonlinearity, negativeSlope));

    private static double SquaredGain(Nonlinearity nonlinearity, double negativeSlope) => nonlinearity switch
    {
        Nonlinearity.Tanh => 25.0 / 9,
        Nonlinearity.ReLU => 2,
        Nonlinearity.LeakyReLU => 2 / (1 + negativeSlope * negativeSlope),
        Nonlinearity.SELU => 9.0 / 16,
        _ => 1,
    };

    private static (int Inputs, int Outputs) Fan(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ShapeCheck.Fan(weight.Shape);
        var kernel = 1;
        for (var axis = 2; axis < weight.Shape.Rank; axis++)
            kernel *= weight.Shape[axis];
        return (weight.Shape[1] * kernel, weight.Shape[0] * kernel);
    }
}
