using System.Globalization;

namespace CourseKit;

/// <summary>Tries combinations drawn at random: with as many trials, more values of each hyperparameter than a grid, which pays where only some of them matter (Bergstra and Bengio 2012).</summary>
public static class RandomSearch
{
    /// <summary>Scores combinations drawn from a space.</summary>
    /// <param name="space">What can be chosen.</param>
    /// <param name="trials">How many combinations to try.</param>
    /// <param name="score">Trains with a trial's values and scores on a validation part (or by cross-validation), never on the test part. Draw from the trial's generator.</param>
    /// <param name="seed">Fixes everything: trial i has the same values and the same seed however many trials run, and in whatever order.</param>
    /// <param name="maximize">Whether more is better (an accuracy) or less (a loss).</param>
    /// <param name="onTrial">Told after each trial: progress.</param>
    /// <exception cref="ArgumentException">There is nothing to choose, or no trial.</exception>
    /// <exception cref="SearchStoppedException">The host asked to stop; what was tried is in it.</exception>
    public static SearchResult Run(SearchSpace space, int trials, Func<Trial, double> score, ulong seed = 0, bool maximize = true, Action<TrialResult>? onTrial = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        SearchCheck.Trials(trials);
        return Search.Run(Enumerable.Range(0, trials).Select(i => space.Draw(new Generator(Search.SeedOf(seed, i, Search.DrawingStream)))), trials, score, seed, maximize, onTrial);
    }
}

/// <summary>Tries every combination of a few values of each hyperparameter.</summary>
public static class GridSearch
{
    /// <summary>Scores every combination of a space.</summary>
    /// <param name="space">What can be chosen: all values of a choice, and <paramref name="points"/> of a range.</param>
    /// <param name="score">Trains with a trial's values and scores on a validation part (or by cross-validation), never on the test part. Draw from the trial's generator.</param>
    /// <param name="points">Points of a range, evenly spaced (in the logarithm for LogUniform), its ends among them; whole numbers all, where they are no more.</param>
    /// <param name="seed">Fixes the trials' seeds.</param>
    /// <param name="maximize">Whether more is better (an accuracy) or less (a loss).</param>
    /// <param name="onTrial">Told after each trial: progress.</param>
    /// <exception cref="ArgumentException">There is nothing to choose, or no point.</exception>
    /// <exception cref="SearchStoppedException">The host asked to stop; what was tried is in it.</exception>
    public static SearchResult Run(SearchSpace space, Func<Trial, double> score, int points = 5, ulong seed = 0, bool maximize = true, Action<TrialResult>? onTrial = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        var grid = space.Grid(points).ToList();
        return Search.Run(grid, grid.Count, score, seed, maximize, onTrial);
    }
}

/// <summary>What came of one trial.</summary>
/// <param name="Index">The number of the trial, from 0.</param>
/// <param name="Seed">Its seed: <c>new Generator(result.Seed)</c> repeats it.</param>
/// <param name="Parameters">What was tried, by name.</param>
/// <param name="Score">Its score; NaN where it failed.</param>
/// <param name="Failure">What was thrown, or null. A score of NaN is a failure without one.</param>
public sealed record TrialResult(int Index, ulong Seed, IReadOnlyDictionary<string, object> Parameters, double Score, Exception? Failure)
{
    /// <summary>Whether there is no score.</summary>
    public bool Failed => double.IsNaN(Score);
}

/// <summary>What came of a search.</summary>
/// <param name="Trials">The best first, equal scores in the order tried; those that failed come last.</param>
[TypeFormatterSource(typeof(TextFormatterSource))]
public sealed record SearchResult(IReadOnlyList<TrialResult> Trials)
{
    /// <summary>The best trial.</summary>
    /// <exception cref="InvalidOperationException">No trial has a score; the message says why the first one failed.</exception>
    public TrialResult Best
    {
        get
        {
            SearchCheck.SomeScore(Trials);
            return Trials[0];
        }
    }

    /// <summary>A table: one line for each trial, the best first.</summary>
    public override string ToString()
    {
        if (Trials.Count == 0)
            return "no trial";
        string[] names = [.. Trials[0].Parameters.Keys];
        string[][] lines = [["trial", "score", .. names], .. Trials.Select(trial => (string[])
            [Text(trial.Index), trial.Failed ? $"failed: {trial.Failure?.Message ?? "NaN"}" : Text(trial.Score), .. names.Select(name => Text(trial.Parameters[name]))])];
        // A failure's sentence would make every line as long as itself.
        foreach (var line in lines)
            line[1] = line[1].Length > 40 ? line[1][..37] + "..." : line[1];
        var widths = Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        return string.Join('\n', lines.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }

    private static string Text(object value) => value is double number ? number.ToString("G4", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The host asked to stop a search between two trials, or within one.</summary>
public sealed class SearchStoppedException : OperationCanceledException
{
    internal SearchStoppedException(SearchResult result, int trials, OperationCanceledException cause)
        : base($"The search was stopped after {result.Trials.Count} of {trials} trials; their results are in this exception.", cause) => Result = result;

    /// <summary>The trials that were finished.</summary>
    public SearchResult Result { get; }
}

internal static class Search
{
    // Values are drawn from one stream and trials given another: a network's weights must not repeat the draw of its learning rate.
    internal const ulong DrawingStream = 1;
    private const ulong TrialStream = 0;

    /// <summary>A seed that is a function of the search's seed and the trial's number alone.</summary>
    internal static ulong SeedOf(ulong seed, int index, ulong stream)
    {
        Span<uint> block = stackalloc uint[4];
        Generator.Philox((ulong)index, stream, (uint)seed, (uint)(seed >> 32), block);
        return block[0] | (ulong)block[1] << 32;
    }

    internal static SearchResult Run(IEnumerable<IReadOnlyDictionary<string, object>> combinations, int count, Func<Trial, double> score, ulong seed, bool maximize, Action<TrialResult>? onTrial)
    {
        ArgumentNullException.ThrowIfNull(score);
        var results = new List<TrialResult>();
        try
        {
            foreach (var parameters in combinations)
            {
                StopRequest.ThrowIfRequested();
                var trial = new Trial(results.Count, SeedOf(seed, results.Count, TrialStream), parameters);
                results.Add(Try(trial, score));
                onTrial?.Invoke(results[^1]);
            }
        }
        catch (OperationCanceledException stop)
        {
            throw new SearchStoppedException(Sorted(results, maximize), count, stop);
        }
        return Sorted(results, maximize);
    }

    /// <summary>One trial that fails, because its learning rate is too large or its network too narrow, must not cost the night.</summary>
    private static TrialResult Try(Trial trial, Func<Trial, double> score)
    {
        try
        {
            return new TrialResult(trial.Index, trial.Seed, trial.Parameters, score(trial), null);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or ThreadInterruptedException))
        {
            return new TrialResult(trial.Index, trial.Seed, trial.Parameters, double.NaN, failure);
        }
    }

    private static SearchResult Sorted(List<TrialResult> results, bool maximize)
        => new([.. results.OrderBy(result => result.Failed).ThenBy(result => maximize ? -result.Score : result.Score).ThenBy(result => result.Index)]);
}
