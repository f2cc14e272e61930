namespace CourseKit;

public sealed partial class Tensor
{
    /// <summary>
    /// Dropout (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014): sets each number to 0 with the given probability and divides
    /// the others by 1 - probability, so that the expected value stays (inverted scaling: in use nothing is left to do).
    /// </summary>
    /// <param name="probability">The share that is set to 0.</param>
    /// <param name="training">Whether this is training; otherwise the tensor itself is the result.</param>
    /// <param name="generator">Where the chances come from; the shared one by default.</param>
    /// <exception cref="ArgumentException">The probability is not from 0 to 1.</exception>
    public Tensor Dropout(double probability = 0.5, bool training = true, Generator? generator = null)
    {
        ShapeCheck.Probability("Dropout", probability);
        return training && probability > 0 ? this * Survivors(Shape, probability, generator, Device) : this;
    }

    /// <summary>
    /// Stochastic depth (Huang, Sun, Liu, Sedra, Weinberger 2016): sets all numbers of an example to 0 with the given probability and divides
    /// those of the others by 1 - probability. For the branch of a residual block, which for that example is then not there.
    /// </summary>
    /// <param name="probability">The share of examples whose numbers are set to 0.</param>
    /// <param name="training">Whether this is training; otherwise the tensor itself is the result.</param>
    /// <param name="generator">Where the chances come from; the shared one by default.</param>
    /// <exception cref="ArgumentException">The probability is not from 0 to 1.</exception>
    /// <exception cref="ShapeException">A scalar.</exception>
    public Tensor StochasticDepth(double probability, bool training = true, Generator? generator = null)
    {
        ShapeCheck.Probability("StochasticDepth", probability);
        ShapeCheck.HasBatch("StochasticDepth", Shape);
        return training && probability > 0
            ? this * Survivors([Shape[0], .. Enumerable.Repeat(1, Shape.Rank - 1)], probability, generator, Device)
            : this;
    }

    /// <summary>0 with the given probability, else 1 / (1 - probability).</summary>
    private static Tensor Survivors(Shape shape, double probability, Generator? generator, Device device)
        => Bernoulli(shape, 1 - probability, generator, device) * (probability < 1 ? 1 / (1 - probability) : 0);
}
