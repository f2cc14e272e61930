namespace CourseKit.Tests;

/// <summary>Whether probabilities mean what they say. Numbers called scikit-learn's are those of the examples in its documentation.</summary>
public class ProbabilityMetricsTests
{
    [Fact]
    public void Log_loss_is_that_of_scikit_learn_however_the_probabilities_are_given()
    {
        var both = Tensor.From(new[,] { { 0.1, 0.9 }, { 0.9, 0.1 }, { 0.8, 0.2 }, { 0.35, 0.65 } }, Device.Reference);
        var actual = IntTensor.From([1, 0, 0, 1]);
        Assert.Equal(0.21616187468057912, Metrics.LogLoss(both, actual), tolerance: 1e-14);
        Assert.Equal(0.21616187468057912, Metrics.LogLoss(both.Columns(1, 1), actual), tolerance: 1e-14);
        Assert.Equal(0.21616187468057912, Metrics.LogLoss(both.Columns(1, 1), Tensor.From([1.0, 0, 0, 1], [4, 1])), tolerance: 1e-14);
    }

    [Fact]
    public void Log_loss_of_three_classes_is_that_of_the_loss_networks_train_with()
    {
        var scores = Tensor.Normal([20, 3], generator: new Generator(1), device: Device.Reference);
        var actual = IntTensor.From([.. Enumerable.Range(0, 20).Select(i => i % 3)]);
        Assert.Equal(new CrossEntropyLoss().Forward(scores, actual).Item(), Metrics.LogLoss(scores.Softmax(), actual), tolerance: 1e-12);
    }

    [Fact]
    public void A_certain_mistake_costs_as_much_as_the_numbers_can_tell()
    {
        Assert.Equal(52 * Math.Log(2), Metrics.LogLoss(Tensor.From([0.0], device: Device.Reference), IntTensor.From([1])), tolerance: 1e-12);
        Assert.Equal(23 * Math.Log(2), Metrics.LogLoss(Tensor.From([1.0], device: Device.Cpu), IntTensor.From([0])), tolerance: 1e-12);
        Assert.True(Metrics.LogLoss(Tensor.From([1.0]), IntTensor.From([1])) < 1e-6);
    }

    [Fact]
    public void The_Brier_score_is_that_of_scikit_learn()
    {
        var probabilities = Tensor.From([0.1, 0.9, 0.8, 0.3], device: Device.Reference);
        Assert.Equal(0.0375, Metrics.BrierScore(probabilities, IntTensor.From([0, 1, 1, 0])), tolerance: 1e-15);
        Assert.Equal(0.25, Metrics.BrierScore(Tensor.Full([4, 1], 0.5), Tensor.From([0.0, 1, 1, 0], [4, 1])));
    }

    [Fact]
    public void A_calibration_curve_is_that_of_scikit_learn()
    {
        var probabilities = Tensor.From([0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0], device: Device.Reference);
        var bins = Metrics.CalibrationCurve(probabilities, IntTensor.From([0, 0, 0, 0, 1, 1, 1, 1, 1]), bins: 3);
        Near.Assert([0, 0.5, 1], [.. bins.Select(bin => bin.Fraction)], 1e-15, 1, "fraction of positives");
        Near.Assert([0.2, 0.525, 0.85], [.. bins.Select(bin => bin.MeanPredicted)], 1e-15, 1, "mean predicted probability");
        Assert.Equal([3, 2, 4], bins.Select(bin => bin.Count));
    }

    [Fact]
    public void A_bin_holds_its_upper_edge_and_empty_bins_are_left_out()
    {
        var bins = Metrics.CalibrationCurve(Tensor.From([0.0, 0.25, 0.5, 1.0], device: Device.Reference), Tensor.From([0.0, 1, 0, 1], device: Device.Reference), bins: 4);
        Assert.Equal([new(0.125, 0.5, 2), new(0.5, 0, 1), new(1, 1, 1)], bins);
    }

    [Fact]
    public void The_expected_calibration_error_is_the_mean_distance_over_bins_weighted_by_their_examples()
    {
        // bins (0.7, 0.8]: mean 0.8, 1 of 4; (0, 0.1]: mean 0.1, 1 of 1
        var probabilities = Tensor.From([0.8, 0.8, 0.8, 0.8, 0.1], device: Device.Reference);
        var actual = IntTensor.From([1, 0, 0, 0, 1]);
        Assert.Equal((4 * 0.55 + 1 * 0.9) / 5, Metrics.ExpectedCalibrationError(probabilities, actual), tolerance: 1e-15);
        Assert.Equal((4 * 0.55 + 1 * 0.9) / 5, Metrics.ExpectedCalibrationError(probabilities, Tensor.From([1.0, 0, 0, 0, 1], device: Device.Reference)), tolerance: 1e-15);
    }

    [Fact]
    public void Of_several_classes_the_confidence_is_that_of_the_class_chosen()
    {
        var probabilities = Tensor.From(new[,] { { 0.6, 0.3, 0.1 }, { 0.2, 0.2, 0.6 }, { 0.05, 0.95, 0 }, { 0.1, 0.3, 0.6 } }, Device.Reference);
        var actual = IntTensor.From([0, 1, 1, 2]);
        var bins = Metrics.CalibrationCurve(probabilities, actual);
        Assert.Equal([3, 1], bins.Select(bin => bin.Count));
        Assert.Equal(2 / 3.0, bins[0].Fraction, tolerance: 1e-15);
        Assert.Equal((3 * (2 / 3.0 - 0.6) + 0.05) / 4, Metrics.ExpectedCalibrationError(probabilities, actual), tolerance: 1e-12);
    }

    [Fact]
    public void What_is_drawn_with_its_probability_is_calibrated()
    {
        var generator = new Generator(9);
        double[] probabilities = [.. Enumerable.Range(0, 20_000).Select(_ => generator.Uniform())];
        int[] actual = [.. probabilities.Select(p => generator.Uniform() < p ? 1 : 0)];
        Assert.True(Metrics.ExpectedCalibrationError(Tensor.From(probabilities), IntTensor.From(actual)) < 0.02);
        double[] overconfident = [.. probabilities.Select(p => p < 0.5 ? p * p : 1 - (1 - p) * (1 - p))];
        Assert.True(Metrics.ExpectedCalibrationError(Tensor.From(overconfident), IntTensor.From(actual)) > 0.1);
    }
}
