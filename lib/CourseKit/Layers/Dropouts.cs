using System.Globalization;

namespace CourseKit;

/// <summary>In training, sets numbers to 0 by chance and scales the others up; in use the identity. See <see cref="Tensor.Dropout"/>.</summary>
public sealed class Dropout : Module
{
    private readonly double probability;
    private readonly Generator? generator;

    /// <summary>Makes the layer.</summary>
    /// <param name="probability">The share that is set to 0.</param>
    /// <param name="generator">Where the chances come from; the shared one at the time of each call by default.</param>
    /// <exception cref="ArgumentException">The probability is not from 0 to 1.</exception>
    public Dropout(double probability = 0.5, Generator? generator = null)
    {
        ShapeCheck.Probability(nameof(Dropout), probability);
        (this.probability, this.generator) = (probability, generator);
    }

    /// <summary>Any shape to the same shape.</summary>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).Dropout(probability, IsTraining, generator);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Dropout({probability})");
}

/// <summary>
/// At the end of a residual block's body: in training, takes the body away for some examples by chance and scales it up for the others;
/// in use the identity. See <see cref="Tensor.StochasticDepth"/>. The paper scales in use instead; the expected values are the same.
/// </summary>
/// <example><code>new ResidualBlock(new Sequential(new Conv2d(16, 16, 3, padding: 1), new StochasticDepth(0.2)))</code></example>
public sealed class StochasticDepth : Module
{
    private readonly double probability;
    private readonly Generator? generator;

    /// <summary>Makes the layer.</summary>
    /// <param name="probability">The share of examples for which the body is taken away.</param>
    /// <param name="generator">Where the chances come from; the shared one at the time of each call by default.</param>
    /// <exception cref="ArgumentException">The probability is not from 0 to 1.</exception>
    public StochasticDepth(double probability, Generator? generator = null)
    {
        ShapeCheck.Probability(nameof(StochasticDepth), probability);
        (this.probability, this.generator) = (probability, generator);
    }

    /// <summary>(N, ...) to the same shape.</summary>
    /// <exception cref="ShapeException">A scalar.</exception>
    public override Tensor Forward(Tensor input) => (input ?? throw new ArgumentNullException(nameof(input))).StochasticDepth(probability, IsTraining, generator);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"StochasticDepth({probability})");
}
