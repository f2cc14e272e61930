using System.Globalization;

namespace CourseKit;

/// <summary>The numbers as they are: the linear activation, for the output layer of a regression, or a place to put another activation.</summary>
public sealed class Identity : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => input ?? throw new ArgumentNullException(nameof(input));

    /// <inheritdoc/>
    public override string ToString() => "Identity()";
}

/// <summary>1 where x is at least 0, else 0 (Rosenblatt 1958). Its derivative is 0, so no gradient passes it.</summary>
public sealed class Step : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Step();

    /// <inheritdoc/>
    public override string ToString() => "Step()";
}

/// <summary>1 / (1 + e^-x): any number becomes a probability.</summary>
public sealed class Sigmoid : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Sigmoid();

    /// <inheritdoc/>
    public override string ToString() => "Sigmoid()";
}

/// <summary>The hyperbolic tangent, 2 sigmoid(2x) - 1: from -1 to 1, with mean near 0.</summary>
public sealed class Tanh : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Tanh();

    /// <inheritdoc/>
    public override string ToString() => "Tanh()";
}

/// <summary>max(x, 0).</summary>
public sealed class ReLU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Relu();

    /// <inheritdoc/>
    public override string ToString() => "ReLU()";
}

/// <summary>x where x is positive, else slope x (Maas, Hannun, Ng 2013): a unit that is off still learns.</summary>
/// <param name="slope">What is left of negative numbers. The lecture plots it with 0.25, to make it visible.</param>
public sealed class LeakyReLU(double slope = 0.01) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).LeakyRelu(slope);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"LeakyReLU({slope})");
}

/// <summary>Leaky ReLU whose slope is learned (He, Zhang, Ren, Sun 2015).</summary>
public sealed class PReLU : Module
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">1 for one slope, or the length of axis 1 for a slope for each channel.</param>
    /// <param name="initial">The slope to start from.</param>
    /// <param name="device">Where the slopes are; the default device by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no channels.</exception>
    public PReLU(int channels = 1, double initial = 0.25, Device? device = null)
    {
        ArgumentCheck.AtLeast(1, nameof(PReLU), nameof(channels), channels);
        Weight = Register("weight", Tensor.Full([channels], initial, device));
    }

    /// <summary>The slopes, of shape channels.</summary>
    public Tensor Weight { get; }

    /// <summary>From N x channels x ... to the same shape; any shape for one slope.</summary>
    /// <exception cref="ShapeException">Axis 1 has another length than there are slopes.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).PRelu(Weight);

    /// <inheritdoc/>
    public override string ToString() => $"PReLU({Weight.Count})";
}

/// <summary>ln(1 + e^(beta x)) / beta (Dugas et al. 2001): a smooth ReLU, and a positive number from any, for a variance.</summary>
/// <param name="beta">How sharply it bends.</param>
/// <param name="threshold">Above beta x = threshold the result is x itself, as in PyTorch.</param>
/// <exception cref="ArgumentOutOfRangeException">beta is not positive.</exception>
public sealed class Softplus(double beta = 1, double threshold = 20) : Module
{
    private readonly double beta = ArgumentCheck.Positive(nameof(Softplus), nameof(beta), beta);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Softplus(beta, threshold);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Softplus(beta {beta})");
}

/// <summary>x Phi(x), with the normal distribution's cumulative probability Phi (Hendrycks, Gimpel 2016).</summary>
/// <param name="tanhApproximation">Whether to approximate it by tanh, as the first transformers did.</param>
public sealed class GELU(bool tanhApproximation = false) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Gelu(tanhApproximation);

    /// <inheritdoc/>
    public override string ToString() => tanhApproximation ? "GELU(tanh)" : "GELU()";
}

/// <summary>x sigmoid(x) (Elfwing, Uchibe, Doya 2018).</summary>
public sealed class SiLU : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Silu();

    /// <inheritdoc/>
    public override string ToString() => "SiLU()";
}

/// <summary>x sigmoid(beta x) (Ramachandran, Zoph, Le 2017), with a beta that is fixed or learned.</summary>
public sealed class Swish : Module
{
    private readonly double beta;

    /// <summary>Makes the layer.</summary>
    /// <param name="beta">beta, or what it starts from. The lecture plots 0.4, 1 and 1.4.</param>
    /// <param name="learned">Whether beta is a parameter.</param>
    /// <param name="device">Where a learned beta is; the default device by default.</param>
    public Swish(double beta = 1, bool learned = false, Device? device = null)
    {
        this.beta = beta;
        Beta = learned ? Register("beta", Tensor.Full([1], beta, device)) : null;
    }

    /// <summary>The learned beta, of shape 1, or null where it is fixed.</summary>
    public Tensor? Beta { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Beta is null ? input.Swish(beta) : input.Swish(Beta);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Swish(beta {Beta?.Item() ?? beta:G4}{(Beta is null ? "" : ", learned")})");
}

/// <summary>x where x is positive, else alpha (e^x - 1) (Clevert, Unterthiner, Hochreiter 2016): its mean is nearer 0 than ReLU's.</summary>
/// <param name="alpha">What it tends to on the negative side, with a minus sign.</param>
public sealed class ELU(double alpha = 1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Elu(alpha);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ELU({alpha})");
}

/// <summary>lambda times ELU, with the two numbers for which mean 0 and variance 1 reproduce themselves from layer to layer (Klambauer et al. 2017).</summary>
public sealed class SELU : Module
{
    /// <summary>The factor of both sides.</summary>
    public const double Lambda = 1.0507009873554804934193349852946;

    /// <summary>The alpha of the negative side.</summary>
    public const double Alpha = 1.6732632423543772848170429916717;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Selu();

    /// <inheritdoc/>
    public override string ToString() => "SELU()";
}

/// <summary>e^x divided by its sum along an axis: scores become probabilities that sum to 1.</summary>
/// <param name="axis">The axis of the classes; by default the last.</param>
public sealed class Softmax(int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Softmax(axis);

    /// <inheritdoc/>
    public override string ToString() => axis == -1 ? "Softmax()" : $"Softmax(axis {axis})";
}

/// <summary>The logarithm of the softmax along an axis, for <see cref="NLLLoss"/> and <see cref="KLDivLoss"/>.</summary>
/// <param name="axis">The axis of the classes; by default the last.</param>
public sealed class LogSoftmax(int axis = -1) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).LogSoftmax(axis);

    /// <inheritdoc/>
    public override string ToString() => axis == -1 ? "LogSoftmax()" : $"LogSoftmax(axis {axis})";
}
