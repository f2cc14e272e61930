namespace CourseKit.Tests;

/// <summary>Every complaint about a shape names the operation and the shapes it got, and says what to do.</summary>
public class ShapeMessageTests
{
    /// <summary>What goes wrong, the mistake itself, and what its sentence must hold.</summary>
    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> Mistakes = new()
    {
        ["too many axes"] = (() => Shape.Create(1, 1, 1, 1, 1, 1, 1, 1, 1), ["at most 8 axes", "9"]),
        ["a negative length"] = (() => Tensor.Zeros(2, -3), ["negative length", "2x-3", "-3"]),
        ["more numbers than can be counted"] = (() => Shape.Create(100_000, 100_000), ["100000x100000", "10000000000", "at most 2147483647"]),
        ["an axis of a scalar"] = (() => Tensor.Scalar(1).Sum(0), ["Axis 0", "scalar", "no axis"]),
        ["an axis too far"] = (() => Tensor.Zeros(2, 3).Sum(2), ["Axis 2", "2x3", "0 to 1", "-2 to -1"]),
        ["a negative axis too far"] = (() => Tensor.Zeros(2, 3).Mean(-3), ["Axis -3", "2x3"]),
        ["shapes that do not broadcast"] = (() => _ = Tensor.Zeros(2, 3) + Tensor.Zeros(2), ["Add", "2x3 and 2", "3 and 2 differ", "Reshape or transpose"]),
        ["shapes that do not broadcast in a product"] = (() => _ = Tensor.Zeros(4, 3) * Tensor.Zeros(5, 3), ["Multiply", "4x3 and 5x3", "4 and 5 differ"]),
        ["too few numbers for a shape"] = (() => Tensor.From([1.0, 2, 3], [2, 2]), ["2x2 holds 4 numbers", "3 were given"]),
        ["too many whole numbers for a shape"] = (() => IntTensor.From([1, 2, 3], [2]), ["2 holds 2 numbers", "3 were given"]),
        ["a copy into another shape"] = (() => Tensor.Zeros(2, 3).CopyFrom(Tensor.Zeros(3, 2)), ["CopyFrom", "2x3", "3x2", "reshape"]),
        ["a reshape to more numbers"] = (() => Tensor.Zeros(2, 3).Reshape(4, 2), ["Reshape", "2x3 (6 numbers)", "4x2 (8 numbers)", "must stay the same"]),
        ["a reshape whose open length does not come out"] = (() => Tensor.Zeros(2, 3).Reshape(4, -1), ["Reshape", "2x3", "4x-1", "6 is not a multiple of 4"]),
        ["a reshape with two open lengths"] = (() => Tensor.Zeros(2, 3).Reshape(-1, -1), ["Reshape", "2x3", "-1x-1", "only one"]),
        ["a product of a vector"] = (() => Tensor.Zeros(3).MatMul(Tensor.Zeros(3, 2)), ["MatMul wants two matrices", "3 and 3x2", "Reshape"]),
        ["a product of matrices that do not fit"] = (() => Tensor.Zeros(2, 3).MatMul(Tensor.Zeros(2, 3)), ["MatMul got 2x3 and 2x3", "3 columns", "2 rows", "Transposing"]),
        ["a product with a transpose that does not fit"] = (() => Tensor.Zeros(2, 3).MatMul(Tensor.Zeros(3, 4), transposeRight: true), ["MatMul", "2x3", "3x4 transposed", "3 columns", "4 rows"]),
        ["images that were not flattened"] = (() => new Linear(784, 128).Forward(Tensor.Zeros(32, 1, 28, 28)), ["Linear(784 -> 128) got 32x1x28x28", "flatten the images first", "x.Reshape(x.Shape[0], -1)"]),
        ["features in the rows"] = (() => new Linear(4, 2).Forward(Tensor.Zeros(4, 100)), ["Linear(4 -> 2) got 4x100", "transposed", "each row must be one example"]),
        ["a layer of another width"] = (() => new Linear(4, 2).Forward(Tensor.Zeros(10, 3)), ["Linear(4 -> 2) got 10x3", "the last axis must hold the 4 features"]),
        ["a scalar into a layer"] = (() => new Linear(4, 2).Forward(Tensor.Scalar(1)), ["Linear(4 -> 2) got scalar"]),
        ["MSELoss of N targets and N x 1 predictions"] = (() => new MSELoss().Forward(Tensor.Zeros(8, 1), Tensor.Zeros(8)), ["MSELoss", "predictions of shape 8x1", "targets of shape 8", "reshape the target to 8x1", "every prediction would be compared with every target"]),
        ["BCELoss of N targets and N x 1 predictions"] = (() => new BCELoss().Forward(Tensor.Zeros(8, 1), Tensor.Zeros(8)), ["BCELoss", "8x1", "reshape the target to 8x1"]),
        ["BCEWithLogitsLoss of N targets and N x 1 logits"] = (() => new BCEWithLogitsLoss().Forward(Tensor.Zeros(8, 1), Tensor.Zeros(8)), ["BCEWithLogitsLoss", "8x1", "reshape the target to 8x1"]),
        ["fewer targets than predictions"] = (() => new MSELoss().Forward(Tensor.Zeros(8, 1), Tensor.Zeros(7, 1)), ["MSELoss", "8x1", "7x1", "one target for each prediction"]),
        ["CrossEntropyLoss of other probabilities"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(8, 3), Tensor.Zeros(8, 2)), ["CrossEntropyLoss", "8x3", "8x2"]),
        ["CrossEntropyLoss of scores without a batch"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(3), IntTensor.From([0])), ["CrossEntropyLoss wants scores of shape N x classes", "got 3", "one row for each example"]),
        ["CrossEntropyLoss of too few classes"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(8, 3), IntTensor.From([0, 1])), ["CrossEntropyLoss", "8x3", "shape 2", "one class index for each of the 8 rows"]),
        ["accuracy of unlike counts"] = (() => Metrics.Accuracy(IntTensor.From([0, 1]), IntTensor.From([0])), ["Accuracy", "shape 2", "shape 1"]),
        ["rows that are not there"] = (() => Tensor.Zeros(5, 2).Rows(4, 2), ["Rows 4 to 6", "5x2", "0 to 4"]),
        ["rows of a scalar"] = (() => Tensor.Scalar(1).Rows(0, 1), ["scalar has no rows"]),
        ["a row by an index that is not there"] = (() => Tensor.Zeros(5, 2).Rows(IntTensor.From([0, 5])), ["5", "5x2", "0 to 4"]),
        ["columns that are not there"] = (() => Tensor.Zeros(5, 2).Columns(1, 2), ["Columns 1 to 3", "5x2", "0 to 1"]),
        ["columns of something else than a matrix"] = (() => Tensor.Zeros(5).Columns(0, 1), ["Columns wants a matrix", "got 5"]),
        ["a transpose of something else than a matrix"] = (() => Tensor.Zeros(1, 2, 3).Transpose(), ["Transpose wants a matrix", "1x2x3"]),
        ["a matrix of something else"] = (() => Tensor.Zeros(5).ToMatrix(), ["ToMatrix wants a matrix", "got 5"]),
        ["a backward pass from many numbers"] = (() => Tensor.Zeros(4, 2).Backward(), ["Backward starts from a single number", "4x2", "Mean() or Sum()"]),
        ["a backward pass with a gradient of another shape"] = (() => Tensor.Zeros(4, 2).Backward(Tensor.Zeros(2, 4)), ["Backward", "4x2", "2x4", "same shape"]),
        ["one number of many"] = (() => Tensor.Zeros(4, 2).Item(), ["Item()", "4x2", "pick one with an index, or reduce"]),
        ["too few indices"] = (() => _ = Tensor.Zeros(4, 2)[1], ["4x2 wants 2 indices", "got 1"]),
        ["an index outside"] = (() => _ = Tensor.Zeros(4, 2)[1, 2], ["Index 2 on axis 1", "4x2", "0 to 1"]),
        ["a data set with a target too few"] = (() => _ = new TensorDataset(Tensor.Zeros(4, 2), Tensor.Zeros(3, 1)), ["data set", "4x2", "3x1", "count the same examples"]),
        ["a data set with a class too few"] = (() => _ = new TensorDataset(Tensor.Zeros(4, 2), IntTensor.From([0])), ["data set", "4x2", "shape 1"]),
        ["a scaler of no rows"] = (() => StandardScaler.Fit(Tensor.Zeros(0, 2)), ["0x2", "no rows"]),
        ["a scaler of a vector"] = (() => StandardScaler.Fit(Tensor.Zeros(3)), ["StandardScaler wants a matrix", "got 3"]),
        ["a largest number of nothing"] = (() => Tensor.Zeros(2, 0).Max(1), ["no largest or smallest number along axis 1", "2x0", "empty"]),
        ["a batch of products of another count"] = (() => Tensor.Zeros(2, 3, 4).MatMul(Tensor.Zeros(5, 4, 3)), ["MatMul got batches", "2x3x4 and 5x4x3", "must be equal", "Expand"]),
        ["axes that are no permutation"] = (() => Tensor.Zeros(2, 3).Permute(0, 0), ["Permute got the axes (0, 0)", "2x3", "each of its 2 axes named once"]),
        ["too few axes for a permutation"] = (() => Tensor.Zeros(2, 3).Permute(1), ["Permute got the axes (1)", "2x3"]),
        ["a slice that leaves its axis"] = (() => Tensor.Zeros(2, 3).Slice(1, 2, 2), ["Slice was asked for 2 places from 2 on of axis 1", "2x3", "0 to 2"]),
        ["a slice that goes backwards"] = (() => Tensor.Zeros(2, 3).Slice(1, 0, 2, -1), ["step -1", "Flip(axis)"]),
        ["a range that leaves its axis"] = (() => _ = Tensor.Zeros(2, 3)[.., 1..5], ["range 1..5 on axis 1", "2x3", "0..3"]),
        ["more ranges than axes"] = (() => _ = Tensor.Zeros(2)[.., ..], ["2 ranges", "which has 1 axes"]),
        ["a squeeze of a long axis"] = (() => Tensor.Zeros(2, 3).Squeeze(1), ["Squeeze", "axis 1 of 2x3 has length 3", "Select"]),
        ["a new axis too far"] = (() => Tensor.Zeros(2, 3).Unsqueeze(4), ["Unsqueeze", "at 4", "0 to 2"]),
        ["an expansion of a longer axis"] = (() => Tensor.Zeros(2, 3).Expand(4, 3), ["Expand cannot stretch 2x3 to 4x3", "equal, or 1"]),
        ["a negative border"] = (() => Tensor.Zeros(2, 3).Pad(0, -1, 0), ["Pad", "-1", "Slice makes an axis shorter"]),
        ["a concatenation of unlike shapes"] = (() => Tensor.Concatenate(0, Tensor.Zeros(2, 3), Tensor.Zeros(2, 4)), ["Concatenate along axis 0", "2x3 and 2x4", "all other axes"]),
        ["a concatenation of nothing"] = (() => Tensor.Concatenate(0), ["Concatenate got no tensor"]),
        ["a stack of unlike shapes"] = (() => Tensor.Stack(0, Tensor.Zeros(2), Tensor.Zeros(3)), ["Stack got 2 and 3", "same shape"]),
        ["parts that do not come out"] = (() => Tensor.Zeros(2, 3).Chunk(2, 1), ["Chunk", "2 equal parts of axis 1 of 2x3", "3 does not divide by 2"]),
        ["an index of another rank"] = (() => Tensor.Zeros(2, 3).Gather(1, IntTensor.From([0])), ["Gather along axis 1", "index of shape 1", "2x3"]),
        ["an index that is not there"] = (() => Tensor.Zeros(2, 3).Gather(1, IntTensor.From([3], [1, 1])), ["Gather got the index 3 for axis 1", "2x3", "0 to 2"]),
        ["more largest numbers than there are"] = (() => Tensor.Zeros(2, 3).TopK(4), ["TopK", "4 numbers", "2x3", "there are 3"]),
        ["an outer product of matrices"] = (() => Tensor.Zeros(2, 3).Outer(Tensor.Zeros(3)), ["Outer wants vectors", "2x3", "Reshape(-1)"]),
        ["an initialization of a vector"] = (() => Initialize.XavierUniform(Tensor.Zeros(3)), ["initialization wants a matrix", "got 3"]),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_with_shapes_is_explained(string name)
    {
        var (mistake, parts) = Mistakes[name];
        var error = Assert.Throws<ShapeException>(mistake);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_class_that_does_not_exist_is_named_with_its_row(int index)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropyLoss().Forward(Tensor.Zeros(2, 3), IntTensor.From([0, index])));
        Assert.Equal($"CrossEntropyLoss got the class {index} in row 1, but there are 3 classes, numbered 0 to 2{(index == 3 ? ": take 1 from labels that begin at 1" : "")}.", error.Message);
    }

    [Fact]
    public void Tensors_on_two_devices_are_told_apart()
    {
        foreach (var mistake in new Action[]
        {
            () => _ = Tensor.Full([2], 1, Device.Cpu) + Tensor.Full([2], 1, Device.Reference),
            () => Tensor.Full([2, 2], 1, Device.Cpu).MatMul(Tensor.Full([2, 2], 1, Device.Reference)),
            () => new MSELoss().Forward(Tensor.Full([2], 1, Device.Cpu), Tensor.Full([2], 1, Device.Reference)),
        })
        {
            var error = Assert.Throws<InvalidOperationException>(mistake);
            Assert.Contains("one tensor on cpu and one on reference: move one with To(device)", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_optimizer_says_what_it_cannot_work_with()
    {
        var nothing = Assert.Throws<ArgumentException>(() => new SGD([], 0.1));
        Assert.Contains("model.Parameters()", nothing.Message, StringComparison.Ordinal);
        var noGradient = Assert.Throws<ArgumentException>(() => new SGD([Tensor.Zeros(2, 3)], 0.1));
        Assert.Contains("2x3", noGradient.Message, StringComparison.Ordinal);
        Assert.Contains("set RequiresGrad = true", noGradient.Message, StringComparison.Ordinal);
    }
}
