namespace CourseKit.Tests;

/// <summary>Every complaint of a sequence layer names the layer, what was wanted and what came, and says what to do.</summary>
public class SequenceMessageTests
{
    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> Mistakes = new()
    {
        ["one sequence without a batch"] = (() => new LSTM(3, 8).Forward(Tensor.Zeros(20, 3)), ["LSTM(3 -> 8) wants sequences of shape N x T x 3 and got 20x3", "Unsqueeze(0)"]),
        ["one sequence without a batch, time first"] = (() => new GRU(3, 8, batchFirst: false).Forward(Tensor.Zeros(20, 3)), ["GRU(3 -> 8) wants sequences of shape T x N x 3", "Unsqueeze(1)"]),
        ["a series of single numbers"] = (() => new RNN(1, 8).Forward(Tensor.Zeros(32, 20)), ["RNN(1 -> 8)", "N x T x 1", "32x20", "examples, steps in time and features"]),
        ["features in the middle"] = (() => new LSTM(3, 8).Forward(Tensor.Zeros(32, 3, 20)), ["32x3x20", "the 3 features of one step", "Transpose(1, 2)"]),
        ["another number of features"] = (() => new LSTM(3, 8).Forward(Tensor.Zeros(32, 20, 4)), ["32x20x4", "the last axis must hold the 3 features"]),
        ["no step in time"] = (() => new LSTM(3, 8).Forward(Tensor.Zeros(32, 0, 3)), ["32x0x3", "without a step in time"]),
        ["a state of another shape"] = (() => new LSTM(3, 8, layers: 2).Run(Tensor.Zeros(32, 20, 3), Tensor.Zeros(1, 32, 8)), ["first state of shape 2x32x8 and got 1x32x8", "layers times directions"]),
        ["a memory of another shape"] = (() => new LSTM(3, 8).Run(Tensor.Zeros(32, 20, 3), null, Tensor.Zeros(32, 8)), ["first cell of shape 1x32x8 and got 32x8"]),
        ["a sequence into a cell"] = (() => new LSTMCell(3, 8).Forward(Tensor.Zeros(32, 20, 3)), ["LSTMCell(3 -> 8) wants one step of shape N x 3 and got 32x20x3", "Select(1, t)"]),
        ["a cell's state of another shape"] = (() => new GRUCell(3, 8).Forward(Tensor.Zeros(32, 3), Tensor.Zeros(31, 8)), ["GRUCell(3 -> 8)", "first state of shape 32x8 and got 31x8"]),
        ["heads that do not divide the width"] = (() => _ = new MultiHeadAttention(10, 4), ["MultiHeadAttention got the width 10 and 4 heads", "multiple"]),
        ["a transformer's heads"] = (() => _ = new TransformerEncoderLayer(10, 4), ["TransformerEncoderLayer got the width 10 and 4 heads"]),
        ["attention to another width"] = (() => new MultiHeadAttention(8, 2).Forward(Tensor.Zeros(2, 5, 4)), ["MultiHeadAttention(8, 2 heads) wants a query of shape N x T x 8 and got 2x5x4"]),
        ["attention without a batch"] = (() => new MultiHeadAttention(8, 2).Forward(Tensor.Zeros(5, 8)), ["got 5x8", "Unsqueeze(0)"]),
        ["keys of another batch"] = (() => Tensor.Zeros(2, 3, 4).AttentionWeights(Tensor.Zeros(3, 5, 4)), ["queries of shape 2x3x4 and keys of shape 3x5x4", "same axes in front"]),
        ["keys of another width"] = (() => Tensor.Zeros(2, 3, 4).AttentionWeights(Tensor.Zeros(2, 5, 6)), ["queries of shape 2x3x4 and keys of shape 2x5x6", "same width"]),
        ["a value too few"] = (() => Tensor.Zeros(2, 3, 4).ScaledDotProductAttention(Tensor.Zeros(2, 5, 4), Tensor.Zeros(2, 4, 4)), ["keys of shape 2x5x4 and values of shape 2x4x4", "each key wants one value"]),
        ["a mask that does not fit"] = (() => new MultiHeadAttention(8, 2).Forward(Tensor.Zeros(2, 5, 8), Tensor.Zeros(2, 5)), ["mask of shape 2x5 for scores of shape 2x2x5x5", "T queries x S keys", "N x 1 x S"]),
        ["a sequence longer than its positions"] = (() => new PositionalEncoding(8, 10).Forward(Tensor.Zeros(2, 11, 8)), ["PositionalEncoding got a sequence of 11 places and knows 10", "maximumLength"]),
        ["positions of another width"] = (() => new LearnedPositions(8, 10).Forward(Tensor.Zeros(2, 5, 4)), ["LearnedPositions wants ... x T x 8 and got 2x5x4"]),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_with_sequences_is_explained(string name)
    {
        var (mistake, parts) = Mistakes[name];
        var error = Assert.Throws<ShapeException>(mistake);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void An_index_without_a_row_is_named_with_its_position_and_the_range(int index)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(10, 4).Forward(IntTensor.From([0, 1, 2, 3, 4, index], [2, 3])));
        Assert.Contains($"Embedding(10 -> 4) got the index {index} at position (1, 2) of 2x3: there are 10 rows, numbered 0 to 9.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        Assert.Contains("padding index 10", Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(10, 4, paddingIndex: 10)).Message, StringComparison.Ordinal);
        Assert.Contains("LSTM got the dropout 1.5", Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(3, 4, dropout: 1.5)).Message, StringComparison.Ordinal);
        Assert.Contains("TransformerEncoder got no layer", Assert.Throws<ArgumentException>(() => new TransformerEncoder([])).Message, StringComparison.Ordinal);
    }
}
