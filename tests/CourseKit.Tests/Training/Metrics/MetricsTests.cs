namespace CourseKit.Tests;

/// <summary>Numbers that people read.</summary>
public class MetricsTests
{
    [Fact]
    public void Accuracy_is_the_share_of_right_classes()
        => Assert.Equal(0.75, Metrics.Accuracy(IntTensor.From([0, 1, 2, 2]), IntTensor.From([0, 1, 2, 1])));

    [Fact]
    public void Binary_accuracy_compares_sides_of_the_threshold_and_the_threshold_itself_is_above()
    {
        var (probabilities, targets) = (Tensor.From([0.2, 0.5, 0.7, 0.9]), Tensor.From([0.0, 1, 0, 1]));
        Assert.Equal(0.75, Metrics.BinaryAccuracy(probabilities, targets));
        Assert.Equal(1 - 0.25, Metrics.BinaryAccuracy(probabilities, targets, threshold: 0.8));
        Assert.Equal([0, 1, 1, 1], Metrics.Thresholded(probabilities).ToArray());
    }

    [Fact]
    public void A_confusion_matrix_counts_actual_classes_in_rows_and_predicted_ones_in_columns()
    {
        var counts = Metrics.ConfusionMatrix(predicted: IntTensor.From([0, 1, 1, 2]), actual: IntTensor.From([0, 1, 2, 2]), classes: 3);
        Assert.Equal(new[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 1, 1 } }, counts);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Metrics.ConfusionMatrix(IntTensor.From([3]), IntTensor.From([0]), 3));
        Assert.Contains("the class 3 in row 0", error.Message, StringComparison.Ordinal);
    }
}
