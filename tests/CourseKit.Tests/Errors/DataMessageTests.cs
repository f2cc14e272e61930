namespace CourseKit.Tests;

/// <summary>Mistakes with the shapes of data name what was wanted, what came, and what to do.</summary>
public class DataMessageTests
{
    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> Mistakes = new()
    {
        ["an imputer of a vector"] = (() => Imputer.Fit(Tensor.Zeros(3)), ["Imputer wants a matrix", "got 3"]),
        ["an imputer of other features"] = (() => Imputer.Fit(Tensor.Zeros(3, 2)).Transform(Tensor.Zeros(3, 4)), ["Imputer was fitted on 2 features", "got 3x4", "same 2 columns"]),
        ["a min-max scaler of no rows"] = (() => MinMaxScaler.Fit(Tensor.Zeros(0, 2)), ["0x2", "no rows"]),
        ["a normalizer of one image without a batch"] = (() => ChannelNormalizer.Fit(Tensor.Zeros(1, 28, 28)), ["ChannelNormalizer wants images of shape N x channels x height x width", "got 1x28x28", "four axes"]),
        ["a normalizer of other channels"] = (() => ChannelNormalizer.Fit(Tensor.Ones(2, 3, 4, 4)).Transform(Tensor.Zeros(2, 1, 4, 4)), ["knows 3 channels", "got 2x1x4x4"]),
        ["an augmentation of rows"] = (() => new RandomHorizontalFlip().Apply(Tensor.Zeros(4, 784)), ["RandomHorizontalFlip wants images", "got 4x784"]),
        ["masks of another size"] = (() => new RandomHorizontalFlip().Apply(Tensor.Zeros(4, 3, 8, 8), Tensor.Zeros(4, 1, 8, 9)), ["images of shape 4x3x8x8", "masks of shape 4x1x8x9", "same height and width"]),
        ["masks without channels"] = (() => new RandomHorizontalFlip().Apply(Tensor.Zeros(4, 3, 8, 8), Tensor.Zeros(4, 8, 8)), ["An augmentation of masks wants", "got 4x8x8"]),
        ["sequences of unlike lengths"] = (() => Dna.OneHot(["ACGT", "ACG"]), ["Sequence 1 has 3 letters and the first one 4", "cut or pad"]),
        ["no sequence"] = (() => Dna.Tokens([]), ["no sequence"]),
        ["blobs of a vector"] = (() => Synthetic.Blobs(3, Tensor.Zeros(2)), ["Synthetic.Blobs wants a matrix", "got 2"]),
        ["tokens and targets of unlike counts"] = (() => _ = new TensorDataset(IntTensor.From([1, 2, 3]), Tensor.Zeros(2, 1)), ["inputs of shape 3", "targets of shape 2x1"]),
        ["inputs that do not go with the targets"] = (() => new TensorDataset(Tensor.Zeros(4, 2), IntTensor.From([0, 1, 0, 1])).WithInputs(Tensor.Zeros(3, 2)), ["inputs of shape 3x2", "targets of shape 4"]),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_with_data_is_explained(string name)
    {
        var (mistake, parts) = Mistakes[name];
        var error = Assert.Throws<ShapeException>(mistake);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }
}
