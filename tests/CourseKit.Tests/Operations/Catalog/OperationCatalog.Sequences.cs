namespace CourseKit.Tests;

internal static partial class OperationCatalog
{
    // A length that is learned or squared cannot grow to the large size; up to here it meets whole vectors and their tails.
    private const int Longest = 33;

    private static int Short(int n) => Math.Min(n, Longest);

    private static IEnumerable<Operation> Sequences() =>
    [
        .. Recurrent(),
        .. Attention(),
        new("Embedding", nameof(Embedding), x => new Embedding(5, 3, generator: new Generator(3), device: x[0].Device).Forward(Spread(x[0].Shape[0], 5)) * x[0], [new(n => [n, 3], Values.Any)]),
        Unary("PositionalEncoding", nameof(PositionalEncoding), x => new PositionalEncoding(4, Math.Max(1, x.Shape[1]), device: x.Device).Forward(x), shape: n => [2, n, 4]),
        Unary("LearnedPositions", nameof(LearnedPositions), x => new LearnedPositions(4, Math.Max(1, x.Shape[1]), new Generator(3), x.Device).Forward(x), shape: n => [2, n, 4]),
    ];

    private static IEnumerable<Operation> Recurrent()
    {
        var layers = new (string Name, string Member, Func<Tensor, int, bool, RecurrentLayer> Make)[]
        {
            ("RNN", nameof(RNN), (x, hidden, both) => new RNN(x.Shape[2], hidden, layers: both ? 2 : 1, bidirectional: both, generator: new Generator(3), device: x.Device)),
            ("RNN of ReLUs", nameof(RNN), (x, hidden, both) => new RNN(x.Shape[2], hidden, layers: both ? 2 : 1, RNNNonlinearity.ReLU, bidirectional: both, generator: new Generator(4), device: x.Device)),
            ("GRU", nameof(GRU), (x, hidden, both) => new GRU(x.Shape[2], hidden, layers: both ? 2 : 1, bidirectional: both, generator: new Generator(3), device: x.Device)),
            ("LSTM", nameof(LSTM), (x, hidden, both) => new LSTM(x.Shape[2], hidden, layers: both ? 2 : 1, bidirectional: both, generator: new Generator(3), device: x.Device)),
        };
        foreach (var (name, member, make) in layers)
        {
            yield return new($"{name}, many examples", member, x => make(x[0], 4, false).Forward(x[0]), [new(n => [n, 2, 3], Values.Any)]);
            yield return new($"{name}, many steps", member, x => make(x[0], 4, false).Forward(x[0]), [new(n => [2, n, 3], Values.Any)]);
            yield return new($"{name}, many hidden units", member, x => make(x[0], x[0].Shape[2], false).Forward(x[0]), [new(n => [2, 3, Short(n)], Values.Any)], Short);
            yield return new($"{name}, two layers in both directions", member, x => make(x[0], 4, true).Forward(x[0]), [new(n => [n, 3, 3], Values.Any)]);
        }
        yield return new("LSTM with dropout between layers", nameof(LSTM), x => new LSTM(3, 4, layers: 2, dropout: 0.3, generator: new Generator(3), device: x[0].Device).Forward(x[0]), [new(n => [n, 3, 3], Values.Any)]);
        yield return new("GRU from a state to a state", nameof(GRU), x =>
        {
            var (output, state) = new GRU(3, 4, generator: new Generator(3), device: x[0].Device).Run(x[0], x[1]);
            return Tensor.Concatenate(1, output, state.Transpose(0, 1));
        }, [new(n => [n, 3, 3], Values.Any), new(n => [1, n, 4], Values.Any)]);
        yield return new("LSTM from a state to a state", nameof(LSTM), x =>
        {
            var (output, state, cell) = new LSTM(3, 4, generator: new Generator(3), device: x[0].Device).Run(x[0], x[1], x[2]);
            return Tensor.Concatenate(1, output, state.Transpose(0, 1), cell.Transpose(0, 1));
        }, [new(n => [n, 3, 3], Values.Any), new(n => [1, n, 4], Values.Any), new(n => [1, n, 4], Values.Any)]);
        yield return new("RNNCell", nameof(RNNCell), x => new RNNCell(3, 4, generator: new Generator(3), device: x[0].Device).Forward(x[0], x[1]), [new(n => [n, 3], Values.Any), new(n => [n, 4], Values.Any)]);
        yield return new("GRUCell", nameof(GRUCell), x => new GRUCell(3, 4, generator: new Generator(3), device: x[0].Device).Forward(x[0], x[1]), [new(n => [n, 3], Values.Any), new(n => [n, 4], Values.Any)]);
        yield return new("LSTMCell", nameof(LSTMCell), x =>
        {
            var (state, cell) = new LSTMCell(3, 4, generator: new Generator(3), device: x[0].Device).Forward(x[0], x[1], x[2]);
            return state * cell;
        }, [new(n => [n, 3], Values.Any), new(n => [n, 4], Values.Any), new(n => [n, 4], Values.Any)]);
    }

