using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>ROC and precision-recall curves. Numbers called scikit-learn's are those of the examples in its documentation.</summary>
public class CurveMetricsTests
{
    private static readonly Tensor Scores = Tensor.From([0.1, 0.4, 0.35, 0.8], device: Device.Reference);
    private static readonly IntTensor Actual = IntTensor.From([0, 0, 1, 1]);

    [Fact]
    public void A_ROC_curve_is_that_of_scikit_learn()
    {
        var curve = Metrics.RocCurve(Scores, Actual);
        Assert.Equal([0, 0, 0.5, 0.5, 1], curve.FalsePositiveRate);
        Assert.Equal([0, 0.5, 0.5, 1, 1], curve.TruePositiveRate);
        Assert.Equal([double.PositiveInfinity, 0.8, 0.4, 0.35, 0.1], curve.Thresholds);
        Assert.Equal(0.75, Metrics.RocAuc(Scores, Actual));
    }

    [Fact]
    public void A_precision_recall_curve_is_that_of_scikit_learn()
    {
        var curve = Metrics.PrecisionRecallCurve(Scores, Actual);
        Near.Assert([0.5, 2 / 3.0, 0.5, 1, 1], [.. curve.Precision], 1e-15, 1, "precision");
        Assert.Equal([1, 1, 0.5, 0.5, 0], curve.Recall);
        Assert.Equal([0.1, 0.35, 0.4, 0.8], curve.Thresholds);
        Assert.Equal(0.5 * 1 + 0.5 * (2 / 3.0), Metrics.AveragePrecision(Scores, Actual), tolerance: 1e-15); // 0.83
    }

    [Fact]
    public void Equal_scores_count_half_in_whatever_order_they_stand()
    {
        Assert.Equal(0.5, Metrics.RocAuc(Tensor.Ones(4), IntTensor.From([0, 1, 0, 1])));
        Assert.Equal(0.5, Metrics.RocAuc(Tensor.Ones(4), IntTensor.From([1, 1, 0, 0])));
        // pairs: 0.5 against 0.5 counts half, 0.5 against 0.2 whole, 0.1 against both nothing
        Assert.Equal(1.5 / 4, Metrics.RocAuc(Tensor.From([0.5, 0.1, 0.5, 0.2]), IntTensor.From([1, 1, 0, 0])));
        Assert.Equal(2, Metrics.RocCurve(Tensor.Ones(4), IntTensor.From([0, 1, 0, 1])).Thresholds.Count);
    }

    [Fact]
    public void The_area_under_a_ROC_curve_is_the_share_of_pairs_in_right_order()
    {
        var examples = Gen.Choose(0, 6).SelectMany(score => Gen.Elements(0, 1).Select(actual => (Score: score, Actual: actual))).NonEmptyListOf()
            .Where(list => list.Select(example => example.Actual).Distinct().Count() == 2).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(5, 7), Prop.ForAll(examples, list =>
        {
            var pairs = from positive in list
                        from negative in list
                        where positive.Actual == 1 && negative.Actual == 0
                        select positive.Score > negative.Score ? 1 : positive.Score == negative.Score ? 0.5 : 0;
            var area = Metrics.RocAuc(Tensor.From([.. list.Select(example => (double)example.Score)]), IntTensor.From([.. list.Select(example => example.Actual)]));
            return Math.Abs(area - pairs.Average()) < 1e-12;
        }));
    }

    [Fact]
    public void Average_precision_is_the_mean_over_positives_of_the_precision_down_to_each()
    {
        // without ties: ranks of the positives 1, 3, 4 of 5
        var (scores, actual) = (Tensor.From([0.9, 0.8, 0.7, 0.6, 0.5]), IntTensor.From([1, 0, 1, 1, 0]));
        Assert.Equal((1 / 1.0 + 2 / 3.0 + 3 / 4.0) / 3, Metrics.AveragePrecision(scores, actual), tolerance: 1e-15);
        Assert.Equal(0.5, Metrics.AveragePrecision(Tensor.Ones(4), IntTensor.From([0, 1, 0, 1]))); // all tied: the share of positives
    }

    [Fact]
    public void Only_the_order_of_scores_matters_and_targets_may_be_a_column_of_numbers()
    {
        var targets = Tensor.From([0.0, 0, 1, 1], [4, 1]);
        Assert.Equal(0.75, Metrics.RocAuc(Scores.To(Device.Cpu).Reshape(4, 1), targets));
        Assert.Equal(0.75, Metrics.RocAuc((Scores * 7 - 100).Reshape(4, 1), Actual));
        Assert.Equal(Metrics.AveragePrecision(Scores, Actual), Metrics.AveragePrecision(Scores.To(Device.Cpu).Reshape(4, 1), targets), tolerance: 1e-15);
        Assert.Equal(Metrics.RocCurve(Scores, Actual).TruePositiveRate, Metrics.RocCurve(Scores.Reshape(4, 1), targets).TruePositiveRate);
        Assert.Equal(Metrics.PrecisionRecallCurve(Scores, Actual).Recall, Metrics.PrecisionRecallCurve(Scores.Reshape(4, 1), targets).Recall);
    }

    [Fact]
    public void Perfect_order_has_area_1_and_reversed_order_0()
    {
        Assert.Equal(1, Metrics.RocAuc(Tensor.From([1.0, 2, 3]), IntTensor.From([0, 1, 1])));
        Assert.Equal(0, Metrics.RocAuc(Tensor.From([3.0, 2, 1]), IntTensor.From([0, 1, 1])));
        Assert.Equal(1, Metrics.AveragePrecision(Tensor.From([1.0, 2, 3]), IntTensor.From([0, 1, 1])));
    }
}
