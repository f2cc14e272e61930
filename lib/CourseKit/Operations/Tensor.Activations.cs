namespace CourseKit;

// The activation functions; each one's formula and derivative is its struct in Activations.cs.
public sealed partial class Tensor
{
    /// <summary>1 where a number is at least 0, else 0: the step neuron. Its derivative is 0.</summary>
    public Tensor Step() => Map(new HeavisideStep());

    /// <summary>1 / (1 + e^-x) of each number.</summary>
    public Tensor Sigmoid() => Map(new LogisticSigmoid());

    /// <summary>The hyperbolic tangent of each number.</summary>
    public Tensor Tanh() => Map(new HyperbolicTangent());

    /// <summary>max(x, 0) of each number.</summary>
    public Tensor Relu() => Map(new RectifiedLinear());

    /// <summary>x where a number is positive, else slope x. The lecture plots it with the slope 0.25, to make it visible.</summary>
    /// <param name="slope">What is left of negative numbers; max(slope x, x) for slopes from 0 to 1.</param>
    public Tensor LeakyRelu(double slope = 0.01) => Map(new LeakyRectifiedLinear(ArgumentCheck.Finite("LeakyRelu", nameof(slope), slope)));

    /// <summary>Leaky ReLU with learned slopes: one, or one for each channel (axis 1 of a batch).</summary>
    /// <param name="slopes">One slope, or as many as axis 1 is long.</param>
    /// <exception cref="ShapeException">There are neither one nor as many slopes as channels.</exception>
    public Tensor PRelu(Tensor slopes)
    {
        ArgumentNullException.ThrowIfNull(slopes);
        ShapeCheck.PReluSlopes(slopes.Shape, Shape);
        if (slopes.Count > 1 && Shape.Rank > 2)
        {
            // (C) becomes (C, 1, ...), which stretches over an image's rows and columns.
            Span<int> lengths = stackalloc int[Shape.Rank - 1];
            lengths.Fill(1);
            lengths[0] = slopes.Count;
            slopes = slopes.Reshape(lengths);
        }
        return Zip("PRelu", new ParametricRectifiedLinear(), this, slopes);
    }

    /// <summary>ln(1 + e^(beta x)) / beta of each number, a smooth ReLU.</summary>
    /// <param name="beta">How sharply it bends; ReLU in the limit.</param>
    /// <param name="threshold">Above beta x = threshold the result is x itself, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">beta is not positive.</exception>
    public Tensor Softplus(double beta = 1, double threshold = 20)
    {
        ArgumentCheck.Positive("Softplus", nameof(beta), beta);
        return Map(new SmoothRectifiedLinear(beta, threshold));
    }

    /// <summary>x Phi(x) of each number, with the normal distribution's cumulative probability Phi.</summary>
    /// <param name="tanhApproximation">Whether to take x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) instead, within 5e-4 of it.</param>
    public Tensor Gelu(bool tanhApproximation = false)
        => tanhApproximation ? Map(new GaussianErrorLinearByTanh()) : Map(new GaussianErrorLinear());

    /// <summary>x sigmoid(x) of each number.</summary>
    public Tensor Silu() => Map(new SigmoidWeighted(1));

    /// <summary>x sigmoid(beta x) of each number; SiLU with beta = 1, half of x with 0, ReLU in the limit.</summary>
    public Tensor Swish(double beta = 1) => Map(new SigmoidWeighted(ArgumentCheck.Finite("Swish", nameof(beta), beta)));

    /// <summary>x sigmoid(beta x) of each number with a learned beta, broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Swish(Tensor beta) => Zip("Swish", new SigmoidWeightedByOther(), this, beta);

    /// <summary>x where a number is positive, else alpha (e^x - 1).</summary>
    public Tensor Elu(double alpha = 1) => Map(new ExponentialLinear(ArgumentCheck.Finite("Elu", nameof(alpha), alpha), 1));

    /// <summary>lambda times ELU with the lambda and alpha for which mean 0 and variance 1 are a fixed point of a layer (Klambauer et al. 2017).</summary>
    public Tensor Selu() => Map(new ExponentialLinear(CourseKit.SELU.Alpha, CourseKit.SELU.Lambda));

    /// <summary>The error function of each number, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.</summary>
    public Tensor Erf() => Map(new ErrorFunction());
}
