using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Numbers for reports on regressions, masks and images.</summary>
public class ReportMetricsTests
{
    private static readonly Tensor Predicted = Tensor.From([2.5, 0, 2, 8], device: Device.Reference), Actual = Tensor.From([3, -0.5, 2, 7], device: Device.Reference);

    [Fact]
    public void Errors_of_a_regression_are_those_of_scikit_learn()
    {
        Assert.Equal(0.5, Metrics.MeanAbsoluteError(Predicted, Actual));
        Assert.Equal(Math.Sqrt(0.375), Metrics.RootMeanSquaredError(Predicted, Actual));
        Assert.Equal(0.9486081370449679, Metrics.R2(Predicted, Actual), tolerance: 1e-15);
    }

    [Fact]
    public void R2_is_1_for_exact_0_for_the_mean_and_negative_for_worse()
    {
        Assert.Equal(1, Metrics.R2(Actual, Actual));
        Assert.Equal(0, Metrics.R2(Tensor.Full([4], 2.875, Device.Reference), Actual), tolerance: 1e-15);
        Assert.True(Metrics.R2(Tensor.Full([4], 100, Device.Reference), Actual) < 0);
        Assert.Equal(1, Metrics.R2(Tensor.Ones(3), Tensor.Ones(3))); // targets that do not vary
        Assert.Equal(0, Metrics.R2(Tensor.From([1.0, 1, 2]), Tensor.Ones(3)));
    }

    [Fact]
    public void Masks_are_compared_by_what_they_share()
    {
        var predicted = IntTensor.From([1, 1, 1, 0, 0, 0], [2, 3]);
        var actual = IntTensor.From([0, 1, 1, 1, 0, 0], [2, 3]);
        Assert.Equal(2 / 4.0, Metrics.IoU(predicted, actual));
        Assert.Equal(4 / 6.0, Metrics.Dice(predicted, actual));
        Assert.Equal(Metrics.F1(predicted, actual), Metrics.Dice(predicted, actual));
    }

    [Fact]
    public void Two_empty_masks_agree_and_one_empty_mask_shares_nothing()
    {
        var (empty, full) = (IntTensor.From([0, 0]), IntTensor.From([1, 1]));
        Assert.Equal((1, 1), (Metrics.IoU(empty, empty), Metrics.Dice(empty, empty)));
        Assert.Equal((0, 0), (Metrics.IoU(empty, full), Metrics.Dice(full, empty)));
    }

    [Fact]
    public void Each_class_of_a_label_image_is_compared_and_one_that_is_in_neither_is_not_a_number()
    {
        var (predicted, actual) = (IntTensor.From([0, 0, 1, 1], [2, 2]), IntTensor.From([0, 1, 1, 1], [2, 2]));
        Assert.Equal([0.5, 2 / 3.0, double.NaN], Metrics.IoUPerClass(predicted, actual, 3));
        Assert.Equal([2 / 3.0, 0.8, double.NaN], Metrics.DicePerClass(predicted, actual, 3));
        Assert.Equal((0.5 + 2 / 3.0) / 2, Metrics.MeanIoU(predicted, actual, 3), tolerance: 1e-15);
    }

    [Fact]
    public void Dice_follows_from_IoU()
    {
        var masks = Gen.Elements(0, 1).Two().NonEmptyListOf().ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(29, 11), Prop.ForAll(masks, pixels =>
        {
            var (a, b) = (IntTensor.From([.. pixels.Select(pixel => pixel.Item1)]), IntTensor.From([.. pixels.Select(pixel => pixel.Item2)]));
            var iou = Metrics.IoU(a, b);
            return Math.Abs(Metrics.Dice(a, b) - 2 * iou / (1 + iou)) < 1e-12 && Metrics.IoU(b, a) == iou
                && Metrics.IoUPerClass(a, b, 2)[1] is var each && (double.IsNaN(each) || each == iou);
        }));
    }

    [Fact]
    public void Peak_signal_to_noise_is_20_decibel_for_each_tenth_of_error()
    {
        var image = Tensor.Full([4, 4], 0.5, Device.Reference);
        Assert.Equal(20, Metrics.Psnr(image + 0.1, image), tolerance: 1e-12);
        Assert.Equal(40, Metrics.Psnr(image + 0.01, image), tolerance: 1e-12);
        Assert.Equal(20 + 20 * Math.Log10(255), Metrics.Psnr(image + 0.1, image, dataRange: 255), tolerance: 1e-12);
        Assert.Equal(double.PositiveInfinity, Metrics.Psnr(image, image));
    }

    private sealed record ImagePair(ReferenceNumbers Predicted, ReferenceNumbers Actual, double DataRange, double Ssim, double Psnr);

    private static readonly Dictionary<string, ImagePair> Pairs = ReferenceValues.Read<ImagePair>("image-metrics.json");

    public static TheoryData<string> PairNames => [.. Pairs.Keys];

    [Theory]
    [MemberData(nameof(PairNames))]
    public void Image_metrics_are_those_of_their_definition_in_PyTorch(string name)
    {
        var pair = Pairs[name];
        var (predicted, actual) = (pair.Predicted.On(Device.Reference), pair.Actual.On(Device.Reference));
        Assert.Equal(pair.Ssim, Metrics.Ssim(predicted, actual, pair.DataRange), tolerance: 1e-11);
        Assert.Equal(pair.Psnr, Metrics.Psnr(predicted, actual, pair.DataRange), tolerance: 1e-11);
        Assert.Equal(pair.Ssim, Metrics.Ssim(actual, predicted, pair.DataRange), tolerance: 1e-11);
    }

    [Fact]
    public void Structural_similarity_of_equal_images_is_1_and_of_flat_ones_a_matter_of_brightness()
    {
        var image = Tensor.Uniform([16, 20], generator: new Generator(1), device: Device.Reference);
        Assert.Equal(1, Metrics.Ssim(image, image), tolerance: 1e-12);
        var (a, b, c1) = (0.2, 0.6, 0.0001);
        Assert.Equal((2 * a * b + c1) / (a * a + b * b + c1), Metrics.Ssim(Tensor.Full([11, 11], a, Device.Reference), Tensor.Full([11, 11], b, Device.Reference)), tolerance: 1e-9);
        Assert.True(Metrics.Ssim(1 - image, image) < 0); // the structure turned round
    }
}
