namespace CourseKit.Tests;

/// <summary>The losses give the numbers that the lecture prints, from the inputs it prints.</summary>
public class LectureNumberTests
{
    public static TheoryData<string> Devices => [.. Device.All.Select(device => device.Name)];

    private static Device Named(string name) => Device.All.Single(device => device.Name == name);

    [Theory]
    [InlineData(new[] { 0, 1, -2, -0.5, 1.5 }, 1, 1.224745)]
    [InlineData(new[] { 0, 1, 1, -2, 15.0 }, 3.8, 6.797058)] // the slide's 6.79 is cut, not rounded
    public void The_absolute_and_the_squared_error_of_the_two_tables(double[] errors, double absolute, double rootOfSquared)
    {
        foreach (var device in Device.All)
        {
            var target = Tensor.From([10.0, -3, 0.5, 2, 7], null, device);
            var prediction = target + Tensor.From(errors, null, device);
            Assert.Equal(absolute, new L1Loss().Forward(prediction, target).Item(), tolerance: 1e-6);
            Assert.Equal(rootOfSquared, new RMSELoss().Forward(prediction, target).Item(), tolerance: 1e-6);
            Assert.Equal(rootOfSquared * rootOfSquared, new MSELoss().Forward(prediction, target).Item(), tolerance: 2e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Binary_cross_entropy(string device)
    {
        var loss = new BCELoss().Forward(Tensor.From([0.6882, 0.4268, 0.6981, 0.6192], null, Named(device)), Tensor.From([1.0, 0, 1, 0], null, Named(device)));
        Assert.Equal(0.563768, loss.Item(), tolerance: 1e-6);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Cross_entropy_from_scores_and_from_the_printed_probabilities(string device)
    {
        var scores = Tensor.From(new[,]
        {
            { 0.7114, -0.9152, -0.3899, 0.9435, -0.1819 },
            { -0.6162, -0.0346, -0.5723, -1.1487, -1.4400 },
            { 0.3388, -0.9662, -0.2876, -0.1088, -0.1857 },
            { -1.3066, 1.5789, -0.3382, -0.6364, 2.9867 },
        }, Named(device));
        var classes = IntTensor.From([1, 0, 3, 2]);
        Assert.Equal(2.383066, new CrossEntropyLoss().Forward(scores, classes).Item(), tolerance: 1e-6);
        Assert.Equal(2.383066, new NLLLoss().Forward(scores.LogSoftmax(1), classes).Item(), tolerance: 1e-6);
        // From the printed, rounded probabilities it is 2.3835.
        Assert.Equal(2.3835, -Tensor.From([0.0614, 0.2058, 0.2105, 0.0272], null, Named(device)).Log().Mean().Item(), tolerance: 5e-5);
        Assert.Equal([0.0614, 0.2058, 0.2105, 0.0272], [.. new[] { (0, 1), (1, 0), (2, 3), (3, 2) }.Select(at => Math.Round(scores.Softmax()[at.Item1, at.Item2], 4))]);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_custom_cross_entropy_and_the_library_s(string device)
    {
        var scores = Tensor.From(new[,] { { 1.5, 0.5, -0.5 }, { -0.5, 1.5, 0.5 }, { 0.5, -0.5, 1.5 } }, Named(device));
        var classes = IntTensor.From([0, 1, 2]);
        // A loss of one's own is a function of tensors.
        static Tensor Custom(Tensor scores, IntTensor classes) => -scores.LogSoftmax(1).Gather(1, IntTensor.From(classes.AsSpan(), [classes.Count, 1])).Mean();
        Assert.Equal(0.4076, Custom(scores, classes).Item(), tolerance: 5e-5);
        Assert.Equal(Custom(scores, classes).Item(), new CrossEntropyLoss().Forward(scores, classes).Item(), tolerance: 1e-7);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Kullback_Leibler_divergence_with_each_reduction_and_the_other_way_round(string device)
    {
        var logQ = Tensor.From(new[,]
        {
            { -4.4963, -1.2036, -1.5853, -1.4722, -1.3688 },
            { -2.6413, -2.2889, -2.2535, -0.5027, -2.1419 },
            { -2.3875, -1.0028, -2.9582, -3.1580, -0.8055 },
            { -2.3296, -0.4341, -2.2907, -2.1956, -3.1619 },
        }, Named(device));
        var p = Tensor.From(new[,]
        {
            { 0.0345, 0.1775, 0.1944, 0.2313, 0.3622 },
            { 0.1333, 0.6237, 0.1228, 0.0795, 0.0406 },
            { 0.3026, 0.1969, 0.0661, 0.2365, 0.1979 },
            { 0.1164, 0.4287, 0.2206, 0.1695, 0.0648 },
        }, Named(device));
        Assert.Equal(0.427552, new KLDivLoss(Reduction.BatchMean).Forward(logQ, p).Item(), tolerance: 1e-6); // the slide, unrounded inputs: 0.4276
        Assert.Equal(1.71021, new KLDivLoss(Reduction.Sum).Forward(logQ, p).Item(), tolerance: 5e-6);
        Assert.Equal(0.08551, new KLDivLoss().Forward(logQ, p).Item(), tolerance: 5e-6);
        Assert.Equal(0.4187, new KLDivLoss(Reduction.BatchMean).Forward(p.Log(), logQ.Exp()).Item(), tolerance: 5e-5);
        Assert.Equal(0.427552, new KLDivLoss(Reduction.BatchMean, logTarget: true).Forward(logQ, p.Log()).Item(), tolerance: 1e-6);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Negative_log_likelihood(string device)
    {
        var logProbabilities = Tensor.From(new[,]
        {
            { -2.1952, -2.0639, -0.3655, -4.2204, -2.9338 },
            { -2.2309, -1.6147, -1.2787, -1.6363, -1.5118 },
            { -2.1938, -3.0970, -1.5740, -1.3624, -0.9675 },
            { -1.9533, -1.1320, -3.2088, -1.2513, -1.5640 },
        }, Named(device));
        Assert.Equal(2.2165, new NLLLoss().Forward(logProbabilities, IntTensor.From([1, 0, 3, 2])).Item(), tolerance: 5e-5);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_hinge_loss_of_the_cat_the_car_and_the_bird(string device)
    {
        var scores = Tensor.From(new[,] { { 3.2, 5.1, -1.7 }, { 1.3, 4.9, 2.0 }, { 2.2, 2.5, -3.1 } }, Named(device));
        var classes = IntTensor.From([0, 1, 2]);
        Near.Assert([2.9, 0, 12.9], new MultiMarginLoss(divideByClasses: false, reduction: Reduction.None).Forward(scores, classes).ToDoubleArray(), 1e-6, 1, "each example");
        Assert.Equal(5.26667, new MultiMarginLoss(divideByClasses: false).Forward(scores, classes).Item(), tolerance: 5e-6);
        Assert.Equal(5.26667 / 3, new MultiMarginLoss().Forward(scores, classes).Item(), tolerance: 5e-6); // PyTorch's form
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Weights_and_twice_the_weights_both_have_a_hinge_loss_of_0(string device)
    {
        // The slide prints the true class's scores alone; this W has the loss 0 on its three inputs, and so has 2 W.
        var inputs = Tensor.From(new[,] { { 1.0, 0, 0 }, { 0, 1.0, 0 }, { 0, 0, 1.0 } }, Named(device));
        var w = Tensor.From(new[,] { { 2.0, 0.5, -1 }, { 0.0, 3, 0.5 }, { 1.0, -2, 2 } }, Named(device)); // classes x features
        var classes = IntTensor.From([0, 1, 2]);
        Assert.Equal(0, new MultiMarginLoss().Forward(inputs.MatMul(w, transposeRight: true), classes).Item());
        Assert.Equal(0, new MultiMarginLoss().Forward(inputs.MatMul(2 * w, transposeRight: true), classes).Item());
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Soft_Dice_of_the_printed_masks(string device)
    {
        var prediction = Tensor.From(new[,] { { 0.72, 0.12, 0.06, 0.63 }, { 0.85, 0.61, 0.08, 0.68 }, { 0.40, 0.05, 0.79, 0.13 }, { 0.09, 0.99, 0.93, 0.04 } }, Named(device));
        var truth = Tensor.From(new[,] { { 0.0, 0, 1, 1 }, { 1, 1, 1, 0 }, { 0, 0, 0, 1 }, { 0, 0, 1, 0 } }, Named(device));
        Assert.Equal(0.42379, new DiceLoss().Forward(prediction, truth).Item(), tolerance: 5e-6);
        Assert.Equal(0.45865, new DiceLoss(smooth: 0).Forward(prediction, truth).Item(), tolerance: 5e-6);
        // Hard Dice, thresholded at 0.5: of 8 predicted and 7 true pixels 4 agree.
        Assert.Equal(0.5333, 1 - new DiceLoss(smooth: 0).Forward(prediction > 0.5, truth).Item(), tolerance: 5e-5);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_entropy_of_a_box_of_balls_is_0_where_all_are_alike_and_ln_2_where_half_are_red(string device)
    {
        // The cross-entropy of a distribution with itself is its entropy.
        double Entropy(double red) => new BCELoss().Forward(Tensor.Scalar(red, Named(device)), Tensor.Scalar(red, Named(device))).Item();
        Assert.Equal(0, Entropy(0));
        Assert.Equal(0, Entropy(1));
        Assert.Equal(Math.Log(2), Entropy(0.5), tolerance: 1e-7);
        Assert.InRange(Entropy(0.3), Entropy(0.2), Entropy(0.5));
    }
}
