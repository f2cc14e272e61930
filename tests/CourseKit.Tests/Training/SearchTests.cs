namespace CourseKit.Tests;

/// <summary>Grid and random search.</summary>
public class SearchTests
{
    private static SearchSpace Space() => new SearchSpace().LogUniform("rate", 1e-4, 1).Uniform("dropout", 0, 0.5).Integer("units", 4, 64).Choice("activation", "relu", "tanh");

    [Fact]
    public void Random_values_lie_in_their_ranges_and_fill_them()
    {
        var trials = RandomSearch.Run(Space(), 2000, _ => 0).Trials;
        double[] Of(string name) => [.. trials.Select(trial => Convert.ToDouble(trial.Parameters[name], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.All(Of("rate"), rate => Assert.InRange(rate, 1e-4, 1));
        foreach (var power in new[] { -4, -3, -2, -1 }) // each power of ten is drawn as often
            Assert.InRange(Of("rate").Count(rate => Math.Floor(Math.Log10(rate)) == power), 430, 570);
        Assert.All(Of("dropout"), dropout => Assert.InRange(dropout, 0, 0.5));
        Assert.Equal(0.25, Of("dropout").Average(), tolerance: 0.01);
        Assert.Equal(Enumerable.Range(4, 61), Of("units").Select(units => (int)units).Distinct().Order());
        Assert.InRange(trials.Count(trial => (string)trial.Parameters["activation"] == "relu"), 900, 1100);
    }

    [Fact]
    public void A_trial_has_the_same_values_and_seed_however_many_trials_run()
    {
        (int, ulong, string)[] Trials(int count, ulong seed) => [.. RandomSearch.Run(Space(), count, trial => trial.Generator.Uniform(), seed).Trials
            .OrderBy(trial => trial.Index).Select(trial => (trial.Index, trial.Seed, $"{string.Join(' ', trial.Parameters.Values)} {trial.Score}"))];
        Assert.Equal(Trials(3, 7), Trials(20, 7)[..3]);
        Assert.NotEqual(Trials(3, 7), Trials(3, 8));
        Assert.Distinct(Trials(100, 7).Select(trial => trial.Item2));
    }

    [Fact]
    public void A_trial_can_be_repeated_by_its_seed()
    {
        var best = RandomSearch.Run(Space(), 10, trial => trial.Generator.Normal()).Best;
        Assert.Equal(best.Score, new Generator(best.Seed).Normal());
    }

    [Fact]
    public void A_grid_tries_every_combination_once()
    {
        var space = new SearchSpace().LogUniform("rate", 0.001, 10).Uniform("momentum", 0, 1).Integer("units", 1, 2).Choice("bias", true, false);
        var seen = new List<(double, double, int, bool)>();
        GridSearch.Run(space, trial => { seen.Add((Math.Round(trial.Number("rate"), 9), trial.Number("momentum"), trial.Integer("units"), trial.Value<bool>("bias"))); return 0; }, points: 3);
        var expected = from rate in new[] { 0.001, 0.1, 10 }
                       from momentum in new[] { 0, 0.5, 1 }
                       from units in new[] { 1, 2 }
                       from bias in new[] { true, false }
                       select (rate, momentum, units, bias);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public void A_grid_takes_evenly_spaced_whole_numbers_where_there_are_many()
    {
        var units = GridSearch.Run(new SearchSpace().Integer("units", 10, 50), trial => trial.Number("units"), points: 5, maximize: false).Trials.Select(trial => trial.Score);
        Assert.Equal([10, 20, 30, 40, 50], units);
        Assert.Equal([0.1, 1], GridSearch.Run(new SearchSpace().LogUniform("x", 0.1, 1), trial => trial.Number("x"), points: 2, maximize: false).Trials.Select(trial => trial.Score));
        Assert.Equal(0.5, GridSearch.Run(new SearchSpace().Uniform("x", 0, 1), trial => trial.Number("x"), points: 1).Best.Score);
    }

    [Fact]
    public void Results_are_sorted_the_best_first_and_failures_last()
    {
        var told = new List<int>();
        var result = GridSearch.Run(new SearchSpace().Integer("x", 0, 5), trial => trial.Integer("x") switch
        {
            1 => throw new ArithmeticException("The loss became NaN."),
            2 => double.NaN,
            var x => -Math.Abs(x - 4),
        }, points: 6, onTrial: trial => told.Add(trial.Index));
        Assert.Equal([4, 3, 5, 0, 1, 2], result.Trials.Select(trial => trial.Index)); // 3 and 5 are equal: as they were tried
        Assert.Equal(4, result.Best.Parameters["x"]);
        Assert.Equal(Enumerable.Range(0, 6), told);
        Assert.True(result.Trials[4].Failed && result.Trials[5].Failed);
        Assert.IsType<ArithmeticException>(result.Trials[4].Failure);
        Assert.Null(result.Trials[5].Failure);
        Assert.Equal([5, 0], GridSearch.Run(new SearchSpace().Integer("x", 0, 5), trial => trial.Integer("x"), points: 2, maximize: true).Trials.Select(trial => trial.Score));
    }

    [Fact]
    public void The_table_has_a_line_for_each_trial()
    {
        var result = GridSearch.Run(new SearchSpace().Uniform("rate", 0.5, 1.5).Choice("activation", "tanh"), trial => trial.Index == 1 ? throw new ArithmeticException("Diverged.") : trial.Number("rate"), points: 3);
        Assert.Equal(
            """
            trial  score              rate  activation
            2      1.5                1.5   tanh
            0      0.5                0.5   tanh
            1      failed: Diverged.  1     tanh
            """.ReplaceLineEndings("\n"), InCulture.Run(Cultures.German, result.ToString));
    }

    [Fact]
    public void A_search_finds_the_learning_rate_that_a_problem_needs()
    {
        // Least squares on one feature of mean square 25: steps of 2/25 and more diverge, and small ones get nowhere.
        var generator = new Generator(3);
        double[] x = [.. Enumerable.Range(0, 64).Select(_ => 5 * generator.Normal())];
        var data = new TensorDataset(Tensor.From(x, [64, 1]), Tensor.From([.. x.Select(value => 2 * value + 1)], [64, 1]));
        var result = RandomSearch.Run(new SearchSpace().LogUniform("rate", 1e-6, 1e3), 30, trial =>
        {
            var model = new Linear(1, 1, generator: trial.Generator);
            return Trainer.Fit(model, new MSELoss().Forward, new SGD(model.Parameters(), trial.Number("rate")), new DataLoader(data, 64, shuffle: false), 60).Loss[^1];
        }, seed: 1, maximize: false);
        Assert.InRange((double)result.Best.Parameters["rate"], 1e-3, 0.08);
        Assert.Contains(result.Trials, trial => trial.Failure is ArithmeticException);
        Assert.Equal(30, result.Trials.Count);
    }
}
