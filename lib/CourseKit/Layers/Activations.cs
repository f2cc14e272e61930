namespace CourseKit;

/// <summary>1 / (1 + e^-x): any number becomes a probability.</summary>
public sealed class Sigmoid : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Sigmoid();

    /// <inheritdoc/>
    public override string ToString() => "Sigmoid()";
}

/// <summary>The hyperbolic tangent: from -1 to 1, with mean near 0.</summary>
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

/// <summary>e^x divided by its sum along the last axis: scores become probabilities that sum to 1.</summary>
public sealed class Softmax : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Softmax();

    /// <inheritdoc/>
    public override string ToString() => "Softmax()";
}
