namespace CourseKit;

// Until the real ones are merged.
internal static class StandIns
{
    public static Tensor Dropout(this Tensor x, double probability, bool training, Generator? generator)
        => training && probability > 0 ? x * Tensor.Bernoulli(x.Shape, 1 - probability, generator, x.Device) / Math.Max(1e-9, 1 - probability) : x;
}

/// <summary>x</summary>
public sealed class LayerNorm : Module
{
    private readonly Tensor weight, bias;
    private readonly double epsilon;

    /// <summary>x</summary>
    public LayerNorm(int features, double epsilon = 1e-5, bool affine = true, Device? device = null)
    {
        _ = affine;
        this.epsilon = epsilon;
        weight = Register("weight", Tensor.Full([features], 1, device));
        bias = Register("bias", Tensor.Full([features], 0, device));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
        => (input - input.Mean(-1, true)) / (input.Variance(-1, 0, true) + epsilon).Sqrt() * weight + bias;
}
