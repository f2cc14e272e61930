using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Precision, recall and what is made of them. Numbers called scikit-learn's are those of the examples in its documentation.</summary>
public class ClassMetricsTests
{
    private static readonly IntTensor Predicted = IntTensor.From([0, 2, 1, 0, 0, 1]), Actual = IntTensor.From([0, 1, 2, 0, 1, 2]);

    [Fact]
    public void Two_classes_are_counted_by_hand()
    {
        // 3 true positives, 1 false positive, 2 false negatives, 4 true negatives
        var predicted = IntTensor.From([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
        var actual = IntTensor.From([1, 1, 1, 0, 1, 1, 0, 0, 0, 0]);
        Assert.Equal(3 / 4.0, Metrics.Precision(predicted, actual));
        Assert.Equal(3 / 5.0, Metrics.Recall(predicted, actual));
        Assert.Equal(6 / 9.0, Metrics.F1(predicted, actual));
        Assert.Equal(4 / 5.0, Metrics.Specificity(predicted, actual));
        Assert.Equal(0.7, Metrics.BalancedAccuracy(predicted, actual), tolerance: 1e-15);
        Assert.Equal(new ClassCounts(1, 3, 1, 2, 4), Metrics.PerClass(predicted, actual)[1]);
        Assert.Equal(5, Metrics.PerClass(predicted, actual)[1].Support);
    }

    [Fact]
    public void Averages_over_three_classes_are_those_of_scikit_learn()
    {
        // precision of the classes 2/3, 0, 0; recall 1, 0, 0
        var (predicted, actual) = (IntTensor.From([0, 2, 1, 0, 0, 1]), IntTensor.From([0, 1, 2, 0, 1, 2]));
        Assert.Equal(2 / 9.0, Metrics.Precision(predicted, actual, Average.Macro), tolerance: 1e-15);
        Assert.Equal(1 / 3.0, Metrics.Recall(predicted, actual, Average.Macro), tolerance: 1e-15);
        Assert.Equal(0.8 / 3, Metrics.F1(predicted, actual, Average.Macro), tolerance: 1e-15);
        foreach (var measure in new[] { Metrics.Precision, Metrics.Recall, (Func<IntTensor, IntTensor, Average, double>)Metrics.F1 })
            Assert.Equal(1 / 3.0, measure(predicted, actual, Average.Micro), tolerance: 1e-15);
        Assert.Equal(2 / 9.0, Metrics.Precision(predicted, actual, Average.Weighted), tolerance: 1e-15);
        Assert.Equal(1 / 3.0, Metrics.Recall(predicted, actual, Average.Weighted), tolerance: 1e-15);
        Assert.Equal(0.8 / 3, Metrics.F1(predicted, actual, Average.Weighted), tolerance: 1e-15);
    }

    [Fact]
    public void A_weighted_average_counts_each_class_as_often_as_it_is()
    {
        var (predicted, actual) = (IntTensor.From([0, 0, 0, 1]), IntTensor.From([0, 0, 1, 1]));
        Assert.Equal(0.5 * (2 / 3.0) + 0.5 * 1, Metrics.Precision(predicted, actual, Average.Weighted), tolerance: 1e-15);
        predicted = IntTensor.From([0, 0, 0, 0, 1, 1]);
        actual = IntTensor.From([0, 0, 0, 1, 0, 1]);
        Assert.Equal((4 * (3 / 4.0) + 2 * (1 / 2.0)) / 6, Metrics.Recall(predicted, actual, Average.Weighted), tolerance: 1e-15);
        Assert.Equal((3 / 4.0 + 1 / 2.0) / 2, Metrics.Recall(predicted, actual, Average.Macro), tolerance: 1e-15);
        Assert.Equal((1 / 2.0 + 3 / 4.0) / 2, Metrics.Specificity(predicted, actual, Average.Macro), tolerance: 1e-15);
    }

    [Fact]
    public void Balanced_accuracy_is_that_of_scikit_learn()
        => Assert.Equal(0.625, Metrics.BalancedAccuracy(IntTensor.From([0, 1, 0, 0, 0, 1]), IntTensor.From([0, 1, 0, 0, 1, 0])));

    [Fact]
    public void Balanced_accuracy_leaves_out_a_class_that_is_not_there()
        => Assert.Equal(2 / 3.0, Metrics.BalancedAccuracy(IntTensor.From([0, 0, 2]), IntTensor.From([0, 0, 0])), tolerance: 1e-15);

    [Fact]
    public void Zero_over_zero_is_zero()
    {
        var (none, all) = (IntTensor.From([0, 0]), IntTensor.From([1, 1]));
        Assert.Equal(0, Metrics.Precision(none, all)); // nothing predicted
        Assert.Equal(0, Metrics.Recall(all, none)); // nothing to find
        Assert.Equal(0, Metrics.F1(none, none));
        Assert.Equal(0, Metrics.Specificity(all, all)); // nothing negative
    }

    [Fact]
    public void Classes_need_not_be_numbered_without_gaps()
    {
        var (predicted, actual) = (IntTensor.From([7, -1, 7]), IntTensor.From([7, -1, -1]));
        Assert.Equal([-1, 7], Metrics.PerClass(predicted, actual).Select(counts => counts.Class));
        Assert.Equal((0.5 + 1) / 2, Metrics.Precision(predicted, actual, Average.Macro));
    }

    [Fact]
    public void Top_k_accuracy_is_that_of_scikit_learn()
    {
        var scores = Tensor.From(new[,] { { 0.5, 0.2, 0.2 }, { 0.3, 0.4, 0.2 }, { 0.2, 0.4, 0.3 }, { 0.7, 0.2, 0.1 } });
        var actual = IntTensor.From([0, 1, 2, 2]);
        Assert.Equal(0.5, Metrics.TopKAccuracy(scores, actual, 1));
        Assert.Equal(0.75, Metrics.TopKAccuracy(scores, actual, 2));
        Assert.Equal(1, Metrics.TopKAccuracy(scores, actual, 3));
    }

    [Fact]
    public void Of_equal_scores_the_first_class_is_taken_so_the_top_1_is_ArgMax()
    {
        var scores = Tensor.From(new[,] { { 1.0, 1, 0 }, { 0, 2, 2 } });
        foreach (var actual in new[] { IntTensor.From([0, 1]), IntTensor.From([1, 2]), IntTensor.From([0, 2]) })
            Assert.Equal(Metrics.Accuracy(scores.ArgMax(1), actual), Metrics.TopKAccuracy(scores, actual, 1));
    }

    [Fact]
    public void Micro_averages_of_one_label_each_are_the_accuracy_and_weighted_recall_is_too()
    {
        var pairs = Gen.Elements(0, 1, 2, 3).Two().NonEmptyListOf().ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(17, 3), Prop.ForAll(pairs, examples =>
        {
            var (predicted, actual) = (IntTensor.From([.. examples.Select(pair => pair.Item1)]), IntTensor.From([.. examples.Select(pair => pair.Item2)]));
            var accuracy = Metrics.Accuracy(predicted, actual);
            return Math.Abs(Metrics.F1(predicted, actual, Average.Micro) - accuracy) < 1e-12
                && Math.Abs(Metrics.Precision(predicted, actual, Average.Micro) - accuracy) < 1e-12
                && Math.Abs(Metrics.Recall(predicted, actual, Average.Weighted) - accuracy) < 1e-12;
        }));
    }

    [Fact]
    public void Precision_and_recall_change_places_when_prediction_and_truth_do()
        => Assert.Equal(Metrics.Precision(Predicted, Actual, Average.Macro), Metrics.Recall(Actual, Predicted, Average.Macro));
}
