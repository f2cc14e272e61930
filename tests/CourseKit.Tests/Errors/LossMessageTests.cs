namespace CourseKit.Tests;

/// <summary>Every complaint of an activation or a loss names it, says what it wanted and what it got, and what to do.</summary>
public class LossMessageTests
{
    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> ShapeMistakes = new()
    {
        ["softmax along an axis that is not there"] = (() => Tensor.Zeros(2, 3).Softmax(2), ["Axis 2", "2x3"]),
        ["softmax of a scalar"] = (() => Tensor.Scalar(1).Softmax(), ["scalar", "no axis"]),
        ["slopes in two axes"] = (() => Tensor.Zeros(2, 3).PRelu(Tensor.Zeros(1, 3)), ["PRelu", "one axis", "1x3"]),
        ["slopes for other channels"] = (() => new PReLU(4).Forward(Tensor.Zeros(2, 3, 5)), ["PRelu got 4 slopes for 2x3x5", "axis 1"]),
        ["predictions and targets that differ"] = (() => new HuberLoss().Forward(Tensor.Zeros(8, 1), Tensor.Zeros(8)), ["HuberLoss", "8x1", "reshape the target to 8x1"]),
        ["the mean of no errors"] = (() => new MSELoss().Forward(Tensor.Zeros(0, 3), Tensor.Zeros(0, 3)), ["MSELoss got an empty batch (shape 0x3)", "Reduction.Sum, which gives 0"]),
        ["the batch mean of no errors"] = (() => new KLDivLoss(Reduction.BatchMean).Forward(Tensor.Zeros(0, 3), Tensor.Zeros(0, 3)), ["KLDivLoss got an empty batch"]),
        ["the mean of no classes"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(0, 3), IntTensor.From([])), ["CrossEntropyLoss got an empty batch"]),
        ["the weighted mean of no classes"] = (() => new NLLLoss(classWeights: Tensor.Ones(3)).Forward(Tensor.Zeros(0, 3), IntTensor.From([])), ["NLLLoss got an empty batch"]),
        ["the overlap of nothing"] = (() => new DiceLoss().Forward(Tensor.Zeros(0, 3), Tensor.Zeros(0, 3)), ["DiceLoss got an empty batch"]),
        ["a batch in which every class is ignored"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(2, 3), IntTensor.From([-100, -100])), ["CrossEntropyLoss", "every class is -100", "skip the batch"]),
        ["weights for other classes"] = (() => new CrossEntropyLoss(classWeights: Tensor.Ones(4)).Forward(Tensor.Zeros(2, 3), IntTensor.From([0, 1])), ["CrossEntropyLoss", "shape 4 for 3 classes", "one weight for each class"]),
        ["class targets of other images"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(2, 3, 4, 4), IntTensor.From(new int[24], [2, 4, 3])), ["2x3x4x4", "2x4x3", "without the classes' axis 1"]),
        ["class probabilities without a batch"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(3), Tensor.Zeros(3)), ["CrossEntropyLoss wants scores of shape N x classes", "got 3"]),
        ["hinge loss of images"] = (() => new MultiMarginLoss().Forward(Tensor.Zeros(2, 3, 4), IntTensor.From([0, 1])), ["MultiMarginLoss wants a matrix", "2x3x4"]),
        ["positive weights of another width"] = (() => new BCEWithLogitsLoss(positiveWeight: Tensor.Ones(4)).Forward(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3)), ["BCEWithLogitsLoss", "2x3 and 4"]),
        ["more positive weights than logits"] = (() => new BCEWithLogitsLoss(positiveWeight: Tensor.Ones(5, 3)).Forward(Tensor.Zeros(1, 3), Tensor.Zeros(1, 3)), ["positive weight", "1x3", "5x3"]),
        ["a variance of another shape"] = (() => new GaussianNLLLoss().Forward(Tensor.Zeros(4, 2), Tensor.Zeros(4, 2), Tensor.Ones(2)), ["GaussianNLLLoss", "4x2", "a variance of shape 2", "last axis 1"]),
        ["embeddings that are not rows"] = (() => new CosineEmbeddingLoss().Forward(Tensor.Zeros(3), Tensor.Zeros(3), IntTensor.From([1])), ["CosineEmbeddingLoss wants vectors in rows", "got 3"]),
        ["triplets that differ"] = (() => new TripletMarginLoss().Forward(Tensor.Zeros(3, 2), Tensor.Zeros(3, 2), Tensor.Zeros(2, 2)), ["TripletMarginLoss", "3x2", "2x2"]),
    };

    private static readonly Dictionary<string, (Action Mistake, string[] Parts)> RangeMistakes = new()
    {
        ["BCELoss of scores"] = (() => new BCELoss().Forward(Tensor.From([0.5, 1.75]), Tensor.From([0.0, 1])), ["BCELoss got the predicted probability 1.75 at number 1", "from 0 to 1", "the sigmoid is missing", "BCEWithLogitsLoss"]),
        ["BCELoss of negative scores"] = (() => new BCELoss().Forward(Tensor.From([-0.5]), Tensor.From([0.0])), ["probability -0.5 at number 0"]),
        ["BCELoss of labels 1 and 2"] = (() => new BCELoss().Forward(Tensor.From([0.5]), Tensor.From([2.0])), ["BCELoss got the target 2", "1 and 2 must become 0 and 1"]),
        ["BCEWithLogitsLoss of labels -1 and 1"] = (() => new BCEWithLogitsLoss().Forward(Tensor.From([0.5]), Tensor.From([-1.0])), ["BCEWithLogitsLoss got the target -1"]),
        ["focal loss of labels 1 and 2"] = (() => new BinaryFocalLoss().Forward(Tensor.From([0.5]), Tensor.From([2.0])), ["BinaryFocalLoss got the target 2"]),
        ["Dice of logits"] = (() => new DiceLoss().Forward(Tensor.From([3.0]), Tensor.From([1.0])), ["DiceLoss got the predicted probability 3", "sigmoid or softmax is missing"]),
        ["divergence from scores"] = (() => new KLDivLoss().Forward(Tensor.From([-0.5]), Tensor.From([-2.0])), ["KLDivLoss got the target probability -2", "softmax", "logTarget: true"]),
        ["a negative variance"] = (() => new GaussianNLLLoss().Forward(Tensor.Zeros(2), Tensor.Zeros(2), Tensor.From([1.0, -1])), ["GaussianNLLLoss got the variance -1 at number 1", "0 or more", "Softplus"]),
        ["a negative scale"] = (() => new LaplaceNLLLoss().Forward(Tensor.Zeros(1), Tensor.Zeros(1), Tensor.From([-1.0])), ["LaplaceNLLLoss got the scale -1"]),
        ["a negative concentration"] = (() => new VonMisesNLLLoss().Forward(Tensor.Zeros(1), Tensor.Zeros(1), Tensor.From([-1.0])), ["VonMisesNLLLoss got the concentration -1"]),
        ["a negative count"] = (() => new PoissonNLLLoss().Forward(Tensor.Zeros(1), Tensor.From([-1.0])), ["PoissonNLLLoss got the count -1", "count events"]),
        ["a negative rate"] = (() => new PoissonNLLLoss(logInput: false).Forward(Tensor.From([-1.0]), Tensor.From([1.0])), ["PoissonNLLLoss got the rate -1", "logInput: true"]),
        ["a pair that is neither"] = (() => new CosineEmbeddingLoss().Forward(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3), IntTensor.From([1, 0])), ["CosineEmbeddingLoss got the target 0 at number 1", "-1 for one that does not"]),
        ["a class of an image that is not there"] = (() => new CrossEntropyLoss().Forward(Tensor.Zeros(1, 3, 1, 2), IntTensor.From([0, 3], [1, 1, 2])), ["CrossEntropyLoss got the class 3 in place 1", "3 classes, numbered 0 to 2"]),
        ["a class of a hinge that is not there"] = (() => new MultiMarginLoss().Forward(Tensor.Zeros(1, 3), IntTensor.From([-1])), ["MultiMarginLoss got the class -1 in row 0"]),
        ["an ignored class where none is ignored"] = (() => new FocalLoss().Forward(Tensor.Zeros(1, 3), IntTensor.From([-100])), ["FocalLoss got the class -100"]),
        ["Softplus that bends nowhere"] = (() => Tensor.Zeros(2).Softplus(0), ["Softplus got the beta 0", "above 0"]),
        ["a Huber loss of no width"] = (() => _ = new HuberLoss(-1), ["HuberLoss got the delta -1", "above 0"]),
        ["a smooth loss of negative width"] = (() => _ = new SmoothL1Loss(-1), ["SmoothL1Loss got the beta -1", "0 or more"]),
        ["a biweight of no width"] = (() => _ = new TukeyBiweightLoss(0), ["TukeyBiweightLoss got the c 0", "above 0"]),
        ["a quantile in percent"] = (() => _ = new QuantileLoss(90), ["QuantileLoss wants tau from 0 to 1 and got 90", "it is a share"]),
        ["a shape that is no number"] = (() => _ = new BarronLoss(double.NaN), ["BarronLoss", "alpha", "NaN"]),
        ["a robust loss that overflows everywhere"] = (() => _ = new BarronLoss(double.PositiveInfinity), ["BarronLoss", "alpha"]),
        ["a robust loss of no width"] = (() => _ = new BarronLoss(1, 0), ["BarronLoss got the c 0", "above 0"]),
        ["too much smoothing"] = (() => _ = new CrossEntropyLoss(labelSmoothing: 1.5), ["CrossEntropyLoss wants label smoothing from 0 to 1 and got 1.5"]),
        ["a negative focus"] = (() => _ = new FocalLoss(-1), ["FocalLoss got the gamma -1", "0 or more"]),
        ["a share of more than all"] = (() => _ = new BinaryFocalLoss(2, 1.5), ["BinaryFocalLoss wants alpha from 0 to 1 and got 1.5"]),
        ["a hinge to the third power"] = (() => _ = new MultiMarginLoss(p: 3), ["MultiMarginLoss wants p from 1 to 2 and got 3", "squared hinge"]),
        ["negative smoothing of an overlap"] = (() => _ = new DiceLoss(-1), ["DiceLoss got the smooth -1", "0 or more"]),
        ["a variance floor of 0"] = (() => _ = new GaussianNLLLoss(floor: 0), ["GaussianNLLLoss got the floor 0", "above 0"]),
        ["a margin that is no cosine"] = (() => _ = new CosineEmbeddingLoss(2), ["CosineEmbeddingLoss wants margin from -1 to 1 and got 2"]),
        ["weights at beta 1"] = (() => ClassWeights.ClassBalanced([1, 2], 1), ["ClassBalanced", "beta", "every weight is 0"]),
    };

    public static TheoryData<string> ShapeNames => [.. ShapeMistakes.Keys];

    public static TheoryData<string> RangeNames => [.. RangeMistakes.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void A_mistake_with_shapes_is_explained(string name)
    {
        var (mistake, parts) = ShapeMistakes[name];
        Explains(Assert.Throws<ShapeException>(mistake), parts);
    }

    [Theory]
    [MemberData(nameof(RangeNames))]
    public void A_number_that_cannot_be_is_explained(string name)
    {
        var (mistake, parts) = RangeMistakes[name];
        Explains(Assert.Throws<ArgumentOutOfRangeException>(mistake), parts);
    }

    [Fact]
    public void Weights_of_classes_that_never_occur_are_refused()
    {
        Explains(Assert.Throws<ArgumentException>(() => ClassWeights.InverseFrequency([3, 0])), ["InverseFrequency got a count of 0 for class 1"]);
        Explains(Assert.Throws<ArgumentException>(() => ClassWeights.ClassBalanced([])), ["ClassBalanced got no classes", "ClassWeights.Counts"]);
    }

    [Fact]
    public void Numbers_in_complaints_are_written_alike_in_every_culture()
        => Assert.Contains("got 1.5", InCulture.Run(Cultures.German, () => Assert.Throws<ArgumentOutOfRangeException>(() => _ = new CrossEntropyLoss(labelSmoothing: 1.5)).Message), StringComparison.Ordinal);

    private static void Explains(Exception error, string[] parts)
    {
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }
}
