using System.Globalization;

namespace CourseKit;

/// <summary>
/// What the layers of a transformer have in common: a sublayer's result, after dropout, is added to its input, and layer
/// normalization stands after the sum (Vaswani et al. 2017, PyTorch's default) or, norm first, before the sublayer (Xiong et
/// al. 2020: trains without warm-up); and the last sublayer, two linear layers for each place alone.
/// </summary>
public abstract class TransformerLayer : Module
{
    private readonly int width, heads, feedForwardWidth;
    private readonly double dropout;
    private readonly bool normFirst;
    private readonly Func<Tensor, Tensor>? activation;
    private readonly Generator? generator;
    private Linear linear1 = null!, linear2 = null!;

    private protected TransformerLayer(int width, int heads, int feedForwardWidth, double dropout, Func<Tensor, Tensor>? activation, bool normFirst, Generator? generator)
    {
        ShapeCheck.Heads(GetType().Name, width, heads);
        ArgumentCheck.AtLeast(1, GetType().Name, nameof(feedForwardWidth), feedForwardWidth);
        (this.width, this.heads, this.feedForwardWidth, this.dropout, this.normFirst, this.generator) = (width, heads, feedForwardWidth, dropout, normFirst, generator);
        this.activation = activation;
    }

    private protected MultiHeadAttention MakeAttention(string name, Device? device) => Register(name, new MultiHeadAttention(width, heads, dropout, generator: generator, device: device));

    private protected LayerNorm MakeNorm(string name, Device? device) => Register(name, new LayerNorm(width, device: device));

    private protected void MakeFeedForward(Device? device)
    {
        linear1 = Register("linear1", new Linear(width, feedForwardWidth, generator: generator, device: device));
        linear2 = Register("linear2", new Linear(feedForwardWidth, width, generator: generator, device: device));
    }

    /// <summary>A sublayer with its residual connection and its normalization.</summary>
    private protected Tensor Add(Tensor x, LayerNorm norm, Func<Tensor, Tensor> sublayer)
    {
        var sum = x + sublayer(SeenBy(norm, x)).Dropout(dropout, IsTraining, generator);
        return normFirst ? sum : norm.Forward(sum);
    }

    /// <summary>What a sublayer sees of the layer's input.</summary>
    private protected Tensor SeenBy(LayerNorm norm, Tensor x) => normFirst ? norm.Forward(x) : x;

    private protected Tensor FeedForward(Tensor x)
    {
        var hidden = activation is null ? ((IRectifiable)linear1).ForwardRectified(x)! : activation(linear1.Forward(x));
        return linear2.Forward(hidden.Dropout(dropout, IsTraining, generator));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{GetType().Name}({width}, {heads} heads, feed-forward {feedForwardWidth}{(dropout > 0 ? $", dropout {dropout}" : "")}{(normFirst ? ", norm first" : "")})");
}

/// <summary>
/// A layer of a transformer's encoder (Vaswani et al. 2017): self-attention, then two linear layers for each place alone.
/// With isCausal it is a layer of a decoder without an encoder, as in GPT. Parts have PyTorch's names: self_attn, linear1,
/// linear2, norm1, norm2. Sequences are batch first, (N, T, width); PyTorch's default is time first.
/// </summary>
public sealed class TransformerEncoderLayer : TransformerLayer
{
    private readonly MultiHeadAttention selfAttention;
    private readonly LayerNorm norm1, norm2;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">Numbers for each place in the sequence.</param>
    /// <param name="heads">Heads of the attention; each gets width / heads numbers.</param>
    /// <param name="feedForwardWidth">Hidden units of the two linear layers.</param>
    /// <param name="dropout">The probability of dropout after each sublayer, inside the linear ones, and of attention weights.</param>
    /// <param name="activation">Between the two linear layers; ReLU by default, x => x.Gelu() for GPT and BERT.</param>
    /// <param name="normFirst">Whether normalization stands before each sublayer instead of after the sum.</param>
    /// <param name="generator">Where the numbers come from; the shared one by default.</param>
    /// <param name="device">Where the parameters are; the default device by default.</param>
    /// <exception cref="ShapeException">The width is no multiple of the number of heads.</exception>
    public TransformerEncoderLayer(int width, int heads, int feedForwardWidth = 2048, double dropout = 0.1, Func<Tensor, Tensor>? activation = null, bool normFirst = false, Generator? generator = null, Device? device = null)
        : base(width, heads, feedForwardWidth, dropout, activation, normFirst, generator)
    {
        selfAttention = MakeAttention("self_attn", device);
        MakeFeedForward(device);
        norm1 = MakeNorm("norm1", device);
        norm2 = MakeNorm("norm2", device);
    }

    /// <summary>From (N, T, width) to (N, T, width).</summary>
    /// <exception cref="ShapeException">The input is not (N, T, width).</exception>
    public override Tensor Forward(Tensor input) => Forward(input, mask: null);

    /// <summary>From (N, T, width) to (N, T, width).</summary>
    /// <param name="input">The sequences.</param>
    /// <param name="mask">Not 0 where a place must NOT look: see <see cref="MultiHeadAttention.Attend"/>.</param>
    /// <param name="isCausal">Whether each place looks only at itself and what came before.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(Tensor input, Tensor? mask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        var x = Add(input, norm1, x => selfAttention.Forward(x, mask, isCausal));
        return Add(x, norm2, FeedForward);
    }

