using System.Globalization;

namespace CourseKit;

/// <summary>What attention gives, and who looked where.</summary>
/// <param name="Output">(N, T, width).</param>
/// <param name="Weights">How much each of the T places looks at each of the S, for every head and before dropout: (N, heads, T, S). PyTorch gives their mean over the heads, Weights.Mean(1), in training after dropout.</param>
public sealed record AttentionOutput(Tensor Output, Tensor Weights);

/// <summary>
/// Attention with several heads (Vaswani et al. 2017): queries, keys and values are projected, each head attends with its part
/// of the width, and the heads' results side by side are projected once more. Its parameters are those of PyTorch's
/// MultiheadAttention: in_proj_weight (the three projections one below the other, 3 width x width), in_proj_bias, out_proj.weight
/// and out_proj.bias. Sequences are batch first, (N, T, width); PyTorch's default is time first.
/// </summary>
public sealed class MultiHeadAttention : Module
{
    private readonly int width, heads;
    private readonly double dropout;
    private readonly Generator? generator;
    private readonly Tensor inWeight;
    private readonly Tensor? inBias;
    private readonly Linear outProjection;

    /// <summary>Makes the projections: the first ones by Xavier's rule, the last as a <see cref="Linear"/> is made, biases 0, as PyTorch does.</summary>
    /// <param name="width">Numbers for each place in the sequence.</param>
    /// <param name="heads">Heads; each gets width / heads numbers.</param>
    /// <param name="dropout">The probability with which an attention weight is dropped in training.</param>
    /// <param name="bias">Whether the projections have biases.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ShapeException">The width is no multiple of the number of heads.</exception>
    public MultiHeadAttention(int width, int heads, double dropout = 0, bool bias = true, Generator? generator = null, Device? device = null)
    {
        ShapeCheck.Heads("MultiHeadAttention", width, heads);
        (this.width, this.heads, this.dropout, this.generator) = (width, heads, dropout, generator);
        inWeight = Register("in_proj_weight", Tensor.Full([3 * width, width], 0, device));
        Initialize.XavierUniform(inWeight, generator);
        inBias = bias ? Register("in_proj_bias", Tensor.Full([3 * width], 0, device)) : null;
        outProjection = Register("out_proj", new Linear(width, width, bias, generator, device));
        if (bias)
            Initialize.Constant(outProjection.Bias!, 0);
    }

    /// <summary>Self-attention: each place of a sequence looks at all places of the same sequence; (N, T, width) to (N, T, width).</summary>
    /// <exception cref="ShapeException">The input is not (N, T, width).</exception>
    public override Tensor Forward(Tensor input) => Forward(input, mask: null);

    /// <summary>Self-attention with a mask or causal, where each place looks only at itself and what came before.</summary>
    /// <inheritdoc cref="Attend"/>
    public Tensor Forward(Tensor input, Tensor? mask = null, bool isCausal = false) => Attend(input, input, input, mask, isCausal).Output;

    /// <summary>Attention of queries (N, T, width) to keys and values (N, S, width).</summary>
    /// <inheritdoc cref="Attend"/>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false) => Attend(query, key, value, mask, isCausal).Output;

    /// <summary>Attention of queries (N, T, width) to keys and values (N, S, width), with the weights.</summary>
    /// <param name="query">What looks.</param>
    /// <param name="key">What is looked at.</param>
    /// <param name="value">What is seen there.</param>
    /// <param name="mask">
    /// Not 0 where a query must NOT look: (T, S) for all examples, (N, T, S) for each, (N, 1, S) to hide padded places, or four axes
    /// that broadcast to (N, heads, T, S). Booleans of PyTorch's MultiheadAttention mean the same, its additive masks of 0 and minus
    /// infinity too; see <see cref="Tensor.AttentionWeights"/>. A query that may look at nothing sees 0, where PyTorch gives NaN.
    /// </param>
    /// <param name="isCausal">Whether query t looks only at the keys 0 to t.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public AttentionOutput Attend(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ShapeCheck.AttentionInput(ToString(), "query", width, query.Shape);
        ShapeCheck.AttentionInput(ToString(), "key", width, key.Shape);
        ShapeCheck.AttentionInput(ToString(), "value", width, value.Shape);
        ShapeCheck.AttentionSequences(ToString(), query.Shape, key.Shape, value.Shape);
        var (q, k, v) = Project(query, key, value); // each (N, heads, T or S, width / heads)
        if (mask is { Shape.Rank: 3 })
            mask = mask.Unsqueeze(1); // the same for all heads
        var weights = q.AttentionWeights(k, mask, isCausal);
        var seen = weights.Dropout(dropout, IsTraining, generator).MatMul(v); // (N, heads, T, width / heads)
        var output = outProjection.Forward(seen.Transpose(1, 2).Reshape(query.Shape.AsSpan()));
        return new AttentionOutput(output, weights);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor key, Tensor value)
    {
        if (ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            var all = Heads(query, 0, 3);
            return (all.Select(0, 0), all.Select(0, 1), all.Select(0, 2));
        }
        if (ReferenceEquals(key, value))
        {
            var both = Heads(key, 1, 2);
            return (Heads(query, 0, 1).Squeeze(0), both.Select(0, 0), both.Select(0, 1));
        }
        return (Heads(query, 0, 1).Squeeze(0), Heads(key, 1, 1).Squeeze(0), Heads(value, 2, 1).Squeeze(0));
    }

    /// <summary>Some neighbouring ones of the three projections in one product, cut into heads: (N, T, width) to (projections, N, heads, T, width / heads).</summary>
    private Tensor Heads(Tensor input, int first, int count)
    {
        var x = input.Reshape(-1, width);
        var weight = inWeight.Rows(first * width, count * width);
        var y = inBias is null ? x.MatMul(weight, transposeRight: true) : Tensor.Linear(x, weight, inBias.Rows(first * width, count * width));
        return y.Reshape(input.Shape[0], input.Shape[1], count, heads, width / heads).Permute(2, 0, 3, 1, 4);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"MultiHeadAttention({width}, {heads} heads{(dropout > 0 ? $", dropout {dropout}" : "")}{(inBias is null ? ", no bias" : "")})");
}
