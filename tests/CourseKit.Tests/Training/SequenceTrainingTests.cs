namespace CourseKit.Tests;

/// <summary>Sequence models learn what only they can learn.</summary>
public class SequenceTrainingTests
{
    /// <summary>The adding problem (Hochreiter and Schmidhuber 1997): of a series of random numbers, add the two that are marked.</summary>
    [Theory]
    [InlineData("LSTM")]
    [InlineData("GRU")]
    public void A_gated_network_learns_to_add_two_marked_numbers(string kind)
    {
        const int Steps = 20, Batch = 64;
        var generator = new Generator(1);
        RecurrentLayer recurrent = kind == "LSTM" ? new LSTM(2, 32, generator: generator) : new GRU(2, 32, generator: generator);
        var head = new Linear(32, 1, generator: generator);
        var optimizer = new Adam([.. recurrent.Parameters(), .. head.Parameters()], learningRate: 0.01);
        for (var step = 0; step < 700; step++)
        {
            using var scope = new TensorScope();
            var (x, sums) = Draw(Batch);
            optimizer.ZeroGrad();
            Loss(x, sums).Backward();
            optimizer.Step();
        }
        using var noGrad = new NoGrad();
        var (unseen, expected) = Draw(1000);
        // Whoever always answers 1, the mean, is wrong by the variance of the sum: 2/12.
        var constant = new MSELoss().Forward(Tensor.Ones(1000, 1), expected).Item();
        Assert.InRange(constant, 0.15, 0.18);
        Assert.InRange(Loss(unseen, expected).Item(), 0, 0.01);

        Tensor Loss(Tensor x, Tensor sums) => new MSELoss().Forward(head.Forward(recurrent.Forward(x).Select(1, Steps - 1)), sums);

        (Tensor X, Tensor Sums) Draw(int examples)
        {
            var x = new double[examples * Steps * 2];
            var sums = new double[examples];
            for (var example = 0; example < examples; example++)
            {
                var marked = new[] { generator.NextInt(Steps / 2), Steps / 2 + generator.NextInt(Steps / 2) };
                for (var t = 0; t < Steps; t++)
                {
                    var at = (example * Steps + t) * 2;
                    x[at] = generator.Uniform();
                    x[at + 1] = marked.Contains(t) ? 1 : 0;
                    sums[example] += x[at] * x[at + 1];
                }
            }
            return (Tensor.From(x, [examples, Steps, 2]), Tensor.From(sums, [examples, 1]));
        }
    }

    [Fact]
    public void A_small_transformer_memorizes_a_text_and_writes_it_down_again()
    {
        const string Text = "the gradient of a sum is the sum of the gradients; the chain rule does the rest.";
        var letters = Text.Distinct().Order().ToArray();
        var indices = Text.Select(letter => Array.IndexOf(letters, letter)).ToArray();
        var model = new SmallGpt(letters.Length, width: 32, heads: 4, longest: Text.Length, new Generator(1));
        var optimizer = new Adam(model.Parameters(), learningRate: 0.005);
        var (input, next) = (IntTensor.From(indices.AsSpan(0, Text.Length - 1), [1, Text.Length - 1]), IntTensor.From(indices.AsSpan(1)));
        var loss = double.NaN;
        for (var step = 0; step < 150; step++)
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            var error = new CrossEntropyLoss().Forward(model.Forward(input).Reshape(-1, letters.Length), next);
            error.Backward();
            optimizer.Step();
            loss = error.Item();
        }
        Assert.True(loss < 0.1, $"loss {loss}");

        // Greedy: each next letter is the likeliest after all written so far.
        using var noGrad = new NoGrad();
        var written = new List<int> { indices[0] };
        while (written.Count < Text.Length)
            written.Add(model.Forward(IntTensor.From([.. written], [1, written.Count])).Select(1, written.Count - 1).ArgMax(-1)[0]);
        Assert.Equal(Text, string.Concat(written.Select(index => letters[index])));
    }

    /// <summary>A decoder without an encoder: embedding, positions, causal norm-first layers, scores.</summary>
    private sealed class SmallGpt : Module
    {
        private readonly Embedding embedding;
        private readonly LearnedPositions positions;
        private readonly TransformerEncoder layers;
        private readonly Linear head;

        public SmallGpt(int letters, int width, int heads, int longest, Generator generator)
        {
            embedding = Register("embedding", new Embedding(letters, width, generator: generator));
            positions = Register("positions", new LearnedPositions(width, longest, generator));
            TransformerEncoderLayer Layer() => new(width, heads, 4 * width, dropout: 0, x => x.Gelu(), normFirst: true, generator);
            layers = Register("layers", new TransformerEncoder([Layer(), Layer()], new LayerNorm(width)));
            head = Register("head", new Linear(width, letters, generator: generator));
        }

        public Tensor Forward(IntTensor letters) => head.Forward(layers.Forward(positions.Forward(embedding.Forward(letters)), isCausal: true));
    }
}