    /// <summary>How much each place looks at each other one in this layer, for every head, (N, heads, T, T): the numbers of an attention map.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor?, bool)"/>
    public Tensor AttentionWeights(Tensor input, Tensor? mask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        var x = SeenBy(norm1, input);
        return selfAttention.Attend(x, x, x, mask, isCausal).Weights;
    }
}

/// <summary>
/// A layer of a transformer's decoder (Vaswani et al. 2017): self-attention, attention to the encoder's output (the memory),
/// then two linear layers. Parts have PyTorch's names: self_attn, multihead_attn, linear1, linear2, norm1, norm2, norm3.
/// </summary>
public sealed class TransformerDecoderLayer : TransformerLayer
{
    private readonly MultiHeadAttention selfAttention, crossAttention;
    private readonly LayerNorm norm1, norm2, norm3;

    /// <inheritdoc cref="TransformerEncoderLayer(int, int, int, double, Func{Tensor, Tensor}?, bool, Generator?, Device?)"/>
    public TransformerDecoderLayer(int width, int heads, int feedForwardWidth = 2048, double dropout = 0.1, Func<Tensor, Tensor>? activation = null, bool normFirst = false, Generator? generator = null, Device? device = null)
        : base(width, heads, feedForwardWidth, dropout, activation, normFirst, generator)
    {
        selfAttention = MakeAttention("self_attn", device);
        crossAttention = MakeAttention("multihead_attn", device);
        MakeFeedForward(device);
        norm1 = MakeNorm("norm1", device);
        norm2 = MakeNorm("norm2", device);
        norm3 = MakeNorm("norm3", device);
    }

    /// <summary>From a target (N, T, width) and the encoder's output (N, S, width) to (N, T, width).</summary>
    /// <param name="target">What has been written so far.</param>
    /// <param name="memory">The encoder's output.</param>
    /// <param name="targetMask">Not 0 where a place of the target must NOT look in the target: see <see cref="MultiHeadAttention.Attend"/>.</param>
    /// <param name="memoryMask">Not 0 where a place of the target must NOT look in the memory.</param>
    /// <param name="isCausal">Whether each place of the target looks only at itself and what came before; false by default, as in PyTorch, and true in nearly every use.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(Tensor target, Tensor memory, Tensor? targetMask = null, Tensor? memoryMask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(memory);
        var x = Add(target, norm1, x => selfAttention.Forward(x, targetMask, isCausal));
        x = Add(x, norm2, x => crossAttention.Forward(x, memory, memory, memoryMask));
        return Add(x, norm3, FeedForward);
    }
}

/// <summary>
/// Encoder layers one after another, named layers.0, layers.1, ..., and a last normalization, named norm, where one is given
/// (norm-first layers want one). Causal, with an embedding and positions before it and a linear layer after it, it is a small GPT.
/// </summary>
/// <example><code>
/// var encoder = new TransformerEncoder([new(64, 4, 256, normFirst: true), new(64, 4, 256, normFirst: true)], new LayerNorm(64));
/// var scores = head.Forward(encoder.Forward(positions.Forward(embedding.Forward(letters)), isCausal: true));
/// </code></example>
public sealed class TransformerEncoder : Module
{
    private readonly IReadOnlyList<TransformerEncoderLayer> layers;
    private readonly LayerNorm? norm;

    /// <summary>Chains the layers. PyTorch copies one layer and starts all of them with equal weights; here each is made by itself.</summary>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public TransformerEncoder(IReadOnlyList<TransformerEncoderLayer> layers, LayerNorm? norm = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("TransformerEncoder got no layer: give it at least one, [new(width, heads)].", nameof(layers));
        (this.layers, this.norm) = (layers, norm);
        for (var i = 0; i < layers.Count; i++)
            Register($"layers.{i}", layers[i]);
        if (norm is not null)
            Register("norm", norm);
    }

    /// <summary>From (N, T, width) to (N, T, width).</summary>
    /// <exception cref="ShapeException">The input is not (N, T, width).</exception>
    public override Tensor Forward(Tensor input) => Forward(input, mask: null);

    /// <summary>From (N, T, width) to (N, T, width), with a mask or causal.</summary>
    /// <inheritdoc cref="TransformerEncoderLayer.Forward(Tensor, Tensor?, bool)"/>
    public Tensor Forward(Tensor input, Tensor? mask = null, bool isCausal = false)
    {
        foreach (var layer in layers)
            input = layer.Forward(input, mask, isCausal);
        return norm?.Forward(input) ?? input;
    }

    /// <summary>How much each place looks at each other one, layer by layer and for every head, (N, heads, T, T) each: the numbers of attention maps.</summary>
    /// <inheritdoc cref="TransformerEncoderLayer.Forward(Tensor, Tensor?, bool)"/>
    public IReadOnlyList<Tensor> AttentionWeights(Tensor input, Tensor? mask = null, bool isCausal = false)
    {
        var weights = new Tensor[layers.Count];
        for (var i = 0; i < layers.Count; i++)
        {
            weights[i] = layers[i].AttentionWeights(input, mask, isCausal);
            input = layers[i].Forward(input, mask, isCausal);
        }
        return weights;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"TransformerEncoder, {ParameterCount:N0} parameters\n") + string.Join('\n', layers.Select((layer, i) => $"  (layers.{i}) {layer}"));
}