    private static IEnumerable<Operation> Attention() =>
    [
        new("AttentionWeights", "AttentionWeights(Tensor, Tensor, Boolean, Nullable<Double>)", x => x[0].AttentionWeights(x[1]), [new(n => [n, 2, 3], Values.Any), new(n => [n, 4, 3], Values.Any)]),
        new("AttentionWeights, causal", "AttentionWeights(Tensor, Tensor, Boolean, Nullable<Double>)", x => x[0].AttentionWeights(x[1], isCausal: true), [new(n => [2, 3, n], Values.Any), new(n => [2, 4, n], Values.Any)], n => n),
        new("AttentionWeights, masked and causal", "AttentionWeights(Tensor, Tensor, Boolean, Nullable<Double>)", x => x[0].AttentionWeights(x[1], x[2] > 0, isCausal: true, scale: 0.3), [new(n => [Short(n), 3], Values.Any), new(n => [Short(n), 3], Values.Any), new(n => [Short(n)], Values.AwayFromZero)]),
        new("ScaledDotProductAttention with a mask", "ScaledDotProductAttention(Tensor, Tensor, Tensor, Boolean, Nullable<Double>)", x => x[0].ScaledDotProductAttention(x[1], x[2], SomeHidden([2, 1, 4], x[0].Device)), [new(n => [2, 3, n], Values.Any), new(n => [2, 4, n], Values.Any), new(n => [2, 4, n], Values.Any)], n => n),
        new("ScaledDotProductAttention of two axes in front, causal", "ScaledDotProductAttention(Tensor, Tensor, Tensor, Boolean, Nullable<Double>)", x => x[0].ScaledDotProductAttention(x[1], x[2], isCausal: true), [new(n => [n, 2, 3, 2], Values.Any), new(n => [n, 2, 3, 2], Values.Any), new(n => [n, 2, 3, 3], Values.Any)]),
        Unary("MultiHeadAttention, many examples", nameof(MultiHeadAttention), x => FixedAttention(x).Forward(x), shape: n => [n, 3, 4]),
        Unary("MultiHeadAttention, many places", nameof(MultiHeadAttention), x => FixedAttention(x).Forward(x, isCausal: true), shape: n => [2, Short(n), 4], terms: Short),
        new("MultiHeadAttention of three", nameof(MultiHeadAttention), x => FixedAttention(x[0]).Forward(x[0], x[1], x[2], SomeHidden([2, 5], x[0].Device)), [new(n => [n, 2, 4], Values.Any), new(n => [n, 5, 4], Values.Any), new(n => [n, 5, 4], Values.Any)]),
        new("MultiHeadAttention to a memory, with its weights", nameof(MultiHeadAttention), x =>
        {
            var (output, weights) = FixedAttention(x[0]).Attend(x[0], x[1], x[1]);
            return Tensor.Concatenate(-1, output, weights.Mean(1));
        }, [new(n => [n, 2, 4], Values.Any), new(n => [n, 5, 4], Values.Any)]),
        Unary("TransformerEncoderLayer", nameof(TransformerEncoderLayer), x => new TransformerEncoderLayer(4, 2, 5, dropout: 0, x => x.Tanh(), generator: new Generator(3), device: x.Device).Forward(x), shape: n => [n, 3, 4]),
        Unary("TransformerEncoderLayer, norm first, with dropout", nameof(TransformerEncoderLayer), x => new TransformerEncoderLayer(4, 2, 5, dropout: 0.2, x => x.Tanh(), normFirst: true, generator: new Generator(3), device: x.Device).Forward(x, isCausal: true), shape: n => [n, 3, 4]),
        new("TransformerDecoderLayer", nameof(TransformerDecoderLayer), x => new TransformerDecoderLayer(4, 2, 5, dropout: 0, x => x.Tanh(), generator: new Generator(3), device: x[0].Device).Forward(x[0], x[1], isCausal: true), [new(n => [n, 3, 4], Values.Any), new(n => [n, 2, 4], Values.Any)]),
        Unary("TransformerEncoder", nameof(TransformerEncoder), x =>
        {
            var generator = new Generator(3);
            TransformerEncoderLayer Layer() => new(4, 2, 5, dropout: 0, x => x.Tanh(), normFirst: true, generator, x.Device);
            return new TransformerEncoder([Layer(), Layer()], new LayerNorm(4, device: x.Device)).Forward(x, isCausal: true);
        }, shape: n => [n, 3, 4]),
    ];

    private static MultiHeadAttention FixedAttention(Tensor input) => new(4, 2, generator: new Generator(3), device: input.Device);

    /// <summary>A mask that hides every third place.</summary>
    private static Tensor SomeHidden(Shape shape, Device device) => Tensor.From([.. Enumerable.Range(0, shape.ElementCount).Select(i => i % 3 == 1 ? 1.0 : 0)], shape, device);
}
