namespace CourseKit.Tests;

/// <summary>What convolutions, pooling and normalization say about a mistake.</summary>
public class ConvolutionMessageTests
{
    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> Mistakes = new()
    {
        ["another number of channels"] = (() => new Conv2d(3, 16, 3).Forward(Tensor.Zeros(8, 1, 28, 28)), ["Conv2d(3 -> 16, kernel 3x3) got 8x1x28x28", "it wants 3 channels on axis 1 and the input has 1", "the layer before"]),
        ["channels on the last axis"] = (() => new Conv2d(3, 16, 3).Forward(Tensor.Zeros(8, 28, 28, 3)), ["Conv2d(3 -> 16, kernel 3x3) got 8x28x28x3", "last axis", "Permute(0, 3, 1, 2)", "axis 1"]),
        ["one image without a batch"] = (() => new Conv2d(3, 16, 3).Forward(Tensor.Zeros(3, 28, 28)), ["Conv2d(3 -> 16, kernel 3x3) got 3x28x28", "(N, C, H, W)", "x.Reshape(1, 3, 28, 28)"]),
        ["grey images without channels"] = (() => new Conv2d(1, 16, 3).Forward(Tensor.Zeros(32, 28, 28)), ["Conv2d(1 -> 16, kernel 3x3) got 32x28x28", "x.Reshape(32, 1, 28, 28)"]),
        ["flattened images"] = (() => new Conv2d(1, 16, 3).Forward(Tensor.Zeros(32, 784)), ["Conv2d(1 -> 16, kernel 3x3) got 32x784", "flat rows", "x.Reshape(-1, 1, height, width)"]),
        ["a scalar into a convolution"] = (() => new Conv2d(1, 16, 3).Forward(Tensor.Scalar(1)), ["Conv2d(1 -> 16, kernel 3x3) got scalar", "(N, C, H, W)"]),
        ["a grouped convolution's channels"] = (() => new Conv2d(4, 6, 3, groups: 2).Forward(Tensor.Zeros(1, 2, 8, 8)), ["Conv2d(4 -> 6, kernel 3x3) got 1x2x8x8", "4 channels"]),
        ["an image smaller than the kernel"] = (() => new Conv2d(1, 2, 5, padding: 1).Forward(Tensor.Zeros(1, 1, 2, 9)), ["Conv2d got 1x1x2x9", "5x5 does not fit into 2x9 with a padding of 1x1", "larger images or more padding"]),
        ["a dilated kernel that is too large"] = (() => new Conv2d(1, 2, 3, dilation: 4).Forward(Tensor.Zeros(1, 1, 8, 8)), ["9x9 (with its dilation) does not fit into 8x8"]),
        ["sequences with another number of channels"] = (() => new Conv1d(2, 3, 3).Forward(Tensor.Zeros(4, 5, 9)), ["Conv1d(2 -> 3, kernel 3) got 4x5x9", "2 channels on axis 1 and the input has 5"]),
        ["sequences without channels"] = (() => new Conv1d(1, 3, 3).Forward(Tensor.Zeros(4, 9)), ["Conv1d(1 -> 3, kernel 3) got 4x9", "(N, C, L)", "x.Reshape(4, 1, 9)"]),
        ["a transposed convolution's channels"] = (() => new ConvTranspose2d(4, 2, 2).Forward(Tensor.Zeros(1, 2, 8, 8)), ["ConvTranspose2d(4 -> 2, kernel 2x2) got 1x2x8x8", "4 channels"]),
        ["a transposed convolution that cuts all off"] = (() => new ConvTranspose2d(1, 1, 2, padding: 3).Forward(Tensor.Zeros(1, 1, 3, 3)), ["ConvTranspose2d got 1x1x3x3", "padding of 3x3", "nothing is left"]),
        ["a weight with too few axes"] = (() => Tensor.Zeros(1, 1, 5, 5).Conv2d(Tensor.Zeros(3, 3)), ["Conv2d wants a weight of 4 axes", "got 3x3"]),
        ["a weight without a tap"] = (() => Tensor.Zeros(1, 1, 5, 5).Conv2d(Tensor.Zeros(1, 1, 0, 3)), ["Conv2d got a weight of shape 1x1x0x3", "at least one"]),
        ["a weight whose channels no groups divide"] = (() => Tensor.Zeros(1, 2, 5, 5).Conv2d(Tensor.Zeros(3, 1, 2, 2), groups: 2), ["Conv2d got 2 groups", "3x1x2x2", "divided evenly"]),
        ["a bias of another length"] = (() => Tensor.Zeros(1, 1, 5, 5).Conv2d(Tensor.Zeros(3, 1, 2, 2), Tensor.Zeros(2)), ["Conv2d got a bias of shape 2", "3 output channels"]),
        ["pooling of rows"] = (() => new MaxPool2d(2).Forward(Tensor.Zeros(32, 784)), ["MaxPool2d got 32x784", "(N, C, H, W)", "Flatten for after"]),
        ["pooling of images that are too small"] = (() => new AvgPool2d(4).Forward(Tensor.Zeros(1, 1, 3, 8)), ["AvgPool2d got 1x1x3x8", "4x4 does not fit into 3x8", "leave out a pooling layer"]),
        ["a pooling window that sees padding alone"] = (() => Tensor.Zeros(1, 1, 1, 5).MaxPool2d((2, 1), stride: 1, padding: (1, 0), dilation: (2, 1)), ["MaxPool2d got 1x1x1x5", "dilation of 2", "padding alone"]),
        ["upsampling of rows"] = (() => new Upsample(2).Forward(Tensor.Zeros(3, 4)), ["Upsample got 3x4", "(N, C, H, W)"]),
        ["adaptive pooling of nothing"] = (() => Tensor.Zeros(1, 1, 0, 4).AdaptiveAvgPool2d(2), ["AdaptiveAvgPool2d got 1x1x0x4", "without rows or columns"]),
        ["batch normalization of other channels"] = (() => new BatchNorm2d(16).Forward(Tensor.Zeros(8, 32, 4, 4)), ["BatchNorm2d(16) got 8x32x4x4", "16 channels on axis 1 and the input has 32"]),
        ["the image form for rows"] = (() => new BatchNorm2d(16).Forward(Tensor.Zeros(8, 16)), ["BatchNorm2d(16) got 8x16", "(N, C, H, W)", "for rows there is BatchNorm1d"]),
        ["the row form for images"] = (() => new BatchNorm1d(16).Forward(Tensor.Zeros(8, 16, 4, 4)), ["BatchNorm1d(16) got 8x16x4x4", "for images there is BatchNorm2d"]),
        ["batch normalization of one example"] = (() => new BatchNorm1d(16).Forward(Tensor.Zeros(1, 16)), ["BatchNorm1d(16) got 1x16 in training", "one value per channel has no spread", "larger batches", "Eval()"]),
        ["batch normalization of an empty batch"] = (() => new BatchNorm2d(3).Forward(Tensor.Zeros(0, 3, 2, 2)), ["BatchNorm2d(3) got 0x3x2x2 in training", "without a value per channel"]),
        ["batch normalization's scale"] = (() => Tensor.Zeros(4, 3).BatchNorm(null, null, weight: Tensor.Ones(4), training: true), ["BatchNorm got a weight of shape 4", "it wants 3"]),
        ["layer normalization of other axes"] = (() => new LayerNorm(5).Forward(Tensor.Zeros(5, 4)), ["LayerNorm(5) got 5x4", "last axis, which must be 5"]),
        ["layer normalization over nothing"] = (() => _ = new LayerNorm(0), ["LayerNorm", "at least one number"]),
        ["group normalization of other channels"] = (() => new GroupNorm(2, 4).Forward(Tensor.Zeros(1, 6, 2, 2)), ["GroupNorm(2 groups, 4 channels) got 1x6x2x2", "4 channels on axis 1 and the input has 6"]),
        ["groups that do not divide"] = (() => Tensor.Zeros(1, 6, 2, 2).GroupNorm(4), ["GroupNorm got 1x6x2x2", "6 channels cannot be divided evenly into 4 groups"]),
        ["groups of one value"] = (() => Tensor.Zeros(2, 6).GroupNorm(6), ["GroupNorm got 2x6", "one value per group", "fewer groups"]),
        ["a residual body of another shape"] = (() => new ResidualBlock(new Conv2d(3, 3, 3)).Forward(Tensor.Zeros(1, 3, 8, 8)), ["ResidualBlock got 1x3x6x6 from its body and 1x3x8x8 at its input", "give a projection"]),
        ["a residual projection of another shape"] = (() => new ResidualBlock(new Conv2d(3, 4, 3, stride: 2, padding: 1), new Conv2d(3, 4, 1)).Forward(Tensor.Zeros(1, 3, 8, 8)), ["1x4x4x4 from its body and 1x4x8x8 from its projection", "the body's channels and stride"]),
        ["flattening from an axis that is not there"] = (() => new Flatten(2).Forward(Tensor.Zeros(3, 4)), ["Flatten(from axis 2) got 3x4", "no axis 2"]),
        ["stochastic depth of a scalar"] = (() => new StochasticDepth(0.5).Forward(Tensor.Scalar(1)), ["StochasticDepth got a scalar", "axis 0"]),
    };

    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> Arguments = new()
    {
        ["a stride of 0"] = (() => _ = new Conv2d(1, 1, 3, stride: 0), ["Conv2d got a stride of 0x0", "at least 1"]),
        ["a kernel of 0"] = (() => _ = new MaxPool2d((2, 0)), ["MaxPool2d got a kernel of 2x0"]),
        ["a dilation of 0"] = (() => _ = new Conv1d(1, 1, 3, dilation: 0), ["Conv1d got a dilation of 1x0"]),
        ["negative padding"] = (() => _ = new Conv2d(1, 1, 3, padding: -1), ["Conv2d got a padding of -1x-1", "at least 0"]),
        ["a padding that is no word"] = (() => _ = new Conv2d(1, 1, 3, padding: "full"), ["\"valid\"", "\"same\"", "\"full\""]),
        ["same with a stride"] = (() => _ = new Conv2d(1, 1, 3, stride: 2, padding: "same"), ["Conv2d got padding \"same\" and a stride of 2x2", "(kernel - 1) / 2"]),
        ["groups that do not divide the channels"] = (() => _ = new Conv2d(3, 4, 3, groups: 2), ["Conv2d cannot divide 3 input and 4 output channels evenly into 2 groups"]),
        ["normalization groups that do not divide"] = (() => _ = new GroupNorm(4, 6), ["GroupNorm cannot divide 6 channels evenly into 4 groups"]),
        ["output padding of a whole stride"] = (() => _ = new ConvTranspose2d(1, 1, 3, stride: 2, outputPadding: 2), ["ConvTranspose2d got an output padding of 2x2", "below the stride"]),
        ["more padding than half of a pooling window"] = (() => _ = new MaxPool2d(2, padding: 2), ["MaxPool2d got a padding of 2x2 for a window of 2x2", "at most half"]),
        ["an output of no size"] = (() => _ = new AdaptiveAvgPool2d(0), ["AdaptiveAvgPool2d got an output size of 0x0"]),
        ["a probability above 1"] = (() => _ = new Dropout(50), ["Dropout got the probability 50", "from 0 to 1"]),
        ["a probability that is not a number"] = (() => _ = new StochasticDepth(double.NaN), ["StochasticDepth got the probability NaN"]),
        ["tensors on two devices"] = (() => Tensor.Full([1, 1, 3, 3], 1, Device.Cpu).Conv2d(Tensor.Full([1, 1, 2, 2], 1, Device.Reference)), ["Conv2d got one tensor on cpu and one on reference"]),
    };

    public static TheoryData<string> ShapeNames => [.. Mistakes.Keys];

    public static TheoryData<string> ArgumentNames => [.. Arguments.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void A_mistake_with_shapes_is_explained(string name) => AssertExplained(Assert.Throws<ShapeException>(Mistakes[name].Mistake), Mistakes[name].Parts);

    [Theory]
    [MemberData(nameof(ArgumentNames))]
    public void A_mistake_with_arguments_is_explained(string name)
    {
        var error = Record.Exception(Arguments[name].Mistake);
        Assert.True(error is ArgumentException or InvalidOperationException, $"{error}");
        AssertExplained(error, Arguments[name].Parts);
    }

    private static void AssertExplained(Exception error, string[] parts)
        => Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
}
