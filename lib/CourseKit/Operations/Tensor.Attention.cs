namespace CourseKit;

public sealed partial class Tensor
{
    // Far below any score, so that its exponential is 0; minus infinity would make a row of masked places 0 / 0.
    private const double OutOfSight = -1e30;

    /// <summary>
    /// How much each query (this tensor, ... x T x width) looks at each key (... x S x width): softmax(q k^T / sqrt(width)),
    /// ... x T x S (Vaswani et al. 2017). Each row sums to 1, or is 0 where the query may look at nothing.
    /// </summary>
    /// <param name="key">The keys; the axes in front are those of the queries.</param>
    /// <param name="mask">
    /// Not 0 where a query must NOT look; broadcast to ... x T x S. This is the meaning that PyTorch's MultiheadAttention gives a
    /// mask of booleans, and its additive masks of 0 and minus infinity mean the same here; a boolean mask of PyTorch's
    /// scaled_dot_product_attention means the opposite. Other additive numbers are not added.
    /// </param>
    /// <param name="isCausal">Whether query t looks only at the keys 0 to t: what comes later is hidden.</param>
    /// <param name="scale">The factor of the products; 1 / sqrt(width) by default.</param>
    /// <exception cref="ShapeException">Queries, keys and mask do not fit.</exception>
    public Tensor AttentionWeights(Tensor key, Tensor? mask = null, bool isCausal = false, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ShapeCheck.Attention(Shape, key.Shape, null);
        // The queries are scaled, not the scores: there are fewer of them.
        var scaled = this * (scale ?? 1 / Math.Sqrt(Math.Max(1, Shape[-1])));
        if (mask is null && !isCausal)
        {
            SameDevice("AttentionWeights", this, key);
            return SoftmaxOfScores(scaled, key);
        }
        var scores = scaled.MatMul(key, transposeRight: true);
        if (mask is not null)
            ShapeCheck.AttentionMask(mask.Shape, scores.Shape);
        if (isCausal)
        {
            // T x S: 1 where a key stands after the query.
            var later = Arange(key.Shape[-2], Device) > Arange(Shape[-2], Device).Unsqueeze(1);
            mask = mask is null ? later : Maximum(mask.Abs(), later);
        }
        return scores.MaskedFill(mask!, OutOfSight).Softmax().MaskedFill(mask!, 0);
    }

    /// <summary>
    /// Each query gets a mixture of the values (... x S x any width), by how much it looks at their keys: softmax(q k^T / sqrt(width)) v
    /// (Vaswani et al. 2017). A query that may look at nothing gets 0.
    /// </summary>
    /// <inheritdoc cref="AttentionWeights(Tensor, Tensor?, bool, double?)"/>
    /// <param name="key">The keys, ... x S x width; the axes in front are those of the queries.</param>
    /// <param name="value">One value for each key.</param>
    /// <param name="mask">Not 0 where a query must NOT look; see <see cref="AttentionWeights"/>, also on PyTorch's masks.</param>
    /// <param name="isCausal">Whether query t looks only at the keys 0 to t.</param>
    /// <param name="scale">The factor of the products; 1 / sqrt(width) by default.</param>
    public Tensor ScaledDotProductAttention(Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ShapeCheck.Attention(Shape, key.Shape, value.Shape);
        return AttentionWeights(key, mask, isCausal, scale).MatMul(value);
    }
}
