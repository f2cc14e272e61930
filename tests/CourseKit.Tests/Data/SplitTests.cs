using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests;

/// <summary>Folds and stratified splits: nothing lost, nothing doubled, every class with its share.</summary>
public class SplitTests
{
    private static TensorDataset OfClasses(params int[] labels) => new(Tensor.Arange(labels.Length).Reshape(-1, 1), IntTensor.From(labels));

    private static TensorDataset OfCounts(params int[] counts) => OfClasses([.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))]);

    private static int[] RowsOf(TensorDataset data) => [.. data.Inputs.ToArray().Select(number => (int)number)];

    private static void AssertFolds(IReadOnlyList<Fold> folds, int count)
    {
        Assert.Equal(Enumerable.Range(0, count), folds.SelectMany(fold => fold.Test).Order());
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, count), fold.Train.Concat(fold.Test).Order()));
        Assert.All(folds, fold => Assert.Equal(fold.Train.Order(), fold.Train));
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(11, 3)]
    [InlineData(7, 7)]
    [InlineData(150, 4)]
    public void Every_example_is_tested_once_and_folds_have_equal_sizes(int count, int k)
    {
        foreach (var shuffle in new[] { true, false })
        {
            var folds = new KFold(k, shuffle, new Generator(1)).Split(OfClasses(new int[count]));
            Assert.Equal(k, folds.Count);
            AssertFolds(folds, count);
            Assert.True(folds.Max(fold => fold.Test.Count) - folds.Min(fold => fold.Test.Count) <= 1);
        }
    }

    [Fact]
    public void Folds_are_runs_of_neighbours_without_shuffling_and_random_with_it()
    {
        var data = OfClasses(new int[9]);
        Assert.Equal([[0, 1, 2], [3, 4, 5], [6, 7, 8]], new KFold(3, shuffle: false).Split(data).Select(fold => fold.Test.ToArray()));
        var more = OfClasses(new int[30]);
        int[][] Shuffled(ulong seed) => [.. new KFold(3, generator: new Generator(seed)).Split(more).Select(fold => fold.Test.ToArray())];
        Assert.Equal(Shuffled(1), Shuffled(1));
        Assert.NotEqual(Shuffled(1), Shuffled(2));
        Assert.NotEqual(Enumerable.Range(0, 10), Shuffled(1)[0]);
    }

    [Fact]
    public void Stratified_folds_share_every_class_within_one_and_have_equal_sizes()
    {
        var cases = Gen.Choose(2, 6).SelectMany(k => Gen.Choose(k, 23).NonEmptyListOf().Select(counts => (k, counts: counts.ToArray()))).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithReplay(13, 21), Prop.ForAll(cases, split =>
        {
            var data = OfCounts(split.counts);
            var folds = new StratifiedKFold(split.k, generator: new Generator((ulong)data.Count)).Split(data);
            AssertFolds(folds, data.Count);
            Assert.True(folds.Max(fold => fold.Test.Count) - folds.Min(fold => fold.Test.Count) <= 1);
            for (var label = 0; label < split.counts.Length; label++)
            {
                var members = folds.Select(fold => fold.Test.Count(row => data.Classes[row] == label)).ToArray();
                Assert.True(members.Max() - members.Min() <= 1);
            }
        }));
    }

    [Fact]
    public void Stratified_folds_understand_targets_of_0_and_1()
    {
        var data = new TensorDataset(Tensor.Zeros(10, 2), Tensor.From([0.0, 0, 0, 0, 0, 0, 0, 0, 1, 1], [10, 1]));
        Assert.All(new StratifiedKFold(2, shuffle: false).Split(data), fold => Assert.Single(fold.Test, row => row >= 8));
    }

    [Fact]
    public void Stratified_folds_are_random_within_a_class_and_repeat_with_their_seed()
    {
        var data = OfCounts(10, 10);
        int[][] Tests(ulong seed) => [.. new StratifiedKFold(5, generator: new Generator(seed)).Split(data).Select(fold => fold.Test.ToArray())];
        Assert.Equal(Tests(1), Tests(1));
        Assert.NotEqual(Tests(1), Tests(2));
    }

    [Fact]
    public void A_group_is_never_parted()
    {
        var generator = new Generator(3);
        int[] groups = [.. Enumerable.Range(0, 60).Select(_ => generator.NextInt(9))];
        var folds = new GroupKFold(4, IntTensor.From(groups)).Split(OfClasses(new int[60]));
        AssertFolds(folds, 60);
        Assert.All(folds, fold => Assert.Empty(fold.Train.Select(row => groups[row]).Intersect(fold.Test.Select(row => groups[row]))));
        Assert.True(folds.Max(fold => fold.Test.Count) < 2 * folds.Min(fold => fold.Test.Count), "The groups are dealt out unevenly.");
    }

    [Fact]
    public void A_stratified_split_gives_each_part_its_share_of_each_class_and_of_the_whole()
    {
        var cases = Gen.Choose(3, 40).NonEmptyListOf().Where(counts => counts.Sum() >= 30).Select(counts => counts.ToArray()).ToArbitrary();
        double[] fractions = [0.7, 0.15, 0.15];
        Check.One(Config.QuickThrowOnFailure.WithReplay(19, 23), Prop.ForAll(cases, counts =>
        {
            var data = OfCounts(counts);
            var split = data.StratifiedSplit(0.7, 0.15, 0.15, new Generator(1));
            TensorDataset[] parts = [split.Train, split.Validation, split.Test];
            Assert.Equal(Enumerable.Range(0, data.Count), parts.SelectMany(RowsOf).Order());
            for (var part = 0; part < 3; part++)
            {
                Assert.InRange(parts[part].Count, data.Count * fractions[part] - 2, data.Count * fractions[part] + 2);
                for (var label = 0; label < counts.Length; label++)
                    Assert.InRange(parts[part].Classes.ToArray().Count(own => own == label), counts[label] * fractions[part] - 1, counts[label] * fractions[part] + 1);
            }
        }));
    }

    [Fact]
    public void Many_small_classes_do_not_all_round_to_the_same_part()
    {
        var split = OfCounts([.. Enumerable.Repeat(3, 40)]).StratifiedSplit(0.7, 0.15, 0.15, new Generator(1));
        Assert.Equal((84, 18, 18), (split.Train.Count, split.Validation.Count, split.Test.Count));
    }

    [Fact]
    public void A_stratified_split_mixes_the_classes_keeps_targets_and_repeats_with_its_seed()
    {
        var data = OfCounts(30, 30);
        var split = data.StratifiedSplit(0.5, 0, 0.5, new Generator(2));
        Assert.Equal(0, split.Validation.Count);
        Assert.Equal(15, split.Train.Classes.ToArray().Sum());
        Assert.NotEqual(split.Train.Classes.ToArray().Order(), split.Train.Classes.ToArray());
        Assert.Equal(RowsOf(split.Train).Select(row => data.Classes[row]), split.Train.Classes.ToArray());
        Assert.Equal(RowsOf(split.Train), RowsOf(data.StratifiedSplit(0.5, 0, 0.5, new Generator(2)).Train));
        Assert.NotEqual(RowsOf(split.Train), RowsOf(data.StratifiedSplit(0.5, 0, 0.5, new Generator(3)).Train));
    }
}
